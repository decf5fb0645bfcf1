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

	"github.com/gocarina/gocsv"

	"cucbulk/validate"
)

// bufferSize is what one layer of reading holds, in bytes. The delimiter is found
// within the first so many.
const bufferSize = 64 << 10

// MaxRow is the most bytes of UTF-8 that one row may have.
const MaxRow = 8 << 20

// Row is one row of a file with its own text.
type Row struct {
	validate.Row
	Raw     string // the row as it stands in the file, decoded, without its line end
	LineEnd string // "\n", "\r\n", or "" at the end of the file
}

// Reader reads the rows of a file. It is for one goroutine.
type Reader struct {
	format   Format
	headings []string
	heading  source // text and line end of the heading line
	problems []validate.Problem

	text    *window               // nil in a part
	buffer  *bufio.Reader         // in a part only
	cut     func(to int64) string // takes the text up to an offset of csv
	csv     *csv.Reader
	line    int      // of the next unread text
	read    int      // data rows read
	cells   []string // of the records that gocsv is given; the rows have copies
	ready   []Row    // read ahead, and not given yet
	all     []Row    // room for ready
	batch   batch
	rows    []cells
	failure error // comes after ready
	final   bool  // nothing comes after failure
}

// source is the text of one record, and where it stands.
type source struct {
	raw, lineEnd string
	line         int
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
	above := preambleOf(string(first))
	if format.Delimiter = Delimiter(above.delimiter); above.delimiter == 0 {
		format.Delimiter = Delimiter(delimiterOf(string(first[above.length:])))
	}
	if _, err := start.Discard(above.length); err != nil {
		return nil, fmt.Errorf("reading the input: %w", err)
	}

	reader := &Reader{format: format, text: &window{source: start}, line: 1 + above.lines, problems: above.problems}
	reader.cut, reader.csv = reader.text.next, newCSV(newSource(reader.text), rune(format.Delimiter))
	if err := reader.readHeadings(); err != nil {
		return nil, err
	}
	return reader, nil
}

// part makes a reader for rows that are cut out of the same file; reset gives it
// some.
func (r *Reader) part() *Reader {
	return &Reader{format: r.format, headings: r.headings, buffer: newSource(nil)}
}

// reset lets a part read rows that are a text of their own, from this line of the
// file on.
func (r *Reader) reset(text string, line int) {
	r.buffer.Reset(strings.NewReader(text))
	r.csv, r.line = newCSV(r.buffer, rune(r.format.Delimiter)), line
	r.ready, r.failure, r.final = r.ready[:0], nil, false
	from := int64(0)
	r.cut = func(to int64) string {
		cut := text[from:to]
		from = to
		return cut
	}
}

func newCSV(r *bufio.Reader, delimiter rune) *csv.Reader {
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
	if len(r.ready) == 0 && r.failure == nil {
		r.readAhead()
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

// How much is read ahead at once: rows, or bytes of their text.
const (
	aheadRows  = 256
	aheadBytes = 256 << 10
)

// readAhead decodes the rows of one batch through gocsv, which asks back for their
// records. The batch ends early at the end of the file or at a record that can't
// be read.
func (r *Reader) readAhead() {
	r.batch = batch{reader: r, records: r.batch.records[:0], sources: r.batch.sources[:0], numbers: r.batch.numbers[:0]}
	clear(r.rows) // gocsv fills what is there
	if err := gocsv.UnmarshalDecoder(&r.batch, &r.rows); err != nil {
		r.failure, r.final = fmt.Errorf("decoding the rows: %w", err), true
		return
	}
	r.ready = r.all[:0]
	for i, source := range r.batch.sources {
		r.ready = append(r.ready, Row{
			Row: validate.Row{Number: r.batch.numbers[i], Line: source.line, Cells: r.rows[i].Texts},
			Raw: source.raw, LineEnd: source.lineEnd,
		})
	}
	r.all = r.ready
}

// usualWidth is for how many cells a row makes room at first.
const usualWidth = 24

// cells is a row as gocsv fills it: all texts in the order of the headings, since
// which headings there are is known only at run time.
type cells struct{ Texts []string }

// UnmarshalCSVWithFields takes one cell. gocsv calls it for each cell of a row.
func (c *cells) UnmarshalCSVWithFields(_, text string) error {
	if c.Texts == nil {
		c.Texts = make([]string, 0, usualWidth)
	}
	c.Texts = append(c.Texts, text)
	return nil
}

// batch gives gocsv some records at a time.
type batch struct {
	reader  *Reader
	records [][]string
	sources []source
	numbers []int
}

// GetCSVRows reads the records of a batch, under a heading line as wide as the
// widest of them: gocsv would panic at a row that is wider than its headings.
func (b *batch) GetCSVRows() ([][]string, error) {
	r := b.reader
	records := append(b.records, nil) // the headings come first, once the widest is known
	r.cells = r.cells[:0]
	widest, size := len(r.headings), 0
	for len(b.sources) < aheadRows && size < aheadBytes {
		record, err := r.csv.Read()
		if errors.Is(err, io.EOF) {
			r.failure, r.final = io.EOF, true
			break
		}
		source := r.take()
		size += len(source.raw)
		if err == nil && !slices.ContainsFunc(record, func(cell string) bool { return cell != "" }) {
			continue
		}
		r.read++
		if err != nil {
			r.failure = r.explain(err, source)
			break
		}
		for len(record) > len(r.headings) && record[len(record)-1] == "" {
			record = record[:len(record)-1]
		}
		r.format.exposeLost(record)
		from := len(r.cells)
		r.cells = append(r.cells, record...)
		records = append(records, r.cells[from:])
		b.sources, b.numbers = append(b.sources, source), append(b.numbers, r.read)
		widest = max(widest, len(record))
	}
	records[0] = append(slices.Clone(r.headings), make([]string, widest-len(r.headings))...)
	b.records = records
	return records, nil
}

// take cuts the text of the record just read out of the window, without the blank
// lines before it.
func (r *Reader) take() source {
	raw := r.cut(r.csv.InputOffset())
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
	s := source{raw: raw, line: r.line}
	r.line += strings.Count(raw, "\n")
	for _, end := range []string{"\r\n", "\n"} {
		if text, found := strings.CutSuffix(raw, end); found {
			s.raw, s.lineEnd = text, end
			break
		}
	}
	return s
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
