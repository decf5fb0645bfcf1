package cli

import (
	"errors"
	"os"
	"path/filepath"

	"cucbulk/batch/record"
	"cucbulk/reports"
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
		series := record.SeriesAround(one.Folder)
		if series == "" || one.why != "" {
			continue
		}
		failed = errors.Join(failed, removeIfEmpty(series))
	}
	return failed
}

// filesOfASeries are those that the folder of a series has beside those of its runs, as patterns, the one that says so last.
func filesOfASeries() []string {
	patterns := []string{".writing.lock"}
	for _, name := range []string{reports.PageFile, reports.ResultsFile, reports.SummaryFile} {
		patterns = append(patterns, name, "."+name+".[0-9]*")
	}
	return append(patterns, "."+record.SeriesFile+".*", record.SeriesFile)
}

// removeIfEmpty removes the folder of a series that holds nothing but what goes with its runs.
func removeIfEmpty(series string) error {
	entries, err := os.ReadDir(series)
	if err != nil {
		return err
	}
	var names []string
	for _, pattern := range filesOfASeries() {
		for _, entry := range entries {
			if is, _ := filepath.Match(pattern, entry.Name()); is && entry.Type().IsRegular() {
				names = append(names, entry.Name())
			}
		}
	}
	if len(names) < len(entries) {
		return nil
	}
	for _, name := range names {
		if err := os.Remove(filepath.Join(series, name)); err != nil {
			return err
		}
	}
	return os.Remove(series)
}
