package batch

import (
	"context"
	"errors"

	"cucbulk/batch/pool"
	"cucbulk/batch/record"
)

// park moves the user of a row to the temporary extension, and tells the row's own plan what
// came of it: its job goes on with the row, and ends it.
func park(ctx, starting context.Context, engine *engine, plan *Plan, directory *directory, stand *stand) (o pool.Outcome) {
	stand.goOn()
	defer func() { stand.ended(o) }()
	if plan.before.Parked() { // by an earlier start of the run
		return pool.Outcome{Result: newRowWork(starting, engine, *plan, directory, stand).cutOff(), Open: true}
	}
	r := newRowWork(starting, engine, *plan, directory, stand)
	err := r.begin(ctx)
	if err == nil && !r.past.Parked() {
		err = r.do(ctx, plan.Steps[0])
	}
	*plan = r.sofar()
	o = pool.Outcome{Result: r.cutOff(), Open: true, Again: errors.Is(err, errNotBegun)}
	if err != nil && !o.Again && !errors.As(err, &plan.unmoved) {
		o.Stop = record.AsStop(err)
	}
	return o
}
