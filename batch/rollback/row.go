package rollback

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
)

// undo takes back what a row changed, newest first.
func (u *rollbackRun) undo(ctx, starting context.Context, row record.Result, before record.Past, own *record.Past,
	part record.UndoPart, place *send.Place, debts []record.Intent) pool.Outcome {
	w := &rowUndo{Changer: send.Changer{
		Requester: send.Requester{Session: u.Session, Row: row.Row, Starting: starting, Place: place, Begun: place.Held ||
			own.Journaled.Begun()},
		Alias: row.Alias, Journaled: own.Journaled}, all: u, row: row, before: before, own: *own, part: part, debts: debts}
	for _, c := range own.Made {
		if part.Covers(c.Step) {
			w.did(c.Step)
		}
	}
	err := w.undoRow(ctx)
	var failed *send.Failure
	if err == nil || errors.As(err, &failed) {
		if stopped := w.settleDebts(ctx); stopped != nil {
			err = stopped
		}
		w.tellMissing()
	}
	result := record.Result{Row: row.Row, Line: row.Line, Operation: row.Operation, Alias: row.Alias,
		DtmfAccessID: row.DtmfAccessID, ObjectID: w.row.ObjectID,
		Status: w.status, Code: w.code, StepsDone: w.done, Requests: w.Requests, Attempts: w.Attempts,
		Seconds: w.AtWork(), Reversible: record.NotReversible}
	switch {
	case err == nil:
	case errors.Is(err, send.ErrNotBegun):
		*own = w.own
		own.Journaled = w.Journaled
		return pool.Outcome{Result: w.cutOff(result), Open: true, Again: true}
	case errors.As(err, &failed):
		result.Status, result.Code = failed.Status, failed.Code
		w.notes = append(w.notes, failed.Message)
	default:
		return pool.Outcome{Result: w.cutOff(result), Open: true, TookFrom: w.TookFrom, Stop: record.AsStop(err)}
	}
	result.Message = strings.Join(w.notes, "; ")
	return pool.Outcome{Result: result, TookFrom: w.TookFrom}
}

// cutOff is the row as it is when the rollback ends before it does.
func (w *rowUndo) cutOff(result record.Result) record.Result {
	result.Status, result.Code, result.StepsDone = w.Journaled.CutOff(record.KindRollback), "", w.Journaled.Done()
	if w.Journaled.Begun() {
		result.Code = codes.Interrupted
	}
	return result
}

// undoRow undoes each change of the row. What is kept because somebody changed it
// does not keep the rest from going back.
func (w *rowUndo) undoRow(ctx context.Context) error {
	if err := w.reconcileOpen(ctx); err != nil {
		return err
	}
	if err := w.reconcileRun(ctx); err != nil {
		return err
	}
	if w.ownAccount() {
		return &send.Failure{Status: record.Kept, Code: codes.OwnAccount, Message: "this is the account that the rollback signs in " +
			"with: a rollback never changes or deletes it; roll back with another account"}
	}
	before := w.before
	var kept *send.Failure
	for _, c := range slices.Backward(before.Made) {
		if !w.part.Covers(c.Step) {
			continue
		}
		if before.Created() != "" && c.ObjectID != before.Created() {
			continue // deleting the user takes with it what hangs on it
		}
		if ctx.Err() != nil {
			return record.AsStop(ctx.Err())
		}
		if w.all.Passes(w.row.ObjectID, c) && w.own.Created() == "" {
			w.passed()
			continue
		}
		err := (&undoing{rowUndo: w, change: c, kind: model.KindOf(c.Step)}).undoChange(ctx)
		var failed *send.Failure
		if errors.As(err, &failed) && failed.Status == record.Kept {
			if kept == nil {
				kept = failed
			} else {
				w.notes = append(w.notes, failed.Message)
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
	if w.status == record.Restored && len(w.done) == 0 && !w.passing {
		w.notes = append(w.notes, "nothing was left to restore")
	}
	if w.status != record.Kept && w.code == "" && len(w.done) == 0 {
		w.code = codes.NothingToUndo
	}
	return nil
}

// ownAccount reports whether the row is about the account of the rollback, by any name that it had in the run.
func (w *rowUndo) ownAccount() bool {
	return slices.ContainsFunc(w.before.Changes(), func(c record.AppliedChange) bool {
		about := c.Intent.About()
		names := []string{w.row.Alias, c.Intent.Alias}
		if model.KindOf(c.Step).Shape == model.WholeUser {
			names = append(names, about.Name(c.Intent.Shown()), about.Name(c.Intent.Before))
		}
		return slices.ContainsFunc(names, func(name string) bool { return about.IsAccount(w.all.account, name) })
	})
}

// reconcileOpen finds out what became of a change that was in flight when an earlier
// start of the rollback ended, before anything else touches the row.
func (w *rowUndo) reconcileOpen(ctx context.Context) error {
	if w.own.Open == nil || !w.part.Covers(w.own.Open.Step) {
		return nil
	}
	open := *w.own.Open
	proof := send.Proof{Reach: open.Life.Reach(w.Doubt), Anybody: true} // nothing takes back what a rollback did
	done, err := w.ReconcileEarlier(ctx, &open, proof, "rollback")
	if err != nil {
		return err
	}
	w.own.Open = nil
	if !done {
		return w.NotBegun()
	}
	w.own.Made = append(w.own.Made, open)
	w.did(open.Step)
	if open.Method == "POST" {
		w.all.givesBack(open.ObjectID)
	}
	return nil
}

// reconcileRun finds out what became of a change that was in flight when the run ended, as a
// resume would have done.
func (w *rowUndo) reconcileRun(ctx context.Context) error {
	if !w.before.Unsettled() {
		return nil
	}
	if w.row.LeftAlone() || len(w.before.Unproven) > 0 {
		return &send.Failure{Status: record.Uncertain, Code: codes.ExistsUnproven,
			Message: "what became of a request of this row could not be proven, so the row is left alone: look at the server"}
	}
	open := *w.before.Open
	again := func(c record.AppliedChange) bool {
		return open.Method == "DELETE" && c.Method == "POST" && c.Step == open.Step
	}
	proof := send.Proof{Reach: open.Life.Reach(w.Doubt),
		Anybody: w.before.Created() != "" && open.Method == "PUT" || slices.ContainsFunc(w.own.Made, again)}
	found, err := w.LookEarlier(ctx, open.Intent, proof, "the run")
	if err != nil {
		return err
	}
	w.before.Open = nil
	if found.Outcome == send.Made {
		w.before.Made = append(slices.Clone(w.before.Made), found.Made(open))
		w.row.ObjectID = cmp.Or(w.row.ObjectID, found.ObjectID)
		return nil
	}
	w.status = record.Restored
	if open.Creates() {
		w.status = record.Deleted
	}
	w.notes = append(w.notes, fmt.Sprintf("the %s of %s was sent, or about to be, when the run ended, and it is not there",
		open.Method, open.Step))
	return nil
}

// tellMissing says what users who were made again lack.
func (w *rowUndo) tellMissing() {
	if len(w.missing) > 0 {
		w.code = codes.PartlyRecreated
		w.notes = append(w.notes, "missing: "+strings.Join(w.missing, "; "))
	}
}
