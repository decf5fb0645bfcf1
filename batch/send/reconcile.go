package send

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

// reconcile finds out what became of a change whose answer says nothing sure.
func (e *Changer) reconcile(ctx context.Context, s *sending, problem *cupi.Error) Next {
	s.doubted = true
	unanswered := problem.Sent == cupi.InDoubt || problem.Status == 502 || problem.Status == 504
	found, err := e.recheck(ctx, s, unanswered)
	if err != nil {
		return Next{Err: Unproven(problem.Error(), err)}
	}
	switch found.Outcome {
	case Made:
		return e.adopt(s, found, map[bool]string{true: "the answer was lost", false: "the answer said nothing sure"}[unanswered])
	case Unprovable:
		return Next{Err: &Failure{record.Uncertain, codes.ExistsUnproven, fmt.Sprintf("%v; %s", problem, found.Note)}}
	}
	e.Note(s.intent, record.Answer{})
	if !s.AbsentSince.IsZero() && !found.Date.IsZero() {
		s.intent.AbsentSince = found.Date // at the look it was not there
	}
	if s.Still != nil && found.shows != nil {
		if err := s.Still(ctx, found.shows); err != nil {
			return Next{Err: err}
		}
	}
	decided := Again
	if e.table.Decide(s.Request.Method, problem) == LookFirst {
		decided = Busy
	}
	return e.sendAgain(decided, s.intent.Attempt, problem)
}

// adopt records that a change was made, though no answer said so.
func (e *Changer) adopt(s *sending, found Reconciliation, why string) Next {
	s.objectID = found.ObjectID
	e.Takes(s.intent, found.ObjectID)
	e.Note(s.intent, record.Answer{Made: true, ObjectID: found.ObjectID, Code: string(found.code), Message: why + "; " + found.Note})
	return Next{}
}

// Takes notes that what has an id is proven to be what an intent of the row made.
func (e *Changer) Takes(sent record.Intent, objectID string) {
	if from := e.IDs.Take(objectID, e.Row); sent.Creates() {
		e.TookFrom = from
	}
}

// Unproven is what a change ends with of which nothing could be found out.
func Unproven(what string, err error) error {
	var unknown *Failure
	if errors.As(err, &unknown) {
		return &Failure{record.Uncertain, codes.NoProof, fmt.Sprintf("%s; whether it was done could not be found out: %v", what, err)}
	}
	return err
}

// recheck looks whether a change was made. When nobody answered for the server,
// "not there" may only mean "not there yet": then it waits until the server must
// have given up on the request, and looks again.
func (e *Changer) recheck(ctx context.Context, s *sending, unanswered bool) (Reconciliation, error) {
	found, err := e.LookFor(s.intent, s.proof).outcome(ctx)
	if err != nil || found.Outcome != NotMade || !unanswered {
		return found, err
	}
	e.trying += e.Doubt
	if err := e.restUntil(ctx, time.Now().Add(e.Doubt)); err != nil {
		return Reconciliation{}, err
	}
	found, err = e.LookFor(s.intent, s.proof).outcome(ctx)
	if err == nil && found.Outcome == NotMade && s.intent.Creates() {
		return e.LookFor(s.intent, s.proof).renamed(ctx, found)
	}
	return found, err
}

// ReconcileEarlier finds out what became of a change that was in flight when an earlier
// start of the run, or of the rollback, ended, and records it. done reports whether it
// is on the server; then the change is told so, with the id of what it made. What can't
// be proven either way is a *failure with the status uncertain.
func (e *Changer) ReconcileEarlier(ctx context.Context, open *record.AppliedChange, proof Proof, work string) (done bool, err error) {
	earlier := "an earlier start of this " + work
	found, err := e.LookEarlier(ctx, open.Intent, proof, earlier)
	switch {
	case err != nil:
		return false, err
	case found.Outcome == NotMade:
		e.Note(open.Intent, record.Answer{})
		if !open.Intent.AbsentSince.IsZero() && !found.Date.IsZero() {
			open.Intent.AbsentSince = found.Date
		}
		return false, nil
	}
	e.Takes(open.Intent, found.ObjectID)
	e.Note(open.Intent, record.Answer{Made: true, ObjectID: found.ObjectID, Code: string(found.code),
		Message: earlier + " sent it; " + found.Note})
	*open = found.Made(*open)
	return true, nil
}

// LookEarlier looks whether a change was made that was in flight when its sender ended. What
// can't be proven either way is a *failure with the status uncertain.
func (e *Changer) LookEarlier(ctx context.Context, sent record.Intent, proof Proof, sender string) (Reconciliation, error) {
	found, err := e.lookAfterDeath(ctx, sent, proof)
	unknown := sender + " sent it, and its answer is not known"
	switch {
	case err != nil:
		return found, Unproven(unknown, err)
	case found.Outcome == Unprovable:
		return found, &Failure{record.Uncertain, codes.ExistsUnproven, unknown + "; " + found.Note}
	}
	return found, nil
}

// notifyLost tells people how many more rows wait until then for the end of a doubt window,
// or how many fewer, and when the last of these windows ends: no pace foretells it.
func (e *Session) notifyLost(more int, until time.Time) {
	e.lost.Lock()
	if e.lost.rows += more; more > 0 && until.After(e.lost.until) {
		e.lost.until = until
	}
	news := gate.Notice{State: gate.Settled}
	if e.lost.rows > 0 {
		news = gate.Notice{State: gate.Settling, Text: fmt.Sprintf("%d %s lost, asks at %s", e.lost.rows,
			map[bool]string{true: "answer", false: "answers"}[e.lost.rows == 1], e.lost.until.Format("15:04:05"))}
	}
	e.Gate.News().Post(news)
	e.lost.Unlock()
	e.Gate.News().Tell()
}

// lookAfterDeath looks whether a change was made that was under way when an earlier
// start ended. The doubt window is one for all of them: nothing was sent after that
// start's end.
func (e *Changer) lookAfterDeath(ctx context.Context, sent record.Intent, proof Proof) (Reconciliation, error) {
	look, over := e.LookFor(sent, proof), !time.Now().Before(e.OpenUntil)
	found, err := look.outcome(ctx)
	if err == nil && found.Outcome == NotMade && !over {
		if err := e.waitOutDoubt(ctx); err != nil {
			return Reconciliation{}, err
		}
		found, err = look.outcome(ctx)
	}
	if err == nil && found.Outcome == NotMade && sent.Creates() {
		return look.renamed(ctx, found)
	}
	return found, err
}

// waitOutDoubt waits until nothing can be carried out any more of what an earlier
// start sent. Rows wait together: people are told once that they do, and once that they
// go on.
func (e *Session) waitOutDoubt(ctx context.Context) error {
	if !time.Now().Before(e.OpenUntil) {
		return nil
	}
	if !e.toldWaits.Swap(true) {
		e.Gate.Tell(gate.Notice{State: gate.Waiting, Text: fmt.Sprintf("waiting: until %s an earlier start's requests "+
			"without an answer may yet be carried out; then the server is asked again", e.OpenUntil.Format("15:04:05"))})
	}
	if err := e.restUntil(ctx, e.OpenUntil); err != nil {
		return err
	}
	if !e.toldGoesOn.Swap(true) {
		e.Gate.Tell(gate.Notice{State: gate.GoingOn, Text: "going on: the server is asked what became of the requests without an answer"})
	}
	return nil
}

// restUntil waits until a doubt is over, unless ctx ends first, and tells people meanwhile. It is
// no wait between attempts, which is for backoff alone: a look follows, whatever it shows.
func (e *Session) restUntil(ctx context.Context, over time.Time) error {
	e.notifyLost(1, over)
	defer e.notifyLost(-1, over)
	if err := gate.Sleep(ctx, time.Until(over)); err != nil {
		return record.AsStop(err)
	}
	return nil
}

// explain looks once why the server refused a change. What stands in between may refuse
// what the server did, and after an attempt in doubt a refusal may mean that the earlier
// attempt was carried out. A part of a user whom the run made is taken for the run's own
// whoever added it: it goes with the user.
func (e *Changer) explain(ctx context.Context, s *sending, problem *cupi.Error) Next {
	found, err := e.LookFor(s.intent, s.proof).outcome(ctx)
	var unknown *Failure
	switch {
	case err != nil && !errors.As(err, &unknown):
		return Next{Err: err}
	case err != nil && s.doubted:
		return Next{Err: Unproven(problem.Error(), err)}
	case err != nil:
	case found.Outcome == Made && (s.doubted || problem.Code == "" || s.Fresh && s.Request.Method == http.MethodPost):
		return e.adopt(s, found, fmt.Sprintf("the server refused it with status %d", problem.Status))
	case found.Outcome == Made && (s.Request.Method != http.MethodPost || s.Read || model.KindOf(s.Step).Shape == model.WholeUser):
		return Next{Err: &Failure{record.Uncertain, codes.ExistsUnproven,
			fmt.Sprintf("%v; and yet the server is as if it was done, so it can't be told whether this run did it, and "+
				"it is left alone", problem)}}
	case found.Outcome == Unprovable && (s.doubted || found.alike && !found.Others):
		return Next{Err: &Failure{record.Uncertain, codes.ExistsUnproven, fmt.Sprintf("%v; %s", problem, found.Note)}}
	}
	e.Note(s.intent, record.Answer{Status: problem.Status, Code: problem.Code, Message: problem.Message})
	if err != nil {
		return Next{Err: e.refusalOf(s.Change, problem)}
	}
	return Next{Err: e.refusedSince(s.Change, problem, found)}
}

// refusedSince is how a row ends that the server refused, beside what a look at it says.
func (e *Changer) refusedSince(c Change, problem *cupi.Error, found Reconciliation) error {
	switch {
	case found.Outcome != NotMade && c.Request.Method == http.MethodPost:
		return &Failure{record.Failed, codes.Exists, fmt.Sprintf("%v; %s", problem, found.Note)}
	case found.Note != "":
		return &Failure{record.Failed, codes.TargetGone, fmt.Sprintf("%v; %s", problem, found.Note)}
	}
	no := e.refusalOf(c, problem)
	var failed *Failure
	if errors.As(no, &failed) {
		if e.table.Decide(c.Request.Method, problem) == Absent {
			failed.Message += "; and yet it is there"
		}
		if found.unless != "" {
			failed.Message += "; " + found.unless
		}
	}
	return no
}
