package batch

import (
	"context"
	"fmt"
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

// executor carries the plans of a run out. Only the coordinator's goroutine uses it, but for what
// jobs do.
type executor struct {
	*Running
	*plan.Prepared
	awaited map[int]bool // rows after which others come
	made    plan.Makers  // of the awaited rows
	pins    *plan.PINs   // that this start has drawn; nil: none
	leaving leaving
}

func newExecutor(p *plan.Prepared, run *Running) *executor {
	return &executor{Running: run, Prepared: p, awaited: p.Order.Awaited()}
}

// leaving are the rows that take members out whom the file does not name. Such a row goes when all others have ended, and
// then does all that it asks for: so it is half made no longer than other rows. Only the coordinator's goroutine uses it.
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

// beginning is the record of who works on which server.
func beginning(p *plan.Prepared) record.Begin {
	return record.Begin{Server: p.Identity, Account: p.Server.Account, Workers: p.Server.Workers,
		Foreseen: p.Requests + p.Workload.Total() + p.SharedReads(), Spared: p.Spared(), Targets: p.Targets}
}

// carryOut sends what the plans say, but for the rows that have a result from an earlier start.
func (x *executor) carryOut(ctx context.Context) (Summary, error) {
	if err := x.Begin(x.Session, beginning(x.Prepared), x.History); err != nil {
		return Summary{}, err
	}
	if x.Recorded == nil {
		if err := x.Writer.Post(record.RecordOrder, x.Order); err != nil { // with the first intent it gets durable
			x.Writer.Close()
			return Summary{}, err
		}
	}
	if x.recorder.Planned != nil {
		x.recorder.Planned(x.Workload)
	}
	for id := range x.Snapshot.Seen {
		x.Session.IDs.Claim(id, 0)
	}
	x.IDs = &x.Session.IDs
	x.Limits = newLimits(x.Prepared, x.recorder.Others)
	var stop *record.Stop
	if err := x.learnHolders(x.History); err != nil {
		stop = x.unwritten(err)
	}
	if stop == nil {
		stop = x.Limits.before(x.Prepared)
	}
	if stop == nil {
		stop = x.drawPINs()
	}
	if stop == nil {
		stop = pool.InOrder(ctx, pool.MaxInProgress(x.Server.Workers), x.Session.Gate.Slots, x.jobs(), x.Finish)
	}
	if stop == nil {
		stop = pool.InOrder(ctx, pool.MaxInProgress(x.Server.Workers), x.Session.Gate.Slots, x.letLeave, x.Finish)
	}
	if stop == nil {
		stop = x.confirmRest(ctx)
	}
	return x.End(x.Session.Footer(), stop)
}

// drawPINs draws the PINs that the rows need.
func (x *executor) drawPINs() (stop *record.Stop) {
	var err error
	if x.pins, err = x.DrawPINs(x.recorder.Folder); err != nil {
		stop = &record.Stop{Exit: record.ExitFailed, Code: codes.PINs,
			Reason: "no PINs could be drawn and sealed, so nothing was sent", Err: err}
	}
	return stop
}

// jobs makes a job of each plan. A row that is settled already gets its result
// here, in passing.
func (x *executor) jobs() iter.Seq2[pool.Job, error] {
	return func(yield func(pool.Job, error) bool) {
		for plan, err := range x.begunFirst() {
			if err == nil && plan.End.Status != "" {
				if stop := x.Finish(pool.Outcome{Result: resultOfEnded(plan)}); stop != nil {
					err = stop
				} else {
					continue
				}
			}
			plan.TakePIN(x.pins)
			if err == nil && x.leaving.putOff(plan) {
				continue
			}
			movesFirst := err == nil && x.Order.MovesFirst[plan.Row] != ""
			place := x.Session.NewPlace(plan.Steps.Several(), plan.Before.Journaled.Begun())
			own := x.job(&plan, place, movesFirst) // before the job that moves the user starts to change the plan
			if movesFirst && !yield(x.moveFirstJob(&plan, place), nil) {
				return
			}
			if !yield(own, err) || err != nil {
				return
			}
			for look := range x.confirmations(false) {
				if !yield(look, nil) {
					return
				}
			}
		}
	}
}

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

// begunFirst gives the plans of the rows that are left: those first that an earlier start
// began, then those that they wait for. The last pass over the rows reads the input's file
// again.
func (x *executor) begunFirst() iter.Seq2[plan.Plan, error] {
	if x.History == nil || x.History.CutOff() == 0 {
		x.Input = x.Input.Again()
		return x.Plans()
	}
	const begun, awaited, others = 0, 1, 2
	turns := map[int]int{}
	for number, row := range x.History.Rows {
		if row.Begun() {
			turns[number] = begun
		}
	}
	passes := []int{begun, others}
	for _, number := range x.Order.Before(slices.Collect(maps.Keys(turns))) {
		if _, is := turns[number]; !is && !x.History.Rows.HasResult(number) {
			turns[number], passes = awaited, []int{begun, awaited, others}
		}
	}
	return func(yield func(plan.Plan, error) bool) {
		for _, pass := range passes {
			if pass == others {
				x.Input = x.Input.Again()
			}
			for plan, err := range x.Plans() {
				turn, is := turns[plan.Row]
				if !is {
					turn = others
				}
				if (err != nil || turn == pass) && !yield(plan, err) {
					return
				}
			}
		}
	}
}

func (x *executor) job(plan *plan.Plan, place *send.Place, parked bool) pool.Job {
	id := 0
	if x.awaited[plan.Row] { // only those are remembered when they have ended
		id = plan.Row
	}
	user := &newcomer{lessons: x.unconfirmed.lessons, alike: x.Learns(*plan), left: map[string]cupi.Object{}}
	if user.alike != "" {
		x.unconfirmed.atWork[plan.Row] = &unconfirmed{newcomer: user, plan: plan}
	}
	return pool.Job{
		ID: id, After: x.Order.After[plan.Row], Begun: place.Begun, Rank: place.Rank, Goes: place.GoOn, MovedBefore: parked,
		Admit: func() pool.Admission { return x.Limits.admit(plan.Told()) },
		Work: func(ctx, starting context.Context) pool.Outcome {
			plan.BindTo(&x.made)
			o := runRow(ctx, starting, x.Session, plan, x.Snapshot, place, user)
			if id != 0 && !o.Again {
				x.made.Note(o.Result)
			}
			return o
		},
	}
}

// moveFirstJob moves a row's user to a temporary extension, so that another row can
// take the one it has.
func (x *executor) moveFirstJob(plan *plan.Plan, place *send.Place) pool.Job {
	return pool.Job{
		ID: -plan.Row, After: x.Order.After[-plan.Row], Begun: place.Begun, Rank: place.RankMovingFirst, Goes: place.GoOn, MovesFirst: true,
		Admit: func() pool.Admission { return x.Limits.admit(plan.Told()) },
		Work: func(ctx, starting context.Context) pool.Outcome {
			plan.BindTo(&x.made)
			return moveFirst(ctx, starting, x.Session, plan, x.Snapshot, place)
		},
	}
}

// confirmations makes jobs of the rows that are to be looked at now.
func (x *executor) confirmations(end bool) iter.Seq2[pool.Job, error] {
	return func(yield func(pool.Job, error) bool) {
		for _, row := range x.unconfirmed.due(end) {
			if x.unconfirmed.ended[row.result.Row] != row { // another look has confirmed it meanwhile
				continue
			}
			row.going = true
			steps := x.unconfirmed.toLookAt(row.alike)
			place := x.Session.NewPlace(true, false)
			job := pool.Job{Rank: place.Rank, Goes: place.GoOn, Work: func(ctx, starting context.Context) pool.Outcome {
				return confirm(ctx, starting, x.Session, row, steps, x.Snapshot, place)
			}}
			if !yield(job, nil) {
				return
			}
		}
	}
}

// confirmRest looks at the users of which something is unconfirmed, when no more are made.
func (x *executor) confirmRest(ctx context.Context) *record.Stop {
	for len(x.unconfirmed.ended) > 0 {
		if stop := pool.InOrder(ctx, pool.MaxInProgress(x.Server.Workers), x.Session.Gate.Slots, x.confirmations(true),
			x.Finish); stop != nil {
			return stop
		}
	}
	return nil
}
