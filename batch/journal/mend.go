package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// mend finds the valid part of a journal and cuts off what is behind it.
func mend(path string, expect *Tail) (Tail, error) {
	tail, err := Read(path, func(Record) error { return nil })
	if err != nil {
		return Tail{}, err
	}
	if expect != nil && tail.Sequence != expect.Sequence {
		return Tail{}, fmt.Errorf("cannot go on with the journal %s: %w", path, ErrMoved)
	}
	if tail.Torn > 0 {
		if err := cutTail(path, tail); err != nil {
			return tail, fmt.Errorf("%w. Make room or mend the disk, then type the command again", err)
		}
	}
	return tail, nil
}

func cutTail(path string, tail Tail) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("cannot open the journal: %w", err)
	}
	defer file.Close()
	saved, err := newTornFile(path, tail.Valid)
	if err != nil {
		return fmt.Errorf("cannot save the journal's torn tail: %w", err)
	}
	_, err = io.Copy(saved, io.NewSectionReader(file, tail.Valid, tail.Torn))
	if err := errors.Join(err, saved.Sync(), saved.Close(), SyncFolder(filepath.Dir(path))); err != nil {
		return fmt.Errorf("cannot save the journal's torn tail: %w", err)
	}
	if err := errors.Join(file.Truncate(tail.Valid), file.Sync()); err != nil {
		return fmt.Errorf("cannot cut off the journal's torn tail: %w", err)
	}
	return nil
}

// newTornFile makes the file for a torn tail that began at an offset. Tails that
// earlier crashes left at the same place stay.
func newTornFile(path string, offset int64) (*os.File, error) {
	name := fmt.Sprintf("%s.%d.torn", path, offset)
	for number := 2; ; number++ {
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if info, odd := os.Lstat(name); !errors.Is(err, fs.ErrExist) || odd != nil || !info.Mode().IsRegular() {
			return file, err
		}
		name = fmt.Sprintf("%s.%d-%d.torn", path, offset, number)
	}
}
