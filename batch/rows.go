package batch

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"cucbulk/batch/input"
	"cucbulk/validate"
)

// OpenInput reads the file at path once, for its hash, and its heading line.
// name is what messages call it.
func OpenInput(name, path string) (Input, error) {
	file, err := os.Open(path)
	if err != nil {
		return Input{}, fmt.Errorf("cannot read %s: %w", name, err)
	}
	defer file.Close()
	sum, size, err := input.Spool(io.Discard, file)
	if err != nil {
		return Input{}, fmt.Errorf("cannot read %s: %w", name, err)
	}
	in := Input{Name: name, SHA256: sum, Bytes: size, path: path}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return Input{}, fmt.Errorf("cannot read %s: %w", name, err)
	}
	reader, err := input.NewReader(file)
	if err != nil {
		return Input{}, in.located(err)
	}
	in.Format = reader.Format()
	return in, nil
}

// At tells the same input, read from another path: the run folder's copy, say.
func (in Input) At(path string) Input {
	in.path = path
	return in
}

// Verify reads the input once more and fails when its bytes are no longer the
// ones that were checked.
func (in Input) Verify() error {
	file, err := os.Open(in.path)
	if err != nil {
		return fmt.Errorf("cannot read %s again: %w", in.Name, err)
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
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
		return fmt.Errorf("%s:%w", in.Name, err)
	}
	return fmt.Errorf("%s: %w", in.Name, err)
}

// HeadingLine is the input's heading line: its cells, its text as it stands there,
// and what ends it.
func (in Input) HeadingLine() (headings []string, raw, lineEnd string, err error) {
	file, err := os.Open(in.path)
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

// InputRow is a data row of the input. A row that can't be told into cells has
// Broken, and no cells.
type InputRow struct {
	input.Row
	Broken *input.ParseError
}

// Rows gives the input's data rows in order. An error ends it, and so does a
// broken row behind which no rows can be told apart.
func (in Input) Rows() iter.Seq2[InputRow, error] {
	return func(yield func(InputRow, error) bool) {
		file, err := os.Open(in.path)
		if err != nil {
			yield(InputRow{}, fmt.Errorf("cannot read %s again: %w", in.Name, err))
			return
		}
		defer file.Close()
		reader, err := input.NewReader(file)
		if err != nil {
			yield(InputRow{}, in.located(err))
			return
		}
		for {
			row, err := reader.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			var broken *input.ParseError
			if err != nil && !errors.As(err, &broken) {
				yield(InputRow{}, in.located(err))
				return
			}
			if broken != nil {
				row = broken.Row
			}
			if !yield(InputRow{row, broken}, nil) || (broken != nil && broken.Final) {
				return
			}
		}
	}
}

// selects reports whether the filters of the options let the row through.
func (o Options) selects(header *validate.Header, row validate.Row) bool {
	if row.Number < o.FirstRow || (o.LastRow > 0 && row.Number > o.LastRow) {
		return false
	}
	if len(o.Only) == 0 {
		return true
	}
	for _, only := range o.Only {
		for i, column := range header.Columns {
			if column == nil || i >= len(row.Cells) {
				continue
			}
			if strings.EqualFold(column.Name, only.Column) && strings.EqualFold(strings.TrimSpace(row.Cells[i]), only.Value) {
				return true
			}
		}
	}
	return false
}

// rules gives the options in the words of package validate.
func (o Options) rules(file string) validate.Options {
	return validate.Options{File: file, Operation: o.Operation, Template: o.Template, Set: o.Set, Match: o.Match, Strict: o.Strict}
}
