package record

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// RunsIn gives the run folders in these folders that may hold what was written since then, the
// newest first, and with them the rollbacks of their runs, wherever these are.
func RunsIn(folders []string, since time.Time) []string {
	type run struct {
		folder  string
		written time.Time
	}
	var runs []run
	add := func(path string) bool {
		about, err := os.Stat(filepath.Join(path, JournalFile))
		known := slices.ContainsFunc(runs, func(r run) bool { return r.folder == path })
		if err == nil && !known && !about.ModTime().Before(since) {
			runs = append(runs, run{path, about.ModTime()})
		}
		return err == nil
	}
	for _, folder := range folders {
		entries, _ := os.ReadDir(folder) // it need not be there
		for _, entry := range entries {
			path := filepath.Join(folder, entry.Name())
			for _, path := range append(seriesIn(path), path) {
				if add(path) {
					for _, elsewhere := range rollbacksOf(path) {
						add(elsewhere)
					}
				}
			}
		}
	}
	slices.SortStableFunc(runs, func(a, b run) int { return b.written.Compare(a.written) })
	folders = nil
	for _, r := range runs {
		folders = append(folders, r.folder)
	}
	return folders
}

// RollbacksFile is the file in a run folder that names the folders of those rollbacks of the run
// that are not beside it, a line each.
const RollbacksFile = "rollbacks.txt"

// NoteRollback notes in a run's folder where a rollback of it is, if that is not beside it. A run
// folder that can't be written, as in an archive, does not keep anybody from a rollback.
func NoteRollback(run, rollback string) {
	path, err := filepath.Abs(rollback)
	if err != nil || besideEachOther(run, path) {
		return
	}
	if file, err := os.OpenFile(filepath.Join(run, RollbacksFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
		_, _ = file.WriteString(path + "\n")
		_ = file.Sync()
		_ = file.Close()
	}
}

// besideEachOther reports whether whoever lists one of two run folders finds the other: both are in one folder, or
// stages of series that are.
func besideEachOther(run, rollback string) bool {
	if of, back := SeriesOf(run), SeriesOf(rollback); of != "" && back != "" {
		run, rollback = of, back
	}
	return filepath.Dir(run) == filepath.Dir(rollback)
}

// rollbacksOf gives the folders that NoteRollback noted.
func rollbacksOf(run string) []string {
	text, _ := os.ReadFile(filepath.Join(run, RollbacksFile)) // most runs have none
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
}
