package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/input"
	"cucbulk/reports"
)

// runsFolder is where run folders go when nothing else is said.
const runsFolder = "runs"

// rollbackSuffix is what the folder of a rollback has behind the name of its run's.
const rollbackSuffix = "-rollback"

// makeFolder makes a new run folder, mode 0700. Without a path it takes
// runs/<time>-<file>, and a number behind it when that is there already.
func makeFolder(path, file string, now time.Time) (string, error) {
	if path != "" {
		return path, makeNew(path)
	}
	name := filepath.Base(file)
	name = strings.TrimSuffix(name, filepath.Ext(name))
	if file == "-" || name == "" {
		name = "stdin"
	}
	return makeNumbered(filepath.Join(runsFolder, now.Format("20060102-150405")+"-"+name))
}

// makeNumbered makes a folder of this name, or of this name with the first free
// number from 2.
func makeNumbered(path string) (string, error) {
	for number := 1; ; number++ {
		numbered := path
		if number > 1 {
			numbered = fmt.Sprintf("%s-%d", path, number)
		}
		if err := makeNew(numbered); !errors.Is(err, fs.ErrExist) {
			return numbered, err
		}
	}
}

func makeNew(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return unmade(err)
	}
	err := os.Mkdir(path, 0o700)
	if errors.Is(err, fs.ErrExist) {
		goOn := ""
		if _, missing := os.Stat(filepath.Join(path, batch.JournalFile)); missing == nil {
			goOn = "go on with that run by cucbulk resume " + reports.ShellWord(path) + ", or "
		}
		return fmt.Errorf("the run folder %s is there already, and nothing is ever overwritten; %sgive another --out: %w", path, goOn, err)
	}
	if err != nil {
		return unmade(err)
	}
	return nil
}

// unmade says what to do without a place for a run's record.
func unmade(err error) error {
	return fmt.Errorf("the run folder can't be made, and without its record nothing is sent: %w; give --out a folder in which you may write", err)
}

// unmakeFolder removes a run folder in which nothing was begun, and the folder that
// holds run folders if it is empty then.
func unmakeFolder(path string) error {
	if err := os.RemoveAll(path); err != nil {
		return fmt.Errorf("the folder of the run that did not begin can't be removed; remove it by hand: %w", err)
	}
	if filepath.Dir(path) == runsFolder {
		_ = os.Remove(runsFolder) // holds other runs, mostly
	}
	return nil
}

// thenResume says of what ended a run that was begun how to go on, with the flags that a
// resume needs again.
func thenResume(err error, folder, flags string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w. When that is mended, type: cucbulk resume %s%s", err, reports.ShellWord(folder), flags)
}

// sourceFile is where rows come from: a path, or "-", and in a workbook the sheet.
type sourceFile struct{ path, sheet string }

// open opens the file, and refuses what holds no rows.
func (file sourceFile) open() (*os.File, error) {
	opened, err := os.Open(file.path)
	if err != nil {
		return nil, fmt.Errorf("the input can't be read: %w; nothing was sent: check the name of the file, and the folder that you are in", err)
	}
	if about, err := opened.Stat(); err == nil && about.IsDir() {
		return nil, errors.Join(misused("%s is a folder: name the file in it that holds the rows", file.path), opened.Close())
	}
	return opened, nil
}

// takeInput copies the input into a folder and opens the copy: what is checked is
// then what is sent, and a pipe can be read twice. Of a workbook the copy is CSV.
func (p *program) takeInput(ctx context.Context, file sourceFile, folder string) (batch.Input, error) {
	name, source := "stdin", p.Stdin
	if file.path != "-" {
		original, err := file.open()
		if err != nil {
			return batch.Input{}, err
		}
		defer original.Close()
		name, source = file.path, original
	}
	path := filepath.Join(folder, batch.InputFile)
	copied, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return batch.Input{}, fmt.Errorf("the input can't be copied: %w", err)
	}
	_, err = waitFor(ctx, func() ([]byte, error) {
		_, _, err := input.Spool(copied, source)
		return nil, err
	}, func() {}) // a pipe may never end
	if ctx.Err() != nil {
		return batch.Input{}, errors.Join(fmt.Errorf("%w while the input was read; nothing was changed", ctx.Err()), copied.Close())
	}
	if err := errors.Join(err, copied.Sync(), copied.Close()); err != nil {
		return batch.Input{}, fmt.Errorf("the input can't be copied into %s: %w", folder, err)
	}
	sheet, err := p.unpack(path, name, file.sheet)
	if err != nil {
		return batch.Input{}, err
	}
	in, err := batch.OpenInput(name, path)
	if err != nil {
		return batch.Input{}, err
	}
	in.Sheet = sheet
	return in, refuseRollback(in, file.path)
}

// refuseRollback tells what to do with a rollback file.
func refuseRollback(in batch.Input, file string) error {
	headings, _, _, err := in.HeadingLine()
	if err == nil && reports.IsRollback(headings) {
		err = misused("%s is a rollback file, and only rollback checks what changed since; type: cucbulk rollback %s", in.Name, reports.ShellWord(file))
	}
	return err
}

// openInPlace opens the input where it stands; a workbook is unpacked in memory.
func (p *program) openInPlace(file sourceFile) (in batch.Input, err error) {
	workbook, err := isWorkbook(file.path, file.path, file.sheet)
	if err != nil {
		return in, err
	}
	if workbook {
		var about input.Workbook
		in, about, err = batch.OpenWorkbook(file.path, file.path, file.sheet)
		p.tellOfWorkbook(about, file.path, file.sheet)
	} else {
		in, err = batch.OpenInput(file.path, file.path)
	}
	if err != nil {
		return in, err
	}
	return in, refuseRollback(in, file.path)
}

// canBeReadTwice reports whether the input is a file, and no pipe.
func (file sourceFile) canBeReadTwice() bool {
	found, err := os.Stat(file.path)
	return err == nil && found.Mode().IsRegular()
}

// withInput works on the input where it stands. A pipe is copied first, since it can
// be read once only.
func (p *program) withInput(ctx context.Context, file sourceFile, work func(batch.Input) (int, error)) (int, error) {
	if !file.canBeReadTwice() {
		return p.withTemporaryInput(ctx, file, work)
	}
	in, err := p.openInPlace(file)
	if err != nil {
		return 0, err
	}
	return work(in)
}

// withTemporaryInput works on a copy of the input that is gone afterwards.
func (p *program) withTemporaryInput(ctx context.Context, file sourceFile, work func(batch.Input) (int, error)) (exit int, err error) {
	folder, err := os.MkdirTemp("", "cucbulk-")
	if err != nil {
		return 0, fmt.Errorf("there is no place for a copy of the input: %w", err)
	}
	defer func() {
		if gone := os.RemoveAll(folder); err == nil && gone != nil {
			err = fmt.Errorf("the copy of the input could not be removed; remove it by hand if it holds secrets: %w", gone)
		}
	}()
	in, err := p.takeInput(ctx, file, folder)
	if err != nil {
		return 0, err
	}
	return work(in)
}
