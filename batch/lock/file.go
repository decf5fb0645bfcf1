//go:build unix

package lock

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// seizeFile takes a lock on a file that holds its words, in a folder where anybody may make
// files. Other accounts must be able to take it when its maker has gone, so it is open to
// all; what is not such a file was put there to be in the way, and is told.
func seizeFile(path string, words []byte) (release func(), read func() ([]byte, error), err error) {
	for {
		file, err := openLock(path)
		if errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
			continue // it came or went between two looks
		}
		if err != nil {
			return nil, nil, err
		}
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			file.Close()
			if errors.Is(err, syscall.EWOULDBLOCK) {
				return nil, func() ([]byte, error) { return wordsIn(path) }, nil
			}
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
		opened, err := file.Stat()
		if named, missing := os.Lstat(path); err != nil || missing != nil || !os.SameFile(opened, named) {
			file.Close() // it was removed, and another may have the next of its name
			continue
		}
		if err := errors.Join(file.Truncate(0), writeAtStart(file, words)); err != nil {
			return nil, nil, errors.Join(err, file.Close())
		}
		return func() {
			_ = file.Truncate(0) // or the next to lock it would seem to be this one
			_ = file.Close()     // which frees it
		}, nil, nil
	}
}

func writeAtStart(file *os.File, words []byte) error {
	_, err := file.WriteAt(words, 0)
	return err
}

// openLock opens the file of a lock, or makes it. It follows no link, waits for no pipe,
// and takes no file that has another name too.
func openLock(path string) (*os.File, error) {
	const careful = os.O_RDWR | syscall.O_NOFOLLOW | syscall.O_NONBLOCK
	file, err := os.OpenFile(path, careful, 0)
	if errors.Is(err, fs.ErrNotExist) {
		if file, err = os.OpenFile(path, careful|os.O_CREATE|os.O_EXCL, 0o666); err == nil {
			err = file.Chmod(0o666) // whatever the umask is
		}
	}
	if errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	about, missing := os.Lstat(path)
	owner := "another account"
	if missing == nil {
		if status, known := about.Sys().(*syscall.Stat_t); known {
			owner = fmt.Sprintf("the account with the number %d", status.Uid)
			if err == nil && (!about.Mode().IsRegular() || status.Nlink != 1) {
				err = errors.Join(errors.New("it is no file of a lock"), file.Close())
			}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s made %s, which can't be used: %w; see that it is removed, then type the command again", owner, path, err)
	}
	return file, nil
}

func wordsIn(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxWords))
}
