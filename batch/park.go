package batch

import (
	"context"
	"errors"

	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
)

// park moves the user of a row to the temporary extension, and tells the row's own plan what
// came of it: its job goes on with the row, and ends it.
func park(ctx, starting context.Context, session *send.Session, plan *plan.Plan, snapshot *plan.Snapshot, stand *send.Stand) (o pool.Outcome) {
	stand.GoOn()
	defer func() { stand.Ended(o) }()
	if plan.Before.Parked() { // by an earlier start of the run
		return pool.Outcome{Result: newRowWork(starting, session, *plan, snapshot, stand).cutOff(), Open: true}
	}
	r := newRowWork(starting, session, *plan, snapshot, stand)
	err := r.begin(ctx)
	if err == nil && !r.past.Parked() {
		err = r.do(ctx, plan.Steps[0])
	}
	*plan = r.sofar()
	o = pool.Outcome{Result: r.cutOff(), Open: true, Again: errors.Is(err, send.ErrNotBegun)}
	if err != nil && !o.Again && !errors.As(err, &plan.Unmoved) {
		o.Stop = record.AsStop(err)
	}
	return o
}
