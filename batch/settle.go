package batch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cucbulk/batch/gate"
	"cucbulk/cupi"
)

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

// settle finds out what became of a change whose answer says nothing sure.
func (e *errand) settle(ctx context.Context, c change, sent Intent, problem *cupi.Error, doubted *bool, objectID *string) next {
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
		e.note(sent, Answer{Made: true, ObjectID: found.objectID, Message: found.note})
		return next{}
	case unprovable:
		return next{err: &failure{Uncertain, "exists-unproven", fmt.Sprintf("%v; %s", problem, found.note)}}
	}
	e.note(sent, Answer{})
	decided := again
	if e.table.decide(c.request.Method, problem) == lookFirst {
		decided = busy
	}
	return e.sendAgain(decided, sent.Attempt, problem)
}

// lookTwice looks whether a change was made. When nobody answered for the server,
// "not there" may only mean "not there yet": then it waits until the server must
// have given up on the request, and looks again.
func (e *errand) lookTwice(ctx context.Context, c change, unanswered bool) (settlement, error) {
	found, err := c.look(ctx)
	if err != nil || found.truth != notMade || !unanswered {
		return found, err
	}
	e.trying += e.doubt
	e.tellLost(1)
	err = e.rest(ctx, e.doubt)
	e.tellLost(-1)
	if err != nil {
		return settlement{}, err
	}
	return c.look(ctx)
}

// settleEarlier finds out what became of a change that was in flight when an earlier
// start of the run, or of the rollback, ended, and records it. done reports whether it
// is on the server; then the change is told so, with the id of what it made. What can't
// be proven either way is a *failure with the status uncertain.
func (e *errand) settleEarlier(ctx context.Context, open *doneChange, work string) (done bool, err error) {
	c := change{step: open.Step, request: cupi.Request{Method: open.Method, Path: open.intent.Path}, look: e.lookFor(open.intent)}
	lost := "an earlier start of this " + work + " sent it, the answer was lost, and "
	found, err := e.lookAfterDeath(ctx, c)
	var unknown *failure
	switch {
	case errors.As(err, &unknown):
		return false, &failure{Uncertain, "no-proof", lost + "whether it was done could not be found out: " + unknown.message}
	case err != nil:
		return false, err
	case found.truth == unprovable:
		return false, &failure{Uncertain, "exists-unproven", lost + found.note}
	case found.truth == notMade:
		e.note(open.intent, Answer{})
		return false, nil
	}
	e.note(open.intent, Answer{Made: true, ObjectID: found.objectID, Message: found.note})
	open.Made, open.Open, open.ObjectID = true, false, found.objectID
	return true, nil
}

// tellLost tells people how many rows wait for the end of a doubt window, and when the
// last of these ends: no pace foretells it.
func (e *engine) tellLost(more int) {
	e.lost.Lock()
	defer e.lost.Unlock()
	if e.lost.rows += more; more > 0 {
		e.lost.until = time.Now().Add(e.doubt)
	}
	if e.notice == nil {
		return
	}
	news := gate.Notice{State: gate.Settled}
	if e.lost.rows > 0 {
		news = gate.Notice{State: gate.Settling, Text: fmt.Sprintf("%d %s lost, asks at %s", e.lost.rows, map[bool]string{true: "answer", false: "answers"}[e.lost.rows == 1], e.lost.until.Format("15:04:05"))}
	}
	e.notice(news)
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
	if err := e.waitOutDoubt(ctx); err != nil {
		return settlement{}, err
	}
	return c.look(ctx)
}

// waitOutDoubt waits until nothing can be carried out any more of what an earlier
// start sent. Rows wait together; people are told by the first, and by the last.
func (e *engine) waitOutDoubt(ctx context.Context) error {
	if e.inDoubt.Add(1) == 1 {
		e.gate.Tell(gate.Notice{State: gate.Waiting, Text: fmt.Sprintf("waiting: until %s an earlier start's requests without an answer may yet be carried out; then the server is asked again", e.openUntil.Format("15:04:05"))})
	}
	defer func() {
		if e.inDoubt.Add(-1) == 0 {
			e.gate.Tell(gate.Notice{State: gate.GoingOn, Text: "going on: the server is asked what became of the requests without an answer"})
		}
	}()
	return e.rest(ctx, time.Until(e.openUntil))
}

// rest waits, and nobody waits for it meanwhile: see [engine.stocked].
func (e *engine) rest(ctx context.Context, length time.Duration) error {
	e.journal.Nudge()
	return sleep(ctx, length)
}

// explain looks once why the server refused a change. After an attempt in doubt
// a refusal may mean that the earlier attempt was carried out.
func (e *errand) explain(ctx context.Context, c change, sent Intent, problem *cupi.Error, doubted bool, objectID *string) next {
	found, err := c.look(ctx)
	var stop *Stop
	switch {
	case errors.As(err, &stop):
		return next{err: err}
	case err != nil:
	case found.truth == made && doubted:
		*objectID = found.objectID
		e.note(sent, Answer{Made: true, ObjectID: found.objectID, Message: found.note})
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
