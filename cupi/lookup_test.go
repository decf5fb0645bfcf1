package cupi

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLookups(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"jdoe":          "(Alias is jdoe)",
		"j.doe@x-y.com": "(Alias is j.doe@x-y.com)",
		"Ödön Szabó":    "(Alias is Ödön Szabó)",
		"smith & sons":  "(Alias startswith smith)",
		"a)b":           "(Alias startswith a)",
		"50%":           "(Alias startswith 50)",
		"o'brien & co":  "(Alias startswith o)",
		"o'brien":       "(Alias is o'brien), (Alias startswith o)",
		`a"b`:           `(Alias is a"b), (Alias startswith a)`,
		`a\b`:           `(Alias is a\b), (Alias startswith a)`,
		"& sons":        "",
		"'x":            "(Alias is 'x), ",
	} {
		var texts []string
		for _, q := range Lookups("Alias", value) {
			texts = append(texts, q.String())
		}
		if got := strings.Join(texts, ", "); got != want {
			t.Errorf("%q: got %s, want %s", value, got, want)
		}
	}
}

// Whatever the value, no query that is sent has another clause or ends before its end.
func TestNoValueChangesAClause(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.RuneFrom([]rune(`&()%'"\;+ is%26`)))).Draw(t, "value")
		for _, q := range Lookups("Alias", value) {
			text := List(Users, q, 0, 0).Query
			text = strings.TrimSuffix(strings.TrimPrefix(text, "query=("), ")")
			if q != (Query{}) && strings.ContainsAny(text, "&()+; ") || strings.Contains(text, "%26") || strings.Contains(text, "%28") || strings.Contains(text, "%29") || strings.Contains(text, "%25") {
				t.Fatal(fmt.Sprintf("%q: %s", value, text))
			}
			if q.Op == StartsWith && !strings.HasPrefix(strings.TrimSpace(value), q.Value) {
				t.Fatal(fmt.Sprintf("%q: %s does not find it", value, text))
			}
		}
	})
	if err := List(Users, Query{"Alias", Is, "a & b"}, 0, 0).check(); err == nil {
		t.Error("an & in a value passes")
	}
}
