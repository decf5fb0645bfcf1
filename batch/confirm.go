package batch

import (
	"context"
	"errors"
	"maps"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// confirm looks at the user of a row: at what the row left out, and at what others did. What the
// user lacks, it gets.
func confirm(ctx, starting context.Context, session *send.Session, row *unconfirmed, steps []string,
	snapshot *plan.Snapshot, place *send.Place) (o pool.Outcome) {
	defer func() { place.Ended(o) }()
	r := newRowRunner(starting, session, *row.plan, snapshot, place, &newcomer{})
	row.seen, row.lacked = map[string]cupi.Object{}, map[string]cupi.Object{}
	err := r.confirm(ctx, row, steps)
	var gone *send.Failure
	if errors.As(err, &gone) && gone.Code == codes.TargetGone { // somebody deleted the user since, so there is nothing to confirm
		err, row.seen = nil, map[string]cupi.Object{}
	}
	o = r.outcome(err)
	*row.plan = r.sofar()
	return o
}

func (r *rowRunner) confirm(ctx context.Context, row *unconfirmed, steps []string) error {
	for _, step := range steps {
		if ctx.Err() != nil {
			return record.AsStop(ctx.Err())
		}
		part, err := r.partAsMade(ctx, step)
		var failed *send.Failure
		if err != nil && (!errors.As(err, &failed) || failed.Code == codes.TargetGone) {
			return err
		}
		if err == nil {
			row.seen[step] = notWritten(part, r.past.Wrote(step))
		}
		lacked := row.left[step]
		if err == nil {
			lacked = model.NotShown(part, lacked)
		}
		if len(lacked) == 0 {
			continue
		}
		row.lacked[step], r.at = lacked, step
		if err := r.do(ctx, model.StepOf(step, lacked)); err != nil {
			if !errors.As(err, &failed) {
				return err
			}
			r.didNot(step)
			if r.problem == nil {
				r.problem = failed
			}
		}
	}
	return nil
}

// confirmed takes the outcome of a look at a row.
func (r *Running) confirmed(row *unconfirmed, o pool.Outcome) *record.Stop {
	row.going = false
	if o.Open { // the run ends
		return nil
	}
	delete(r.unconfirmed.ended, row.result.Row)
	if !row.result.Unconfirmed { // its user turned out to be another row's
		return nil
	}
	if stop := r.confirmResult(row, o.Result); stop != nil {
		return stop
	}
	changed := len(row.lacked) > 0
	for _, other := range r.unconfirmed.ended {
		if other.alike != row.alike || other.going || !other.confirmedBy(row) {
			continue
		}
		shown, differs := true, false
		for step, fields := range other.left {
			for name, value := range fields {
				is, seen := row.seen[step][name]
				shown = shown && seen
				differs = differs || seen && !model.Same(name, is, value)
			}
		}
		switch {
		case differs:
			other.must, changed = true, true
		case shown:
			delete(r.unconfirmed.ended, other.result.Row)
			if stop := r.confirmResult(other, record.Result{}); stop != nil {
				return stop
			}
		}
	}
	if changed {
		r.unconfirmed.lessons.forget(row.alike)
	}
	return nil
}

// confirmResult gives a row that had ended the result that it has once it is confirmed. look is
// what a look at its own user came to, if there was one.
func (r *Running) confirmResult(row *unconfirmed, look record.Result) *record.Stop {
	before, result := row.result, row.result
	result.Unconfirmed, result.Cells = false, row.cells
	if result.Code == codes.TemplateUnconfirmed {
		result.Code, result.Message = "", ""
	}
	result.Requests, result.Attempts, result.Seconds = result.Requests+look.Requests, max(result.Attempts,
		look.Attempts), result.Seconds+look.Seconds
	if len(row.lacked) > 0 {
		result.AsTemplate = map[string]cupi.Object{}
		for step, fields := range row.left {
			rest := maps.Clone(fields)
			maps.DeleteFunc(rest, func(name, _ string) bool { _, is := row.lacked[step][name]; return is })
			if len(rest) > 0 {
				result.AsTemplate[step] = rest
			}
		}
		result.StepsFailed = slices.Concat(result.StepsFailed, look.StepsFailed)
		result.StepsDone = slices.DeleteFunc(look.StepsDone, func(step string) bool { return slices.Contains(result.StepsFailed, step) })
		if !look.Status.Done() && result.Status.Done() {
			result.Status, result.Code, result.Message, result.Cells = look.Status, look.Code, look.Message, ""
		}
	}
	if err := r.amend(before, result); err != nil {
		return r.unwritten(err)
	}
	return nil
}
