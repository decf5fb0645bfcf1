package validate

import (
	"strings"
	"unicode"
	"unicode/utf8"
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
