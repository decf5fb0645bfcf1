package validate

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestAGlancePassesNothingThatTheRulesFind gives every column texts of every sort.
func TestAGlancePassesNothingThatTheRulesFind(t *testing.T) {
	t.Parallel()
	words := []string{"jdoe", "0042", "100", "-7", "7", "2147483648", "99999999999", "true", "No", "1", "us", "a@b.c", "a@@b", "@", "%null%", "#N/A", "1E+05", "12.0", "3-Dec",
		"8321097e-cca4-483f-b24c-0f2175e6e4c9", "O\u2019Brien", "a\u00A0b", "\xff", "a\tb", "a\nb", "x;;y", "x; ;x", "a b", "~", "\x7f", "Zürich", "éééé", "Łódź", "Żółć", "Ελένη", "Юрий", "م", "山田", "김", "\xc3", "é\xc3(", "\xe3\x80", "e\u0301", "\u00ad", "\u061c", "\u2019", "\ufeff", "+331234", "1024", "-2", "2099-01-01 00:00:00.0",
		"NULL", "nan", "N/A", "None", "undefined", "Err:502", "Loading...", "System.Object[]", "{x}", "=A1", "R&amp;D", "&", "?", "\\u00e9", "\\", "JosÃ©", "Ã", "Å", "Ä", "Š", "ÃŽle", "\uFFFD", "SMTP:a@b.c", "CN=a,OU=b", "tel:1", "о", "M?n", "b'a'", "java.util.List", "%text%"}
	for i := range table {
		column := &table[i]
		glance := glanceAt(column)
		if slices.ContainsFunc(append(words, column.Values...), glance.passes) == (column.List != "" || column.OnlyTrue || column.Destination != nil) {
			t.Errorf("%s: none of the ordinary texts passes, or some do and only the rules can tell", column.Name)
		}
		text := rapid.OneOf(
			rapid.StringN(1, 100, -1),
			rapid.SampledFrom(append(words, column.Values...)),
			rapid.Map(rapid.SliceOfN(rapid.SampledFrom(words), 2, 2), func(pair []string) string { return strings.Join(pair, "") }),
			rapid.Map(rapid.SampledFrom(words), func(word string) string { return strings.Repeat(word, 70) }))
		t.Run(column.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				made := strings.TrimSpace(text.Draw(t, "text"))
				if made == "" || !glance.passes(made) {
					return
				}
				if found := checkValue(column, made); len(found) > 0 {
					t.Errorf("%q passes, and the rules say %v", made, found)
				}
			})
		})
	}
}

// isPlain looks at eight bytes at once, so every byte is tried at every place.
func TestIsPlain(t *testing.T) {
	t.Parallel()
	for length := range 26 {
		for at := range length {
			for b := range 256 {
				text := []byte(strings.Repeat("~ ", 13)[:length])
				text[at] = byte(b)
				if got, want := isPlain(string(text)), ' ' <= b && b <= '~'; got != want {
					t.Errorf("%q: got %t", text, got)
				}
				if got, want := isOrdinary(string(text)), ' ' <= b && b <= '~' && !leavesTrace(byte(b)); got != want {
					t.Errorf("%q: got %t", text, got)
				}
			}
		}
	}
}

func TestTrimmed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune{' ', '\t', '\n', 'a', '~', '\u00A0', '\u0085', '\uFEFF', 'é'})).Draw(t, "text")
		if got, want := trimmed(text), strings.TrimSpace(text); got != want {
			t.Errorf("got %q of %q, want %q", got, text, want)
		}
	})
}
