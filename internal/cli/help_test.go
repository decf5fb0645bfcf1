package cli

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestEveryHelpSaysWhatScriptsNeed asks each command for its help: it has examples
// and exit codes, and fits a terminal.
func TestEveryHelpSaysWhatScriptsNeed(t *testing.T) {
	t.Parallel()
	root := rootCommand(newProgram(newProcess().environment))
	for _, command := range root.Commands() {
		help := newProcess(command.Name(), "--help").run(t, 0).stdout.String()
		for _, part := range []string{"\nUsage:\n", "\nExamples:\n", "\nEXIT STATUS\n  0  "} {
			if !strings.Contains(help, part) {
				t.Errorf("the help of %s has no %q", command.Name(), part)
			}
		}
		for line := range strings.Lines(help) {
			if width := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > 80 {
				t.Errorf("the help of %s has a line of %d columns: %s", command.Name(), width, line)
			}
		}
	}
}
