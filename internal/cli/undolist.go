package cli

import (
	"fmt"
	"strings"

	"cucbulk/batch/record"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

// listUndo prints what a rollback would do, one row a line, and the command that does
// it.
func listUndo(s *screen, undo *record.Undo, same shell.Command) (int, error) {
	if err := s.listLines(undo); err != nil {
		return 0, err
	}
	if err := undo.LacksTemplate(); err != nil {
		return 0, err
	}
	s.suggest([]reports.Suggestion{suggestion("Take it back:", same)})
	return 0, nil
}

// listLines prints the rows, what does not come back, and how many there are.
func (s *screen) listLines(undo *record.Undo) error {
	for line, err := range undo.Lines() {
		if err != nil {
			return err
		}
		s.print("row %d: %s %s (reversible: %s)", line.Row, line.Operation, line.Alias, line.Reversible)
		if line.Note != "" {
			s.print(": %s", line.Note)
		}
		s.print("\n")
	}
	lost, err := lossText(undo)
	if err != nil {
		return err
	}
	s.print("%s", lost)
	s.print("%s would be undone. Nothing was sent.\n", rowsText(len(undo.Rows)))
	return nil
}

// lossText lists what a rollback can't bring back, "" when it is nothing. Users who
// lose the same share a line.
func lossText(undo *record.Undo) (string, error) {
	var notes []string // in the order of the rollback
	users := map[string][]string{}
	for line, err := range undo.Irreversible() {
		if err != nil {
			return "", err
		}
		if users[line.Note] == nil {
			notes = append(notes, line.Note)
		}
		users[line.Note] = append(users[line.Note], line.Alias)
	}
	if len(notes) == 0 {
		return "", nil
	}
	var b strings.Builder
	b.WriteString("What a rollback of this run can't bring back:\n")
	for _, note := range notes {
		b.WriteString(hanging("  ", "    ", someOf(users[note])+": "+note))
	}
	return b.String(), nil
}

// someOf names the first users of many, and says how many more there are.
func someOf(aliases []string) string {
	const named = 3
	text := strings.Join(aliases[:min(named, len(aliases))], ", ")
	if more := len(aliases) - named; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
