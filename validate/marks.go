package validate

import (
	"slices"
	"strings"

	"cucbulk/internal/codes"
)

// reading tells how the text of a row was read, and of which cell; "": it is the preset.
func (s *slot) reading(r Row) (cell string, is reading) {
	if s.cell < 0 || s.cell >= len(r.Cells) || strings.TrimSpace(r.Cells[s.cell]) == "" {
		return "", s.presetReading
	}
	_, is = s.column.read(r.Cells[s.cell])
	return r.Cells[s.cell], is
}

// marks tells of a cell that was not taken as it is.
func (l *dataLine) marks(s *slot, value string) reading {
	cell, is := s.reading(l.row)
	if is == withoutMarks && cell != "" {
		message := "is taken for " + s.column.shown(value) + ", without what made it text for a spreadsheet"
		if !s.column.Secret {
			message = quoted(trimmed(cell)) + " " + message
		} else {
			message = "has marks around the value that made it text for a spreadsheet: they are left out"
		}
		l.add(s.column.Name, codes.TextMarks, message, true)
	}
	return is
}

// checkLiteral checks a text that is taken as it is: what the field can't take at all. A
// line break may stand in any field then.
func checkLiteral(column *Column, text string) []finding {
	lines := *column
	lines.OneLine = false
	return slices.DeleteFunc(checkValue(&lines, bare(text)), func(f finding) bool { return f.warning || !literalErrors[f.code] })
}

// literalErrors are the errors that hold for a literal too.
var literalErrors = map[codes.Code]bool{
	codes.InvalidUTF8: true, codes.ControlCharacter: true, codes.EmptyItem: true, codes.TooLong: true, codes.OutOfRange: true,
	codes.NotAValue:    true,
	codes.NotAnInteger: true, codes.NotABoolean: true, codes.NotAnID: true, codes.NotASize: true, codes.NotATime: true,
	codes.NotDigits: true, codes.NotADestination: true, codes.BadCountry: true,
}

// Cell writes a value as a cell that means it: as it is where that is read so, else as a
// literal. It reports false for a value that no cell can hold: CSV knows one line break only.
func (c *Column) Cell(value string) (cell string, ok bool) {
	if value == "" {
		return "", true
	}
	if strings.Contains(value, "\r\n") {
		return "", false
	}
	if text, is := c.read(value); is == asItIs && text == value && !isNull(value) && !hasError(checkValue(c, value)) {
		return value, true
	}
	cell = Literal + value
	return cell, c.CellText(cell) == value && !hasError(checkLiteral(c, value))
}

func hasError(found []finding) bool {
	for _, f := range found {
		if !f.warning {
			return true
		}
	}
	return false
}

// literals are the columns of which the row gives the value as it is.
func (l *dataLine) literals() (columns []string) {
	for i := range l.slots {
		if _, is := l.slots[i].reading(l.row); is == asLiteral {
			columns = append(columns, l.slots[i].column.Name)
		}
	}
	return columns
}
