package codes

import (
	"regexp"
	"strings"
	"testing"
)

// Each code stands in the table once, and says something in plain sentences.
func TestTable(t *testing.T) {
	t.Parallel()
	spelling, status := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`), regexp.MustCompile(`^([a-z]+|exit [1-7])$`)
	seen := map[Code]bool{}
	for _, section := range Table() {
		if section.About == "" || len(section.Entries) == 0 {
			t.Errorf("a section about %q has %d codes", section.About, len(section.Entries))
		}
		for _, entry := range section.Entries {
			if !spelling.MatchString(string(entry.Code)) || seen[entry.Code] {
				t.Errorf("%q is misspelt or stands in the table twice", entry.Code)
			}
			seen[entry.Code] = true
			if len(entry.Statuses) == 0 {
				t.Errorf("%s has no status", entry.Code)
			}
			for _, word := range entry.Statuses {
				if !status.MatchString(word) {
					t.Errorf("%s: %q is no status", entry.Code, word)
				}
			}
			for _, text := range []string{entry.Means, entry.Advice} {
				if !strings.HasSuffix(text, ".") || strings.Contains(text, "|") || text != strings.Join(strings.Fields(text), " ") {
					t.Errorf("%s: %q is no sentence", entry.Code, text)
				}
			}
			if found, known := Lookup(entry.Code); !known || found.Means != entry.Means {
				t.Errorf("%s is looked up as %v", entry.Code, found)
			}
		}
	}
	if _, known := Lookup("INVALID_PARAMETER"); known {
		t.Error("a code of the server's own stands in the table")
	}
}
