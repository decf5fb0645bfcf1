package validate

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cucbulk/internal/codes"
)

// Problem is one thing that is wrong with a file: with its heading line, a row, or
// a cell. It is a value, not an error: checking goes on after it.
type Problem struct {
	File    string     `json:"file"`
	Line    int        `json:"line"`              // of the file, from 1
	Cell    string     `json:"cell,omitempty"`    // of a workbook, where it is in the sheet: Users!C5
	Row     int        `json:"row"`               // 1 is the first data row; 0 is the heading line
	Column  string     `json:"column,omitempty"`  // canonical name, or the heading when it is unknown
	Heading string     `json:"heading,omitempty"` // how the file spells it, where that is not Column
	Message string     `json:"message"`           // what is wrong and what to do; never a secret
	Code    codes.Code `json:"code"`              // stable, for scripts
	Warning bool       `json:"warning"`           // the row may be sent all the same
}

// Named is what people call the column: the heading in their file, else its name.
func (p Problem) Named() string { return cmp.Or(p.Heading, p.Column) }

// String returns "FILE:LINE: Column: message (code)", of a workbook
// "FILE:SHEET!CELL: Column: message (code)", the column as the file spells it,
// with "warning: " before the message of a warning. Control characters come out escaped.
func (p Problem) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%s: ", printable(p.File), printable(cmp.Or(p.Cell, strconv.Itoa(p.Line))))
	if column := p.Named(); column != "" {
		b.WriteString(printable(column) + ": ")
	}
	if p.Warning {
		b.WriteString("warning: ")
	}
	fmt.Fprintf(&b, "%s (%s)", printable(p.Message), p.Code)
	return b.String()
}

// printable returns the text as it is when a terminal can show it, else escaped.
func printable(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return text
	}
	escaped := strconv.Quote(text)
	return strings.ReplaceAll(escaped[1:len(escaped)-1], `\"`, `"`)
}

// quoted returns a value for a message: in quotes, escaped, and not too long.
func quoted(value string) string {
	const most = 40
	if utf8.RuneCountInString(value) > most {
		value = string([]rune(value)[:most]) + "…"
	}
	return strconv.Quote(value)
}

// Null is the text of a cell that clears a field.
const Null = "%null%"

func isNull(text string) bool { return len(text) == len(Null) && strings.EqualFold(text, Null) }

// finding is one thing that is wrong with a value.
type finding struct {
	code    codes.Code
	message string
	warning bool
}

// shown returns a value for a message; of a secret column, no character of it.
func (c *Column) shown(text string) string {
	if c.Secret {
		return "the value"
	}
	return quoted(text)
}
