package cli

import (
	"errors"
	"os"
	"path/filepath"

	"cucbulk/batch/record"
)

// remove removes a run folder: the files that [oldRun.look] saw, one by one, and the journal last, so
// that a removal that is cut off leaves a run folder, which the next one removes. While it holds
// the journal's lock nobody goes on with the run.
func (r *oldRun) remove() error {
	lock, err := holdJournal(r.Folder)
	if err != nil {
		return err
	}
	if err := r.removeFiles(); err != nil {
		_ = lock.Unlock()
		return err
	}
	dropLock(lock, lock.Path())
	return os.Remove(r.Folder)
}

// removeFiles removes all but the lock. Nothing outside the folder can be reached by it, whatever is put
// there meanwhile.
func (r *oldRun) removeFiles() error {
	folder, err := os.OpenRoot(r.Folder)
	if err != nil {
		return err
	}
	defer folder.Close()
	now, err := folder.Lstat(record.JournalFile)
	if err == nil && (!os.SameFile(now, r.journal) || now.Size() != r.journal.Size() || !now.ModTime().Equal(r.journal.ModTime())) {
		err = errors.New("somebody has gone on with it")
	}
	for _, name := range append(r.files, record.JournalFile) {
		if err == nil {
			err = folder.Remove(name)
		}
	}
	return err
}

// removeEmptySeries removes the folders of series whose runs are removed, all of them.
func removeEmptySeries(old []*oldRun) error {
	var failed error
	for _, one := range old {
		series := record.SeriesOf(one.Folder)
		if series == "" || one.why != "" {
			continue
		}
		entries, err := os.ReadDir(series)
		if err == nil && len(entries) == 1 && entries[0].Name() == record.SeriesFile {
			err = errors.Join(os.Remove(filepath.Join(series, record.SeriesFile)), os.Remove(series))
		}
		failed = errors.Join(failed, err)
	}
	return failed
}
