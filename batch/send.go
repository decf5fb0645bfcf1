package batch

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"cucbulk/batch/journal"
	"cucbulk/cupi"
)

// engine is what all workers of a run share. Its fields do not change while they
// work, but for the counters.
type engine struct {
	client    *cupi.Client
	journal   *journal.Writer // nil before a run begins: then only reads are sent
	patience  patience
	table     retryTable
	gate      *gate
	doubt     time.Duration // how long an absent answer is doubted before it is believed
	openUntil time.Time     // until then, what an earlier start sent without an answer may yet be carried out
	location  string        // LocationObjectId of this server's users, "" if not known
	preImage  string        // see [Options]

	sent      atomic.Int64 // requests
	took      atomic.Int64 // nanoseconds that they took, added up
	retries   atomic.Int64 // requests sent again
	spent     atomic.Int64 // of the retry budget: what was sent again for another reason than 503
	busy      atomic.Int64
	forbidden atomic.Int64 // 403 answers in a row
	allowed   atomic.Bool  // a request was answered with something else than 403
}

// probePause is how long the breaker waits before it asks whether the server is
// back.
const probePause = 30 * time.Second

func newEngine(server Server, options Options) *engine {
	e := &engine{client: server.Client, patience: defaultPatience(), table: newRetryTable(), doubt: options.DoubtWindow, preImage: options.PreImage}
	e.gate = &gate{schedule: server.Schedule, notice: server.Notice, slots: newSlots(server.Workers, server.Auto, server.Notice),
		breaker: breaker{probe: e.probe, notice: server.Notice, pause: probePause, outage: options.MaxOutage}}
	if rate := server.Schedule.Rate; rate > 0 {
		e.gate.interval = time.Duration(float64(time.Second) / rate)
	}
	return e
}

// footer tells what the engine did.
func (e *engine) footer() Footer {
	throttled, seconds := e.gate.slots.tell()
	return Footer{Requests: e.client.Counts(), SignIns: e.client.SignIns(), Retries: int(e.retries.Load()), Busy: int(e.busy.Load()),
		Throttled: throttled, SecondsAt: seconds}
}

// probe asks the server for one user. Whatever it answers, it is back, unless it
// answers that it is busy.
func (e *engine) probe(ctx context.Context) error {
	_, err := e.client.Do(context.WithoutCancel(ctx), cupi.List(cupi.Users, cupi.Query{}, 1, 1))
	return outageOf(err)
}

// outageOf tells whether a request failed because the server is out: it did not
// answer, or it answered that it is too busy. It returns nil for anything else.
func outageOf(err error) error {
	var problem *cupi.Error
	if !errors.As(err, &problem) {
		return nil
	}
	switch {
	case problem.Status == 502, problem.Status == 503, problem.Status == 504:
		return err
	case problem.Status == 0 && (problem.Kind == cupi.KindNetwork || problem.Kind == cupi.KindTimeout):
		return err
	}
	return nil
}

// mayRetry spends one of the run's retries: a fifth of its requests, and at least
// ten. A server that makes everything be sent twice is not to be hurried.
func (e *engine) mayRetry() bool {
	allowed := max(retryFloor, e.sent.Load()/retryShare)
	return e.spent.Add(1) <= allowed
}

// The run's budget of retries.
const (
	retryFloor = 10
	retryShare = 5 // one in so many requests
)

// errand is one row's (or the pre-flight's) way to the server. It counts what it
// costs.
type errand struct {
	*engine
	row      int
	alias    string
	starting context.Context // ends when no row may begin any more; nil: this is no row of a run
	began    time.Time       // when its first request could be sent
	place    place           // for the next request
	requests int
	attempts int       // the most that one request needed
	seconds  float64   // that the last request took
	doubted  *Intent   // what an earlier start sent, and the answer was lost
	clock    time.Time // the server's, as the last answer told it
	optional bool      // what it asks for is good to know: a server that does not tell ends nothing
}

// pass waits at the gate for the next request, which do must send. The error is a
// *Stop.
func (e *errand) pass(ctx context.Context) (err error) {
	fresh := e.starting != nil && e.requests == 0
	if fresh {
		ctx = e.starting
	}
	if e.place, err = e.gate.pass(ctx, fresh); err == nil && e.began.IsZero() {
		e.began = time.Now()
	}
	return err
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
	e.gate.breaker.note(outageOf(err))
	e.gate.slots.answered(e.place, request, took, err)
	if err == nil {
		e.permitted()
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
	}
	if problem.Kind == cupi.KindStatus && problem.Status != 403 {
		e.permitted()
	}
	return answer, problem
}

// meanLatency is how long a request took so far, 0 before the first.
func (e *engine) meanLatency() time.Duration {
	return time.Duration(e.took.Load() / max(1, e.sent.Load()))
}

// permitted notes an answer that was not "forbidden".
func (e *engine) permitted() {
	e.forbidden.Store(0)
	e.allowed.Store(true)
}

// noPermission decides about a 403: the first answer of all, or three in a row,
// speak of the account and not of the row.
func (e *engine) noPermission(problem *cupi.Error) error {
	if count := e.forbidden.Add(1); count >= 3 || !e.allowed.Load() {
		return &Stop{Exit: ExitFailed, Code: "forbidden", Err: problem,
			Reason: "the server forbids this account what the run needs; it needs the role System Administrator or User Administrator"}
	}
	return &failure{Failed, "forbidden", problem.Error()}
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

// settlement is what a look at the server says of a change.
type settlement struct {
	truth    truth
	objectID string    // made: of what a POST made
	note     string    // for people
	date     time.Time // the server's clock at the look
}

type truth string

const (
	made       truth = "made"
	notMade    truth = "not made"
	unprovable truth = "unprovable" // something is there, but it can't be proven ours
)

// change sends a change: intent, request, answer, again until it is settled. The
// intent is on the disk before there is a slot to wait for, so that no slot waits for
// a disk. The error is a *failure, or a *Stop.
func (e *errand) change(ctx context.Context, c change) (objectID string, err error) {
	intent := e.intent(c, 1)
	if c.look == nil {
		c.look = e.lookFor(intent)
	}
	doubted := e.doubted != nil && e.doubted.same(intent) // an earlier attempt may have been carried out
	tries := 0
	err = e.patience.retry(ctx, e.patience.changes, func(number int) next {
		if err := e.gate.open(ctx); err != nil { // a run that waits for an hour leaves no intents behind
			return next{err: err}
		}
		tries++
		if err := e.journal.Append(recordIntent, e.intent(c, tries)); err != nil {
			return next{err: &Stop{Exit: ExitFailed, Code: "journal", Reason: "the journal can't be written", Err: err}}
		}
		if err := e.pass(ctx); err != nil {
			e.note(c, tries, Answer{Message: "not sent: the run ended before its turn"})
			return next{err: err}
		}
		e.tried(tries, number)
		answer, problem := e.do(ctx, c.request)
		if problem == nil {
			objectID = answer.ObjectID
			e.note(c, tries, Answer{Made: true, Status: answer.Status, ObjectID: objectID, Date: answer.Date, Seconds: e.seconds})
			return next{}
		}
		return e.afterProblem(ctx, c, tries, problem, &doubted, &objectID)
	})
	return objectID, err
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
	case stop:
		return next{err: fatal(problem)}
	case absent:
		return next{err: &failure{Failed, "target-gone", "the user was deleted meanwhile: " + problem.Error()}}
	case refused:
		return e.explain(ctx, c, tries, problem, *doubted, objectID)
	}
	return next{err: &failure{Failed, codeOf(problem), problem.Error()}}
}

// settle finds out what became of a change whose answer says nothing sure.
func (e *errand) settle(ctx context.Context, c change, tries int, problem *cupi.Error, doubted *bool, objectID *string) next {
	*doubted = true
	unanswered := problem.Sent == cupi.InDoubt || problem.Status == 502 || problem.Status == 504
	found, err := e.lookTwice(ctx, c, unanswered)
	if err != nil {
		var stop *Stop
		if errors.As(err, &stop) {
			return next{err: err}
		}
		return next{err: &failure{Uncertain, "no-proof", fmt.Sprintf("%v; whether it was done could not be found out: %v", problem, err)}}
	}
	switch found.truth {
	case made:
		*objectID = found.objectID
		e.note(c, tries, Answer{Made: true, ObjectID: found.objectID, Message: found.note})
		return next{}
	case unprovable:
		return next{err: &failure{Uncertain, "exists-unproven", fmt.Sprintf("%v; %s", problem, found.note)}}
	}
	e.note(c, tries, Answer{})
	decided := again
	if e.table.decide(c.request.Method, problem) == lookFirst {
		decided = busy
	}
	return e.sendAgain(decided, tries, problem)
}

// sendAgain asks for another attempt, if the run may still retry. Its error is
// what the row ends with when that was the last one.
func (e *errand) sendAgain(decided decision, tries int, problem *cupi.Error) next {
	if decided == again && problem.Sent == cupi.NotSent && e.journal != nil {
		decided = busy // nobody heard it: the breaker says when the server is back
	}
	if decided == again && !e.mayRetry() {
		return next{err: &failure{Failed, "retry-budget", fmt.Sprintf("not tried again, because a fifth of the run's requests were already: %v", problem)}}
	}
	return next{decided, problem.RetryAfter, &failure{Failed, "gave-up", fmt.Sprintf("gave up after %d attempts: %v", tries, problem)}}
}

// lookTwice looks whether a change was made. When nobody answered for the server,
// "not there" may only mean "not there yet": then it waits until the server must
// have given up on the request, and looks again.
func (e *errand) lookTwice(ctx context.Context, c change, unanswered bool) (settlement, error) {
	found, err := c.look(ctx)
	if err != nil || found.truth != notMade || !unanswered {
		return found, err
	}
	if err := sleep(ctx, e.doubt); err != nil {
		return settlement{}, err
	}
	return c.look(ctx)
}

// lookAfterDeath looks whether a change was made that was under way when an earlier
// start ended. The doubt window is one for all of them: nothing was sent after that
// start's end.
func (e *errand) lookAfterDeath(ctx context.Context, c change) (settlement, error) {
	over := !time.Now().Before(e.openUntil)
	found, err := c.look(ctx)
	if err != nil || found.truth != notMade || over {
		return found, err
	}
	if err := sleep(ctx, time.Until(e.openUntil)); err != nil {
		return settlement{}, err
	}
	return c.look(ctx)
}

// explain looks once why the server refused a change. After an attempt in doubt
// a refusal may mean that the earlier attempt was carried out.
func (e *errand) explain(ctx context.Context, c change, tries int, problem *cupi.Error, doubted bool, objectID *string) next {
	found, err := c.look(ctx)
	var stop *Stop
	switch {
	case errors.As(err, &stop):
		return next{err: err}
	case err != nil:
	case found.truth == made && doubted:
		*objectID = found.objectID
		e.note(c, tries, Answer{Made: true, ObjectID: found.objectID, Message: found.note})
		return next{}
	case found.truth == unprovable && doubted:
		return next{err: &failure{Uncertain, "exists-unproven", fmt.Sprintf("%v; %s", problem, found.note)}}
	case found.truth != notMade && c.request.Method == "POST":
		return next{err: &failure{Failed, "exists", fmt.Sprintf("%v; %s", problem, found.note)}}
	case found.note != "":
		return next{err: &failure{Failed, "target-gone", fmt.Sprintf("%v; %s", problem, found.note)}}
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

// intent is the record of what is about to be sent.
func (e *errand) intent(c change, tries int) Intent {
	intent := Intent{Row: e.row, Step: c.step, Attempt: tries, Method: c.request.Method, Path: c.request.Path, Query: c.request.Query, Alias: e.alias, Before: c.before, Also: c.also, AbsentSince: c.absentSince}
	for name, value := range c.request.Fields {
		if secret(name) {
			intent.Secret = append(intent.Secret, name)
			continue
		}
		if intent.Fields == nil {
			intent.Fields = cupi.Object{}
		}
		intent.Fields[name] = value
	}
	return intent
}

// note records what became of an attempt. A journal that failed shows at the next
// intent, before anything more is sent, and when it is closed.
func (e *errand) note(c change, tries int, answer Answer) {
	answer.Row, answer.Step, answer.Attempt = e.row, c.step, tries
	_ = e.journal.Post(recordAnswer, answer)
}
