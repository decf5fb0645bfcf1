package batch

import (
	"context"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
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
		if step.Kind.Leaves {
			l.others[p.Row], l.rows = step, append(l.rows, p)
			p.Steps = append(p.Steps[:i:i], p.Steps[i+1:]...)
			return true
		}
	}
	return false
}

// ownFirst does what a row asks for itself that goes on at the end of the run. If that can't be done, the row has ended.
func ownFirst(ctx, starting context.Context, session *send.Session, plan *plan.Plan, snapshot *plan.Snapshot, place *send.Place) (o pool.Outcome) {
	defer func() { place.Ended(o) }()
	r := newRowRunner(starting, session, *plan, snapshot, place, &newcomer{})
	err := r.carryOut(ctx)
	if *plan = r.sofar(); err == nil && r.problem == nil {
		return pool.Outcome{Result: r.cutOff(), Open: true}
	}
	if o = r.outcome(err); !o.Open {
		o.Result.Message += "; so nobody leaves the " + r.About.One() + " whom the file does not name"
	}
	return o
}
