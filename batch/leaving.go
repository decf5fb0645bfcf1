package batch

import (
	"fmt"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
)

// Whom a file does not name leaves a list only when the rows of the file are done: a row that takes such members out
// goes when all others have ended, and then does all that it asks for. So it is half made no longer than other rows.

// leaving are the rows that wait for that. Only the coordinator's goroutine uses it.
type leaving []*plan.Plan

// putOff keeps a plan for the end that takes members out whom the file does not name. It reports whether it is one.
func (l *leaving) putOff(p plan.Plan) bool {
	if p.End.Status != "" || !slices.ContainsFunc(p.Steps, takesOut) {
		return false
	}
	*l = append(*l, &p)
	return true
}

// takesOut reports whether a step takes members out whom the file does not name.
func takesOut(step model.Step) bool { return step.Kind.Leaves }

// letLeave makes jobs of the rows that waited for all others: with those whom the file does not name, if every other row
// is done; else nobody leaves, and the rows say so.
func (x *executor) letLeave(yield func(pool.Job, error) bool) {
	done := len(x.leaving)
	for status, rows := range x.counts {
		if status.Done() {
			done += rows
		}
	}
	for _, p := range x.leaving {
		if done < x.rows {
			p.NobodyLeaves(fmt.Sprintf("%d of the file's rows are not done", x.rows-done))
			p.Steps = slices.DeleteFunc(slices.Clone(p.Steps), takesOut)
		}
		place := x.Session.NewPlace(p.Steps.Several(), p.Before.Journaled.Begun())
		job := x.job(p, place, false)
		job.After = nil // all of that has ended
		if !yield(job, nil) {
			return
		}
	}
}
