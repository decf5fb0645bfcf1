package input

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

var (
	errInOrder = errors.New("from here on the rows must be read in order")
	errEnough  = errors.New("the caller wants no more rows")
)

// part takes records apart that were cut out of a file. Where no quote stands, a
// line is a record and its cells are what stands between the delimiters; nearly all
// lines are of that kind, and no cell of them is copied. A record with quotes is
// left to encoding/csv.
type part struct {
	text      string
	at        int // of what is not taken apart yet, in text
	quote     int // of the next quote, in text; its length if there is none
	line      int // at at
	delimiter byte

	quoted strings.Reader // what csv reads
	csv    *csv.Reader    // nil: none yet
}

// reset gives it the text of some records, which begins on this line of the file.
func (p *part) reset(text string, line int) {
	p.text, p.at, p.line = text, 0, line
	p.findQuote()
}

func (p *part) findQuote() {
	if next := strings.IndexByte(p.text[p.at:], '"'); next >= 0 {
		p.quote = p.at + next
	} else {
		p.quote = len(p.text)
	}
}

// next appends the cells of the next record to those that are given. A record that
// can't be taken apart is errInOrder, and nothing comes after it.
func (p *part) next(cells []string) ([]string, source, error) {
	for p.at < len(p.text) {
		end := p.lineEnd(p.at)
		if p.quote < end {
			return p.nextQuoted(cells, end)
		}
		record := p.take(end, 1)
		text := record.raw
		if record.lineEnd == "" {
			text = strings.TrimSuffix(text, "\r") // as encoding/csv reads the end of a file
		}
		if text == "" {
			continue
		}
		return p.split(cells, text), record, nil
	}
	return cells, source{}, io.EOF
}

// split appends what stands between the delimiters.
func (p *part) split(cells []string, text string) []string {
	for {
		at := strings.IndexByte(text, p.delimiter)
		if at < 0 {
			return append(cells, text)
		}
		cells, text = append(cells, text[:at]), text[at+1:]
	}
}

// nextQuoted takes the next record, which has a quote on its first line. It ends with
// the first line up to which the number of its quotes is even.
func (p *part) nextQuoted(cells []string, end int) ([]string, source, error) {
	quotes := strings.Count(p.text[p.at:end], `"`)
	for quotes%2 == 1 {
		if end == len(p.text) {
			return cells, source{}, errInOrder
		}
		from := end
		end = p.lineEnd(from)
		quotes += strings.Count(p.text[from:end], `"`)
	}
	if p.csv == nil {
		p.csv = newCSV(&p.quoted, rune(p.delimiter))
	}
	p.quoted.Reset(p.text[p.at:end])
	before := p.csv.InputOffset()
	texts, err := p.csv.Read()
	if err != nil || p.csv.InputOffset()-before != int64(end-p.at) {
		p.csv = nil // it may hold more than the record
		return cells, source{}, errInOrder
	}
	record := p.take(end, strings.Count(p.text[p.at:end], "\n"))
	p.findQuote()
	return append(cells, texts...), record, nil
}

// lineEnd is where the line ends that holds this place: after its line feed.
func (p *part) lineEnd(from int) int {
	if feed := strings.IndexByte(p.text[from:], '\n'); feed >= 0 {
		return from + feed + 1
	}
	return len(p.text)
}

// take cuts the text up to end off, which has so many line ends.
func (p *part) take(end, lines int) source {
	record := sourceOf(p.text[p.at:end], p.line)
	p.at = end
	p.line += lines
	return record
}
