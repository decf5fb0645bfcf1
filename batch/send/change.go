package send

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Change is one request that changes something on the server.
type Change struct {
	Step       string
	User       string // ObjectId of the row's user, of a part
	Request    cupi.Request
	Before     cupi.Object              // the pre-image of what it overwrites or removes
	Gone       cupi.Object              // of a DELETE of a part: all that the server shows of it
	Dependents map[string][]cupi.Object // of a DELETE: what goes with it, see [Intent]
	More       bool                     // the step has changes after this one
	Place      string                   // of what is somebody else's: what it is, for people
	Among      []cupi.Object            // of a POST: the members that the collection had before, as far as it was read
	Read       bool                     // of a POST: that collection was read
	Fresh      bool                     // the run made the user, who goes with all there is of him
	// absentSince is when what a POST makes was proven not to be there, or a
	// credential was proven not to be changed yet.
	AbsentSince time.Time
	// still is asked when a look has shown that it was not made, with what is there now: an
	// error is why it is not sent again. nil: it is, whatever is there.
	Still func(context.Context, cupi.Object) error
}

// Shown gives the fields as the object shows them: see [Intent].
func (c Change) Shown() cupi.Object {
	return record.Intent{Step: c.Step, Method: c.Request.Method, Path: c.Request.Path, Fields: c.Request.Fields}.Shown()
}

// sending is a change while it is sent, again and again until it is settled.
type sending struct {
	Change
	intent   record.Intent // of the attempt under way
	proof    Proof         // what of a look proves that the change was made
	doubted  bool          // an earlier attempt may have been carried out
	objectID string        // of what a POST made
}

// Change sends a change: intent, request, answer, again until it is settled. The
// intent is on the disk before there is a slot to wait for, so that no slot waits for
// a disk. The error is a *failure, or a *Stop.
func (e *Requester) Change(ctx context.Context, c Change) (objectID string, err error) {
	if c.Request.Method == http.MethodPost && !c.AbsentSince.IsZero() {
		c.AbsentSince = e.absentUntil(c.AbsentSince)
	}
	s := &sending{Change: c, intent: e.Intent(c), proof: Proof{among: c.Among}}
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
func (e *Requester) absentUntil(look time.Time) time.Time {
	switch clock := e.ServerClock(); {
	case clock.After(look):
		return clock
	case !clock.IsZero() && e.setBack(look):
		return time.Time{}
	}
	return look
}

// ready waits until a change may be sent: its intent is on the disk, one more row may be
// half made, if this one will be, and there is a slot.
// The error is a *Stop.
func (e *Requester) ready(ctx context.Context, intent record.Intent) error {
	if err := e.Journal.Append(record.RecordIntent, intent); err != nil {
		return &record.Stop{Exit: record.ExitFailed, Code: codes.Journal, Reason: "the journal can't be written", Err: err}
	}
	e.Journaled.Intended(intent, 0)
	if err := e.takePlace(ctx); err != nil {
		return err
	}
	return e.pass(ctx)
}

// unsure makes a problem of a success that is not CUPI's: 201 to what adds, with the id of
// what was not there before, and 204 to what changes or removes. Another may come from
// something that stands in between, so only a look tells whether the change was made.
func (e *Requester) unsure(c Change, answer cupi.Answer) *cupi.Error {
	message := ""
	switch {
	case answer.Status != http.StatusNoContent && !(c.Request.Method == http.MethodPost && answer.Status == http.StatusCreated):
		message = "a success that CUPI does not document"
	case c.Request.Method == http.MethodPost && (model.Holds(c.Among, answer.ObjectID) || !e.IDs.Claim(answer.ObjectID, e.Row)):
		message = "the answer names " + answer.ObjectID + ", which was there before"
	default:
		return nil
	}
	return &cupi.Error{Method: c.Request.Method, Path: c.Request.Path, Kind: cupi.KindAnswer, Sent: cupi.Answered,
		Status: answer.Status, Message: message}
}

// afterProblem decides what a change that did not succeed needs. before is what proved an
// earlier attempt that may have been carried out.
func (e *Requester) afterProblem(ctx context.Context, s *sending, before Proof, problem *cupi.Error) Next {
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

// refusalOf is what a change ends with that the server refused, and did not make.
func (e *Requester) refusalOf(c Change, problem *cupi.Error) error {
	switch e.table.Decide(c.Request.Method, problem) {
	case forbidden:
		return e.noPermission(problem)
	case Misplaced:
		return e.noPlace(c, problem)
	}
	return &Failure{record.Failed, codeOf(problem), problem.Error()} // a look has not shown that it is gone
}

// codeOf gives the server's own code as it was sent, or ours where it sends none.
func codeOf(problem *cupi.Error) codes.Code {
	if problem.Code != "" {
		return codes.Code(problem.Code)
	}
	return codes.Refused
}

// Intent is the record of what is about to be sent, but for its number and that of the attempt.
func (e *Requester) Intent(c Change) record.Intent {
	intent := record.Intent{Row: e.Row, Step: c.Step, Method: c.Request.Method, Path: c.Request.Path,
		Query: c.Request.Query, Alias: e.Alias, Before: model.ShownFields(c.Before), Also: c.Dependents,
		AbsentSince: c.AbsentSince, More: c.More}
	if model.KindOf(c.Step).Shape != model.WholeUser && !strings.Contains(intent.Path, c.User) {
		intent.User = c.User
	}
	for name := range c.Request.Fields {
		if model.Secret(name) {
			intent.Secret = append(intent.Secret, name)
		}
	}
	if intent.Fields = c.Request.Fields; len(intent.Secret) > 0 {
		intent.Fields = maps.Clone(intent.Fields)
		maps.DeleteFunc(intent.Fields, func(name, _ string) bool { return model.Secret(name) })
	}
	return intent
}

// Note records what became of an intent. A journal that failed shows at the next
// intent, before anything more is sent, and when it is closed.
func (e *Requester) Note(sent record.Intent, answer record.Answer) {
	answer.Number, answer.Row, answer.Step, answer.Attempt = sent.Number, sent.Row, sent.Step, sent.Attempt
	e.Journaled.Answered(answer, 0)
	_ = e.Journal.Post(record.RecordAnswer, answer)
}

// noPlace decides about a 404 to a POST: three before any user was made speak of
// the template or of the address, and not of the row.
func (e *Session) noPlace(c Change, problem *cupi.Error) error {
	if model.Creates(c.Step, c.Request.Method) && e.misplaced.Add(1) >= 3 && !e.placed.Load() {
		return &record.Stop{Exit: record.ExitFailed, Code: codes.NoPlace, Err: problem,
			Reason: "the server makes no users at this address; see that --server names a Unity Connection server and " +
				"that the template is there, then resume"}
	}
	return &Failure{record.Failed, codeOf(problem), problem.Error()}
}
