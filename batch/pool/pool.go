package pool

import (
	"context"
	"iter"

	"golang.org/x/sync/errgroup"

	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/internal/crash"
)

// waitingMost bounds how many rows may wait for a row with the same key, before
// no more are read.
const waitingMost = 10_000

// lookahead is how many rows of one change more than can be in flight are made ready: their
// intents are on the disk when a slot gets free. After a crash so many rows more are looked
// up.
const lookahead = 32

// spare is how many rows of several changes more than may be half made are made ready, so
// that their first intents are on the disk when they may begin.
const spare = 2

// MaxWorkers bounds how many rows may be in flight when the limit of changes comes
// near.
const MaxWorkers = 64

// MaxInProgress is how many rows are worked on at a time, where so many requests may be in
// flight. One request at a time is also one row at a time.
func MaxInProgress(requests int) int {
	if requests == 1 {
		return 1
	}
	return min(requests+lookahead, max(requests, MaxWorkers))
}

// InOrder works on jobs with so many workers, for so many requests in flight (slots), and
// hands each outcome to finish, which may end the run too. Jobs that share a key keep their
// order. When ctx ends, or an outcome says stop, nothing more is started; what is in flight
// ends first. Jobs never started have no outcome, or one that says pending.
//
// The caller's goroutine is the only one that reads jobs and calls finish.
func InOrder(ctx context.Context, workers int, slots func() int, jobs iter.Seq2[Job, error],
	finish func(Outcome) *record.Stop) *record.Stop {
	starting, cancel := context.WithCancel(ctx)
	defer cancel()
	c := coordinator{
		noMore: cancel, slots: slots,
		ready: make(chan queued), gone: make(chan struct{}), outcomes: make(chan jobEnd), finish: finish,
		busy: map[string]int{}, waiting: map[string][]*waitingJob{}, ended: map[int]bool{}, awaiting: map[int][]*waitingJob{},
	}
	// The group starts the workers and waits for them, and gets no error: it would keep the
	// first, where halt weighs what ends a run and the outcomes of the others still count.
	var group errgroup.Group
	for range workers {
		group.Go(func() error {
			for j := range c.ready {
				if j.Goes != nil {
					j.Goes()
				}
				c.gone <- struct{}{}
				c.outcomes <- jobEnd{j, outcomeOf(func() Outcome { return j.Work(ctx, starting) })}
			}
			return nil
		})
	}
	pull, end := iter.Pull2(jobs)
	defer end()
	c.run(ctx, pull)
	close(c.ready)
	_ = group.Wait()
	return c.stop
}

// outcomeOf gives the outcome of a row, also when a mistake in the program ends it: the run
// ends then, and its journal says how far the row got.
func outcomeOf(work func() Outcome) (o Outcome) {
	if err := crash.Caught(func() { o = work() }); err != nil {
		return Outcome{Result: record.Result{Status: record.Pending}, Open: true,
			Stop: &record.Stop{Exit: record.ExitFailed, Code: codes.Crash, Reason: "the run can't go on", Err: err}}
	}
	return o
}
