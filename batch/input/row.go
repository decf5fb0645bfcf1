package input

import (
	"fmt"
	"strings"

	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Row is one row of a file with its own text.
type Row struct {
	validate.Row
	Raw     string // the row as it stands in the file, decoded, without its line end
	LineEnd string // "\n", "\r\n", or "" at the end of the file
}

// ParseError is a row that can't be told into cells.
type ParseError struct {
	Row     Row    // its number, line and text; it has no cells
	Line    int    // where the damage is, from 1
	Column  int    // byte in that line, from 1; 0 when it has no one place
	Message string // what is wrong and what to do
	Final   bool   // what comes after can't be told into rows either
}

func (e *ParseError) Error() string {
	if e.Column == 0 {
		return fmt.Sprintf("line %d: %s", e.Line, e.Message)
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Problem returns the error as a problem of its row.
func (e *ParseError) Problem(file string) validate.Problem {
	return validate.Problem{File: file, Line: e.Line, Row: e.Row.Number, Code: codes.BadQuotes, Message: e.Message}
}

// unclosedQuote finds the quote that begins a text and has no other to end it.
func unclosedQuote(raw string, delimiter rune) (opened int, unclosed bool) {
	for at := 0; ; {
		rest := raw[at:]
		if !strings.HasPrefix(rest, `"`) { // a text without quotes ends with its cell
			next := strings.IndexFunc(rest, func(c rune) bool { return c == delimiter || c == '\n' })
			if next < 0 {
				return 0, false
			}
			at += next + 1
			continue
		}
		opened = at
		for at++; ; at += 2 { // over each doubled quote
			next := strings.IndexByte(raw[at:], '"')
			if next < 0 {
				return opened, true
			}
			if at += next; !strings.HasPrefix(raw[at+1:], `"`) {
				break
			}
		}
		at++
	}
}
