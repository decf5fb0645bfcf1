package batch

import (
	"slices"

	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// rowRunner is one row while it is worked on: it sends what its steps change. One goroutine
// uses it.
type rowRunner struct {
	send.Changer
	rowSteps
	within   record.Reach // until when a fresh user can have been made; nil: an earlier start made it
	looked   bool         // it was looked by the alias whom this run made
	newcomer *newcomer    // the user that it makes, beside others

	at                     string // the step that is being done
	stepsDone, stepsFailed []string
	changed                bool          // the server has something of the row
	problem                *send.Failure // what steps failed for
	leftOut, leftOutTold   []string      // what the row wants, and the server does not have: by name, and as people are told
	handedOver             []string      // what refers to the successor now
	recipients             []cupi.Object // see [record.Result]
}

// did notes a step of which something is on the server.
func (r *rowRunner) did(step string) {
	r.changed = true
	if !slices.Contains(r.stepsDone, step) {
		r.stepsDone = append(r.stepsDone, step)
	}
}

// didNot notes a step that failed, be it after some of its changes.
func (r *rowRunner) didNot(step string) {
	r.stepsDone = slices.DeleteFunc(r.stepsDone, func(done string) bool { return done == step })
	r.stepsFailed = append(r.stepsFailed, step)
}

// fails notes why a step failed. One of which it is not known what became of it is the worse.
func (r *rowRunner) fails(failed *send.Failure) {
	if r.problem == nil {
		r.problem = failed
		return
	}
	both := *r.problem
	if failed.Status == record.Uncertain && both.Status != record.Uncertain {
		both.Status, both.Code = failed.Status, failed.Code
	}
	both.Message += "; " + failed.Message
	r.problem = &both
}
