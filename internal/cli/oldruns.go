package cli

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cucbulk/batch/record"
	"cucbulk/reports"
)

// cleanOptions are what clean was asked to do, and what it does it with.
type cleanOptions struct {
	*screen
	folder                   string
	usual                    bool // the folder is not named
	keep                     time.Duration
	loseResume, loseRollback bool
	dryRun                   bool
	now                      time.Time
}

// oldRun is a run folder that was at work last before the time that clean keeps.
type oldRun struct {
	*reports.Listed
	why     string      // it is kept; "": it goes
	bytes   int64       // of its files
	files   []string    // in the folder, what tells of the run last
	journal fs.FileInfo // as it was when the run was listed
}

// old gives the run folders that are older than what is kept, each with what keeps it.
func (o *cleanOptions) old(list []reports.Listed) []*oldRun {
	var all []*oldRun
	for i := range list {
		l := &list[i]
		if filepath.Dir(cmp.Or(record.SeriesAround(l.Folder), l.Folder)) != o.folder || o.now.Sub(l.Written) <= o.keep {
			continue // a rollback elsewhere, or young
		}
		one := &oldRun{Listed: l}
		one.why = o.keeps(one)
		all = append(all, one)
	}
	for o.keepNeeded(list, all) {
	}
	return all
}

// keeps says what about a run itself keeps it.
func (o *cleanOptions) keeps(one *oldRun) string {
	about, err := os.Lstat(one.Folder)
	switch {
	case err != nil:
		return err.Error()
	case !about.IsDir():
		return "it is a link, and no link is followed"
	case one.State == reports.AtWork:
		return "it is at work"
	case one.State == reports.NotBegun:
		return "it is still being checked, or ended before it sent anything: if no cucbulk is at work on it, delete it by hand"
	case one.Summary == nil:
		return "its journal can't be read, so nobody knows what is lost with it"
	case one.Left() && !o.loseResume:
		return "resume can go on with it; --lose-resume removes it"
	case one.Changed > one.Undone && !o.loseRollback:
		return fmt.Sprintf("a rollback can take back %s of it; --lose-rollback removes it", rowsText(one.Changed-one.Undone))
	}
	if err := one.look(); err != nil {
		return err.Error()
	}
	return ""
}

// keepNeeded keeps what others need that are kept, and reports whether it found any.
func (o *cleanOptions) keepNeeded(list []reports.Listed, old []*oldRun) (found bool) {
	goes := map[string]bool{}
	for _, one := range old {
		goes[one.Folder] = one.why == ""
	}
	for _, one := range old {
		if one.why != "" {
			continue
		}
		if one.Run != "" && !goes[one.Run] {
			one.why = "it tells what was rolled back of " + one.Run + ", which is kept"
		}
		for i := range list {
			other := &list[i]
			series := record.SeriesOf(one.Folder)
			left := other.Left() && !goes[other.Folder]
			switch {
			case series != "" && record.SeriesOf(other.Folder) == series && !goes[other.Folder]:
				one.why = "it is one run with " + other.Folder + ", which is kept"
			case left && slices.Contains(one.Rollbacks, other.Folder):
				one.why = "its rollback " + other.Folder + " has not ended"
			case left && other.Needs(one.Folder):
				one.why = other.Folder + " needs it, and has not ended"
			}
		}
		if one.why != "" {
			goes[one.Folder], found = false, true
		}
	}
	return found
}

// filesOfARun are those that a run folder has beside what a start makes, as patterns.
func filesOfARun() []string {
	patterns := append(filesOfAStart(), startLock, record.JournalFile+".*.torn", record.RollbacksFile,
		"pins-[0-9]*.csv"+record.Sealed, ".writing.lock")
	for _, file := range reports.Files() {
		patterns = append(patterns, file.Name, "."+file.Name+".[0-9]*")
	}
	return patterns
}

// filesOfRecordings are those of its folder of recordings.
func filesOfRecordings() []string { return []string{"*.wav", ".receiving-*"} }

// look lists the files of a run, and refuses what no run leaves.
func (r *oldRun) look() (err error) {
	if r.journal, err = os.Lstat(filepath.Join(r.Folder, record.JournalFile)); err != nil {
		return err
	}
	return r.lookInto("", filesOfARun())
}

func (r *oldRun) lookInto(below string, patterns []string) error {
	entries, err := os.ReadDir(filepath.Join(r.Folder, below))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := filepath.Join(below, entry.Name())
		known := slices.ContainsFunc(patterns, func(pattern string) bool { is, _ := filepath.Match(pattern, entry.Name()); return is })
		switch {
		case name == record.RecordingsFolder && entry.IsDir():
			if err := r.lookInto(name, filesOfRecordings()); err != nil {
				return err
			}
			r.files = append(r.files, name)
			continue
		case !known || !entry.Type().IsRegular():
			return fmt.Errorf("it holds %s, which no run leaves there", name)
		}
		about, err := entry.Info()
		if err != nil {
			return err
		}
		r.bytes += about.Size()
		if name != record.JournalFile && name != record.JournalFile+".lock" {
			r.files = append(r.files, name)
		}
	}
	return nil
}
