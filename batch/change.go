package batch

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"time"

	"cucbulk/cupi"
)

// change is one request that changes something on the server.
type change struct {
	step    string
	request cupi.Request
	before  cupi.Object              // the pre-image of what it overwrites or removes
	also    map[string][]cupi.Object // of a DELETE: what goes with it, see [Intent]
	more    bool                     // the step has changes after this one
	// look finds out whether the change was made, when its answer was lost; nil: as
	// the step's kind says.
	look func(ctx context.Context) (settlement, error)
	// absentSince is when what a POST makes was proven not to be there, or a
	// credential was proven not to be changed yet.
	absentSince time.Time
}

// change sends a change: intent, request, answer, again until it is settled. The
// intent is on the disk before there is a slot to wait for, so that no slot waits for
// a disk. The error is a *failure, or a *Stop.
func (e *errand) change(ctx context.Context, c change) (objectID string, err error) {
	intent := e.intent(c)
	if c.look == nil {
		c.look = e.lookFor(intent)
	}
	doubted := e.doubted != nil && e.doubted.same(intent) // an earlier attempt may have been carried out
	tries := 0
	err = e.patience.retry(ctx, e.patience.changes, func(number int) next {
		if err := e.gate.Open(ctx); err != nil { // a run that waits for an hour leaves no intents behind
			return next{err: asStop(err)}
		}
		tries++
		intent.Number, intent.Attempt = int(e.numbered.Add(1)), tries
		if err := e.ready(ctx, intent); err != nil {
			e.note(intent, Answer{Message: unsent})
			return next{err: err}
		}
		e.tried(tries, number)
		answer, problem := e.do(ctx, c.request)
		if problem == nil {
			problem = unsure(c.request, answer)
		}
		if problem == nil {
			objectID = answer.ObjectID
			e.placed.Store(true)
			e.note(intent, Answer{Made: true, Status: answer.Status, ObjectID: objectID, Date: answer.Date, Seconds: e.seconds})
			return next{}
		}
		return e.afterProblem(ctx, c, intent, problem, &doubted, &objectID)
	})
	return objectID, err
}

// ready waits until a change may be sent: its intent is on the disk, and there is a slot.
// The error is a *Stop.
func (e *errand) ready(ctx context.Context, intent Intent) error {
	e.waiting.Add(1)
	err := e.journal.AppendAhead(recordIntent, intent, e.stocked)
	e.waiting.Add(-1)
	if err != nil {
		return &Stop{Exit: ExitFailed, Code: "journal", Reason: "the journal can't be written", Err: err}
	}
	e.journaled.intended(intent, 0)
	return e.pass(ctx)
}

// unsure makes a problem of a success that is not CUPI's: 201 to what adds, 204 to what
// changes or removes. Another 2xx may come from something that stands in between, so
// only a look tells whether the change was made.
func unsure(request cupi.Request, answer cupi.Answer) *cupi.Error {
	if answer.Status == http.StatusNoContent || request.Method == http.MethodPost && answer.Status == http.StatusCreated {
		return nil
	}
	return &cupi.Error{Method: request.Method, Path: request.Path, Kind: cupi.KindAnswer, Sent: cupi.Answered, Status: answer.Status,
		Message: "a success that CUPI does not document"}
}

// afterProblem decides what a change that did not succeed needs.
func (e *errand) afterProblem(ctx context.Context, c change, sent Intent, problem *cupi.Error, doubted *bool, objectID *string) next {
	decided := e.table.decide(c.request.Method, problem)
	answer := Answer{Status: problem.Status, Code: problem.Code, Message: problem.Message, Seconds: e.seconds}
	switch decided {
	case settle, lookFirst:
		answer.Open = true
		e.note(sent, answer)
		return e.settle(ctx, c, sent, problem, doubted, objectID)
	case again, busy: // a proxy may say "busy" of what the server behind it did
		answer.Open = problem.Sent != cupi.NotSent
		*doubted = *doubted || answer.Open
	case absent:
		if c.request.Method == "DELETE" { // gone is what was wanted
			answer.Made = *doubted
			e.note(sent, answer)
			if *doubted {
				return next{}
			}
			return next{err: &failure{Unchanged, "already-absent", "it was already gone"}}
		}
	}
	e.note(sent, answer)
	switch decided {
	case again, busy:
		return e.sendAgain(decided, sent.Attempt, problem)
	case forbidden:
		return next{err: e.noPermission(problem)}
	case misplaced:
		return next{err: e.noPlace(c, problem)}
	case stop:
		return next{err: fatal(problem)}
	case absent:
		return next{err: &failure{Failed, "target-gone", "the user was deleted meanwhile: " + problem.Error()}}
	case refused:
		return e.explain(ctx, c, sent, problem, *doubted, objectID)
	}
	return next{err: &failure{Failed, codeOf(problem), problem.Error()}}
}

// codeOf gives the server's own code, in the spelling of ours.
func codeOf(problem *cupi.Error) string {
	if problem.Code != "" {
		return problem.Code
	}
	return "refused"
}

// intent is the record of what is about to be sent, but for its number and that of the attempt.
func (e *errand) intent(c change) Intent {
	intent := Intent{Row: e.row, Step: c.step, Method: c.request.Method, Path: c.request.Path, Query: c.request.Query, Alias: e.alias, Before: shownFields(c.before), Also: c.also, AbsentSince: c.absentSince, More: c.more}
	if kindOf(c.step).shape != wholeUser && !strings.Contains(intent.Path, e.objectID) {
		intent.User = e.objectID
	}
	for name := range c.request.Fields {
		if secret(name) {
			intent.Secret = append(intent.Secret, name)
		}
	}
	if intent.Fields = c.request.Fields; len(intent.Secret) > 0 {
		intent.Fields = maps.Clone(intent.Fields)
		maps.DeleteFunc(intent.Fields, func(name, _ string) bool { return secret(name) })
	}
	return intent
}

// note records what became of an intent. A journal that failed shows at the next
// intent, before anything more is sent, and when it is closed.
func (e *errand) note(sent Intent, answer Answer) {
	answer.Number, answer.Row, answer.Step, answer.Attempt = sent.Number, sent.Row, sent.Step, sent.Attempt
	e.journaled.answered(answer, 0)
	_ = e.journal.Post(recordAnswer, answer)
}
