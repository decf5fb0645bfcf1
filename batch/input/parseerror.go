package input

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strings"

	"cucbulk/internal/codes"
	"cucbulk/validate"
)

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

// explain turns an error of the CSV reader into one that says what to do. The row
// has no number yet.
func (r *Reader) explain(err error, at source) error {
	row := Row{Row: validate.Row{Line: at.line}, Raw: at.raw, LineEnd: at.lineEnd}
	if errors.Is(err, errTooLong) {
		return &ParseError{Row: Row{Row: row.Row}, Line: at.line, Final: true,
			Message: fmt.Sprintf("this row has more than %d MiB: most likely a quote (\") in it is never closed", MaxRow>>20)}
	}
	var broken *csv.ParseError
	if !errors.As(err, &broken) {
		return fmt.Errorf("reading the input at line %d: %w", at.line, err)
	}
	e := &ParseError{Row: row, Line: at.line + broken.Line - broken.StartLine, Column: broken.Column}
	opened, unclosed := unclosedQuote(at.raw, rune(r.format.Delimiter))
	other := r.otherDelimiter(at.raw)
	switch {
	case other != 0:
		e.Message = validate.DelimiterProblem(other, rune(r.format.Delimiter))
	case errors.Is(err, csv.ErrBareQuote) && strings.Contains(at.raw, `="`):
		e.Message = `a text such as ="0042" has no quotes around it, so its cells can't be told apart: write 0042, or "=""0042""" as a spreadsheet saves it`
	case errors.Is(err, csv.ErrBareQuote):
		e.Message = `a quote (") stands inside a text that has no quotes around it: put quotes around the text and write "" for each quote in it`
	case unclosed: // the CSV reader names the end of the file, where nothing is to be seen
		before := at.raw[:opened]
		e.Line = at.line + strings.Count(before, "\n")
		e.Column = opened - strings.LastIndexByte(before, '\n')
		e.Message = `a quote (") is opened here and never closed: close it, or write "" for a quote inside a text`
	default:
		e.Message = `a quote (") inside a quoted text is not doubled: write "" for it`
	}
	// A record that begins and ends on one line leaves the lines after it alone.
	// One that spans lines may have swallowed whole rows.
	e.Final = strings.Contains(at.raw, "\n")
	return e
}

// otherDelimiter is the one by which a line has as many cells as there are headings, whose quotes
// can't be read by the file's own; 0 if there is none.
func (r *Reader) otherDelimiter(raw string) rune {
	for _, other := range ",;\t|" {
		if other == rune(r.format.Delimiter) || len(r.headings) < 2 {
			continue
		}
		if cells, err := newCSV(strings.NewReader(raw), other).Read(); err == nil && len(cells) == len(r.headings) {
			return other
		}
	}
	return 0
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
