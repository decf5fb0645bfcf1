package input

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"cucbulk/validate"
)

// bufferSize is what one layer of reading holds, in bytes. The delimiter is found
// within the first so many.
const bufferSize = 64 << 10

// MaxRow is the most bytes of UTF-8 that one row may have.
const MaxRow = 8 << 20

// Reader reads the rows of a file. It is for one goroutine.
type Reader struct {
	format   Format
	headings []string
	heading  source // text and line end of the heading line
	problems []validate.Problem

	text    *window
	csv     *csv.Reader
	line    int // of the next unread text
	decoder decoder
	ready   []Row // read ahead, and not given yet
	failure error // comes after ready
	final   bool  // nothing comes after failure
}

// NewReader finds out how the input is written and reads its heading line. An
// input without any heading is an error.
func NewReader(r io.Reader) (*Reader, error) {
	text, format, err := decode(newSource(r))
	if err != nil {
		return nil, err
	}
	start := newSource(text)
	first, err := start.Peek(bufferSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the input: %w", err)
	}
	if err := checkText(string(first)); err != nil {
		return nil, err
	}
	above := preambleOf(string(first))
	if format.Delimiter = Delimiter(above.delimiter); above.delimiter == 0 {
		format.Delimiter = Delimiter(delimiterOf(string(first[above.length:])))
	}
	if _, err := start.Discard(above.length); err != nil {
		return nil, fmt.Errorf("reading the input: %w", err)
	}

	reader := &Reader{format: format, text: &window{source: start}, line: 1 + above.lines, problems: above.problems}
	reader.csv = newCSV(newSource(reader.text), rune(format.Delimiter))
	if err := reader.readHeadings(); err != nil {
		return nil, err
	}
	reader.decoder = decoder{format: format, headings: reader.headings, next: reader.record}
	return reader, nil
}

func newCSV(r io.Reader, delimiter rune) *csv.Reader {
	reader := csv.NewReader(r)
	reader.Comma, reader.FieldsPerRecord, reader.ReuseRecord = delimiter, -1, true
	return reader
}

func newSource(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, bufferSize) }

func (r *Reader) readHeadings() error {
	headings, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the input is empty: its first line must hold the headings, such as Alias,Extension,DisplayName")
	}
	r.heading = r.take()
	if err != nil {
		return r.explain(err, r.heading)
	}
	if strings.HasSuffix(r.heading.raw, "\r") && strings.Count(r.heading.raw, "\r") == 1 {
		return &ParseError{Line: r.heading.line, Column: len(r.heading.raw), Final: true,
			Message: "the lines end with CR CR LF, as when a program writes line ends that another has written: save " +
				"the file again with plain line ends, as CSV UTF-8"}
	}
	if slices.ContainsFunc(headings, func(heading string) bool { return strings.Contains(heading, "\r") }) {
		return &ParseError{Line: r.heading.line, Column: 1 + strings.IndexByte(r.heading.raw, '\r'), Final: true,
			Message: "the lines end as on an old Macintosh: save the file as CSV UTF-8"}
	}
	r.headings, r.format.HeaderLine = slices.Clone(headings), r.heading.line
	return nil
}

// Format tells how the file is written.
func (r *Reader) Format() Format { return r.format }

// Problems are warnings about what stands above the headings. They name no file.
func (r *Reader) Problems() []validate.Problem { return slices.Clone(r.problems) }

// Headings returns the cells of the heading line.
func (r *Reader) Headings() []string { return slices.Clone(r.headings) }

// HeaderRaw returns the heading line as it stands in the file, without its line end.
func (r *Reader) HeaderRaw() string { return r.heading.raw }

// HeaderLineEnd returns the line end of the heading line; "" when it is all there is.
func (r *Reader) HeaderLineEnd() string { return r.heading.lineEnd }

// Next returns the next row. At the end it returns io.EOF. After a [*ParseError]
// that is not final, reading goes on with the next call; after any other error it
// returns that error again.
func (r *Reader) Next() (Row, error) {
	for len(r.ready) == 0 && r.failure == nil { // blank rows alone may fill a batch
		r.ready, r.failure = r.decoder.rows()
		var broken *ParseError
		r.final = !errors.As(r.failure, &broken) || broken.Final
	}
	if len(r.ready) > 0 {
		row := r.ready[0]
		r.ready = r.ready[1:]
		return row, nil
	}
	err := r.failure
	if !r.final {
		r.failure = nil
	}
	return Row{}, err
}

// record appends the cells of the next record to those that are given.
func (r *Reader) record(cells []string) ([]string, source, error) {
	record, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return cells, source{}, io.EOF
	}
	at := r.take()
	if err != nil {
		err = r.explain(err, at)
	}
	return append(cells, record...), at, err
}

// take cuts the text of the record just read out of the window, without the blank
// lines before it.
func (r *Reader) take() source {
	raw := r.text.next(r.csv.InputOffset())
	for {
		rest, found := strings.CutPrefix(raw, "\n")
		if !found {
			rest, found = strings.CutPrefix(raw, "\r\n")
		}
		if !found {
			break
		}
		raw, r.line = rest, r.line+1
	}
	record := sourceOf(raw, r.line)
	r.line += record.lines()
	return record
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
		e.Message = `a text such as ="0042" has no quotes around it, so its cells can't be told apart: write 0042, or ` +
			`"=""0042""" as a spreadsheet saves it`
	case errors.Is(err, csv.ErrBareQuote):
		e.Message = `a quote (") stands inside a text that has no quotes around it: put quotes around the text and write "" ` +
			`for each quote in it`
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

// window keeps the text that the CSV reader has been given and that no row has
// taken yet, so that a row's own text can be cut out of it.
type window struct {
	source io.Reader
	text   bytes.Buffer
	offset int64 // of the start of text in the whole
}

var errTooLong = errors.New("too long")

// readAheadRoom is what the CSV reader may hold of the rows after the one that it
// is reading.
const readAheadRoom = bufferSize

func (w *window) Read(p []byte) (int, error) {
	if w.text.Len() > MaxRow+readAheadRoom {
		return 0, errTooLong
	}
	n, err := w.source.Read(p)
	w.text.Write(p[:n])
	return n, err
}

// next takes the text up to an offset in the whole.
func (w *window) next(offset int64) string {
	text := string(w.text.Next(int(offset - w.offset)))
	w.offset = offset
	return text
}
