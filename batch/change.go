package batch

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

// change is one request that changes something on the server.
type change struct {
	step    string
	user    string // ObjectId of the row's user, of a part
	request cupi.Request
	before  cupi.Object              // the pre-image of what it overwrites or removes
	gone    cupi.Object              // of a DELETE of a part: all that the server shows of it
	also    map[string][]cupi.Object // of a DELETE: what goes with it, see [Intent]
	more    bool                     // the step has changes after this one
	among   []cupi.Object            // of a POST: the members that the collection had before, as far as it was read
	read    bool                     // of a POST: that collection was read
	fresh   bool                     // the run made the user, who goes with all there is of him
	// absentSince is when what a POST makes was proven not to be there, or a
	// credential was proven not to be changed yet.
	absentSince time.Time
	// still is asked when a look has shown that it was not made, with what is there now: an
	// error is why it is not sent again. nil: it is, whatever is there.
	still func(context.Context, cupi.Object) error
}

// shown gives the fields as the object shows them: see [Intent].
func (c change) shown() cupi.Object {
	return record.Intent{Step: c.step, Method: c.request.Method, Path: c.request.Path, Fields: c.request.Fields}.Shown()
}

// sending is a change while it is sent, again and again until it is settled.
type sending struct {
	change
	intent   record.Intent // of the attempt under way
	proof    proof         // what of a look proves that the change was made
	doubted  bool          // an earlier attempt may have been carried out
	objectID string        // of what a POST made
}

// change sends a change: intent, request, answer, again until it is settled. The
// intent is on the disk before there is a slot to wait for, so that no slot waits for
// a disk. The error is a *failure, or a *Stop.
func (e *errand) change(ctx context.Context, c change) (objectID string, err error) {
	if clock := e.serverClock(); c.request.Method == http.MethodPost && !c.absentSince.IsZero() && clock.After(c.absentSince) {
		c.absentSince = clock
	}
	s := &sending{change: c, intent: e.intent(c), proof: proof{among: c.among}}
	if s.doubted = e.doubted != nil && e.doubted.Intent.Same(s.intent); s.doubted {
		s.proof.reach = e.doubted.Life.Reach(e.doubt)
	}
	tries := 0
	err = e.patience.retry(ctx, e.patience.changes, func(number int) next {
		if err := e.gate.Open(ctx); err != nil { // a run that waits for an hour leaves no intents behind
			return next{err: record.AsStop(err)}
		}
		tries++
		s.intent.Number, s.intent.Attempt = int(e.numbered.Add(1)), tries
		if err := e.ready(ctx, s.intent); err != nil {
			e.note(s.intent, record.Answer{Unsent: true, Message: record.Unsent})
			return next{err: err}
		}
		e.tried(tries, number)
		before := s.proof
		answer, problem := e.do(ctx, c.request)
		s.proof.reach = e.ofAttempt()
		if problem == nil {
			problem = e.unsure(c, answer)
		}
		if problem == nil {
			s.objectID = answer.ObjectID
			e.placed.Store(true)
			e.note(s.intent, record.Answer{Made: true, Status: answer.Status, ObjectID: s.objectID, Date: answer.Date, Seconds: e.seconds})
			return next{}
		}
		return e.afterProblem(ctx, s, before, problem)
	})
	return s.objectID, err
}

// ready waits until a change may be sent: its intent is on the disk, one more row may be
// half made, if this one will be, and there is a slot.
// The error is a *Stop.
func (e *errand) ready(ctx context.Context, intent record.Intent) error {
	if err := e.journal.Append(record.RecordIntent, intent); err != nil {
		return &record.Stop{Exit: record.ExitFailed, Code: codes.Journal, Reason: "the journal can't be written", Err: err}
	}
	e.journaled.Intended(intent, 0)
	if err := e.takePlace(ctx); err != nil {
		return err
	}
	return e.pass(ctx)
}

// unsure makes a problem of a success that is not CUPI's: 201 to what adds, with the id of
// what was not there before, and 204 to what changes or removes. Another may come from
// something that stands in between, so only a look tells whether the change was made.
func (e *errand) unsure(c change, answer cupi.Answer) *cupi.Error {
	message := ""
	switch {
	case answer.Status != http.StatusNoContent && !(c.request.Method == http.MethodPost && answer.Status == http.StatusCreated):
		message = "a success that CUPI does not document"
	case c.request.Method == http.MethodPost && (model.Holds(c.among, answer.ObjectID) || !e.ids.Claim(answer.ObjectID, e.row)):
		message = "the answer names " + answer.ObjectID + ", which was there before"
	default:
		return nil
	}
	return &cupi.Error{Method: c.request.Method, Path: c.request.Path, Kind: cupi.KindAnswer, Sent: cupi.Answered, Status: answer.Status, Message: message}
}

// afterProblem decides what a change that did not succeed needs. before is what proved an
// earlier attempt that may have been carried out.
func (e *errand) afterProblem(ctx context.Context, s *sending, before proof, problem *cupi.Error) next {
	decided := e.table.decide(s.request.Method, problem)
	if problem.Repeated && !s.doubted { // the one that may have been carried out is of this attempt
		s.doubted, before = true, s.proof
	}
	answer := record.Answer{Status: problem.Status, Code: problem.Code, Message: problem.Message, Seconds: e.seconds}
	gone := decided == absent && s.request.Method == http.MethodDelete && (problem.Code != "" || s.doubted)
	switch decided {
	case settle, lookFirst:
		answer.Open = true
		e.note(s.intent, answer)
		return e.settle(ctx, s, problem)
	case again, busy: // a proxy may say "busy" of what the server behind it did
		answer.Open = problem.Sent != cupi.NotSent
		s.doubted = s.doubted || answer.Open
		e.note(s.intent, answer)
		return e.sendAgain(decided, s.intent.Attempt, problem)
	case refused, forbidden, misplaced, absent, fail, stop: // a proxy may say "no" of it, too
		answer.Open = problem.Sent == cupi.Answered && !gone
	}
	if answer.Made = gone && s.doubted; answer.Made && e.late(before) { // gone is what was wanted
		answer.Code, answer.Message = string(codes.GoneUnproven), noteGone
	}
	e.note(s.intent, answer)
	switch {
	case answer.Made:
		return next{}
	case gone:
		return next{err: &failure{record.Unchanged, codes.AlreadyAbsent, "it was already gone"}}
	case decided == stop: // nothing more is sent, so a resume or a rollback looks what became of it
		return next{err: fatal(problem)}
	case answer.Open:
		return e.explain(ctx, s, problem)
	}
	return next{err: &failure{record.Failed, codeOf(problem), problem.Error()}}
}

// no is what a change ends with that the server refused, and did not make.
func (e *errand) no(c change, problem *cupi.Error) error {
	switch e.table.decide(c.request.Method, problem) {
	case forbidden:
		return e.noPermission(problem)
	case misplaced:
		return e.noPlace(c, problem)
	}
	return &failure{record.Failed, codeOf(problem), problem.Error()} // a look has not shown that it is gone
}

// codeOf gives the server's own code as it was sent, or ours where it sends none.
func codeOf(problem *cupi.Error) codes.Code {
	if problem.Code != "" {
		return codes.Code(problem.Code)
	}
	return codes.Refused
}

// intent is the record of what is about to be sent, but for its number and that of the attempt.
func (e *errand) intent(c change) record.Intent {
	intent := record.Intent{Row: e.row, Step: c.step, Method: c.request.Method, Path: c.request.Path, Query: c.request.Query, Alias: e.alias, Before: model.ShownFields(c.before), Also: c.also, AbsentSince: c.absentSince, More: c.more}
	if model.KindOf(c.step).Shape != model.WholeUser && !strings.Contains(intent.Path, c.user) {
		intent.User = c.user
	}
	for name := range c.request.Fields {
		if model.Secret(name) {
			intent.Secret = append(intent.Secret, name)
		}
	}
	if intent.Fields = c.request.Fields; len(intent.Secret) > 0 {
		intent.Fields = maps.Clone(intent.Fields)
		maps.DeleteFunc(intent.Fields, func(name, _ string) bool { return model.Secret(name) })
	}
	return intent
}

// note records what became of an intent. A journal that failed shows at the next
// intent, before anything more is sent, and when it is closed.
func (e *errand) note(sent record.Intent, answer record.Answer) {
	answer.Number, answer.Row, answer.Step, answer.Attempt = sent.Number, sent.Row, sent.Step, sent.Attempt
	e.journaled.Answered(answer, 0)
	_ = e.journal.Post(record.RecordAnswer, answer)
}
