package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cucbulk/internal/codes"
)

// undoWork is one row while it is undone. One goroutine uses it.
type undoWork struct {
	errand
	all     *undoing
	row     Result     // of the run
	before  past       // what the run did for it
	own     past       // what an earlier start of the rollback did for it
	part    undoPart   // of what the run did, that is taken back now
	status  Status     // what the row has become
	code    codes.Code // "" unless the status does not say all
	done    []string
	notes   []string
	passing bool     // of the notes one is notePassing
	missing []string // what a user that was made again lacks
}

// undo takes back what a row changed, newest first.
func (u *undoing) undo(ctx, starting context.Context, row Result, before past, own *past, part undoPart, stand *stand) outcome {
	w := &undoWork{errand: errand{engine: u.engine, row: row.Row, alias: row.Alias, starting: starting, journaled: own.journaled,
		stand: stand, begun: stand.place || own.journaled.begun()}, all: u, row: row, before: before, own: *own, part: part}
	for _, c := range own.made {
		if part.covers(c.Step) {
			w.did(c.Step)
		}
	}
	err := w.takeBack(ctx)
	result := Result{Row: row.Row, Line: row.Line, Operation: row.Operation, Alias: row.Alias, DtmfAccessID: row.DtmfAccessID, ObjectID: w.row.ObjectID,
		Status: w.status, Code: w.code, StepsDone: w.done, Requests: w.requests, Attempts: w.attempts,
		Seconds: w.atWork(), Reversible: NotReversible}
	var failed *failure
	switch {
	case err == nil:
	case errors.Is(err, errNotBegun):
		*own = w.own
		own.journaled = w.journaled
		return outcome{result: w.cutOff(result), open: true, again: true}
	case errors.As(err, &failed):
		result.Status, result.Code = failed.status, failed.code
		w.notes = append(w.notes, failed.message)
	default:
		return outcome{result: w.cutOff(result), open: true, tookFrom: w.tookFrom, stop: asStop(err)}
	}
	result.Message = strings.Join(w.notes, "; ")
	return outcome{result: result, tookFrom: w.tookFrom}
}

// cutOff is the row as it is when the rollback ends before it does.
func (w *undoWork) cutOff(result Result) Result {
	result.Status, result.Code, result.StepsDone = w.journaled.cutOff(KindRollback), "", w.journaled.done()
	if w.journaled.begun() {
		result.Code = codes.Interrupted
	}
	return result
}

// takeBack undoes each change of the row. What is kept because somebody changed it
// does not keep the rest from going back.
func (w *undoWork) takeBack(ctx context.Context) error {
	if err := w.settleOpen(ctx); err != nil {
		return err
	}
	if err := w.settleRun(ctx); err != nil {
		return err
	}
	before := w.before
	var kept *failure
	for _, c := range slices.Backward(before.made) {
		if !w.part.covers(c.Step) {
			continue
		}
		if before.created() != "" && c.ObjectID != before.created() {
			continue // deleting the user takes with it what hangs on it
		}
		if ctx.Err() != nil {
			return asStop(ctx.Err())
		}
		if w.all.passes(w.row.ObjectID, c) && w.own.created() == "" {
			w.passed()
			continue
		}
		err := w.takeBackOne(ctx, c)
		var failed *failure
		if errors.As(err, &failed) && failed.status == Kept {
			if kept == nil {
				kept = failed
			} else {
				w.notes = append(w.notes, failed.message)
			}
			continue
		}
		if err != nil {
			return err
		}
	}
	if kept != nil {
		return kept
	}
	if w.status == Restored && len(w.done) == 0 && !w.passing {
		w.notes = append(w.notes, "nothing was left to restore")
	}
	if w.status != Kept && w.code == "" && len(w.done) == 0 {
		w.code = codes.NothingToUndo
	}
	return nil
}

// make sends one change and counts it as a step. It gives the id of what a POST
// made.
func (w *undoWork) make(ctx context.Context, c change) (objectID string, err error) {
	if ctx.Err() != nil {
		return "", asStop(ctx.Err())
	}
	objectID, err = w.change(ctx, c)
	var failed *failure
	if errors.As(err, &failed) && failed.status == Unchanged { // a DELETE of what was gone
		w.notes = append(w.notes, failed.message)
		return "", nil
	}
	if err == nil {
		w.did(c.step)
		if c.request.Method == "POST" {
			w.all.givesBack(objectID)
		}
	}
	return objectID, err
}

// did notes a step of which something was taken back.
func (w *undoWork) did(step string) {
	if !slices.Contains(w.done, step) {
		w.done = append(w.done, step)
	}
}

// settleOpen finds out what became of a change that was in flight when an earlier
// start of the rollback ended, before anything else touches the row.
func (w *undoWork) settleOpen(ctx context.Context) error {
	if w.own.open == nil || !w.part.covers(w.own.open.Step) {
		return nil
	}
	open := *w.own.open
	proof := proof{reach: open.life.reach(w.doubt), anybody: true} // nothing takes back what a rollback did
	done, err := w.settleEarlier(ctx, &open, proof, "rollback")
	if err != nil {
		return err
	}
	w.own.open = nil
	if !done {
		return w.notBegun()
	}
	w.own.made = append(w.own.made, open)
	w.did(open.Step)
	if open.Method == "POST" {
		w.all.givesBack(open.ObjectID)
	}
	return nil
}

// settleRun finds out what became of a change that was in flight when the run ended, as a
// resume would have done.
func (w *undoWork) settleRun(ctx context.Context) error {
	if !w.before.unsettled() {
		return nil
	}
	if w.row.leftAlone() || len(w.before.unproven) > 0 {
		return &failure{Uncertain, codes.ExistsUnproven, "what became of a request of this row could not be proven, so the row is left alone: look at the server"}
	}
	open := *w.before.open
	again := func(c doneChange) bool { return open.Method == "DELETE" && c.Method == "POST" && c.Step == open.Step }
	proof := proof{reach: open.life.reach(w.doubt), anybody: w.before.created() != "" && open.Method == "PUT" || slices.ContainsFunc(w.own.made, again)}
	found, err := w.lookEarlier(ctx, open.intent, proof, "the run")
	if err != nil {
		return err
	}
	w.before.open = nil
	if found.truth == made {
		w.before.made = append(slices.Clone(w.before.made), found.made(open))
		w.row.ObjectID = orElse(w.row.ObjectID, found.objectID)
		return nil
	}
	w.status = Restored
	if open.creates() {
		w.status = Deleted
	}
	w.notes = append(w.notes, fmt.Sprintf("the %s of %s was sent, or about to be, when the run ended, and it is not there", open.Method, open.Step))
	return nil
}

// passed notes that there was nothing to do for a change of a user whom the run both made
// and deleted: see [Undo.passes].
func (w *undoWork) passed() {
	if w.status == "" {
		w.status = Restored
	}
	if !w.passing {
		w.passing, w.notes = true, append(w.notes, notePassing)
	}
}
