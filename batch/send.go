package batch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"

	"cucbulk/batch/gate"
	"cucbulk/cupi"
)

// errand is one row's (or the pre-flight's) way to the server. It counts what it
// costs.
type errand struct {
	*engine
	row      int
	alias    string
	starting context.Context // ends when no row may begin any more; nil: this is no row of a run
	began    time.Time       // when its first request could be sent
	taken    gate.Slot       // for the next request
	requests int
	attempts int           // the most that one request needed
	seconds  float64       // that the last request took
	trying   time.Duration // what its requests took, busy servers aside, and how long it doubted
	doubted  *Intent       // what an earlier start sent, and the answer was lost
	clock    time.Time     // the server's, as the last answer told it
	optional bool          // what it asks for is good to know: a server that does not tell ends nothing
}

// pass waits at the gate for the next request, which do must send. The error is a
// *Stop.
func (e *errand) pass(ctx context.Context) (err error) {
	if e.row > 0 {
		e.waiting.Add(1)
		defer e.waiting.Add(-1)
	}
	fresh := e.starting != nil && e.requests == 0
	if fresh {
		ctx = e.starting
	}
	if e.taken, err = e.gate.Pass(ctx, fresh); err != nil {
		return asStop(err)
	}
	if e.began.IsZero() {
		e.began = time.Now()
	}
	return nil
}

// glance asks once for what is good to know and no more. The error is one of the gate:
// whatever else goes wrong is a problem, and the server did not tell.
func (e *errand) glance(ctx context.Context, request cupi.Request) (answer cupi.Answer, problem *cupi.Error, err error) {
	if err := e.pass(ctx); err != nil {
		return answer, nil, err
	}
	answer, problem = e.do(ctx, request)
	return answer, problem, nil
}

// atWork is how long the errand has taken since its first request could be sent, in
// seconds.
func (e *errand) atWork() float64 {
	if e.began.IsZero() {
		return 0
	}
	return time.Since(e.began).Seconds()
}

// do sends a request once. Ending ctx ends waiting, never a request in flight.
func (e *errand) do(ctx context.Context, request cupi.Request) (cupi.Answer, *cupi.Error) {
	e.requests++
	began := time.Now()
	answer, err := e.client.Do(context.WithoutCancel(ctx), request)
	e.sent.Add(1)
	took := time.Since(began)
	e.took.Add(int64(took))
	e.seconds = took.Seconds()
	e.trying += took
	e.gate.Answered(e.taken, request, took, err)
	if err == nil {
		e.permitted(request.Method)
		if !answer.Date.IsZero() {
			e.clock = answer.Date
		}
		return answer, nil
	}
	var problem *cupi.Error
	if !errors.As(err, &problem) {
		problem = &cupi.Error{Method: request.Method, Path: request.Path, Kind: cupi.KindRequest, Sent: cupi.NotSent, Err: err}
	}
	if problem.Status == 503 {
		e.busy.Add(1)
		e.trying -= took
	}
	if problem.Kind == cupi.KindStatus && problem.Status != 403 {
		e.permitted(request.Method)
	}
	return answer, problem
}

// read sends a GET until it is answered. An object that is not there is
// reported by found, not as an error.
func (e *errand) read(ctx context.Context, request cupi.Request) (answer cupi.Answer, found bool, err error) {
	found = true
	tries := 0
	err = e.patience.retry(ctx, e.patience.reads, func(number int) next {
		if err := e.pass(ctx); err != nil {
			return next{err: err}
		}
		tries++
		e.tried(tries, number)
		var problem *cupi.Error
		answer, problem = e.do(ctx, request)
		if problem == nil {
			return next{}
		}
		switch decided := e.table.decide(request.Method, problem); decided {
		case absent:
			found = false
			return next{}
		case again, busy:
			return e.sendAgain(decided, tries, problem)
		case forbidden:
			return next{err: e.noPermission(problem)}
		case stop:
			if !e.optional || problem.Status == 0 || problem.Kind == cupi.KindSignIn {
				return next{err: fatal(problem)}
			}
		}
		return next{err: &failure{Failed, "refused", problem.Error()}}
	})
	return answer, found, err
}

// tried counts a try of a request.
func (e *errand) tried(tries, number int) {
	if tries > 1 {
		e.retries.Add(1)
	}
	e.attempts = max(e.attempts, number)
}

// fatal makes the error that stops a run from what no other row can escape.
func fatal(problem *cupi.Error) error {
	return &Stop{Exit: ExitFailed, Code: eventOf(problem), Reason: "the run can't go on", Err: problem}
}

// change is one request that changes something on the server.
type change struct {
	step    string
	request cupi.Request
	before  cupi.Object              // the pre-image of what it overwrites or removes
	also    map[string][]cupi.Object // of a DELETE: what goes with it, see [Intent]
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
		intent.Attempt = tries
		if err := e.ready(ctx, intent); err != nil {
			e.note(c, tries, Answer{Message: "not sent: the run ended before its turn"})
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
			e.note(c, tries, Answer{Made: true, Status: answer.Status, ObjectID: objectID, Date: answer.Date, Seconds: e.seconds})
			return next{}
		}
		return e.afterProblem(ctx, c, tries, problem, &doubted, &objectID)
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
func (e *errand) afterProblem(ctx context.Context, c change, tries int, problem *cupi.Error, doubted *bool, objectID *string) next {
	decided := e.table.decide(c.request.Method, problem)
	answer := Answer{Status: problem.Status, Code: problem.Code, Message: problem.Message, Seconds: e.seconds}
	switch decided {
	case settle, lookFirst:
		answer.Open = true
		e.note(c, tries, answer)
		return e.settle(ctx, c, tries, problem, doubted, objectID)
	case again, busy: // a proxy may say "busy" of what the server behind it did
		answer.Open = problem.Sent != cupi.NotSent
		*doubted = *doubted || answer.Open
	case absent:
		if c.request.Method == "DELETE" { // gone is what was wanted
			answer.Made = *doubted
			e.note(c, tries, answer)
			if *doubted {
				return next{}
			}
			return next{err: &failure{Unchanged, "already-absent", "it was already gone"}}
		}
	}
	e.note(c, tries, answer)
	switch decided {
	case again, busy:
		return e.sendAgain(decided, tries, problem)
	case forbidden:
		return next{err: e.noPermission(problem)}
	case misplaced:
		return next{err: e.noPlace(c, problem)}
	case stop:
		return next{err: fatal(problem)}
	case absent:
		return next{err: &failure{Failed, "target-gone", "the user was deleted meanwhile: " + problem.Error()}}
	case refused:
		return e.explain(ctx, c, tries, problem, *doubted, objectID)
	}
	return next{err: &failure{Failed, codeOf(problem), problem.Error()}}
}

// sendAgain asks for another attempt, if the run may still retry. Its error is
// what the row ends with when that was the last one.
func (e *errand) sendAgain(decided decision, tries int, problem *cupi.Error) next {
	if decided == again && problem.Sent == cupi.NotSent && e.journal != nil {
		decided = busy // nobody heard it: the breaker says when the server is back
	}
	if decided == busy {
		return next{decision: busy, after: problem.RetryAfter, err: problem}
	}
	if e.row > 0 && e.trying >= e.patience.row {
		return next{err: &failure{Failed, "row-deadline", fmt.Sprintf("not tried again, because the row has taken %s of trying: %v", e.trying.Round(time.Second), problem)}}
	}
	if !e.mayRetry() {
		return next{err: &failure{Failed, "retry-budget", fmt.Sprintf("not tried again, because a fifth of the run's requests were already: %v", problem)}}
	}
	return next{decision: again, after: problem.RetryAfter, attempts: e.table.rule(problem).attempts[problem.Method],
		err: &failure{Failed, "gave-up", fmt.Sprintf("gave up after %d attempts: %v", tries, problem)}}
}

// codeOf gives the server's own code, in the spelling of ours.
func codeOf(problem *cupi.Error) string {
	if problem.Code != "" {
		return problem.Code
	}
	return "refused"
}

// intent is the record of what is about to be sent, but for the number of the attempt.
func (e *errand) intent(c change) Intent {
	intent := Intent{Row: e.row, Step: c.step, Method: c.request.Method, Path: c.request.Path, Query: c.request.Query, Alias: e.alias, Before: shownFields(c.before), Also: c.also, AbsentSince: c.absentSince}
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

// note records what became of an attempt. A journal that failed shows at the next
// intent, before anything more is sent, and when it is closed.
func (e *errand) note(c change, tries int, answer Answer) {
	answer.Row, answer.Step, answer.Attempt = e.row, c.step, tries
	_ = e.journal.Post(recordAnswer, answer)
}
