package input

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// end is a line after all lines.
const end = math.MaxInt

// FuzzReader reads any bytes. The texts of the heading line and of the rows are
// the input itself, in order; what lies between them is blank lines and rows of
// delimiters.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		"Alias,City\njdoe,Paris\n", "\xEF\xBB\xBFA;B\r\n\"x\r\ny\";\"\"\"\"\r\n\r\n;;\r\nz", "\xFF\xFEA\x00\n\x00x\x00", "\x00A\x00\n\x00x\xD8\x00",
		"A\n\"", "A\nx\"y\nz\n", "A,B\n\"x\"y\n1,2", "A\r\r\n\r\r\n\rx\r\n", "A\tB\n\n\t\n1\t2\t\t\n", "A\n\"a\nb\"c\nd\n", "A\n\x00\n", "sep=;\nA;B\n1;2\n", "a title\n\nAlias,City\n1,2\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		reader, err := NewReader(bytes.NewReader(file))
		if err != nil {
			return
		}
		text := reader.HeaderRaw() + reader.HeaderLineEnd()
		rows, errs := restOf(reader)
		type piece struct {
			number, line int
			text         string
		}
		var pieces []piece
		final := false
		for _, row := range rows {
			pieces = append(pieces, piece{row.Number, row.Line, row.Raw + row.LineEnd})
			invalid := slices.ContainsFunc(row.Cells, func(cell string) bool { return !utf8.ValidString(cell) })
			if want := strings.Contains(row.Raw, lost); reader.Format().Encoding != UTF8 && invalid != want {
				t.Errorf("got cells %q with bytes that are no text: %t, want %t", row.Cells, invalid, want)
			}
		}
		for _, err := range errs {
			var parse *ParseError
			if !errors.As(err, &parse) {
				return // UTF-16 that is cut off
			}
			row := parse.Row
			final = parse.Final
			at := 0
			for at < len(pieces) && pieces[at].number < row.Number {
				at++
			}
			pieces = append(pieces[:at], append([]piece{{row.Number, row.Line, row.Raw + row.LineEnd}}, pieces[at:]...)...)
		}
		rest := decoded(t, reader.Format(), file)
		line := 1
		cut := func(text string) {
			if !strings.HasPrefix(rest, text) {
				t.Fatalf("got %q, want it at the start of %q", text, rest)
			}
			rest, line = rest[len(text):], line+strings.Count(text, "\n")
		}
		// skip passes over the lines before a line; each must be blank, or a row of
		// delimiters.
		skip := func(until int) {
			for line < until && rest != "" {
				size := strings.IndexByte(rest, '\n') + 1
				if size == 0 {
					size = len(rest)
				}
				if strings.Trim(rest[:size], string(reader.Format().Delimiter)+"\"\r\n") != "" {
					t.Fatalf("got line %d, %q, passed over", line, rest[:size])
				}
				cut(rest[:size])
			}
			if line != until && until != end {
				t.Fatalf("got line %d, want it to come after %d", until, line)
			}
		}
		above := preambleOf(rest[:min(len(rest), bufferSize)])
		cut(rest[:above.length])
		skip(reader.Format().HeaderLine)
		cut(text)
		for i, p := range pieces {
			if p.number != i+1 {
				t.Errorf("got row %d, want %d", p.number, i+1)
			}
			skip(p.line)
			cut(p.text)
		}
		if !final {
			skip(end)
		}
	})
}

// lost is what half a surrogate pair decodes to.
const lost = "\uFFFD"

// decoded gives the text of a file without its mark, and proves that EncodeRaw
// gives the file's own bytes back, unless half a surrogate pair got lost.
func decoded(t *testing.T, f Format, file []byte) string {
	t.Helper()
	source, _, err := decode(newSource(bytes.NewReader(file)))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(source); err != nil {
		t.Fatal(err)
	}
	whole := text.String()
	if f.BOM {
		whole = byteOrderMark + whole
	}
	again, err := f.EncodeRaw(whole)
	damaged := f.Encoding != UTF8 && strings.Contains(whole, lost)
	if err != nil || !damaged && !bytes.Equal(again, file) {
		t.Fatalf("got %q and %v, want %q", again, err, file)
	}
	return text.String()
}
