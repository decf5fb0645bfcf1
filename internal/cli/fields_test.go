package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestFieldsFitATerminal lists the columns on a terminal: no line is longer than 80
// columns, and each column tells as much as scripts are told.
func TestFieldsFitATerminal(t *testing.T) {
	t.Parallel()
	var list []fieldInfo
	if err := json.Unmarshal([]byte(newProcess("fields", "--format", "json").run(t, 0).stdout.String()), &list); err != nil {
		t.Fatal(err)
	}
	p := newProcess("fields")
	p.environment.StdoutIsTerminal = true
	shown, name := map[string]string{}, ""
	for line := range strings.Lines(p.run(t, 0).stdout.String()) {
		if width := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > 80 {
			t.Errorf("%d columns: %s", width, line)
		}
		words := strings.Fields(line)
		if len(words) > 0 && line[0] != ' ' {
			name = words[0]
		}
		shown[name] += " " + strings.Join(words, " ")
	}
	for _, info := range list {
		want := []string{string(info.Type), string(info.Access), info.Requests}
		if info.MapsTo != info.Name {
			want = append(want, info.MapsTo)
		}
		if info.BATName == info.Name {
			want = append(want, " =")
		} else {
			want = append(want, info.BATName)
		}
		for _, text := range want {
			if !strings.Contains(shown[info.Name], text) {
				t.Errorf("%s lacks %q: %s", info.Name, text, shown[info.Name])
			}
		}
		if info.BATName == "" && strings.Contains(shown[info.Name], "=") {
			t.Errorf("BAT has no %s: %s", info.Name, shown[info.Name])
		}
	}
}
