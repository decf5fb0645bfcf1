package reports

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cucbulk/batch/record"
)

// State says in a word how a run is.
type State string

// The states.
const (
	AtWork     State = "at-work"
	Finished   State = "finished"   // nothing is left to resume
	Refused    State = "refused"    // the input had errors, and nothing was sent
	Unfinished State = "unfinished" // it ended by itself before its last row
	Killed     State = "killed"     // it was cut off
	NotBegun   State = "not-begun"  // it is still being checked, or ended before it sent anything
	Unreadable State = "unreadable" // [Listed.Problem] says why
)

// Listed is a run folder, as far as it tells of its run.
type Listed struct {
	Folder  string `json:"folder"`
	State   State  `json:"state"`
	Problem string `json:"problem,omitempty"`
	*Summary
	Written   time.Time `json:"written"`             // when its journal was written last
	Changed   int       `json:"rowsChanged"`         // rows of a run that a rollback takes back
	Undone    int       `json:"rowsUndone"`          // of these: those that rollbacks took back
	Rollbacks []string  `json:"rollbacks,omitempty"` // their folders, oldest first
	Sealed    []string  `json:"sealed,omitempty"`    // files that only the owner of a key can read
	HasInput  bool      `json:"hasInput,omitempty"`  // a copy of the input, secrets and all

	Header  record.Header `json:"-"`
	Run     string        `json:"-"` // of a rollback: the folder of its run, as it is listed or where it is; "": nobody knows
	changed []int         // rows
	done    []int         // rows that a rollback did
}

// Left reports whether something is left to resume, or to be written by a run that is at work.
func (l *Listed) Left() bool {
	return l.State == AtWork || l.State == Unfinished || l.State == Killed
}

// HowUndone says how much of a run was taken back.
func (l *Listed) HowUndone() string {
	switch {
	case l.Header.Kind != record.KindRun || l.Changed == 0:
		return "-"
	case l.Undone == 0:
		return "no"
	case l.Undone < l.Changed:
		return "partly"
	}
	return "yes"
}

// ListRuns tells of the runs and rollbacks in a folder, the newest first, and of the rollbacks of these
// runs that are elsewhere. The folder of a run stands for that run and its rollbacks. next says
// what to type after a run. last is how many are read at most, of a folder of runs: those that were at
// work last; 0: all.
func ListRuns(folder string, last int, next func(*record.History) []Suggestion) ([]Listed, error) {
	one := ""
	if IsRun(folder) || record.IsSeries(folder) {
		folder, one = filepath.Dir(filepath.Clean(folder)), filepath.Clean(folder)
		if series := folder; IsRun(one) && record.IsSeries(series) {
			folder = filepath.Dir(series)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	folders := record.RunsIn([]string{folder}, time.Time{})
	for _, entry := range entries { // those without a journal are young, mostly
		if path := filepath.Join(folder, entry.Name()); IsRun(path) && !slices.Contains(folders, path) {
			folders = slices.Insert(folders, 0, path)
		}
	}
	if last > 0 && one == "" {
		folders = folders[:min(last, len(folders))]
	}
	list := make([]Listed, 0, len(folders))
	for _, path := range folders {
		list = append(list, listed(path, next))
	}
	slices.SortStableFunc(list, func(a, b Listed) int { return b.began().Compare(a.began()) })
	joinRollbacks(list)
	if one != "" {
		list = slices.DeleteFunc(list, func(l Listed) bool {
			return !within(l.Folder, one) && !(l.Summary != nil && l.Of != "" && (isAt(l.Of, one) || isAt(filepath.Dir(l.Of), one)))
		})
	}
	return list, nil
}

// within reports whether a folder is a run's, or that of a stage of a series.
func within(folder, one string) bool {
	return folder == one || record.IsSeries(one) && filepath.Dir(folder) == one
}

// IsRun reports whether a folder is one that a run made.
func IsRun(folder string) bool {
	for _, name := range []string{record.JournalFile, record.InputFile} {
		if _, err := os.Lstat(filepath.Join(folder, name)); err == nil {
			return true
		}
	}
	return false
}

func (l *Listed) began() time.Time {
	if l.Summary == nil {
		return l.Written
	}
	return l.Started
}

// listed reads one run folder.
func listed(folder string, next func(*record.History) []Suggestion) Listed {
	l := Listed{Folder: folder}
	sealed, _ := filepath.Glob(filepath.Join(escaped(folder), "*"+record.Sealed))
	for _, path := range sealed {
		l.Sealed = append(l.Sealed, filepath.Base(path))
	}
	_, err := os.Lstat(filepath.Join(folder, record.InputFile))
	l.HasInput = err == nil
	history, err := record.ReadHistory(folder)
	var undo *record.Undo
	if err == nil && history.Header.Kind == record.KindRun {
		undo, err = record.PlanUndo(history, record.UndoOptions{})
	}
	if err != nil {
		return l.unread(err)
	}
	summary := Summarize(history)
	summary.Next = next(history)
	l.Summary, l.Header, l.Written, l.State = &summary, history.Header, history.LastWritten(), stateOf(history)
	if undo != nil {
		l.changed, l.Changed = undo.Rows, len(undo.Rows)
		return l
	}
	for number, row := range history.Rows {
		if row.Status.Done() {
			l.done = append(l.done, number)
		}
	}
	return l
}

// unread is a folder whose journal tells nothing, or nothing that can be trusted.
func (l Listed) unread(err error) Listed {
	l.State, l.Problem = Unreadable, err.Error()
	about, missing := os.Lstat(filepath.Join(l.Folder, record.JournalFile))
	if missing != nil {
		about, _ = os.Lstat(filepath.Join(l.Folder, record.InputFile))
	}
	if about != nil {
		l.Written = about.ModTime()
	}
	if record.NothingBegun(l.Folder) {
		l.State = NotBegun
	}
	return l
}

func stateOf(history *record.History) State {
	switch {
	case history.Running:
		return AtWork
	case history.Exit() == record.ExitInvalid:
		return Refused
	case history.Finished():
		return Finished
	case len(history.Begins) == 0 && record.SeriesOf(history.Folder) != "":
		return NotBegun
	case history.Ended:
		return Unfinished
	}
	return Killed
}

// joinRollbacks notes of each run which rollbacks it had, and what they took back. One that began before
// the run's last record says nothing of what came after it.
func joinRollbacks(list []Listed) {
	for i := len(list) - 1; i >= 0; i-- {
		rollback := &list[i]
		if rollback.Summary == nil || rollback.Kind != record.KindRollback {
			continue
		}
		if _, missing := os.Lstat(rollback.Of); missing == nil {
			rollback.Run = rollback.Of
		}
		for j := range list {
			if run := &list[j]; run.Header.Kind == record.KindRun && rollback.takesBack(run.Folder) {
				rollback.Run, run.Rollbacks = run.Folder, append(run.Rollbacks, rollback.Folder)
				if !rollback.Started.Before(run.Written) {
					run.changed = slices.DeleteFunc(run.changed, func(row int) bool { return slices.Contains(rollback.done, row) })
				}
				run.Undone = run.Changed - len(run.changed)
			}
		}
	}
}

// takesBack reports whether a rollback is that of the run in a folder, also where both were moved
// together.
func (l *Listed) takesBack(run string) bool {
	if isAt(l.Of, run) {
		return true
	}
	_, missing := os.Lstat(l.Of)
	return missing != nil && isAt(filepath.Join(filepath.Dir(l.Folder), filepath.Base(l.Of)), run)
}

// Needs reports whether what is left of a run needs what the run in another folder left.
func (l *Listed) Needs(folder string) bool {
	options := l.Header.Options
	return options.Continues != "" && isAt(options.Continues, folder) ||
		options.Since != nil && options.Since.Run != "" && isAt(options.Since.Run, folder)
}

// isAt reports whether two paths lead to one folder.
func isAt(path, other string) bool {
	one, err := os.Stat(path)
	if err != nil {
		return false
	}
	two, err := os.Stat(other)
	return err == nil && os.SameFile(one, two)
}

// escaped is a path in which nothing is a pattern.
func escaped(path string) string {
	return strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(path)
}
