package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/gofrs/flock"

	"cucbulk/batch/record"
	"cucbulk/reports"
)

// A start is what a command does before the journal says that it works on a server. Until
// then its folder holds a copy of the input, with secrets, and nothing that anybody needs.
// A start that ends takes all of that with it. One that is killed leaves it, with a lock
// that nobody has any more, and the next command removes it.

// startLock is the lock of a start, in the folder that it made.
const startLock = ".start.lock"

// beginStart tells other commands that a start is at work in a new folder. Call over as
// soon as the journal says so, or when the command ends.
func beginStart(folder string) (over func()) {
	path := filepath.Join(folder, startLock)
	lock := flock.New(path, flock.SetPermissions(0o600))
	if taken, err := lock.TryLock(); err != nil || !taken {
		return func() {} // without a lock nobody removes anything
	}
	return sync.OnceFunc(func() { dropLock(lock, path) })
}

// holdJournal keeps everybody from going on with the run in a folder.
func holdJournal(folder string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(folder, record.JournalFile+".lock"), flock.SetPermissions(0o600))
	taken, err := lock.TryLock()
	if err == nil && !taken {
		err = errors.New("somebody is at work on it")
	}
	return lock, err
}

// dropLock removes a lock that is held. Where no open file can be removed, it goes after it
// was given back.
func dropLock(lock *flock.Flock, path string) {
	first := os.Remove(path)
	_ = lock.Unlock() // the kernel frees what this can't
	if first != nil {
		_ = os.Remove(path)
	}
}

// dropDeadStart removes a folder that a start left which was killed before it began, and
// reports whether it did. It leaves alone what lives, and what holds anything more.
func dropDeadStart(folder string) bool {
	if about, err := os.Lstat(folder); err != nil || !about.IsDir() {
		return false // a link leads to what may be somebody else's
	}
	path := filepath.Join(folder, startLock)
	if _, err := os.Lstat(path); err != nil {
		return false
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDWR))
	if taken, err := lock.TryLock(); err != nil || !taken {
		return false
	}
	if !deadStart(folder, lock) {
		_ = lock.Unlock()
		return false
	}
	emptyStart(folder)
	dropLock(lock, path)
	return os.Remove(folder) == nil
}

// deadStart reports whether a folder, of which the lock is held here, holds nothing but what
// a start makes that did not begin.
func deadStart(folder string, lock *flock.Flock) bool {
	held, err := lock.Stat()
	if err != nil {
		return false
	}
	if there, err := os.Lstat(lock.Path()); err != nil || !os.SameFile(held, there) {
		return false // it was removed, and a new start has made another
	}
	entries, err := os.ReadDir(folder)
	if err != nil || record.TraceIn(folder) != record.NeverBegan {
		return false
	}
	stages := stagesOfAStart(folder)
	return !slices.ContainsFunc(entries, func(entry fs.DirEntry) bool {
		if slices.Contains(stages, entry.Name()) {
			return !entry.IsDir() || !onlyAStart(filepath.Join(folder, entry.Name()))
		}
		return !entry.Type().IsRegular() || entry.Name() != startLock && !isSeriesFile(entry.Name()) &&
			!slices.Contains(filesOfAStart(), entry.Name())
	})
}

// isSeriesFile reports whether a file says which runs are one, or was to.
func isSeriesFile(name string) bool {
	return name == record.SeriesFile || strings.HasPrefix(name, "."+record.SeriesFile+".")
}

// stagesOfAStart are the folders in that of a series; none if it is no such folder.
func stagesOfAStart(folder string) (names []string) {
	if !record.IsSeries(folder) {
		return nil
	}
	series, err := record.ReadSeries(folder)
	if err != nil {
		return nil
	}
	for _, stage := range series.Stages {
		names = append(names, stage.Folder)
	}
	return names
}

// onlyAStart reports whether the folder of a stage holds nothing but what a start makes that did not begin.
func onlyAStart(folder string) bool {
	entries, err := os.ReadDir(folder)
	if err != nil || record.TraceIn(folder) != record.NeverBegan {
		return false
	}
	return !slices.ContainsFunc(entries, func(entry fs.DirEntry) bool {
		return !entry.Type().IsRegular() || !slices.Contains(filesOfAStart(), entry.Name())
	})
}

// filesOfAStart are those that it makes beside its lock.
func filesOfAStart() []string {
	return []string{record.InputFile, record.InputFile + unpackedSuffix, record.OwnFile, record.OwnFile + unpackedSuffix,
		record.NightFile, record.NightFile + record.NewSuffix, record.LeaversFile, record.LeaversFile + record.NewSuffix,
		record.JournalFile, record.JournalFile + ".lock", reports.PlanFile}
}

// emptyStart removes those. What can't be removed is told by who removes the folder.
func emptyStart(folder string) {
	for _, name := range stagesOfAStart(folder) {
		emptyStart(filepath.Join(folder, name))
		_ = os.Remove(filepath.Join(folder, name))
	}
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		if isSeriesFile(entry.Name()) {
			_ = os.Remove(filepath.Join(folder, entry.Name()))
		}
	}
	for _, name := range filesOfAStart() {
		_ = os.Remove(filepath.Join(folder, name))
	}
}

// dropDeadStarts does that in the folder where run folders go when nothing else is said.
func dropDeadStarts() {
	entries, _ := os.ReadDir(runsFolder) // it need not be there
	for _, entry := range entries {
		dropDeadStart(filepath.Join(runsFolder, entry.Name()))
	}
}

// refuseDeadStart ends a command that was given such a folder: there is no run to go on with.
func refuseDeadStart(folder string) error {
	if !dropDeadStart(folder) {
		return nil
	}
	return fmt.Errorf("the run in %s ended before it changed anything, so there is nothing to go on with. What it left "+
		"there, with the copy of its input, is removed: type the run's command again", folder)
}

// abandoned removes the folder of a start that ended with err before anything was sent, so
// that the same command can be typed again; it reports whether it did. A journal that could
// not be written says no more than that. over is what [beginStart] gave: the lock is the last
// to go, and is given back, because Windows removes no open file.
func abandoned(folder string, over func(), err error) (bool, error) {
	_, missing := os.Stat(filepath.Join(folder, record.JournalFile))
	switch trace := record.TraceIn(folder); {
	case errors.Is(missing, fs.ErrNotExist):
	case err == nil || trace == record.MaybeSent:
		return false, err
	default:
		err = fmt.Errorf("%w. Nothing was changed, and nothing of this start is left in the way: when that is mended, "+
			"type the same command again", err)
	}
	emptyStart(folder)
	over()
	return true, errors.Join(err, unmakeFolder(folder))
}

// runsFolder is where run folders go when nothing else is said.
const runsFolder = "runs"

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
