package batch

import (
	"context"
	"fmt"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
)

// Whom a file does not name leaves a list only when every row of the file is done: a row that takes such members
// out does in its turn what it asks for itself, and the rest when all others have ended.

// leaving are the rows that wait for that. Only the coordinator's goroutine uses it.
type leaving struct {
	rows   []*plan.Plan
	others map[int]model.Step // by row, the step that takes out whom the file does not name
	wrote  map[int]bool       // rows that have changed something, and were counted for it
}

func newLeaving() leaving { return leaving{others: map[int]model.Step{}, wrote: map[int]bool{}} }

// putOff takes out of a plan the step that takes members out whom the file does not name. It reports whether
// there was one.
func (l *leaving) putOff(p *plan.Plan) bool {
	for i, step := range p.Steps {
		if model.KindOf(step.Kind).Leaves {
			l.others[p.Row], l.rows = step, append(l.rows, p)
			p.Steps = append(p.Steps[:i:i], p.Steps[i+1:]...)
			return true
		}
	}
	return false
}

// ownFirst does what a row asks for itself. If that can't be done, the row has ended.
func (x *executor) ownFirst(p *plan.Plan, place *send.Place) func(ctx, starting context.Context) pool.Outcome {
	return func(ctx, starting context.Context) (o pool.Outcome) {
		defer func() { place.Ended(o) }()
		p.BindTo(&x.made)
		r := newRowRunner(starting, x.Session, *p, x.Snapshot, place, &newcomer{})
		err := r.carryOut(ctx)
		if *p = r.sofar(); err == nil && r.problem == nil {
			return pool.Outcome{Result: r.cutOff(), Open: true}
		}
		if o = r.outcome(err); !o.Open {
			o.Result.Message += "; so nobody leaves the " + r.About.One() + " whom the file does not name"
		}
		return o
	}
}

// finish takes the outcome of a row. What a row has changed that goes on at the end of the run is counted at once.
func (x *executor) finish(o pool.Outcome) *record.Stop {
	row := o.Result.Row
	_, waits := x.leaving.others[row]
	switch {
	case waits && o.Open && len(o.Result.StepsDone) > 0 && !x.leaving.wrote[row]:
		x.leaving.wrote[row] = true
		x.Limits.Wrote[o.Result.Operation]++
	case waits && !o.Open:
		delete(x.leaving.others, row)
		if x.leaving.wrote[row] {
			x.Limits.Wrote[o.Result.Operation]--
		}
	}
	return x.Finish(o)
}

// letLeave ends the rows that wait for all others: with those whom the file does not name, if every row is done;
// else nobody leaves, and the rows say so.
func (x *executor) letLeave(ctx context.Context) *record.Stop {
	done := len(x.leaving.others)
	for status, rows := range x.counts {
		if status.Done() {
			done += rows
		}
	}
	jobs := func(yield func(pool.Job, error) bool) {
		for _, p := range x.leaving.rows {
			step, waits := x.leaving.others[p.Row]
			switch {
			case !waits:
				continue
			case done == x.rows:
				p.Steps = model.Steps{step}
			default:
				p.NobodyLeaves(fmt.Sprintf("%d of the file's rows are not done", x.rows-done))
				p.Steps = nil
			}
			place := x.Session.NewPlace(p.Steps.Several(), p.Before.Journaled.Begun())
			job := x.job(p, place, false)
			if x.leaving.wrote[p.Row] {
				job.Admit = nil
			}
			if !yield(job, nil) {
				return
			}
		}
	}
	return pool.InOrder(ctx, pool.MaxInProgress(x.Server.Workers), x.Session.Gate.Slots, jobs, x.finish)
}
