package gate

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// breaker pauses a run while the server is out, so that an outage costs the rows
// neither their attempts nor the server a storm. It opens after several failures
// in a row, or when half of the last ones failed; then one worker asks the server
// from time to time whether it is back, and all others wait.
type breaker struct {
	probe  func(ctx context.Context) error // one cheap request
	news   *News
	pause  time.Duration    // between probes
	outage time.Duration    // after so long the run ends, to be resumed
	now    func() time.Time // by which that is measured

	mutex    sync.Mutex
	inARow   int
	recent   []bool        // the last answers, oldest first; true is a failure
	over     chan struct{} // not nil while the breaker is open; closed when that ends
	since    time.Time     // when it opened
	probing  bool
	gaveUp   *Closed
	lastSeen error // the failure that opened it
	told     bool  // people were told that it is open
}

// When the breaker opens.
const (
	breakerInARow = 5
	breakerRecent = 20
)

// note tells the breaker how a request ended: failure is nil when the server did
// its work, whatever it answered.
func (b *breaker) note(failure error) {
	now := b.now()
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.over != nil {
		return // sent before it opened
	}
	b.recent = append(b.recent, failure != nil)
	if len(b.recent) > breakerRecent {
		b.recent = b.recent[1:]
	}
	if failure == nil {
		b.inARow = 0
		return
	}
	b.inARow++
	failures := 0
	for _, failed := range b.recent {
		if failed {
			failures++
		}
	}
	if b.inARow >= breakerInARow || (len(b.recent) == breakerRecent && 2*failures >= breakerRecent) {
		b.over, b.since, b.lastSeen, b.told = make(chan struct{}), now, failure, false
	}
}

// pass returns at once while the server does its work. Else it waits until that is
// so again, ctx ends, or the outage lasts too long.
func (b *breaker) pass(ctx context.Context) error {
	for {
		b.mutex.Lock()
		over, gaveUp := b.over, b.gaveUp
		mine := over != nil && !b.probing && gaveUp == nil
		if mine {
			b.probing = true
			if !b.told { // what gives up rather than wait is no pause
				b.told = true
				const short = "paused: the server is out or too busy"
				b.news.Post(Notice{Paused, fmt.Sprintf(short+" (%v); it is asked every %s whether it is back", b.lastSeen, b.pause), short})
			}
		}
		b.mutex.Unlock()
		b.news.Tell()
		switch {
		case gaveUp != nil:
			return gaveUp
		case over == nil:
			return nil
		case mine:
			if err := b.wait(ctx); err != nil {
				return err
			}
		default:
			select {
			case <-over:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

// isOpen reports whether requests must wait.
func (b *breaker) isOpen() bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.over != nil
}

// wait probes until the server is back, at an even pace: no request is tried again here, so
// it takes no backoff, and a run goes on soon after a long outage too.
func (b *breaker) wait(ctx context.Context) error {
	for {
		err := Sleep(ctx, b.untilProbe())
		if err == nil {
			err = b.probe(ctx)
		}
		now := b.now()
		b.mutex.Lock()
		outage := now.Sub(b.since)
		switch {
		case err == nil:
			b.news.Post(Notice{State: GoingOn, Text: fmt.Sprintf("going on: the server is back after %s", outage.Round(time.Second))})
			b.end()
		case ctx.Err() != nil:
			b.probing = false
			err = ctx.Err() // whatever the probe met meanwhile
		case outage >= b.outage:
			b.gaveUp = TooLong(outage, b.lastSeen)
			err = b.gaveUp
			b.end()
		default:
			b.mutex.Unlock()
			continue
		}
		b.mutex.Unlock()
		b.news.Tell()
		return err
	}
}

// TooLong makes the error that ends a run, to be resumed, because the server was out for
// too long: lastSeen is what it answered, or why it did not.
func TooLong(outage time.Duration, lastSeen error) *Closed {
	return &Closed{Code: codes.Outage, Err: lastSeen, Reason: fmt.Sprintf("the server has been out for %s", outage.Round(time.Second))}
}

// untilProbe is how long to wait before the next probe: the pause, or what is left
// of the outage if that is less.
func (b *breaker) untilProbe() time.Duration {
	now := b.now()
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return max(0, min(b.pause, b.outage-now.Sub(b.since)))
}

// end lets those who wait look again. The mutex is held.
func (b *breaker) end() {
	close(b.over)
	b.over, b.recent, b.inARow, b.probing = nil, nil, 0, false
}

// outageOf tells whether a request failed because the server is out: it did not
// answer, or it answered that it is too busy. It returns nil for anything else.
func outageOf(err error) error {
	var problem *cupi.Error
	if !errors.As(err, &problem) {
		return nil
	}
	switch {
	case problem.Status == 502, problem.Status == 503, problem.Status == 504:
		return err
	case problem.Status == 0 && (problem.Kind == cupi.KindNetwork || problem.Kind == cupi.KindTimeout):
		return err
	}
	return nil
}
