package pool

import (
	"context"
	"fmt"

	"cucbulk/batch/record"
	"cucbulk/internal/codes"
)

type jobEnd struct {
	job     queued
	outcome Outcome
}

// waitingJob is a job whose keys are not all free, or that comes after another.
type waitingJob struct {
	job     Job
	blocked int // keys that earlier jobs still hold, and jobs that must end before
}

// coordinator decides which job goes next. One goroutine uses it.
type coordinator struct {
	ready    chan queued
	gone     chan struct{} // the worker that took a job has told so
	outcomes chan jobEnd
	finish   func(Outcome) *record.Stop

	busy            map[string]int           // key -> jobs that hold it or wait for it
	waiting         map[string][]*waitingJob // key -> jobs that wait for it, oldest first
	ended           map[int]bool             // jobs with an id that have ended
	awaiting        map[int][]*waitingJob    // id -> jobs that come after it
	queues          [ranks][]queued          // ready to go, oldest first
	added           int                      // to them
	beginning       bool                     // the job that was read last was begun
	blocked         int                      // jobs that wait for a key, or for another job
	inFlight        int
	inFlightSeveral int                // of them: of several changes
	halfMade        int                // rows whose user was moved out of the way, or is being moved, and that have not ended
	slots           func() int         // requests that may be in flight
	noMore          context.CancelFunc // tells the workers that no job may begin any more
	alone           bool               // the job in flight wants to be alone
	stop            *record.Stop
}

func (c *coordinator) run(ctx context.Context, pull func() (Job, error, bool)) {
	more := true
	for {
		if more && ctx.Err() != nil {
			more = false
			c.halt(record.AsStop(ctx.Err()))
		}
		if c.stop != nil {
			more, c.queues = false, [ranks][]queued{}
		}
		for more && (c.beginning || c.next() == nil &&
			(c.blocked < waitingMost && len(c.queues[RankSeveral])+len(c.queues[RankMovesFirst]) < lookahead || c.inFlight == 0)) {
			more = c.readNext(pull)
		}
		if c.inFlight == 0 && c.next() == nil && !more {
			if moves := c.queues[RankMovesFirst]; len(moves) > 0 { // rows wait for more than one that is moved
				c.queues[RankSingle], c.queues[RankMovesFirst] = moves[:1:1], moves[1:]
				continue
			}
			if c.stop == nil && c.blocked > 0 { // whoever makes the jobs lets none wait for itself
				c.halt(&record.Stop{Exit: record.ExitFailed, Code: codes.Order,
					Reason: fmt.Sprintf("%d rows wait for each other", c.blocked)})
			}
			return
		}
		c.exchange(ctx)
	}
}

// readNext takes one job from the input. It reports whether there may be more.
func (c *coordinator) readNext(pull func() (Job, error, bool)) bool {
	j, err, more := pull()
	if err != nil {
		c.halt(record.AsStop(err))
		return false
	}
	if !more {
		return false
	}
	w := &waitingJob{job: j}
	for _, key := range j.Keys {
		if c.busy[key] > 0 {
			w.blocked++
			c.waiting[key] = append(c.waiting[key], w)
		}
		c.busy[key]++
	}
	for _, id := range j.After {
		if !c.ended[id] {
			w.blocked++
			c.awaiting[id] = append(c.awaiting[id], w)
		}
	}
	c.beginning = j.Begun && c.blocked < waitingMost
	if w.blocked > 0 {
		c.blocked++
	} else {
		c.add(j)
	}
	return true
}

// queued is a job that is ready to go.
type queued struct {
	Job
	now    Rank
	number int // those of a rank go in this order
}

// add puts a job among those that are ready to go.
func (c *coordinator) add(j Job) {
	c.added++
	now := RankSingle
	if j.Rank != nil {
		now = j.Rank()
	}
	c.queues[now] = append(c.queues[now], queued{j, now, c.added})
}

// next gives the queue whose first job goes next; nil when none may go. Rows that were begun
// go first. Of rows that stay half made there are so few that one of several changes can
// always begin: rows may wait for it.
func (c *coordinator) next() *[]queued {
	var first *[]queued
	for i := range c.queues {
		queue := &c.queues[i]
		switch of := Rank(i); {
		case len(*queue) == 0:
		case of == RankBegun:
			return queue
		case of == RankSeveral && c.inFlightSeveral > c.slots()+spare:
		case of == RankMovesFirst && c.halfMade >= c.slots():
		case first == nil || (*queue)[0].number < (*first)[0].number:
			first = queue
		}
	}
	return first
}

// exchange hands out a job, or takes an outcome, whichever comes first.
func (c *coordinator) exchange(ctx context.Context) {
	var ready chan queued
	var first queued
	var next Admission
	queue := c.next()
	if queue != nil && !c.alone {
		if first = (*queue)[0]; first.Admit != nil {
			next = first.Admit()
		}
		if next.Stop != nil && c.inFlight == 0 {
			c.halt(next.Stop)
			return
		}
		if c.inFlight == 0 || (!next.Alone && next.Stop == nil) {
			ready = c.ready
		}
	}
	var interrupted <-chan struct{}
	if c.stop == nil {
		interrupted = ctx.Done()
	}
	select {
	case ready <- first:
		<-c.gone
		*queue = (*queue)[1:]
		c.count(first, 1)
		c.alone = next.Alone
	case f := <-c.outcomes:
		c.alone = false
		c.count(f.job, -1)
		c.take(f)
	case <-interrupted:
		c.halt(record.AsStop(ctx.Err()))
	}
}

// count notes that a job was handed out, or has come back.
func (c *coordinator) count(j queued, more int) {
	c.inFlight += more
	if j.now == RankSeveral {
		c.inFlightSeveral += more
	}
	if j.MovesFirst && more > 0 {
		c.halfMade++
	}
}

// take takes the outcome of a job.
func (c *coordinator) take(f jobEnd) {
	if f.job.MovedBefore || f.job.MovesFirst && f.outcome.Again {
		c.halfMade--
	}
	if f.outcome.Again {
		c.add(f.job.Job)
	} else {
		c.release(f.job.Job)
	}
	if f.outcome.Stop != nil {
		c.halt(f.outcome.Stop)
	}
	if stop := c.finish(f.outcome); stop != nil {
		c.halt(stop)
	}
}

// release frees a job's keys for the next that waits for each, and those that
// come after it.
func (c *coordinator) release(j Job) {
	if j.ID != 0 {
		c.ended[j.ID] = true
		for _, w := range c.awaiting[j.ID] {
			c.unblock(w)
		}
		delete(c.awaiting, j.ID)
	}
	for _, key := range j.Keys {
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
		c.blocked--
		c.add(w.job)
	}
}

// halt remembers the first reason to stop; an error outranks an interruption.
func (c *coordinator) halt(stop *record.Stop) {
	c.noMore()
	if c.stop == nil || (stop.Exit == record.ExitFailed && c.stop.Exit != record.ExitFailed) {
		c.stop = stop
	}
}
