package record

import (
	"slices"
	"time"

	"cucbulk/batch/journal"
	"cucbulk/batch/model"
)

// JournalFile is the journal's name in a run folder.
const JournalFile = "journal.jsonl"

// History is what a journal tells, without holding what its records hold: rows
// point to their records, which are read when they are needed.
type History struct {
	Folder string
	Header Header
	Starts
	Rows     RowHistories
	Numbered int          // the highest number that an intent has
	Tail     journal.Tail // what was whole when it was read

	order *Order   // nil in journals of earlier versions
	input Input    // see SourceInput
	lacks []string // what rows went without
}

// How far a run has come, as its history tells.

// Counts adds up the rows by status, also those that have not ended.
func (h *History) Counts() Counts {
	counts := Counts{}
	for _, row := range h.Rows {
		status := row.Status
		if status == "" {
			status = h.unended(row)
		}
		if status != Pending {
			counts[status]++
		}
	}
	if pending := h.Header.Rows - counts.Total(); pending > 0 {
		counts[Pending] = pending
	}
	return counts
}

// WentWithout is how many rows went without something that they want and the server does not have, and what that is.
func (h *History) WentWithout() (rows int, what []string) {
	return h.Rows.count(func(row *RowHistory) bool { return row.without }), h.lacks
}

// Left is how many rows have not ended.
func (h *History) Left() int { return max(0, h.Header.Rows-h.Rows.Ended().Total()) }

// CutOff is how many rows were begun and have not ended.
func (h *History) CutOff() int {
	if h.Running { // they are under way
		return 0
	}
	return h.Rows.count(func(row *RowHistory) bool { return row.Begun() })
}

// NothingToUndo is how many rows of a rollback were as before already, so that it changed
// nothing for them and they are done; 0 for a run.
func (h *History) NothingToUndo() int {
	made := func(c SentChange) bool { return c.Made }
	return h.Rows.count(func(row *RowHistory) bool {
		return h.Header.Kind == KindRollback && row.Status.Done() && !slices.ContainsFunc(row.Changes, made)
	})
}

// Finished reports whether nothing is left to resume.
func (h *History) Finished() bool {
	if !h.Ended {
		return false
	}
	footer := h.Footers[len(h.Footers)-1]
	return h.Left() == 0 || footer.Exit == ExitInvalid
}

// LastWritten is when the journal's last record was written.
func (h *History) LastWritten() time.Time {
	if len(h.lives) == 0 {
		return h.Header.Started
	}
	return h.lives[len(h.lives)-1].last
}

// SentPIN reports whether the server may have a PIN that an earlier start of the run
// sent for a row. One that was refused, or that never left, it has not.
func (h *History) SentPIN(row int) bool {
	if h == nil || h.Rows[row] == nil {
		return false
	}
	for _, change := range h.Rows[row].Changes {
		if model.KindOf(change.Step).Drawn && (change.Made || change.Open) {
			return true
		}
	}
	return false
}

// unended is the status of a row without a result. While the run is at work an answer is
// not lost that is not there yet.
func (h *History) unended(row *RowHistory) Status {
	status := row.CutOff(h.Header.Kind)
	if h.Running && status == Uncertain {
		status = Pending
		if h.Header.Kind == KindRun && len(row.Done()) > 0 {
			status = Partial
		}
	}
	return status
}
