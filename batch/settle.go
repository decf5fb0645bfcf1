package batch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"cucbulk/batch/gate"
	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// settlement is what a look at the server says of a change.
type settlement struct {
	truth    truth
	objectID string      // made: of what a POST made
	others   bool        // unprovable: by its age it is surely somebody else's
	alike    bool        // unprovable: it shows everything that was sent
	code     codes.Code  // made: codes.GoneUnproven where somebody else may have done it
	note     string      // for people
	unless   string      // not made: what may speak against it, for people
	date     time.Time   // the server's clock at the look
	shows    cupi.Object // not made: what the change was to overwrite or remove, as it is now
}

type truth string

const (
	made       truth = "made"
	notMade    truth = "not made"
	unprovable truth = "unprovable" // something is there, but it can't be proven ours
)

// settle finds out what became of a change whose answer says nothing sure.
func (e *errand) settle(ctx context.Context, s *sending, problem *cupi.Error) next {
	s.doubted = true
	unanswered := problem.Sent == cupi.InDoubt || problem.Status == 502 || problem.Status == 504
	found, err := e.lookTwice(ctx, s, unanswered)
	if err != nil {
		return next{err: unproven(problem.Error(), err)}
	}
	switch found.truth {
	case made:
		return e.adopt(s, found, map[bool]string{true: "the answer was lost", false: "the answer said nothing sure"}[unanswered])
	case unprovable:
		return next{err: &failure{record.Uncertain, codes.ExistsUnproven, fmt.Sprintf("%v; %s", problem, found.note)}}
	}
	e.note(s.intent, record.Answer{})
	if !s.absentSince.IsZero() && !found.date.IsZero() {
		s.intent.AbsentSince = found.date // at the look it was not there
	}
	if s.still != nil && found.shows != nil {
		if err := s.still(ctx, found.shows); err != nil {
			return next{err: err}
		}
	}
	decided := again
	if e.table.decide(s.request.Method, problem) == lookFirst {
		decided = busy
	}
	return e.sendAgain(decided, s.intent.Attempt, problem)
}

// adopt records that a change was made, though no answer said so.
func (e *errand) adopt(s *sending, found settlement, why string) next {
	s.objectID = found.objectID
	e.takes(s.intent, found.objectID)
	e.note(s.intent, record.Answer{Made: true, ObjectID: found.objectID, Code: string(found.code), Message: why + "; " + found.note})
	return next{}
}

// takes notes that what has an id is proven to be what an intent of the row made.
func (e *errand) takes(sent record.Intent, objectID string) {
	if from := e.ids.Take(objectID, e.row); sent.Creates() {
		e.tookFrom = from
	}
}

// unproven is what a change ends with of which nothing could be found out.
func unproven(what string, err error) error {
	var unknown *failure
	if errors.As(err, &unknown) {
		return &failure{record.Uncertain, codes.NoProof, fmt.Sprintf("%s; whether it was done could not be found out: %v", what, err)}
	}
	return err
}

// lookTwice looks whether a change was made. When nobody answered for the server,
// "not there" may only mean "not there yet": then it waits until the server must
// have given up on the request, and looks again.
func (e *errand) lookTwice(ctx context.Context, s *sending, unanswered bool) (settlement, error) {
	found, err := e.lookFor(ctx, s.intent, s.proof)
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
	return e.lookFor(ctx, s.intent, s.proof)
}

// settleEarlier finds out what became of a change that was in flight when an earlier
// start of the run, or of the rollback, ended, and records it. done reports whether it
// is on the server; then the change is told so, with the id of what it made. What can't
// be proven either way is a *failure with the status uncertain.
func (e *errand) settleEarlier(ctx context.Context, open *record.AppliedChange, proof proof, work string) (done bool, err error) {
	earlier := "an earlier start of this " + work
	found, err := e.lookEarlier(ctx, open.Intent, proof, earlier)
	switch {
	case err != nil:
		return false, err
	case found.truth == notMade:
		e.note(open.Intent, record.Answer{})
		if !open.Intent.AbsentSince.IsZero() && !found.date.IsZero() {
			open.Intent.AbsentSince = found.date
		}
		return false, nil
	}
	e.takes(open.Intent, found.objectID)
	e.note(open.Intent, record.Answer{Made: true, ObjectID: found.objectID, Code: string(found.code), Message: earlier + " sent it; " + found.note})
	*open = found.made(*open)
	return true, nil
}

// lookEarlier looks whether a change was made that was in flight when its sender ended. What
// can't be proven either way is a *failure with the status uncertain.
func (e *errand) lookEarlier(ctx context.Context, sent record.Intent, proof proof, sender string) (settlement, error) {
	found, err := e.lookAfterDeath(ctx, sent, proof)
	unknown := sender + " sent it, and its answer is not known"
	switch {
	case err != nil:
		return found, unproven(unknown, err)
	case found.truth == unprovable:
		return found, &failure{record.Uncertain, codes.ExistsUnproven, unknown + "; " + found.note}
	}
	return found, nil
}

// tellLost tells people how many rows wait for the end of a doubt window, and when the
// last of these ends: no pace foretells it.
func (e *engine) tellLost(more int) {
	e.lost.Lock()
	if e.lost.rows += more; more > 0 {
		e.lost.until = time.Now().Add(e.doubt)
	}
	news := gate.Notice{State: gate.Settled}
	if e.lost.rows > 0 {
		news = gate.Notice{State: gate.Settling, Text: fmt.Sprintf("%d %s lost, asks at %s", e.lost.rows, map[bool]string{true: "answer", false: "answers"}[e.lost.rows == 1], e.lost.until.Format("15:04:05"))}
	}
	e.gate.News().Post(news)
	e.lost.Unlock()
	e.gate.News().Tell()
}

// lookAfterDeath looks whether a change was made that was under way when an earlier
// start ended. The doubt window is one for all of them: nothing was sent after that
// start's end.
func (e *errand) lookAfterDeath(ctx context.Context, sent record.Intent, proof proof) (settlement, error) {
	over := !time.Now().Before(e.openUntil)
	found, err := e.lookFor(ctx, sent, proof)
	if err == nil && found.truth == notMade && !over {
		if err := e.waitOutDoubt(ctx); err != nil {
			return settlement{}, err
		}
		found, err = e.lookFor(ctx, sent, proof)
	}
	if err == nil && found.truth == notMade && sent.Creates() {
		return e.lookForRenamed(ctx, sent, proof, found)
	}
	return found, err
}

// waitOutDoubt waits until nothing can be carried out any more of what an earlier
// start sent. Rows wait together: people are told once that they do, and once that they
// go on.
func (e *engine) waitOutDoubt(ctx context.Context) error {
	left := time.Until(e.openUntil)
	if left <= 0 {
		return nil
	}
	if !e.toldWaits.Swap(true) {
		e.gate.Tell(gate.Notice{State: gate.Waiting, Text: fmt.Sprintf("waiting: until %s an earlier start's requests without an answer may yet be carried out; then the server is asked again", e.openUntil.Format("15:04:05"))})
	}
	if err := e.rest(ctx, left); err != nil {
		return err
	}
	if !e.toldGoesOn.Swap(true) {
		e.gate.Tell(gate.Notice{State: gate.GoingOn, Text: "going on: the server is asked what became of the requests without an answer"})
	}
	return nil
}

// rest waits until a doubt is over, unless ctx ends first. It is no wait between attempts,
// which is for backoff alone: a look follows, whatever it shows.
func (e *engine) rest(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return record.AsStop(ctx.Err())
	}
}

// explain looks once why the server refused a change. What stands in between may refuse
// what the server did, and after an attempt in doubt a refusal may mean that the earlier
// attempt was carried out. A part of a user whom the run made is taken for the run's own
// whoever added it: it goes with the user.
func (e *errand) explain(ctx context.Context, s *sending, problem *cupi.Error) next {
	found, err := e.lookFor(ctx, s.intent, s.proof)
	var unknown *failure
	switch {
	case err != nil && !errors.As(err, &unknown):
		return next{err: err}
	case err != nil && s.doubted:
		return next{err: unproven(problem.Error(), err)}
	case err != nil:
	case found.truth == made && (s.doubted || problem.Code == "" || s.fresh && s.request.Method == http.MethodPost):
		return e.adopt(s, found, fmt.Sprintf("the server refused it with status %d", problem.Status))
	case found.truth == made && (s.request.Method != http.MethodPost || s.read || model.KindOf(s.step).Shape == model.WholeUser):
		return next{err: &failure{record.Uncertain, codes.ExistsUnproven, fmt.Sprintf("%v; and yet the server is as if it was done, so it can't be told whether this run did it, and it is left alone", problem)}}
	case found.truth == unprovable && (s.doubted || found.alike && !found.others):
		return next{err: &failure{record.Uncertain, codes.ExistsUnproven, fmt.Sprintf("%v; %s", problem, found.note)}}
	}
	e.note(s.intent, record.Answer{Status: problem.Status, Code: problem.Code, Message: problem.Message})
	switch {
	case err != nil:
	case found.truth != notMade && s.request.Method == http.MethodPost:
		return next{err: &failure{record.Failed, codes.Exists, fmt.Sprintf("%v; %s", problem, found.note)}}
	case found.note != "":
		return next{err: &failure{record.Failed, codes.TargetGone, fmt.Sprintf("%v; %s", problem, found.note)}}
	}
	no := e.no(s.change, problem)
	var failed *failure
	if err == nil && errors.As(no, &failed) {
		if e.table.decide(s.request.Method, problem) == absent {
			failed.message += "; and yet it is there"
		}
		if found.unless != "" {
			failed.message += "; " + found.unless
		}
	}
	return next{err: no}
}

// made is a change that was in doubt, and was made as this settlement tells.
func (s settlement) made(c record.AppliedChange) record.AppliedChange {
	return c.WasMade(s.objectID, s.code == codes.GoneUnproven)
}
