package input

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gocarina/gocsv"

	"cucbulk/validate"
)

// How much is decoded at once: rows, or bytes of their text.
const (
	aheadRows  = 1024
	aheadBytes = 256 << 10
)

// decoder makes rows of records, through gocsv. It is for one goroutine.
type decoder struct {
	format   Format
	headings []string
	next     func(cells []string) ([]string, source, error) // appends a record's cells; io.EOF at the end

	read  int      // data rows so far
	texts []string // of the records that gocsv is given; the rows have copies
	batch batch
	cells []cells
	made  []Row
}

// source is the text of one record, and where it stands.
type source struct {
	raw, lineEnd string
	line         int
}

// sourceOf takes the line end off a text.
func sourceOf(text string, line int) source {
	for _, end := range []string{"\r\n", "\n"} {
		if raw, found := strings.CutSuffix(text, end); found {
			return source{raw, end, line}
		}
	}
	return source{text, "", line}
}

// lines is how many line ends the text has.
func (s source) lines() int {
	lines := strings.Count(s.raw, "\n")
	if s.lineEnd != "" {
		lines++
	}
	return lines
}

// rows decodes the rows of one batch through gocsv, which asks back for their
// records. The batch ends early at a record that can't be read, and at the end of
// the file; the error says which. The rows are good until the next call, their texts
// stay.
func (d *decoder) rows() ([]Row, error) {
	d.batch = batch{decoder: d, records: d.batch.records[:0], sources: d.batch.sources[:0], numbers: d.batch.numbers[:0]}
	clear(d.cells) // gocsv fills what is there
	if err := gocsv.UnmarshalDecoder(&d.batch, &d.cells); err != nil {
		return nil, fmt.Errorf("decoding the rows: %w", err)
	}
	d.made = d.made[:0]
	for i, source := range d.batch.sources {
		d.made = append(d.made, Row{
			Row: validate.Row{Number: d.batch.numbers[i], Line: source.line, Cells: d.cells[i].Texts},
			Raw: source.raw, LineEnd: source.lineEnd,
		})
	}
	return d.made, d.batch.end
}

// firstRoom is for how many cells a row makes room before it has them: few files of users
// have more columns.
const firstRoom = 24

// cells is a row as gocsv fills it: all texts in the order of the headings. It has no
// tagged field for each column, since gocsv would then drop without a word what must be
// told: a heading that it doesn't know or that differs in case, the first of two that are
// the same, and a cell too many.
type cells struct{ Texts []string }

// UnmarshalCSVWithFields takes one cell. gocsv calls it for each cell of a row, with its
// heading.
func (c *cells) UnmarshalCSVWithFields(_, text string) error {
	if c.Texts == nil {
		c.Texts = make([]string, 0, firstRoom)
	}
	c.Texts = append(c.Texts, text)
	return nil
}

// batch gives gocsv some records at a time.
type batch struct {
	decoder *decoder
	records [][]string
	sources []source
	numbers []int
	end     error // why there are no more records in it
}

// GetCSVRows reads the records of a batch, under the headings of the file. Blank ones
// follow as far as the widest record goes: gocsv would panic at a row that is wider than
// its headings.
func (b *batch) GetCSVRows() ([][]string, error) {
	d := b.decoder
	records := append(b.records, nil) // the headings come first, once the widest is known
	d.texts = d.texts[:0]
	widest, size := len(d.headings), 0
	for len(b.sources) < aheadRows && size < aheadBytes {
		from := len(d.texts)
		texts, source, err := d.next(d.texts)
		if errors.Is(err, io.EOF) {
			b.end = io.EOF
			break
		}
		d.texts = texts
		record := texts[from:]
		size += len(source.raw)
		if err == nil && !slices.ContainsFunc(record, func(cell string) bool { return cell != "" }) {
			continue
		}
		d.read++
		if err != nil {
			var parse *ParseError
			if errors.As(err, &parse) {
				parse.Row.Number = d.read
			}
			b.end = err
			break
		}
		for len(record) > len(d.headings) && record[len(record)-1] == "" {
			record = record[:len(record)-1]
		}
		d.format.exposeLost(record)
		records = append(records, record)
		b.sources, b.numbers = append(b.sources, source), append(b.numbers, d.read)
		widest = max(widest, len(record))
	}
	records[0] = append(slices.Clip(d.headings), make([]string, widest-len(d.headings))...)
	b.records = records
	return records, nil
}
