package batch

import (
	"fmt"

	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Limits are the limits that stop a run before it does more harm.
type Limits struct {
	planned     int // rows that will be sent
	MaxFailures int
	maxDeletes  int
	maxChanges  int
	canary      int
	failures    int
	one         string                     // what people call what the rows are about
	Wrote       map[validate.Operation]int // rows that changed something
	others      Others
}

// Others is what the other files of a series count toward its limits, which are those of all together.
type Others struct {
	record.Share     // of all other files that go before and after
	Failures     int // rows of those before that went wrong
	Changed      int // rows of those before that changed something
}

func newLimits(p *plan.Prepared, others Others) Limits {
	planned := p.PlannedRows() + others.Rows
	return Limits{one: p.About.Table.One, planned: planned, others: others, failures: others.Failures,
		MaxFailures: p.Options.MaxFailures.Of(planned), maxDeletes: p.Options.MaxDeletes.Of(planned),
		maxChanges: p.Options.ChangesAllowed(planned), canary: p.Options.Canary, Wrote: map[validate.Operation]int{}}
}

// before stops a run that would delete more than it may.
func (r *Limits) before(p *plan.Prepared) *record.Stop {
	what, all := p.About.Table.Many, p.Share().With(r.others.Share)
	if r.others.Share != (record.Share{}) {
		what = "rows of all files"
	}
	if all.Deletes > r.maxDeletes {
		return &record.Stop{Exit: record.ExitRail, Code: codes.MaxDeletes,
			Reason: fmt.Sprintf("stopped by --max-deletes: %s to delete: %d, allowed: %d; nothing was sent. If that "+
				"is meant, resume with --max-deletes %d", what, all.Deletes, r.maxDeletes, all.Deletes)}
	}
	if all.Surely > r.maxChanges {
		return &record.Stop{Exit: record.ExitRail, Code: codes.MaxChanges,
			Reason: fmt.Sprintf("stopped by --max-changes: %s to create, import or delete: %d, allowed: %d; nothing "+
				"was sent. If that is meant, resume with --max-changes %d", what, all.Surely, r.maxChanges, all.Surely)}
	}
	return nil
}

// admit says how a row may go: alone, until enough rows of its operation have
// changed something, as canaries; and not at all, once as many rows have changed
// something as may. Near that limit rows go alone, so that none is one too many.
func (r *Limits) admit(operation validate.Operation) pool.Admission {
	changed := r.others.Changed
	for _, n := range r.Wrote {
		changed += n
	}
	if changed >= r.maxChanges {
		return pool.Admission{Stop: &record.Stop{Exit: record.ExitRail, Code: codes.MaxChanges,
			Reason: fmt.Sprintf("stopped by --max-changes: rows changed: %d, allowed: %d. If more are meant, resume "+
				"with a larger --max-changes", changed, r.maxChanges)}}
	}
	return pool.Admission{Alone: r.isCanary(operation) || (r.maxChanges < r.planned && changed+pool.MaxWorkers >= r.maxChanges)}
}

// isCanary reports whether a row of the operation goes first, alone.
func (r *Limits) isCanary(operation validate.Operation) bool { return r.Wrote[operation] < r.canary }

// after counts a row, and stops the run when too many went wrong.
func (r *Limits) after(result record.Result) *record.Stop {
	canary := r.isCanary(result.Operation)
	if len(result.StepsDone) > 0 {
		r.Wrote[result.Operation]++
	}
	switch result.Status {
	case record.Failed, record.Partial, record.Uncertain:
	default:
		return nil
	}
	r.failures++
	if canary {
		return &record.Stop{Exit: record.ExitRail, Code: codes.Canary,
			Reason: fmt.Sprintf("stopped by --canary: row %d, the first to %s a %s, is %s (%s). Mend the cause, then "+
				"resume; --canary 0 goes on without", result.Row, result.Operation, r.one, result.Status, result.Message)}
	}
	if r.failures > r.MaxFailures {
		return &record.Stop{Exit: record.ExitRail, Code: codes.MaxFailures,
			Reason: fmt.Sprintf("stopped by --max-failures: of %[2]d rows planned, %[1]d went wrong, and %[3]d may; the "+
				"last: row %[4]d, %[5]s. Mend the cause, then resume, with a new --max-failures if you like", r.failures,
				r.planned, r.MaxFailures, result.Row, result.Message)}
	}
	return nil
}
