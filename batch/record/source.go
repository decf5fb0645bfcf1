package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"cucbulk/batch/input"
	"cucbulk/validate"
)

// How the file that a run reads is opened, and known again.

// RecordingsFolder is the name of the run folder's folder of what was recorded before a row recorded
// something else: a rollback puts it back.
const RecordingsFolder = "recordings"

// InputFile is the name of the run folder's own copy of the input. It goes when
// nothing is left to resume.
const InputFile = "input.csv"

// OpenInput reads the file at path for the first time. By what it finds, each piece of
// the file is known from then on. name is what messages call it.
func OpenInput(name, path string) (Input, error) { return OpenRows(name, path, As{}) }

// As is how a file is to be read.
type As struct {
	Sheet    string // of a workbook; "": the first
	Encoding string // of a file that is neither UTF-8 nor UTF-16; "": it is found out
}

// OpenRows opens rows that stand as CSV at path, perhaps those of a workbook's sheet.
func OpenRows(name, path string, as As) (Input, error) {
	text, whole, err := startOf(path)
	if err != nil {
		return Input{}, fmt.Errorf("cannot read %s: %w", name, err)
	}
	return openRows(name, path, as, text, whole)
}

// OpenFile is OpenInput for a file that may be a workbook. Of one it reads a sheet into
// memory, the first without a name: no copy of it comes to the disk. It tells what of the
// workbook was not read.
func OpenFile(name, path string, as As) (Input, input.Workbook, error) {
	text, whole, err := startOf(path)
	switch {
	case err != nil:
		return Input{}, input.Workbook{}, fmt.Errorf("cannot read %s: %w", name, err)
	case input.StartsWorkbook(text):
		return openSheet(name, func(rows io.Writer) (input.Workbook, error) {
			if whole {
				return input.ReadWorkbookAt(rows, bytes.NewReader(text), int64(len(text)), as.Sheet)
			}
			return input.ReadWorkbook(rows, path, as.Sheet)
		})
	case as.Sheet != "":
		return Input{}, input.Workbook{}, ErrNoWorkbook
	}
	in, err := openRows(name, path, as, text, whole)
	return in, input.Workbook{}, err
}

// HoldInput takes an input that can be read once, and was: text is all of it, CSV or a
// workbook, and stays in memory.
func HoldInput(name string, text []byte, as As) (Input, input.Workbook, error) {
	switch {
	case input.StartsWorkbook(text):
		return openSheet(name, func(rows io.Writer) (input.Workbook, error) {
			return input.ReadWorkbookAt(rows, bytes.NewReader(text), int64(len(text)), as.Sheet)
		})
	case as.Sheet != "":
		return Input{}, input.Workbook{}, ErrNoWorkbook
	}
	in, err := openRows(name, "", as, text, true)
	return in, input.Workbook{}, err
}

// Composed opens rows that were made of those of another input, and that stand for it: problems
// name its lines, and its sheet. They are at path, or held where that is "".
func (in Input) Composed(path string, rows []byte) (Input, error) {
	if path != "" {
		return OpenRows(in.Name, path, As{Sheet: in.Sheet})
	}
	return openRows(in.Name, "", As{Sheet: in.Sheet}, rows, true)
}

// ErrNoWorkbook says that a sheet was named, and that the file has none.
var ErrNoWorkbook = errors.New("the file is no workbook, and has no sheets")

// mostHeld is how long a file may be, in bytes, so that it stays in memory from its first
// reading on: what must be known before anything is sent takes several passes over the
// rows, and so do the reports. The largest cluster has 20,000 users: that is 800 bytes for
// each. Of a longer file, each pass is a reading.
const mostHeld = 16 << 20

// startOf gives the text of a file if it may stay in memory. Of a longer one it gives what
// tells a workbook.
func startOf(path string) (text []byte, whole bool, err error) {
	file, err := input.Open(path)
	if err != nil {
		return nil, false, err
	}
	defer file.Close()
	about, err := file.Stat()
	if err != nil {
		return nil, false, err
	}
	most := int64(mostHeld)
	if about.Size() > most {
		most = int64(input.WorkbookStart)
	}
	var read bytes.Buffer
	read.Grow(int(min(about.Size(), most)) + bytes.MinRead)
	_, err = read.ReadFrom(io.LimitReader(file, most+1)) // a byte more, if it grew
	return read.Bytes(), int64(read.Len()) <= most, err
}

// openRows opens an input that is CSV, or that was a sheet: what its file holds, and all of it
// if that is whole.
func openRows(name, path string, as As, text []byte, whole bool) (Input, error) {
	in := Input{Name: name, path: path, Sheet: as.Sheet}
	if whole {
		in.held = text
	}
	return in, in.read(as.Encoding)
}

// openSheet opens the rows of a workbook's sheet.
func openSheet(name string, read func(rows io.Writer) (input.Workbook, error)) (Input, input.Workbook, error) {
	var rows bytes.Buffer
	about, err := read(&rows)
	if err != nil {
		return Input{}, about, fmt.Errorf("%s: %w", name, err)
	}
	in, err := openRows(name, "", As{Sheet: about.Sheet}, rows.Bytes(), true)
	return in, about, err
}

// read reads the whole input, for its fingerprint, and its heading line.
func (in *Input) read(named string) error {
	text := input.TextCheck{Whole: named != ""}
	file, err := in.source()
	if err == nil {
		in.fingerprint, err = input.FingerprintOf(file, &text)
		file.Close()
	}
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", in.Name, err)
	}
	if in.Sheet != "" {
		if err := in.findContinuations(); err != nil {
			return fmt.Errorf("cannot read %s: %w", in.Name, err)
		}
	}
	in.SHA256, in.Bytes = in.fingerprint.SHA256(), in.fingerprint.Bytes
	reader, err := in.start()
	if err != nil {
		return err
	}
	in.Format, in.Problems = reader.Format(), reader.Problems()
	in.Format.HeaderLine = in.sheetRow(in.Format.HeaderLine)
	found := in.Format.Encoding
	if found == input.UTF8 {
		in.lines, in.heading = text.Lines(), &headingLine{cells: reader.Headings()}
		problem, err := in.findCharset(named, &text)
		if err != nil {
			return fmt.Errorf("cannot read %s: %w", in.Name, err)
		}
		if problem.Code != "" {
			in.Problems = append([]validate.Problem{problem}, in.Problems...)
		}
	} else if named != "" && named != found {
		in.Problems = append(in.Problems, in.unused(named, found))
	}
	if in.Format.Encoding != found {
		if reader, err = in.start(); err != nil {
			return err
		}
	}
	for i := range in.Problems {
		in.Problems[i].File, in.Problems[i].Line = in.Name, in.sheetRow(in.Problems[i].Line)
	}
	in.heading = &headingLine{reader.Headings(), reader.HeaderRaw(), reader.HeaderLineEnd()}
	return nil
}

// start reads what stands before the rows.
func (in Input) start() (*input.Reader, error) {
	text, err := in.open()
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", in.Name, err)
	}
	defer text.Close()
	reader, err := input.NewReader(text)
	if err != nil {
		return nil, in.located(err)
	}
	return reader, nil
}

// RowsIfAllAreLike is how many rows there are if the rest of them, up to the last line,
// are as long as those up to this one; 0: nobody knows.
func (in Input) RowsIfAllAreLike(those validate.Row) int {
	return int(int64(in.lines) * int64(those.Number) / int64(max(1, those.Line)))
}

// Again is the input as its file has it now, if it has one: whoever opens that sees
// whether it is another since.
func (in Input) Again() Input {
	if in.path != "" {
		in.held = nil
	}
	return in
}

// open opens the input's text: the bytes that were read first, and no others, but for an
// encoding that only a look at the whole file could tell.
func (in Input) open() (io.ReadCloser, error) {
	source, err := in.source()
	if err != nil {
		return nil, err
	}
	text := io.Reader(source)
	if in.held == nil {
		text = in.fingerprint.Reader(source)
	}
	return struct {
		io.Reader
		io.Closer
	}{input.DecodeCharset(text, in.Format.Encoding), source}, nil
}

// Verify reads the input's file once more and fails when its bytes are no longer the
// ones that were checked.
func (in Input) Verify() error {
	file, err := in.Again().open()
	if err != nil {
		return fmt.Errorf("cannot read %s again: %w", in.Name, err)
	}
	defer file.Close()
	if _, err := io.Copy(io.Discard, file); err != nil {
		return in.located(err)
	}
	return nil
}

// located turns a reader's error into FILE:LINE: what is wrong.
func (in Input) located(err error) error {
	var parse *input.ParseError
	switch {
	case errors.As(err, &parse):
		return fmt.Errorf("%s:%d: %s", in.Name, parse.Line, parse.Message)
	case errors.Is(err, input.ErrChanged):
		return fmt.Errorf("%s %w (SHA-256 %s): nothing of what it holds now is sent. Put the original back and go on, or name "+
			"it with resume --input", in.Name, input.ErrChanged, in.SHA256)
	}
	return fmt.Errorf("%s: %w", in.Name, err)
}

// HeadingLine is the input's heading line: its cells, its text as it stands there,
// and what ends it. It fails for an input that was not opened.
func (in Input) HeadingLine() (headings []string, raw, lineEnd string, err error) {
	if in.heading == nil {
		return nil, "", "", fmt.Errorf("%s was not read", in.Name)
	}
	return slices.Clone(in.heading.cells), in.heading.raw, in.heading.lineEnd, nil
}
