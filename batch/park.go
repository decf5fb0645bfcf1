package batch

import (
	"context"
	"errors"
)

// park moves the user of a row to the temporary extension, and tells the row's own plan what
// came of it: its job goes on with the row, and ends it.
func (e *engine) park(ctx, starting context.Context, plan *Plan, directory *directory, stand *stand) (o outcome) {
	stand.goOn()
	defer func() { stand.ended(o) }()
	if plan.before.parked() { // by an earlier start of the run
		return outcome{result: e.rowWork(starting, *plan, directory, stand).cutOff(), open: true}
	}
	r := e.rowWork(starting, *plan, directory, stand)
	err := r.begin(ctx)
	if err == nil && !r.past.parked() {
		err = r.do(ctx, plan.Steps[0])
	}
	*plan = r.sofar()
	o = outcome{result: r.cutOff(), open: true, again: errors.Is(err, errNotBegun)}
	if err != nil && !o.again && !errors.As(err, &plan.unmoved) {
		o.stop = asStop(err)
	}
	return o
}
