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
	Folder  string
	Header  Header
	Begins  []Begin
	Footers []Footer // one for each time that the run ended by itself
	Ended   bool     // the last record is a footer: nothing ran since
	Rows    map[int]*RowHistory
	Tail    journal.Tail  // what was whole when it was read
	Running bool          // a start of the run was at work then
	Typed   []string      // what the last start was given, see [Recorder]
	AtWork  time.Duration // from the first begin to the last record, without the time between starts

	input    Input  // see SourceInput
	order    *Order // nil in journals of earlier versions
	Numbered int    // the highest number that an intent has
	lives    []lifetime

	start  time.Time     // the last begin
	before time.Duration // at work when it came
}

// lifetime is one start of a run, as its journal shows it.
type lifetime struct {
	offset  int64        // of its begin
	begun   time.Time    // here
	last    time.Time    // its last sign of life, here
	reading ClockReading // the last of the server's clock
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

// EndedRows adds up the rows that have ended, by status.
func (h *History) EndedRows() Counts {
	counts := Counts{}
	for _, row := range h.Rows {
		if row.ended() {
			counts[row.Status]++
		}
	}
	return counts
}

// count is how many rows are so.
func (h *History) count(is func(*RowHistory) bool) (n int) {
	for _, row := range h.Rows {
		if is(row) {
			n++
		}
	}
	return n
}

// Unconfirmed is how many rows have a result of which a resume must make sure.
func (h *History) Unconfirmed() int {
	return h.count(func(row *RowHistory) bool { return row.unconfirmed })
}

// AsTemplate is how many rows left something to the template of the user that they made.
func (h *History) AsTemplate() int {
	return h.count(func(row *RowHistory) bool { return row.left })
}

// Left is how many rows have not ended.
func (h *History) Left() int { return max(0, h.Header.Rows-h.EndedRows().Total()) }

// CutOff is how many rows were begun and have not ended.
func (h *History) CutOff() int {
	if h.Running { // they are under way
		return 0
	}
	return h.count(func(row *RowHistory) bool { return row.Begun() })
}

// NothingToUndo is how many rows of a rollback were as before already, so that it changed
// nothing for them and they are done; 0 for a run.
func (h *History) NothingToUndo() int {
	made := func(c SentChange) bool { return c.Made }
	return h.count(func(row *RowHistory) bool {
		return h.Header.Kind == KindRollback && row.Status.Done() && !slices.ContainsFunc(row.Changes, made)
	})
}

// Exit is the exit code that the run ended with, or 6 when it did not end by
// itself.
func (h *History) Exit() int {
	if !h.Ended {
		return ExitInterrupted
	}
	return h.Footers[len(h.Footers)-1].Exit
}

// Killed is how many starts were cut off: they began and did not end by themselves, and
// are not at work.
func (h *History) Killed() int {
	killed := len(h.Begins) - len(h.Footers)
	if h.Running {
		killed--
	}
	return max(0, killed)
}

// HasResult reports whether a row has its result, and that is no guess.
func (h *History) HasResult(number int) bool {
	row := h.Rows[number]
	return row != nil && row.ended()
}

// Finished reports whether nothing is left to resume.
func (h *History) Finished() bool {
	if !h.Ended {
		return false
	}
	footer := h.Footers[len(h.Footers)-1]
	return h.Left() == 0 || footer.Exit == ExitInvalid
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

// ClockReading is what the server's clock showed, and when.
type ClockReading struct{ Server, Local time.Time }
