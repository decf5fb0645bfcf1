package input

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// Format is how a file is written.
type Format struct {
	Encoding   string    `json:"encoding"`      // UTF8, UTF16LE, UTF16BE, Windows1252 or what --encoding named
	BOM        bool      `json:"byteOrderMark"` // it begins with a byte order mark
	Delimiter  Delimiter `json:"delimiter"`     // ',' ';' or '\t'
	HeaderLine int       `json:"headerLine"`    // line of the headings, from 1
}

// Delimiter stands between cells. In JSON it is a text of one character.
type Delimiter rune

// MarshalJSON writes the delimiter itself.
func (d Delimiter) MarshalJSON() ([]byte, error) { return json.Marshal(string(d)) }

// UnmarshalJSON reads what MarshalJSON wrote, and the number of the character, as
// older journals have it.
func (d *Delimiter) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, (*rune)(d)) == nil {
		return nil
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	character, size := utf8.DecodeRuneInString(text)
	if size != len(text) || character == utf8.RuneError {
		return fmt.Errorf("%q is no delimiter", text)
	}
	*d = Delimiter(character)
	return nil
}

// byteOrderMark as text; EncodeRaw gives the mark of the encoding.
const byteOrderMark = "\uFEFF"

// EncodeRaw turns text of a row back into the bytes that the file has for it; in a
// UTF-16 file, half a surrogate pair comes back as U+FFFD. The text "\uFEFF" gives
// the encoding's byte order mark.
func (f Format) EncodeRaw(text string) ([]byte, error) {
	if f.Encoding == UTF8 {
		return []byte(text), nil
	}
	if utf16 := f.utf16(); utf16 != nil {
		return utf16.NewEncoder().Bytes([]byte(text))
	}
	if charset := charset(f.Encoding); charset != nil {
		return encodeCharset(charset, text), nil
	}
	return nil, fmt.Errorf("%q is no encoding that this program writes: use %s, %s or %s", f.Encoding, UTF8, UTF16LE, UTF16BE)
}

// utf16 is the encoding of a UTF-16 file, nil for another file. The mark is apart
// from it: decode takes it off, and it is text to EncodeRaw.
func (f Format) utf16() encoding.Encoding {
	switch f.Encoding {
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// signatures are the first bytes that tell an encoding, or a file that is no text.
// The longer come first.
var signatures = []struct {
	bytes    string
	encoding string // "": refused
	refusal  string
}{
	{"\xFF\xFE\x00\x00", "", "it is UTF-32: save it as CSV UTF-8"},
	{"\x00\x00\xFE\xFF", "", "it is UTF-32: save it as CSV UTF-8"},
	{"\x00\x00\x00\x00", "", "it begins with zeros, as no text does"},
	{"PK\x03\x04", "", "it is an Excel workbook or another archive: open it and save it as CSV UTF-8"},
	{"\xD0\xCF\x11\xE0", "", "it is an old Excel workbook (.xls), or one with a password: open it, and save it as .xlsx " +
		"without a password, or as CSV UTF-8"},
	{"%PDF", "", "it is a PDF: the rows must come as CSV or as a workbook (.xlsx)"},
	{"\x89PNG", "", "it is a picture: the rows must come as CSV or as a workbook (.xlsx)"},
	{"\xFF\xD8\xFF", "", "it is a picture: the rows must come as CSV or as a workbook (.xlsx)"},
	{"\x1F\x8B", "", "it is compressed: unpack it first"},
	{"\xEF\xBB\xBF", UTF8, ""},
	{"\xFF\xFE", UTF16LE, ""},
	{"\xFE\xFF", UTF16BE, ""},
}

// otherFiles are the first characters of texts that hold no rows between delimiters, in
// lower case and without blanks before them.
var otherFiles = []struct{ start, refusal string }{
	{"<?xml", "it is XML, which may be an old Excel workbook (XML Spreadsheet): open it in Excel, and save it as .xlsx or as CSV UTF-8"},
	{"<", "it is a web page (HTML), whatever its name says: open it in Excel, and save it as .xlsx or as CSV UTF-8"},
	{"{\\rtf", "it is a text of a word processor (RTF): the rows must come as CSV or as a workbook (.xlsx)"},
	{"{", "it is JSON: the rows must come as CSV or as a workbook (.xlsx)"},
	{"[{", "it is JSON: the rows must come as CSV or as a workbook (.xlsx)"},
	{"[[", "it is JSON: the rows must come as CSV or as a workbook (.xlsx)"},
	{"dn: ", "it is LDIF, an export of a directory: export it as CSV"},
	{"version: 1\n", "it is LDIF, an export of a directory: export it as CSV"},
	{"begin:v", "it is a file of contacts or dates (vCard): export it as CSV"},
	{"insert into ", "it is SQL: export the table as CSV"},
	{"mime-version:", "it is a web page in one file: open it in Excel, and save it as .xlsx or as CSV UTF-8"},
}

// checkText refuses a text that is no table, by its first characters.
func checkText(start string) error {
	start = strings.ToLower(strings.TrimSpace(start[:min(len(start), 200)]))
	for _, other := range otherFiles {
		if strings.HasPrefix(start, other.start) {
			return noCSV(other.refusal)
		}
	}
	return nil
}

// workbookStart is how a file of Excel's begins: it is a ZIP archive.
const workbookStart = "PK\x03\x04"

// WorkbookStart is how many bytes of a file tell that.
const WorkbookStart = len(workbookStart)

// StartsWorkbook tells it from a file's first bytes, of which there are four or more.
func StartsWorkbook(start []byte) bool { return bytes.HasPrefix(start, []byte(workbookStart)) }

// CheckStart refuses a file that is neither text nor a workbook, by its first four bytes:
// of a stream that never ends, nothing more has to be read to know it.
func CheckStart(start []byte) error {
	for _, s := range signatures {
		if s.encoding == "" && bytes.HasPrefix(start, []byte(s.bytes)) && !StartsWorkbook(start) {
			return noCSV(s.refusal)
		}
	}
	return nil
}

func noCSV(refusal string) error { return fmt.Errorf("the input is no CSV file: %s", refusal) }

// decode finds the encoding of the input and returns its text without the mark.
func decode(r *bufio.Reader) (io.Reader, Format, error) {
	start, err := r.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, Format{}, fmt.Errorf("reading the input: %w", err)
	}
	f := Format{Encoding: UTF8}
	for _, s := range signatures {
		if !bytes.HasPrefix(start, []byte(s.bytes)) {
			continue
		}
		if s.encoding == "" {
			return nil, Format{}, noCSV(s.refusal)
		}
		f.Encoding, f.BOM = s.encoding, true
		if _, err := r.Discard(len(s.bytes)); err != nil {
			return nil, Format{}, fmt.Errorf("reading the input: %w", err)
		}
		break
	}
	if !f.BOM && len(start) == 4 {
		// Headings begin with ASCII, of which UTF-16 makes every other byte zero.
		switch zero := [4]bool{start[0] == 0, start[1] == 0, start[2] == 0, start[3] == 0}; zero {
		case [4]bool{false, true, false, true}:
			f.Encoding = UTF16LE
		case [4]bool{true, false, true, false}:
			f.Encoding = UTF16BE
		}
	}
	if utf16 := f.utf16(); utf16 != nil {
		return utf16.NewDecoder().Reader(&wholeUnits{source: r}), f, nil
	}
	return r, f, nil
}

// wholeUnits reads a UTF-16 file and fails at its end when half of a unit is
// missing there.
type wholeUnits struct {
	source io.Reader
	odd    bool // an odd number of bytes was read
}

func (w *wholeUnits) Read(p []byte) (int, error) {
	n, err := w.source.Read(p)
	w.odd = w.odd != (n%2 == 1)
	if w.odd && errors.Is(err, io.EOF) {
		err = errors.New("the input ends in the middle of a UTF-16 character: it was cut off, so copy it again")
	}
	return n, err
}

// exposeLost makes each U+FFFD in the cells of a UTF-16 file a byte that is no
// text. The decoder writes U+FFFD for half a surrogate pair, and as text it would
// reach the server in place of what the file means.
func (f Format) exposeLost(cells []string) {
	if f.utf16() == nil {
		return
	}
	for i, cell := range cells {
		cells[i] = strings.ReplaceAll(cell, "\uFFFD", "\xFF")
	}
}

// delimiterOf finds the delimiter in the first lines of a file: of comma,
// semicolon and tab the one that the heading line has most, outside quotes.
func delimiterOf(start string) rune {
	start = strings.TrimLeft(start, "\r\n")
	counts := make(map[rune]int)
	inQuotes := false
	for _, r := range start {
		switch {
		case r == '"':
			inQuotes = !inQuotes
		case inQuotes:
		case r == '\n':
			return most(counts)
		default:
			counts[r]++
		}
	}
	return most(counts)
}

func most(counts map[rune]int) rune {
	delimiter := ','
	for _, candidate := range ";\t" {
		if counts[candidate] > counts[delimiter] {
			delimiter = candidate
		}
	}
	return delimiter
}
