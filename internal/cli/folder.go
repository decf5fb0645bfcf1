package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cucbulk/batch/record"
	"cucbulk/internal/shell"
)

// rollbackSuffix is what the folder of a rollback has behind the name of its run's.
const rollbackSuffix = "-rollback"

// makeFolder makes a new run folder, mode 0700. Without a path it takes
// runs/<time>-<file>, and a number behind it when that is there already.
func makeFolder(path, file string, now time.Time) (string, error) {
	if path != "" {
		return path, makeNew(path)
	}
	name := filepath.Base(file)
	name = visible(strings.TrimSuffix(name, filepath.Ext(name)))
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
		if err := makeOne(numbered); !errors.Is(err, fs.ErrExist) {
			return numbered, err
		}
	}
}

// makeNew makes a folder that somebody named.
func makeNew(path string) error {
	err := makeOne(path)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	goOn := ""
	history, unread := record.ReadHistory(path)
	switch _, missing := os.Stat(filepath.Join(path, record.JournalFile)); {
	case missing != nil:
	case unread != nil:
		return fmt.Errorf("the run folder %s is there already, and nothing is ever overwritten; give another --out: %w. "+
			"Of the run in it: %w", path, err, unread)
	case history.Running:
		goOn = "a run is at work in it; "
	case !history.Finished():
		goOn = fmt.Sprintf("go on with that run by %s, or ", resumeFrom(history, nil))
	}
	return fmt.Errorf("the run folder %s is there already, and nothing is ever overwritten; %sgive another --out: %w", path, goOn, err)
}

// makeOne makes a folder, which must not be there, and those that it stands in.
func makeOne(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return unmade(err)
	}
	err := os.Mkdir(path, 0o700)
	if errors.Is(err, fs.ErrExist) && dropDeadStart(path) {
		err = os.Mkdir(path, 0o700)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return unmade(err)
	}
	return err
}

// unmade says what to do without a place for a run's record.
func unmade(err error) error {
	return fmt.Errorf("the run folder can't be made, and without its record nothing is sent: %w; give --out a folder in "+
		"which you may write", err)
}

// thenResume says of what ended a run that was begun how to go on.
func thenResume(err error, resume shell.Command) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w. When that is mended, type: %s", err, resume)
}

// ended refuses a run that is at work.
func ended(history *record.History, same shell.Command) error {
	if !history.Running {
		return nil
	}
	return fmt.Errorf("%s is still at work: wait until it has ended, or stop it with Ctrl-C or SIGTERM; then type: %s. "+
		"How far it is: %s", history.Folder, same, shell.New("report").File(history.Folder))
}
