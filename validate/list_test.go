package validate

import (
	"slices"
	"strings"
	"testing"
)

func TestSplitList(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"": nil, " ": nil, "a": {"a"}, "a;b": {"a", "b"}, " a ; b ": {"a", "b"}, "a;;b": {"a;b"}, "a;;;b": {"a;", "b"}, ";b": {"", "b"}, "a; ;b": {"a", "", "b"}, "a,b": {"a,b"},
	} {
		if got := SplitList(text); !slices.Equal(got, want) {
			t.Errorf("SplitList(%q) = %q, want %q", text, got, want)
		}
	}
}

// What a list is written as is read as the same list, whatever its items hold.
func FuzzJoinList(f *testing.F) {
	for _, seed := range []string{"a|b", "a;|b", "|b", "a||b", "a;;|;|b", ";"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsRune(text, 0) || strings.TrimSpace(text) == "" {
			return
		}
		var items []string
		for item := range strings.SplitSeq(text, "|") {
			items = append(items, strings.TrimSpace(item))
		}
		if got := SplitList(JoinList(items)); !slices.Equal(got, items) {
			t.Errorf("got %q from %q, want %q", got, JoinList(items), items)
		}
	})
}
