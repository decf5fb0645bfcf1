package cli

import (
	"strings"
	"testing"
	"unicode/utf8"

	"cucbulk/batch/record"
)

// On a terminal no word of an error is broken at its edge, and a command stays on one line to be
// copied; off one, an error is one line.
func TestErrorsOnATerminalEndLinesBetweenWords(t *testing.T) {
	t.Parallel()
	const file = "a-file-that-is-not-there.csv"
	off := newProcess("validate", file).run(t, record.ExitFailed).stderr.String()
	if strings.Count(off, "\n") != 1 {
		t.Fatalf("off a terminal: %q", off)
	}
	for _, width := range []int{30, 60, 500} {
		p := newProcess("validate", file).atTerminal("", "")
		p.environment.StderrColumns = func() int { return width }
		on := p.run(t, record.ExitFailed).stderr.String()
		if got, want := strings.Join(strings.Fields(on), " "), strings.TrimSpace(off); got != want {
			t.Errorf("%d columns: %q, want the words of %q", width, got, want)
		}
		for line := range strings.Lines(on) {
			if line = strings.TrimSuffix(line, "\n"); utf8.RuneCountInString(line) > width && strings.Contains(strings.TrimSpace(line), " ") {
				t.Errorf("%d columns: %q is longer", width, line)
			}
		}
		if broken := strings.Count(on, "\n") > 1; broken != (width < 500) {
			t.Errorf("%d columns: %q", width, on)
		}
	}
	words := unbroken("nothing was sent; type: cucbulk resume runs/x --server https://cuc1. Then look, and type cucbulk report runs/x")
	if got := strings.Join(words, "|"); got != "nothing|was|sent;|type:|cucbulk resume runs/x --server https://cuc1.|Then|look,|and|type|cucbulk report runs/x" {
		t.Errorf("a command is broken: %s", got)
	}
}
