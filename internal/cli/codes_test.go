package cli

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestCodesFitATerminal lists the codes on a terminal: no line is longer than 80 columns,
// and no code is left out.
func TestCodesFitATerminal(t *testing.T) {
	t.Parallel()
	p := newProcess("codes")
	p.environment.StdoutIsTerminal = true
	list := p.run(t, 0).stdout.String()
	for line := range strings.Lines(list) {
		if width := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > 80 {
			t.Errorf("%d columns: %s", width, line)
		}
	}
	for _, name := range codeNames() {
		if !strings.Contains(list, "\n  "+name+" (") {
			t.Errorf("the list lacks %s", name)
		}
	}
}
