package reports

import (
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"cucbulk/batch/record"
)

// writingLock is shared by all who write files in a run folder, so that somebody who has it
// alone knows that every file without its name is of a process that was killed.
const writingLock = ".writing.lock"

// beginWriting tells others that files are being written in a folder, and removes those that
// dead processes left half-written: they may hold PINs.
func beginWriting(folder string) (end func()) {
	path := filepath.Join(folder, writingLock)
	for {
		lock := flock.New(path, flock.SetPermissions(0o600))
		alone, err := lock.TryLock()
		if alone {
			if holdsStill(lock) {
				dropUnfinished(folder)
			}
			_ = lock.Unlock()
		}
		if err == nil {
			err = lock.RLock()
		}
		if err != nil {
			return func() {} // then nothing can be written there either
		}
		if holdsStill(lock) {
			return func() { endWriting(lock) }
		}
		_ = lock.Unlock()
	}
}

// endWriting gives the lock back. The last one who has it removes its file.
func endWriting(lock *flock.Flock) {
	_ = lock.Unlock()
	if alone, err := lock.TryLock(); err == nil && alone {
		if holdsStill(lock) {
			dropLock(lock)
			return
		}
		_ = lock.Unlock()
	}
}

// dropLock gives back a lock that is held alone, and removes its file. Windows removes no
// open file: there it goes afterwards, unless somebody else has opened it meanwhile.
func dropLock(lock *flock.Flock) {
	first := os.Remove(lock.Path())
	_ = lock.Unlock()
	if first != nil {
		_ = os.Remove(lock.Path())
	}
}

// holdsStill reports whether the file of a lock is the one that others find. Whoever was
// alone has removed it, and then another lock is taken.
func holdsStill(lock *flock.Flock) bool {
	held, err := lock.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(lock.Path())
	return err == nil && os.SameFile(held, there)
}

// dropUnfinished removes what has no name yet. One that can't be removed is in nobody's way.
func dropUnfinished(folder string) {
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		for _, name := range []string{ResultsFile, RejectsFile, RejectsFile + record.Sealed, RollbackFile, SummaryFile, PageFile} {
			if is, _ := filepath.Match("."+name+".[0-9]*", entry.Name()); is && entry.Type().IsRegular() {
				_ = os.Remove(filepath.Join(folder, entry.Name()))
			}
		}
	}
}
