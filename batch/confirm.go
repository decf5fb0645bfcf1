package batch

import (
	"context"
	"errors"
	"iter"
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

// That a template gave a user what was not sent to it, is confirmed by a user that was made
// later: when that has it too, the template was no other in between. So now and then one of the
// users is looked at, and the last ones at the end. Where a template is not what it was, each
// user of whom the look tells otherwise is looked at itself, and gets what it lacks.

// confirmEvery is how many users may be unconfirmed before one is looked at.
const confirmEvery = 50

// unconfirmed is a row that may leave something to the template, and then one that has ended and
// did. Only the coordinator's goroutine uses it, but while its job is at work.
type unconfirmed struct {
	*newcomer
	plan   *plan.Plan
	result record.Result
	cells  string // of the result, once it is confirmed

	must   bool                   // it must be looked at itself
	going  bool                   // it is being looked at
	seen   map[string]cupi.Object // by step: what the look has shown of what the row did not write
	lacked map[string]cupi.Object // by step: what the user did not have, so that it was sent
}

// await takes note of a row that ended unconfirmed.
func (r *Running) await(result record.Result) record.Result {
	row := r.newcomers[result.Row]
	delete(r.newcomers, result.Row)
	if !result.Unconfirmed {
		return result
	}
	row.cells, result.Cells = result.Cells, ""
	if result.Code == "" {
		result.Code, result.Message = codes.TemplateUnconfirmed, "left to the template, and not looked at since: "+result.LeftToTemplate()
	}
	row.result = result
	r.unconfirmed[result.Row] = row
	return result
}

// due gives the rows that are to be looked at now: those that must be, and of users that are
// alike the one made last, when many are unconfirmed, or at the end.
func (r *Running) due(end bool) []*unconfirmed {
	latest, waiting, going := map[string]*unconfirmed{}, map[string]int{}, map[string]bool{}
	var due []*unconfirmed
	for _, row := range r.unconfirmed {
		switch last := latest[row.alike]; {
		case row.going:
			going[row.alike] = true
			continue
		case row.must:
			due = append(due, row)
			continue
		case last == nil || row.before.After(last.before) || row.before.Equal(last.before) && row.result.Row > last.result.Row:
			latest[row.alike] = row
		}
		waiting[row.alike]++
	}
	for alike, last := range latest {
		switch {
		case going[alike] || !end && waiting[alike] < confirmEvery:
		case !end:
			due = append(due, last)
		default: // and those that were made beside it
			for _, row := range r.unconfirmed {
				if row.alike == alike && !row.must && (row == last || !row.confirmedBy(last)) {
					due = append(due, row)
				}
			}
		}
	}
	slices.SortFunc(due, func(a, b *unconfirmed) int { return a.result.Row - b.result.Row })
	return due
}

// confirmedBy reports whether a look at the other tells of this one: it was made later.
func (u *unconfirmed) confirmedBy(other *unconfirmed) bool { return !u.by.After(other.before) }

// confirmations makes jobs of the rows that are to be looked at now.
func (r *Running) confirmations(p *Preparation, end bool) iter.Seq2[pool.Job, error] {
	return func(yield func(pool.Job, error) bool) {
		for _, row := range r.due(end) {
			if r.unconfirmed[row.result.Row] != row { // another look has confirmed it meanwhile
				continue
			}
			row.going = true
			steps := r.toLookAt(row.alike)
			place := p.Session.NewPlace(true, false)
			job := pool.Job{Rank: place.Rank, Goes: place.GoOn, Work: func(ctx, starting context.Context) pool.Outcome {
				return confirm(ctx, starting, p.Session, row, steps, p.Snapshot, place)
			}}
			if !yield(job, nil) {
				return
			}
		}
	}
}

// toLookAt lists the steps of which something was left out of users that are alike.
func (r *Running) toLookAt(alike string) []string {
	steps := map[string]bool{}
	for _, row := range r.unconfirmed {
		if row.alike == alike {
			for step := range row.left {
				steps[step] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(steps), model.CompareSteps)
}

// confirm looks at the user of a row: at what the row left out, and at what others did. What the
// user lacks, it gets.
func confirm(ctx, starting context.Context, session *send.Session, row *unconfirmed, steps []string, snapshot *plan.Snapshot, place *send.Place) (o pool.Outcome) {
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
			lacked = notShown(part, lacked)
		}
		if len(lacked) == 0 {
			continue
		}
		row.lacked[step], r.at = lacked, step
		if err := r.do(ctx, model.Step{Kind: step, Wanted: lacked}); err != nil {
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
	delete(r.unconfirmed, row.result.Row)
	if !row.result.Unconfirmed { // its user turned out to be another row's
		return nil
	}
	if stop := r.confirmResult(row, o.Result); stop != nil {
		return stop
	}
	changed := len(row.lacked) > 0
	for _, other := range r.unconfirmed {
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
			delete(r.unconfirmed, other.result.Row)
			if stop := r.confirmResult(other, record.Result{}); stop != nil {
				return stop
			}
		}
	}
	if changed {
		r.lessons.forget(row.alike)
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
	result.Requests, result.Attempts, result.Seconds = result.Requests+look.Requests, max(result.Attempts, look.Attempts), result.Seconds+look.Seconds
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

// confirmRest looks at the users of which something is unconfirmed, when no more are made.
func (r *Running) confirmRest(ctx context.Context, p *Preparation) *record.Stop {
	for len(r.unconfirmed) > 0 {
		if stop := pool.InOrder(ctx, pool.MaxInProgress(p.Server.Workers), p.Session.Gate.Slots, r.confirmations(p, true), r.Finish); stop != nil {
			return stop
		}
	}
	return nil
}
