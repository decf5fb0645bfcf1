package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"cucbulk/batch/input"
	"cucbulk/batch/record"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

// What an input may hold, in bytes: a pipe may never end. One of which nothing may be
// written to the disk is held in memory.
const (
	mostCopied = 1 << 30
	mostHeld   = 128 << 20
)

// sourceFile is where rows come from: a path, or "-", and how it is read.
type sourceFile struct {
	screen *screen // whose stdin "-" is, and which is told what is in a workbook
	path   string
	record.As
}

// name is what messages call it.
func (file sourceFile) name() string {
	if file.path == "-" {
		return "stdin"
	}
	return file.path
}

// open opens the input, and refuses what holds no rows. It waits for the other end of a
// pipe that has a name.
func (file sourceFile) open() (io.ReadCloser, error) {
	if file.path == "-" {
		return io.NopCloser(file.screen.Stdin), nil
	}
	about, err := os.Stat(file.path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the input can't be read: %w; nothing was sent: check the name of the file, and the "+
			"folder that you are in", err)
	case about.IsDir():
		return nil, misused("%s is a folder: name the file in it that holds the rows", file.path)
	case !about.Mode().IsRegular() && about.Mode()&fs.ModeNamedPipe == 0:
		return nil, fmt.Errorf("%s is a device or a socket: name a file or a pipe that holds the rows, or - for standard input", file.path)
	}
	return os.Open(file.path)
}

// read hands a whole source to a function, in one go. When ctx ends, nothing waits
// for the rest: a pipe may never end.
func (file sourceFile) read(ctx context.Context, most int64, read func(io.Reader) ([]byte, error)) ([]byte, error) {
	text, err := waitFor(ctx, func() ([]byte, error) {
		source, err := file.open()
		if err != nil {
			return nil, err
		}
		defer source.Close()
		buffered := bufio.NewReader(source)
		start, _ := buffered.Peek(4) // an error comes again
		if err := input.CheckStart(start); err != nil {
			return nil, fmt.Errorf("%s: %w", file.name(), err)
		}
		return read(&boundedReader{buffered, most, most})
	}, func() {})
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%w while the input was read; nothing was changed", ctx.Err())
	}
	return text, err
}

// boundedReader fails when there is more than there may be.
type boundedReader struct {
	source     io.Reader
	most, left int64
}

func (r *boundedReader) Read(p []byte) (int, error) {
	n, err := r.source.Read(p)
	if r.left -= int64(n); r.left < 0 {
		return 0, fmt.Errorf("the input holds more than %d MiB and has not ended: save it to a file, and name that", r.most>>20)
	}
	return n, err
}

// copyTo copies the input into a folder and opens the copy: what is checked is
// then what is sent, and a pipe can be read twice. Of a workbook the copy is CSV.
func (file sourceFile) copyTo(ctx context.Context, folder, name string) (record.Input, error) {
	path := filepath.Join(folder, name)
	copied, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return record.Input{}, fmt.Errorf("the input can't be copied: %w", err)
	}
	start, err := file.read(ctx, mostCopied, func(source io.Reader) ([]byte, error) {
		buffered := bufio.NewReader(source)
		start, _ := buffered.Peek(input.WorkbookStart) // an error comes again
		start = bytes.Clone(start)
		_, _, err := input.Spool(copied, buffered)
		if err == nil {
			err = copied.Sync()
		}
		if err != nil {
			err = fmt.Errorf("the input can't be copied into %s: %w", folder, err)
		}
		return start, err
	})
	if err := errors.Join(err, copied.Close()); err != nil {
		return record.Input{}, err
	}
	sheet := ""
	if input.StartsWorkbook(start) {
		if sheet, err = file.unpack(path); err != nil {
			return record.Input{}, err
		}
	} else if file.Sheet != "" {
		return record.Input{}, file.noWorkbook()
	}
	in, err := record.OpenRows(file.name(), path, record.As{Sheet: sheet, Encoding: file.Encoding})
	if err != nil {
		return record.Input{}, err
	}
	return in, file.refuse(in)
}

// refuse tells what is not to be read as it was asked for.
func (file sourceFile) refuse(in record.Input) error {
	if in.Sheet != "" && file.Encoding != "" {
		return misused("--encoding is for files of text, and %s is a workbook: leave it out", file.name())
	}
	return refuseRollback(in, file.path)
}

// refuseRollback tells what to do with a rollback file.
func refuseRollback(in record.Input, file string) error {
	headings, _, _, err := in.HeadingLine()
	if err == nil && reports.IsRollback(headings) {
		err = misused("%s is a rollback file, and only rollback checks what changed since; type: %s", in.Name,
			shell.New("rollback").File(file))
	}
	return err
}

// canBeReadTwice reports whether the input is a file, and no pipe.
func (file sourceFile) canBeReadTwice() bool {
	found, err := os.Stat(file.path)
	return file.path != "-" && err == nil && found.Mode().IsRegular()
}

// with works on the input where it stands; a workbook is unpacked in memory. A pipe,
// which can be read once only, is held there too: nothing of the input comes to the disk.
func (file sourceFile) with(ctx context.Context, work func(record.Input) (int, error)) (int, error) {
	in, err := file.input(ctx)
	if err != nil {
		return 0, err
	}
	return work(in)
}

// input opens the input for [sourceFile.with].
func (file sourceFile) input(ctx context.Context) (record.Input, error) {
	if file.canBeReadTwice() {
		return file.openInPlace()
	}
	in, err := file.hold(ctx)
	if err == nil {
		err = file.refuse(in)
	}
	return in, err
}

// openInPlace opens the input where it stands.
func (file sourceFile) openInPlace() (record.Input, error) {
	in, about, err := record.OpenFile(file.path, file.path, file.As)
	if errors.Is(err, record.ErrNoWorkbook) {
		return in, file.noWorkbook()
	}
	tellOfWorkbook(file.screen, about, file.path, file.Sheet)
	if err != nil {
		return in, err
	}
	return in, file.refuse(in)
}

// noWorkbook refuses a sheet of another file.
func (file sourceFile) noWorkbook() error {
	return misused("--sheet names a sheet of a workbook, and %s is none", file.name())
}

// hold reads the input into memory.
func (file sourceFile) hold(ctx context.Context) (record.Input, error) {
	text, err := file.read(ctx, mostHeld, io.ReadAll)
	if err != nil {
		return record.Input{}, err
	}
	in, about, err := record.HoldInput(file.name(), text, file.As)
	if errors.Is(err, record.ErrNoWorkbook) {
		return in, file.noWorkbook()
	}
	tellOfWorkbook(file.screen, about, file.name(), file.Sheet)
	return in, err
}
