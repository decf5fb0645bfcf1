package batch

import (
	"context"
	"errors"

	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
)

// moveFirst moves the user of a row to the temporary extension, and tells the row's own plan what
// came of it: its job goes on with the row, and ends it.
func moveFirst(ctx, starting context.Context, session *send.Session, plan *plan.Plan, snapshot *plan.Snapshot,
	place *send.Place) (o pool.Outcome) {
	defer func() { place.Ended(o) }()
	if plan.Before.MovedFirst() { // by an earlier start of the run
		return pool.Outcome{Result: newRowRunner(starting, session, *plan, snapshot, place, &newcomer{}).cutOff(), Open: true}
	}
	r := newRowRunner(starting, session, *plan, snapshot, place, &newcomer{})
	err := r.begin(ctx)
	if err == nil && !r.past.MovedFirst() {
		err = r.do(ctx, plan.Steps[0])
	}
	*plan = r.sofar()
	o = pool.Outcome{Result: r.cutOff(), Open: true, Again: errors.Is(err, send.ErrNotBegun)}
	if err != nil && !o.Again && !errors.As(err, &plan.Unmoved) {
		o.Stop = record.AsStop(err)
	}
	return o
}
