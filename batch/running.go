package batch

import (
	"maps"
	"slices"
	"time"

	"cucbulk/batch/journal"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
)

// Recorder says where a run leaves its record, and who is told what happens.
type Recorder struct {
	Folder  string              // the run folder; it is there, and has no journal yet
	Tool    string              // name and version of the program
	Typed   []string            // flags of this start that the next command needs again, as name=value; kept for whoever writes that
	Journal journal.Options     // for tests
	Planned func(plan.Workload) // told once what there is to do, before anything is sent; may be nil
	Result  func(record.Result) // told of every row as it ends, and of those that the run's end cuts off, from one goroutine; may be nil
	Others  Others              // files with which this one is one run; zero: there are none
	Laid    *record.History     // what [Lay] wrote; nil: the journal is still to be made
}

// Summary is how a run ended.
type Summary struct {
	Counts record.Counts
	Exit   int
	Stop   *record.Stop // why it ended before the last row; nil if it did not
}

// Running is a run that has a journal. Only the coordinator's goroutine uses it.
type Running struct {
	Writer      *journal.Writer
	recorder    Recorder
	counts      record.Counts
	Short       bool // a row is done by its status, and yet lacks something: see [record.Result.Short]
	rows        int
	begun       map[int]begunRow // rows that have cost something and have not ended
	Limits      Limits
	IDs         *record.IdHolders // whose the users are that the server says it made
	disputes    []dispute         // about some of them
	unconfirmed confirmations
	began       time.Time
	problem     error // the first that the journal had
}

// dispute is one user whom the server named for two rows: a look has proven for which of
// them it was made, and the other had believed its answer.
type dispute struct{ winner, loser int }

// unwritten ends a run whose journal can't be kept.
func (r *Running) unwritten(err error) *record.Stop {
	r.problem = err
	return &record.Stop{Exit: record.ExitFailed, Code: codes.Journal, Reason: "the journal can't be written", Err: err}
}

// amend records another result of a row that has ended.
func (r *Running) amend(before, after record.Result) error {
	if r.counts[before.Status]--; r.counts[before.Status] == 0 {
		delete(r.counts, before.Status)
	}
	r.counts[after.Status]++
	r.unconfirmed.amend(after)
	return r.Writer.Post(record.RecordResult, after)
}

// NewRunning is a run of so many rows, of which none has ended yet.
func NewRunning(writer *journal.Writer, recorder Recorder, rows int) *Running {
	return &Running{Writer: writer, recorder: recorder, counts: record.Counts{}, begun: map[int]begunRow{}, rows: rows, began: time.Now(),
		unconfirmed: newConfirmations()}
}

// Begin records that an engine starts to send for the run, and lets it. Without a
// record nothing is sent, and the journal is closed. history is what the journal holds
// already; nil: nothing.
func (r *Running) Begin(e *send.Session, begin record.Begin, history *record.History) error {
	begin.Clock, begin.Typed = e.ServerClock(), r.recorder.Typed
	if err := r.Writer.Append(record.RecordBegin, begin); err != nil {
		r.Writer.Close()
		return err
	}
	if history != nil {
		e.Numbered.Store(int64(history.Numbered))
	}
	e.Journal, e.OpenUntil = r.Writer, time.Now().Add(e.Doubt)
	return nil
}

// begunRow is a row that has cost something and has not ended.
type begunRow struct {
	status record.Status // if the run ended now
	code   codes.Code
	done   []string
	cost   record.Cost
	now    bool // in this start
}

// GoOn takes from a history the rows that have ended, and what others have cost.
func (r *Running) GoOn(history *record.History) {
	for number, row := range history.Rows {
		if history.Rows.HasResult(number) {
			r.counts[row.Status]++
			continue
		}
		before := begunRow{status: row.CutOff(history.Header.Kind), done: row.Done(), cost: row.Spent()}
		switch {
		case row.Unconfirmed():
			before.code = codes.TemplateUnconfirmed
		case row.Begun():
			before.code = codes.Interrupted
		}
		before.cost.Row = number
		r.begun[number] = before
	}
}

// tellCutOff counts the rows that were cut off, records what they cost, and tells of them.
func (r *Running) tellCutOff() {
	for _, number := range slices.Sorted(maps.Keys(r.begun)) {
		row := r.begun[number]
		if row.now && row.cost.Requests > 0 {
			_ = r.Writer.Post(record.RecordCost, row.cost) // a journal that failed shows at the footer
		}
		if row.status == record.Pending {
			continue
		}
		r.counts[row.status]++
		if r.recorder.Result != nil {
			r.recorder.Result(record.Result{Row: number, Status: row.status, Code: row.code, StepsDone: row.done,
				Requests: row.cost.Requests})
		}
	}
}

// End writes the footer and closes the journal.
func (r *Running) End(footer record.Footer, stop *record.Stop) (Summary, error) {
	left := r.rows - r.counts.Total()
	if left > 0 {
		r.tellCutOff()
		if pending := r.rows - r.counts.Total(); pending > 0 {
			r.counts[record.Pending] = pending
		}
	} else if stop != nil && stop.Exit == record.ExitInterrupted && len(r.unconfirmed.ended) == 0 { // it came too late to leave anything
		stop = nil
	}
	footer.Counts = r.counts
	footer.Finished, footer.Seconds = time.Now().UTC(), time.Since(r.began).Seconds()
	switch {
	case stop != nil:
		footer.Exit, footer.Code, footer.Reason = stop.Exit, stop.Code, stop.Error()
	case footer.Exit == 0:
		footer.Exit = r.counts.Exit()
		if footer.Exit == record.ExitDone && r.Short {
			footer.Exit = record.ExitIncomplete
		}
	}
	err := r.Writer.Append(record.RecordFooter, footer)
	if closing := r.Writer.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = r.problem
	}
	return Summary{Counts: r.counts, Exit: footer.Exit, Stop: stop}, err
}
