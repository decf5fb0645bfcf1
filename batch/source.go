package batch

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"cucbulk/batch/input"
	"cucbulk/validate"
)

// How the file that a run reads is opened, and known again.

// OpenInput reads the file at path once, for its hash, and its heading line.
// name is what messages call it.
func OpenInput(name, path string) (Input, error) {
	in := Input{Name: name, path: path}
	return in, errors.Join(in.look(), in.hash())
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
	in := Input{Name: name, path: path, Sheet: about.Sheet, unpacked: text.Bytes()}
	return in, about, errors.Join(in.look(), in.hash())
}

// hash reads the input once, for its hash and its length.
func (in *Input) hash() error {
	source, err := in.source()
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", in.Name, err)
	}
	defer source.Close()
	if in.SHA256, in.Bytes, err = input.Spool(io.Discard, source); err != nil {
		return fmt.Errorf("cannot read %s: %w", in.Name, err)
	}
	return nil
}

// LookAtInput reads the heading line and tells the encoding, for a file of which
// nothing is sent: it has no hash.
func LookAtInput(name, path string) (Input, error) {
	in := Input{Name: name, path: path}
	return in, in.look()
}

// look reads the heading line and tells the encoding.
func (in *Input) look() error {
	source, err := in.source()
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", in.Name, err)
	}
	defer source.Close()
	reader, err := input.NewReader(source)
	if err != nil {
		return in.located(err)
	}
	in.Format, in.problems = reader.Format(), reader.Problems()
	if in.Format.Encoding == input.UTF8 {
		if err := in.lookThrough(source); err != nil {
			return fmt.Errorf("cannot read %s: %w", in.Name, err)
		}
	}
	for i := range in.problems {
		in.problems[i].File = in.Name
	}
	return nil
}

// lookThrough looks at the whole file: it counts the lines, and tells Windows-1252,
// since a single letter near the end may be all that does.
func (in *Input) lookThrough(source source) error {
	size, err := source.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	text, err := input.CheckText(source, size)
	if err != nil {
		return err
	}
	in.lines = text.Lines()
	if text.IsWindows1252() { // with a byte order mark it never is: that is a letter of UTF-8
		in.Format.Encoding = input.Windows1252
		in.problems = append([]validate.Problem{text.Problem()}, in.problems...)
	}
	return nil
}

// rowsIfAllAreLike is how many rows there are if the rest of them, up to the last line,
// are as long as those up to this one; 0: nobody knows.
func (in Input) rowsIfAllAreLike(those validate.Row) int {
	return int(int64(in.lines) * int64(those.Number) / int64(max(1, those.Line)))
}

// source is an input's bytes: a file, or what stands in for one.
type source interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// unpackedSource is the bytes of a workbook, which are in memory.
type unpackedSource struct{ *bytes.Reader }

func (unpackedSource) Close() error { return nil }

// source opens the input's bytes.
func (in Input) source() (source, error) {
	if in.unpacked == nil {
		return os.Open(in.path)
	}
	return unpackedSource{bytes.NewReader(in.unpacked)}, nil
}

// open opens the input's text: its bytes, but for an encoding that only a look at
// the whole file could tell.
func (in Input) open() (io.ReadCloser, error) {
	source, err := in.source()
	if err != nil || in.Format.Encoding != input.Windows1252 {
		return source, err
	}
	return struct {
		io.Reader
		io.Closer
	}{input.DecodeWindows1252(source), source}, nil
}

// at tells the same input, read from another path: the run folder's copy, say.
func (in Input) at(path string) Input {
	in.path, in.unpacked = path, nil
	return in
}

// verify reads the input once more and fails when its bytes are no longer the
// ones that were checked.
func (in Input) verify() error {
	source, err := in.source()
	if err != nil {
		return fmt.Errorf("cannot read %s again: %w", in.Name, err)
	}
	defer source.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, source); err != nil {
		return fmt.Errorf("cannot read %s again: %w", in.Name, err)
	}
	if sum := hex.EncodeToString(hash.Sum(nil)); sum != in.SHA256 {
		return fmt.Errorf("%s is not the file that was checked (SHA-256 %s, now %s): nothing more is sent. Give the original file, or start a new run", in.Name, in.SHA256, sum)
	}
	return nil
}

// located turns a reader's error into FILE:LINE: what is wrong.
func (in Input) located(err error) error {
	var parse *input.ParseError
	if errors.As(err, &parse) {
		return fmt.Errorf("%s:%d: %s", in.Name, parse.Line, parse.Message)
	}
	return fmt.Errorf("%s: %w", in.Name, err)
}

// HeadingLine is the input's heading line: its cells, its text as it stands there,
// and what ends it.
func (in Input) HeadingLine() (headings []string, raw, lineEnd string, err error) {
	file, err := in.open()
	if err != nil {
		return nil, "", "", fmt.Errorf("cannot read %s again: %w", in.Name, err)
	}
	defer file.Close()
	reader, err := input.NewReader(file)
	if err != nil {
		return nil, "", "", in.located(err)
	}
	return reader.Headings(), reader.HeaderRaw(), reader.HeaderLineEnd(), nil
}
