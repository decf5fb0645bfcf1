package batch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"cucbulk/batch/input"
	"cucbulk/validate"
)

// How the file that a run reads is opened, and known again.

// InputFile is the name of the run folder's own copy of the input. It goes when
// nothing is left to resume.
const InputFile = "input.csv"

// OpenInput reads the file at path for the first time. By what it finds, each piece of
// the file is known from then on. name is what messages call it.
func OpenInput(name, path string) (Input, error) {
	in := Input{Name: name, path: path}
	return in, in.read()
}

// OpenWorkbook reads a sheet of the workbook at path into memory, the first without
// a name, and opens that: no copy of it comes to the disk. It tells what of the
// workbook was not read.
func OpenWorkbook(name, path, sheet string) (Input, input.Workbook, error) {
	var text bytes.Buffer
	about, err := input.ReadWorkbook(&text, path, sheet)
	if err != nil {
		return Input{}, about, fmt.Errorf("%s: %w", name, err)
	}
	in := Input{Name: name, path: path, Sheet: about.Sheet, held: text.Bytes()}
	return in, about, in.read()
}

// HoldInput takes an input that can be read once, and was: text is all of it, CSV or a
// workbook, and stays in memory.
func HoldInput(name string, text []byte, sheet string) (Input, input.Workbook, error) {
	if !input.StartsWorkbook(text) {
		in := Input{Name: name, held: text}
		return in, input.Workbook{}, in.read()
	}
	var rows bytes.Buffer
	about, err := input.ReadWorkbookAt(&rows, bytes.NewReader(text), int64(len(text)), sheet)
	if err != nil {
		return Input{}, about, fmt.Errorf("%s: %w", name, err)
	}
	in := Input{Name: name, Sheet: about.Sheet, held: rows.Bytes()}
	return in, about, in.read()
}

// read reads the whole input, for its fingerprint, and its heading line.
func (in *Input) read() error {
	var text input.TextCheck
	file, err := in.source()
	if err == nil {
		in.fingerprint, err = input.FingerprintOf(file, &text)
		file.Close()
	}
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", in.Name, err)
	}
	in.SHA256, in.Bytes = in.fingerprint.SHA256(), in.fingerprint.Bytes
	reader, err := in.start()
	if err != nil {
		return err
	}
	in.Format, in.problems = reader.Format(), reader.Problems()
	if in.Format.Encoding == input.UTF8 {
		in.lines = text.Lines()
		if text.IsWindows1252() { // with a byte order mark it never is: that is a letter of UTF-8
			in.Format.Encoding = input.Windows1252
			in.problems = append([]validate.Problem{text.Problem()}, in.problems...)
			if reader, err = in.start(); err != nil {
				return err
			}
		}
	}
	for i := range in.problems {
		in.problems[i].File = in.Name
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

// headingLine is the first line that is read of an input.
type headingLine struct {
	cells        []string
	raw, lineEnd string
}

// rowsIfAllAreLike is how many rows there are if the rest of them, up to the last line,
// are as long as those up to this one; 0: nobody knows.
func (in Input) rowsIfAllAreLike(those validate.Row) int {
	return int(int64(in.lines) * int64(those.Number) / int64(max(1, those.Line)))
}

// source opens the input's bytes, whatever they are now.
func (in Input) source() (io.ReadCloser, error) {
	if in.held != nil {
		return io.NopCloser(bytes.NewReader(in.held)), nil
	}
	return input.Open(in.path)
}

// open opens the input's text: the bytes that were read first, and no others, but for an
// encoding that only a look at the whole file could tell.
func (in Input) open() (io.ReadCloser, error) {
	source, err := in.source()
	if err != nil {
		return nil, err
	}
	text := in.fingerprint.Reader(source)
	if in.Format.Encoding == input.Windows1252 {
		text = input.DecodeWindows1252(text)
	}
	return struct {
		io.Reader
		io.Closer
	}{text, source}, nil
}

// verify reads the input once more and fails when its bytes are no longer the
// ones that were checked.
func (in Input) verify() error {
	file, err := in.open()
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
		return fmt.Errorf("%s %w (SHA-256 %s): nothing of what it holds now is sent. Put the original back and go on, or name it with resume --input", in.Name, input.ErrChanged, in.SHA256)
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

// SourceInput opens the bytes that the run read: the folder's copy, else the
// original if it has not changed since.
func (h *History) SourceInput() (Input, error) {
	read, copied := h.Header.Input, filepath.Join(h.Folder, InputFile)
	if in, err := OpenInput(read.Name, copied); err == nil && in.SHA256 == read.SHA256 {
		in.Sheet = read.Sheet
		return in, nil
	}
	if in, err := h.InputFrom(read.Name); err == nil && in.SHA256 == read.SHA256 {
		return in, nil
	}
	lost := "has no copy of it"
	if h.Spooled() {
		lost = "has a copy that is not what was run"
	}
	return Input{}, fmt.Errorf("the input of this run is gone: %s %s, and %s is not the file that was run (SHA-256 %s); give it with --input", h.Folder, lost, read.Name, read.SHA256)
}

// InputFrom opens a file that is said to be the run's input: of a workbook, the
// sheet that the run read.
func (h *History) InputFrom(path string) (Input, error) {
	workbook, err := input.IsWorkbook(path)
	if err != nil {
		return Input{}, fmt.Errorf("cannot read %s: %w", path, err)
	}
	if !workbook {
		return OpenInput(path, path)
	}
	in, _, err := OpenWorkbook(path, path, h.Header.Input.Sheet)
	return in, err
}

// Spooled reports whether the run folder has a copy of the input.
func (h *History) Spooled() bool {
	_, err := os.Stat(filepath.Join(h.Folder, InputFile))
	return err == nil
}
