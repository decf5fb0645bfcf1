package batch

import (
	"slices"

	"cucbulk/batch/pool"
	"cucbulk/batch/record"
)

// Finish takes the outcome of a row: counts it, records it, tells of it.
func (r *Running) Finish(o pool.Outcome) *record.Stop {
	result := o.Result
	if row := r.unconfirmed.ended[result.Row]; row != nil {
		return r.confirmed(row, o)
	}
	before := r.begun[result.Row]
	if o.TookFrom != 0 {
		if err := r.noteDispute(dispute{result.Row, o.TookFrom}); err != nil {
			return r.unwritten(err)
		}
	}
	cost := before.cost.With(result.Requests, result.Attempts, result.Seconds)
	if o.Open {
		cost.Row = result.Row
		r.begun[result.Row] = begunRow{status: result.Status, code: result.Code, done: result.StepsDone, cost: cost, now: true}
		return nil
	}
	delete(r.begun, result.Row)
	result.Requests, result.Attempts, result.Seconds = cost.Requests, cost.Attempts, cost.Seconds
	for i, step := range before.done { // by a job of its own
		if !slices.Contains(result.StepsDone, step) && !slices.Contains(result.StepsFailed, step) {
			result.StepsDone = slices.Insert(slices.Clone(result.StepsDone), min(i, len(result.StepsDone)), step)
		}
	}
	result, err := r.afterDisputes(result)
	if err != nil {
		return r.unwritten(err)
	}
	r.counts[result.Status]++
	r.Short = r.Short || result.Short()
	if !result.Status.Done() {
		result.Cells = ""
	}
	result = r.unconfirmed.await(result)
	if err := r.Writer.Post(record.RecordResult, result); err != nil {
		return r.unwritten(err)
	}
	if r.recorder.Result != nil {
		r.recorder.Result(result)
	}
	return r.Limits.after(result)
}
