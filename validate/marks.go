package validate

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cucbulk/internal/codes"
)

// Literal stands before a text that is to be taken as it is, whatever it looks like:
// %text%4001.0, or %text%%null% for a field that holds just that. Only what the field
// can't take at all is an error then. What stands behind it is not trimmed.
const Literal = "%text%"

// literal gives what stands behind [Literal] in a cell.
func literal(cell string) (text string, is bool) {
	cell = strings.TrimLeftFunc(cell, unicode.IsSpace)
	if len(cell) < len(Literal) || !strings.EqualFold(cell[:len(Literal)], Literal) {
		return "", false
	}
	return cell[len(Literal):], true
}

// marked are the bytes with which a text begins that may not mean itself: a mark that
// makes it text, for a spreadsheet, or a digit that is none of ASCII.
var marked = func() (first [256]bool) {
	for _, c := range []byte("%='\"\xD9\xDB\xE0\xEF") {
		first[c] = true
	}
	return first
}()

// CellText gives the text that a cell of a column means: without the blanks around it, and
// without what made it text for a spreadsheet.
func (c *Column) CellText(cell string) string {
	text, _ := c.read(cell)
	return bare(text)
}

// reading says how a cell was read.
type reading int

const (
	asItIs reading = iota
	withoutMarks
	asLiteral
)

// read gives the text that a cell means. A literal that looks like [Null] keeps what says
// that it is none.
func (c *Column) read(cell string) (string, reading) {
	if text, is := literal(cell); is {
		if isNull(text) {
			text = Literal + text
		}
		return text, asLiteral
	}
	text := trimmed(cell)
	if text == "" || !marked[text[0]] {
		return text, asItIs
	}
	if meant := strings.TrimSpace(c.unmarked(text)); meant != "" {
		return meant, withoutMarks
	}
	return text, asItIs
}

// bare takes off what says that a text is not [Null].
func bare(text string) string {
	if len(text) > len(Null) && text[0] == Literal[0] && isNull(text[len(text)-len(Null):]) {
		if literal, is := literal(text); is {
			return literal
		}
	}
	return text
}

// unmarked takes off the marks by which a text is one for a spreadsheet, where they can
// mean nothing else; "" if there are none.
func (c *Column) unmarked(text string) string {
	kind := c.kind()
	if kind&allTexts == 0 {
		return ""
	}
	inner, quotedFormula := strings.CutPrefix(text, `="`)
	if quotedFormula && strings.HasSuffix(inner, `"`) {
		if inner = strings.TrimSuffix(inner, `"`); !strings.Contains(strings.ReplaceAll(inner, `""`, ""), `"`) {
			return strings.ReplaceAll(inner, `""`, `"`)
		}
		return ""
	}
	switch text[0] {
	case '=', '%':
		return ""
	case '\'', '"':
		inner := strings.TrimSuffix(text[1:], text[:1])
		digits := strings.Trim(inner, "0123456789") == ""
		if strings.Contains(inner, text[:1]) || !digits && kind&codeTexts == 0 && (kind&login == 0 || len(inner) != len(text)-2) {
			return ""
		}
		return inner
	}
	if kind&codeTexts == 0 {
		return ""
	}
	return asciiDigits(text)
}

// asciiDigits writes digits of another alphabet, or wide ones, as those of ASCII; "" for a
// text that is no digits.
func asciiDigits(text string) string {
	digits := make([]byte, 0, len(text))
	for i, r := range text {
		switch {
		case isDigit(r) || r == '+' && i == 0:
			digits = append(digits, byte(r))
		case r == '＋' && i == 0:
			digits = append(digits, '+')
		case r >= utf8.RuneSelf && unicode.Is(unicode.Nd, r):
			digits = append(digits, '0'+byte(digitValue(r)))
		default:
			return ""
		}
	}
	return string(digits)
}

// digitValue is what a digit counts: Unicode has those of each alphabet one after the
// other, from zero.
func digitValue(r rune) int {
	before := 0
	for unicode.Is(unicode.Nd, r-1-rune(before)) {
		before++
	}
	return before % 10
}

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
	codes.InvalidUTF8: true, codes.ControlCharacter: true, codes.EmptyItem: true, codes.TooLong: true, codes.OutOfRange: true, codes.NotAValue: true,
	codes.NotAnInteger: true, codes.NotABoolean: true, codes.NotAnID: true, codes.NotASize: true, codes.NotATime: true, codes.NotDigits: true, codes.NotADestination: true, codes.BadCountry: true,
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
