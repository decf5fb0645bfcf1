package validate

import (
	"fmt"

	"cucbulk/internal/codes"
)

// leaveOut leaves out the whole step of a name that the mapping leaves out.
func (l *dataLine) leaveOut(at int) {
	s := &l.slots[at]
	if text, is := s.written(l.row); !is || s.mapping.mapped(s.column, text) != "" {
		return
	}
	for i := range l.slots {
		if l.slots[i].column.Step == s.column.Step {
			l.values[i] = ""
		}
	}
}

// keepNumber puts the number that the row's user had into an alternate extension, where a rule says so.
func (l *dataLine) keepNumber() {
	old, is := l.slots[l.at.extension].written(l.row)
	if !is {
		return
	}
	var alternate int
	alternate, l.keep = l.options.Map.keeps(old, func(n int) bool {
		at := l.slots.index(alternateColumn(n))
		return at >= 0 && l.values[at] != "" && !isNull(l.values[at])
	})
	if alternate > 0 {
		l.values[l.keepsIn[alternate]] = old
	}
}

// written is the text of a row's cell, as the file has it; it is false where the text is none of a cell.
func (s *slot) written(r Row) (text string, is bool) {
	if s.cell < 0 || s.cell >= len(r.Cells) {
		return "", false
	}
	text, _ = s.column.read(r.Cells[s.cell])
	return text, text != ""
}

// cause says how the file has what a problem is about, where that means something else, and what two rows
// have that the file may have in two ways.
func (s *slot) cause(r Row, code codes.Code) string {
	text, is := s.written(r)
	if !is || s.mapping == nil || s.column.Secret {
		return ""
	}
	switch other := s.mapping.mapped(s.column, text); {
	case shares[code]:
		return fmt.Sprintf(" (the file has %s, which is %s here)", quoted(text), quoted(other))
	case other != text:
		return AsWritten(text)
	}
	return ""
}

// writtenCells are the texts of cells that mean something else, by column.
func (l *dataLine) writtenCells() map[string]string {
	var cells map[string]string
	for i := range l.slots {
		if s := &l.slots[i]; s.cause(l.row, "") != "" {
			if cells == nil {
				cells = map[string]string{}
			}
			cells[s.column.Name], _ = s.written(l.row)
		}
	}
	return cells
}
