package rollback

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// rollbackRun is a rollback at work.
type rollbackRun struct {
	*send.Session
	*record.Undo
	account string          // that it signs in with
	own     *record.History // of the rollback's own journal, when it goes on after an interruption

	*madeAgain
	deletions
	shared  send.RollbackCache
	senders send.Senders // of messages to those whom the run made

	mutex  sync.Mutex            // guards begun
	begun  map[int]record.Result // rows of two units, after the first of them
	places map[int]*send.Place   // of rows of two units
}

// rowUndo is one row while it is undone. One goroutine uses it.
type rowUndo struct {
	send.Changer
	all     *rollbackRun
	row     record.Result   // of the run
	before  record.Past     // what the run did for it
	own     record.Past     // what an earlier start of the rollback did for it
	part    record.UndoPart // of what the run did, that is taken back now
	status  record.Status   // what the row has become
	code    codes.Code      // "" unless the status does not say all
	done    []string
	notes   []string
	passing bool     // of the notes one is notePassing
	missing []string // what a user that was made again lacks

	debts []record.Intent // see [deletions]
	again cupi.Object     // the user that was made again, once it was read for what refers to it
}

// undoing is one change of a row while it is taken back.
type undoing struct {
	*rowUndo
	change record.AppliedChange // of the run
	kind   *model.StepKind      // of its step
	path   string               // where its object is now, once that is known
}

// make sends one change and counts it as a step. It gives the id of what a POST
// made.
func (w *rowUndo) make(ctx context.Context, c send.Change) (objectID string, err error) {
	if ctx.Err() != nil {
		return "", record.AsStop(ctx.Err())
	}
	objectID, err = w.Change(ctx, c)
	var failed *send.Failure
	if errors.As(err, &failed) && failed.Status == record.Unchanged { // a DELETE of what was gone
		w.notes = append(w.notes, failed.Message)
		return "", nil
	}
	if err == nil {
		w.did(c.Step)
		if c.Request.Method == "POST" {
			w.all.givesBack(objectID)
		}
	}
	return objectID, err
}

// did notes a step of which something was taken back.
func (w *rowUndo) did(step string) {
	if !slices.Contains(w.done, step) {
		w.done = append(w.done, step)
	}
}

// unlessMissing notes that something could not be given back; another error is one.
func (w *rowUndo) unlessMissing(err error, what string) error {
	var failed *send.Failure
	if !errors.As(err, &failed) {
		return err
	}
	w.lacks(fmt.Sprintf("%s (%s)", what, failed.Message))
	return nil
}

// lacks notes, once, what a user that was made again does not have.
func (w *rowUndo) lacks(what string) {
	if !slices.Contains(w.missing, what) {
		w.missing = append(w.missing, what)
	}
}

// attempt makes one addition, unless it is there already, and notes it as missing
// when it can't be made. The error is a *Stop.
func (w *rowUndo) attempt(ctx context.Context, what string, c send.Change) error {
	_, err := w.attemptFor(ctx, what, c)
	return err
}

// attemptFor is attempt, and gives the id of what it added in this start.
func (w *rowUndo) attemptFor(ctx context.Context, what string, c send.Change) (objectID string, err error) {
	if w.own.Has(c.Intent(w.Row, w.Alias)) {
		return "", nil
	}
	objectID, err = w.make(ctx, c)
	var failed *send.Failure
	if errors.As(err, &failed) && failed.Code == codes.Exists { // a template may have given it
		return "", nil
	}
	return objectID, w.unlessMissing(err, what)
}

func (w *rowUndo) notChecked(what string) { w.notes = append(w.notes, "not checked: "+what) }

// noteOnce adds a note that is not there yet.
func (w *rowUndo) noteOnce(note string) {
	if !slices.Contains(w.notes, note) {
		w.notes = append(w.notes, note)
	}
}

// restored notes what the row has become, unless its user was made again.
func (w *rowUndo) restored() {
	if w.status != record.Recreated {
		w.status = record.Restored
	}
}

// passed notes that there was nothing to do for a change of a user whom the run both made
// and deleted: see [record.Undo.Passes].
func (w *rowUndo) passed() {
	if w.status == "" {
		w.status = record.Restored
	}
	if !w.passing {
		w.passing, w.notes = true, append(w.notes, record.NotePassing)
	}
}
