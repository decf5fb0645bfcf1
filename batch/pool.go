package batch

import (
	"context"
	"fmt"
	"iter"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// job is a row that is ready to be worked on.
type job struct {
	id    int         // what others name it by in after; 0: nobody does
	after []int       // jobs that must have ended before, wherever they stand
	keys  []string    // rows that share one are worked on one after the other, in order
	turn  func() turn // asked when its turn comes; nil: it goes
	// work does it. When starting ends, it may finish what it has begun, but not begin.
	work func(ctx, starting context.Context) outcome
}

// turn says how a job may go.
type turn struct {
	alone bool  // nothing else may be in flight while it is worked on
	stop  *Stop // it may not go, and the run ends
}

// outcome is what became of a job. stop ends the run.
type outcome struct {
	result Result
	open   bool // the row has not ended: it was cut off, or another job goes on with it
	stop   *Stop
}

// waitingMost bounds how many rows may wait for a row with the same key, before
// no more are read.
const waitingMost = 10_000

// ahead is how many rows more than can be in flight are made ready: their intents are
// on the disk when a slot gets free, and most of them share one sync. A sync costs as
// much as two requests, and after a crash so many rows more are looked up.
const ahead = 32

// atHand is how many rows are worked on at a time, where so many requests may be in
// flight. One request at a time is also one row at a time.
func atHand(requests int) int {
	if requests == 1 {
		return 1
	}
	return min(requests+ahead, max(requests, maxWorkers))
}

// inOrder works on jobs with so many workers and hands each outcome to finish,
// which may end the run too. Jobs that share a key keep their order. When ctx
// ends, or an outcome says stop, nothing more is started; what is in flight ends
// first. Jobs never started have no outcome, or one that says pending.
//
// The caller's goroutine is the only one that reads jobs and calls finish.
func inOrder(ctx context.Context, workers int, jobs iter.Seq2[job, error], finish func(outcome) *Stop) *Stop {
	starting, cancel := context.WithCancel(ctx)
	defer cancel()
	c := coordinator{
		noMore: cancel,
		ready:  make(chan job), outcomes: make(chan finished), finish: finish,
		busy: map[string]int{}, waiting: map[string][]*waitingJob{}, ended: map[int]bool{}, awaiting: map[int][]*waitingJob{},
	}
	var group errgroup.Group
	for range workers {
		group.Go(func() error {
			for j := range c.ready {
				c.outcomes <- finished{j, j.work(ctx, starting)}
			}
			return nil
		})
	}
	pull, end := iter.Pull2(jobs)
	defer end()
	c.run(ctx, pull)
	close(c.ready)
	_ = group.Wait() // the workers return no error
	return c.stop
}

type finished struct {
	job     job
	outcome outcome
}

// waitingJob is a job whose keys are not all free, or that comes after another.
type waitingJob struct {
	job     job
	blocked int // keys that earlier jobs still hold, and jobs that must end before
}

// coordinator decides which job goes next. One goroutine uses it.
type coordinator struct {
	ready    chan job
	outcomes chan finished
	finish   func(outcome) *Stop

	busy     map[string]int           // key -> jobs that hold it or wait for it
	waiting  map[string][]*waitingJob // key -> jobs that wait for it, oldest first
	ended    map[int]bool             // jobs with an id that have ended
	awaiting map[int][]*waitingJob    // id -> jobs that come after it
	free     []job                    // ready to go, oldest first
	parked   int
	inFlight int
	noMore   context.CancelFunc // tells the workers that no job may begin any more
	solitary bool               // the job in flight wants to be alone
	stop     *Stop
}

func (c *coordinator) run(ctx context.Context, pull func() (job, error, bool)) {
	more := true
	for {
		if more && ctx.Err() != nil {
			more = false
			c.halt(asStop(ctx.Err()))
		}
		if c.stop != nil {
			more, c.free = false, nil
		}
		for more && len(c.free) == 0 && (c.parked < waitingMost || c.inFlight == 0) {
			more = c.readNext(pull)
		}
		if c.inFlight == 0 && len(c.free) == 0 && !more {
			if c.stop == nil && c.parked > 0 { // whoever makes the jobs lets none wait for itself
				c.halt(&Stop{Exit: ExitFailed, Code: "order", Reason: fmt.Sprintf("%d rows wait for each other", c.parked)})
			}
			return
		}
		c.exchange(ctx)
	}
}

// readNext takes one job from the input. It reports whether there may be more.
func (c *coordinator) readNext(pull func() (job, error, bool)) bool {
	j, err, more := pull()
	if err != nil {
		c.halt(asStop(err))
		return false
	}
	if !more {
		return false
	}
	w := &waitingJob{job: j}
	for _, key := range j.keys {
		if c.busy[key] > 0 {
			w.blocked++
			c.waiting[key] = append(c.waiting[key], w)
		}
		c.busy[key]++
	}
	for _, id := range j.after {
		if !c.ended[id] {
			w.blocked++
			c.awaiting[id] = append(c.awaiting[id], w)
		}
	}
	if w.blocked > 0 {
		c.parked++
	} else {
		c.free = append(c.free, j)
	}
	return true
}

// exchange hands out a job, or takes an outcome, whichever comes first.
func (c *coordinator) exchange(ctx context.Context) {
	var ready chan job
	var first job
	var next turn
	if len(c.free) > 0 && !c.solitary {
		if first = c.free[0]; first.turn != nil {
			next = first.turn()
		}
		if next.stop != nil && c.inFlight == 0 {
			c.halt(next.stop)
			return
		}
		if c.inFlight == 0 || (!next.alone && next.stop == nil) {
			ready = c.ready
		}
	}
	var interrupted <-chan struct{}
	if c.stop == nil {
		interrupted = ctx.Done()
	}
	select {
	case ready <- first:
		c.free = c.free[1:]
		c.inFlight++
		c.solitary = next.alone
	case f := <-c.outcomes:
		c.inFlight--
		c.solitary = false
		c.release(f.job)
		if f.outcome.stop != nil {
			c.halt(f.outcome.stop)
		}
		if stop := c.finish(f.outcome); stop != nil {
			c.halt(stop)
		}
	case <-interrupted:
		c.halt(asStop(ctx.Err()))
	}
}

// release frees a job's keys for the next that waits for each, and those that
// come after it.
func (c *coordinator) release(j job) {
	if j.id != 0 {
		c.ended[j.id] = true
		for _, w := range c.awaiting[j.id] {
			c.unblock(w)
		}
		delete(c.awaiting, j.id)
	}
	for _, key := range j.keys {
		c.busy[key]--
		if c.busy[key] == 0 {
			delete(c.busy, key)
			continue
		}
		w := c.waiting[key][0]
		if c.waiting[key] = c.waiting[key][1:]; len(c.waiting[key]) == 0 {
			delete(c.waiting, key)
		}
		c.unblock(w)
	}
}

func (c *coordinator) unblock(w *waitingJob) {
	if w.blocked--; w.blocked == 0 {
		c.parked--
		c.free = append(c.free, w.job)
	}
}

// halt remembers the first reason to stop; an error outranks an interruption.
func (c *coordinator) halt(stop *Stop) {
	c.noMore()
	if c.stop == nil || (stop.Exit == ExitFailed && c.stop.Exit != ExitFailed) {
		c.stop = stop
	}
}

// atOnce does something with each item, so many at a time, and returns the first error,
// after which it begins with no other.
func atOnce[T any](limit int, items iter.Seq[T], do func(T) error) error {
	var group errgroup.Group
	group.SetLimit(limit)
	var failed atomic.Bool
	for item := range items {
		if failed.Load() {
			break
		}
		group.Go(func() error {
			err := do(item)
			if err != nil {
				failed.Store(true)
			}
			return err
		})
	}
	return group.Wait()
}

// allAtOnce makes something of each item, so many at a time, and gives it in the order
// of the items, or the first error.
func allAtOnce[T, R any](limit int, items []T, do func(T) (R, error)) ([]R, error) {
	results := make([]R, len(items))
	indexes := func(yield func(int) bool) {
		for i := 0; i < len(items) && yield(i); i++ {
		}
	}
	return results, atOnce(limit, indexes, func(i int) (err error) { results[i], err = do(items[i]); return err })
}
