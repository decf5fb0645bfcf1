package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"cucbulk/batch/journal"
)

// unfinished ends the name of a file that is not whole yet.
const unfinished = ".part"

// writeNew makes a file that is not there yet, mode 0600, under its name only when it is
// whole and on the disk. It overwrites nothing, whoever makes a file of the name
// meanwhile. What an earlier start left unfinished, because it was killed, is removed.
func writeNew(path string, write func(io.Writer) error) error {
	if _, err := os.Lstat(path); err == nil {
		return thereAlready(path)
	}
	folder, name := filepath.Split(path)
	folder = filepath.Clean(folder) // "" is the folder that one is in
	dropUnfinished(folder, name)
	file, err := os.CreateTemp(folder, "."+name+".*"+unfinished) // mode 0600
	if err != nil {
		return fmt.Errorf("the file can't be made: %w", err)
	}
	err = write(file)
	if closing := errors.Join(file.Sync(), file.Close()); err == nil && closing != nil {
		err = fmt.Errorf("%s can't be written: %w", path, closing)
	}
	if err == nil {
		err = publishNew(file.Name(), path)
	}
	if gone := os.Remove(file.Name()); err == nil && gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = fmt.Errorf("%s is written, and %s, by which it began, can't be removed: %w", path, file.Name(), gone)
	}
	if err != nil {
		return err
	}
	return journal.SyncFolder(folder)
}

// publishNew gives a file its name, beside the one that it has.
func publishNew(unfinished, path string) error {
	err := os.Link(unfinished, path)
	if err == nil || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return named(path, err)
	}
	// A file system without links: the name is taken first, and nobody else can have it.
	place, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return named(path, err)
	}
	_, err = os.Stat(unfinished)
	if err := errors.Join(err, place.Close()); err != nil {
		return named(path, errors.Join(err, os.Remove(path)))
	}
	if err := os.Rename(unfinished, path); err != nil {
		return named(path, errors.Join(err, os.Remove(path)))
	}
	return nil
}

// named is the error of a file that did not get its name.
func named(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return thereAlready(path)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is not written, because what was written of it so far is gone; did another command write "+
			"it at the same time? Type the command again", path)
	}
	return fmt.Errorf("%s can't be written: %w", path, err)
}

func thereAlready(path string) error {
	return fmt.Errorf("%s is there already, and nothing is ever overwritten; give another name", path)
}

// dropUnfinished removes what dead starts left of a file. One that lives is told when it
// ends.
func dropUnfinished(folder, name string) {
	entries, _ := os.ReadDir(folder) // a folder that can't be read takes no file either
	for _, entry := range entries {
		if entry.Type().IsRegular() && strings.HasPrefix(entry.Name(), "."+name+".") && strings.HasSuffix(entry.Name(), unfinished) {
			_ = os.Remove(filepath.Join(folder, entry.Name())) // if it stays, it is in nobody's way
		}
	}
}
