package reports

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"cucbulk/batch/record"
	"cucbulk/internal/shell"
)

// Notice is something that a person should know about the files written.
type Notice string

// staged are files that are written and do not have their names yet, so that all of
// them get these at once.
type staged struct {
	folder string
	next   []Suggestion
	files  []stagedFile
}

type stagedFile struct{ path, name string }

// write writes one, mode 0600.
func (s *staged) write(name string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(s.folder, "."+name+".*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	s.files = append(s.files, stagedFile{file.Name(), name})
	buffer := bufio.NewWriterSize(file, 1<<16)
	if err := write(buffer); err != nil {
		return errors.Join(fmt.Errorf("cannot write %s: %w", name, err), file.Close())
	}
	if err := errors.Join(buffer.Flush(), file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	return nil
}

// writeSealed writes one that only the owner of a key can read.
func (s *staged) writeSealed(name, recipient string, write func(io.Writer) error) error {
	return s.write(name, func(w io.Writer) error {
		sealed, err := record.Seal(w, recipient)
		if err != nil {
			return err
		}
		if err := write(sealed); err != nil {
			return err
		}
		return sealed.Close()
	})
}

// path is where a file is until it has its name; "" if none was written for it.
func (s *staged) path(name string) string {
	for _, file := range s.files {
		if file.name == name {
			return file.path
		}
	}
	return ""
}

// named tells which files will be in the folder.
func (s *staged) named() map[string]bool {
	names := map[string]bool{}
	for _, file := range s.files {
		names[file.name] = true
	}
	return names
}

// publish gives the files their names, unless those that have them were made from more
// than so many records of the journal. It reports whether it did. A lock lets one
// process at a time look and rename.
func (s *staged) publish(records int64) (bool, error) {
	unlock, err := lockFiles(s.folder)
	if err != nil {
		return false, fmt.Errorf("the files of %s could not get their names: %w; type %s once more", s.folder, err,
			shell.New("report").File(s.folder))
	}
	defer unlock()
	if record.ReportedRecords(s.folder) > records {
		return false, nil
	}
	for len(s.files) > 0 {
		file := s.files[0]
		if err := os.Rename(file.path, filepath.Join(s.folder, file.name)); err != nil {
			return false, fmt.Errorf("cannot write %s: %w", file.name, err)
		}
		s.files = s.files[1:]
	}
	return true, nil
}

// publishNew gives the files their names, where no file has them.
func (s *staged) publishNew() error {
	for len(s.files) > 0 {
		file := s.files[0]
		name := filepath.Join(s.folder, file.name)
		if _, err := os.Lstat(name); err == nil {
			return fmt.Errorf("%s is there already, and nothing is ever overwritten", name)
		}
		if err := os.Rename(file.path, name); err != nil {
			return fmt.Errorf("cannot write %s: %w", file.name, err)
		}
		s.files = s.files[1:]
	}
	return nil
}

// publishPatience is longer than files take to be renamed on any disk that works.
const publishPatience = 30 * time.Second

// lockFiles keeps other processes from naming the files of a folder. The lock is gone
// afterwards: whoever got one that is gone takes another.
func lockFiles(folder string) (unlock func(), err error) {
	path := filepath.Join(folder, ".reports.lock")
	ctx, cancel := context.WithTimeout(context.Background(), publishPatience)
	defer cancel()
	for {
		if about, err := os.Lstat(path); err == nil && !about.Mode().IsRegular() {
			_ = os.Remove(path) // a link would be followed, and a pipe waited for
		}
		lock := flock.New(path, flock.SetPermissions(0o600))
		if _, err := lock.TryLockContext(ctx, publishPatience/600); err != nil {
			return nil, fmt.Errorf("cannot lock them: %w", err)
		}
		unlock := func() { dropLock(lock) }
		own, err := lock.Stat()
		if err != nil {
			unlock()
			return nil, fmt.Errorf("cannot lock them: %w", err)
		}
		if there, err := os.Stat(path); err == nil && os.SameFile(own, there) {
			return unlock, nil
		}
		_ = lock.Unlock()
	}
}

// drop removes those that have no name.
func (s *staged) drop() {
	for _, file := range s.files {
		_ = os.Remove(file.path)
	}
}
