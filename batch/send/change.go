package send

import (
	"context"
	"net/http"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Change sends a change: intent, request, answer, again until it is settled. The
// intent is on the disk before there is a slot to wait for, so that no slot waits for
// a disk. The error is a *failure, or a *Stop.
func (e *Changer) Change(ctx context.Context, c Change) (objectID string, err error) {
	if c.Request.Method == http.MethodPost && !c.AbsentSince.IsZero() {
		c.AbsentSince = e.absentUntil(c.AbsentSince)
	}
	s := &sending{Change: c, intent: c.Intent(e.Row, e.Alias), proof: Proof{among: c.Among}}
	if s.doubted = e.Doubted != nil && e.Doubted.Intent.Same(s.intent); s.doubted {
		s.proof.Reach = e.Doubted.Life.Reach(e.Doubt)
	}
	tries := 0
	err = e.patience.Retry(ctx, e.patience.changes, func(number int) Next {
		if err := e.Gate.Open(ctx); err != nil { // a run that waits for an hour leaves no intents behind
			return Next{Err: record.AsStop(err)}
		}
		tries++
		s.intent.Number, s.intent.Attempt = int(e.Numbered.Add(1)), tries
		if err := e.ready(ctx, s.intent); err != nil {
			e.Note(s.intent, record.Answer{Unsent: true, Message: record.Unsent})
			return Next{Err: err}
		}
		e.tried(tries, number)
		if tries == 1 {
			e.SentAt = time.Now()
		}
		before := s.proof
		answer, problem := e.do(ctx, c.Request)
		s.proof.Reach = e.OfAttempt()
		if problem == nil {
			problem = e.unsure(c, answer)
		}
		if problem == nil {
			s.objectID = answer.ObjectID
			e.placed.Store(true)
			e.Note(s.intent, record.Answer{Made: true, Status: answer.Status, ObjectID: s.objectID, Date: answer.Date, Seconds: e.seconds})
			return Next{}
		}
		return e.afterProblem(ctx, s, before, problem)
	})
	return s.objectID, err
}

// absentUntil is the server's time before which what a POST makes can't have been made by it: now;
// zero where the server's clock was set back since the look that found it absent.
func (e *Changer) absentUntil(look time.Time) time.Time {
	switch clock := e.ServerClock(); {
	case clock.After(look):
		return clock
	case !clock.IsZero() && e.setBack(look):
		return time.Time{}
	}
	return look
}

// unsure makes a problem of a success that is not CUPI's: 201 to what adds, with the id of
// what was not there before, and 204 to what changes or removes, or a 200 that says nothing,
// as older pages and public clients have it. Another may come from something that stands in
// between, so only a look tells whether the change was made.
func (e *Changer) unsure(c Change, answer cupi.Answer) *cupi.Error {
	message := ""
	switch {
	case !documented(c.Request.Method, answer):
		message = "a success that CUPI does not document"
	case c.Request.Method == http.MethodPost && (model.Holds(c.Among, answer.ObjectID) || !e.IDs.Claim(answer.ObjectID, e.Row)):
		message = "the answer names " + answer.ObjectID + ", which was there before"
	default:
		return nil
	}
	return &cupi.Error{Method: c.Request.Method, Path: c.Request.Path, Kind: cupi.KindAnswer, Sent: cupi.Answered,
		Status: answer.Status, Message: message}
}

// documented reports whether CUPI answers the success of a change so.
func documented(method string, answer cupi.Answer) bool {
	switch answer.Status {
	case http.StatusNoContent:
		return true
	case http.StatusCreated:
		return method == http.MethodPost
	case http.StatusOK:
		return answer.Empty
	}
	return false
}

// afterProblem decides what a change that did not succeed needs. before is what proved an
// earlier attempt that may have been carried out.
func (e *Changer) afterProblem(ctx context.Context, s *sending, before Proof, problem *cupi.Error) Next {
	decided := e.table.Decide(s.Request.Method, problem)
	if problem.Repeated && !s.doubted { // the one that may have been carried out is of this attempt
		s.doubted, before = true, s.proof
	}
	answer := record.Answer{Status: problem.Status, Code: problem.Code, Message: problem.Message, Seconds: e.seconds}
	gone := decided == Absent && s.Request.Method == http.MethodDelete && (problem.Code != "" || s.doubted)
	switch decided {
	case Reconcile, LookFirst:
		answer.Open = true
		e.Note(s.intent, answer)
		return e.reconcile(ctx, s, problem)
	case Again, Busy: // a proxy may say "busy" of what the server behind it did
		answer.Open = problem.Sent != cupi.NotSent
		s.doubted = s.doubted || answer.Open
		e.Note(s.intent, answer)
		return e.sendAgain(decided, s.intent.Attempt, problem)
	case Refused, forbidden, Misplaced, Absent, Fail, Stop: // a proxy may say "no" of it, too
		answer.Open = problem.Sent == cupi.Answered && !gone
	}
	if answer.Made = gone && s.doubted; answer.Made && e.late(before) { // gone is what was wanted
		answer.Code, answer.Message = string(codes.GoneUnproven), NoteGone
	}
	e.Note(s.intent, answer)
	switch {
	case answer.Made:
		return Next{}
	case gone:
		return Next{Err: &Failure{record.Unchanged, codes.AlreadyAbsent, "it was already gone"}}
	case decided == Stop: // nothing more is sent, so a resume or a rollback looks what became of it
		return Next{Err: fatal(problem)}
	case answer.Open:
		return e.explain(ctx, s, problem)
	}
	return Next{Err: &Failure{record.Failed, codeOf(problem), problem.Error()}}
}

// takePlace waits until the row may send its first change. The error is a *Stop.
func (e *Changer) takePlace(ctx context.Context) error {
	s := e.Place
	if s == nil || !s.Several || s.Held {
		return nil
	}
	if !e.Begun {
		ctx = e.Starting
	}
	if err := s.Gate.Begin(ctx); err != nil {
		return record.AsStop(err)
	}
	s.Held = true
	return nil
}

// ready waits until a change may be sent: its intent is on the disk, one more row may be
// half made, if this one will be, and there is a slot.
// The error is a *Stop.
func (e *Changer) ready(ctx context.Context, intent record.Intent) error {
	if err := e.Journal.Append(record.RecordIntent, intent); err != nil {
		return &record.Stop{Exit: record.ExitFailed, Code: codes.Journal, Reason: "the journal can't be written", Err: err}
	}
	e.Journaled.Intended(intent, 0)
	if err := e.takePlace(ctx); err != nil {
		return err
	}
	return e.pass(ctx)
}
