package gate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"sync"
	"time"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Gate is what every request of a run passes before it is sent. It ends waiting, never
// a request in flight.
type Gate struct {
	breaker  breaker
	slots    *slots
	schedule Schedule
	news     *News
	interval time.Duration // between requests; 0: as they come

	mutex  sync.Mutex
	next   time.Time // when the next request may leave
	opened bool      // the window was open once
	told   Notice    // what people were told last

	holds     int // requests that the schedule keeps waiting now
	heldSince time.Time
	heldFor   time.Duration // before that
}

// pauseLook is how often the pause file and the window are looked at while a run
// waits for them.
const pauseLook = time.Second

// Pass waits until a request may be sent, and takes a slot for it: those whose turn is
// later in the list of turns go first. The request must be sent then, and
// [Gate.Answered] be told. The error is a *[Closed], or that of ctx.
func (g *Gate) Pass(ctx context.Context, turn Turn) (Slot, error) {
	for {
		if err := g.Open(ctx); err != nil {
			return Slot{}, err
		}
		taken, err := g.slots.take(ctx, turn)
		if err != nil {
			return Slot{}, err
		}
		if g.closedAgain() {
			g.slots.giveBack()
			continue
		}
		if err := g.pace(ctx); err != nil {
			g.slots.giveBack()
			return Slot{}, err
		}
		return taken, nil
	}
}

// closedAgain reports whether something came up while a request waited for its slot.
func (g *Gate) closedAgain() bool {
	_, why, err := g.held(time.Now())
	return err != nil || why != "" || g.breaker.isOpen()
}

// Open waits until the run may send at all, and takes no slot. The error is a *[Closed],
// or that of ctx.
func (g *Gate) Open(ctx context.Context) error {
	for {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		wait, why, err := g.held(time.Now())
		if err != nil {
			return err
		}
		if why == "" {
			break
		}
		g.Tell(Notice{State: Waiting, Text: "waiting: " + why})
		g.hold(1)
		err = Sleep(ctx, wait)
		g.hold(-1)
		if err != nil {
			return err
		}
	}
	g.Tell(Notice{})
	return g.breaker.pass(ctx)
}

// hold notes that the schedule keeps so many more requests waiting.
func (g *Gate) hold(more int) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.holds == 0 {
		g.heldSince = time.Now()
	}
	if g.holds += more; g.holds == 0 {
		g.heldFor += time.Since(g.heldSince)
	}
}

// Now is the time by a clock that stands still while the schedule keeps the run waiting:
// hours in which nobody asked a server are none in which it was out.
func (g *Gate) Now() time.Time {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	now := time.Now()
	if g.holds > 0 {
		now = g.heldSince
	}
	return now.Add(-g.heldFor)
}

// held says whether the run must wait, how long until it looks again, and for what.
func (g *Gate) held(now time.Time) (wait time.Duration, why string, err error) {
	if after := g.schedule.NotAfter; !after.IsZero() && !now.Before(after) {
		return 0, "", &Closed{Code: codes.NotAfter,
			Reason: fmt.Sprintf("stopped by --not-after: it is past %s; give a later one to go on", after.Format("2006-01-02 15:04"))}
	}
	if wait, why, err := g.outside(now); why != "" || err != nil {
		return wait, why, err
	}
	if path := g.schedule.PauseFile; path != "" {
		_, err := os.Stat(path)
		if err == nil {
			return pauseLook, fmt.Sprintf("%s is there; remove it to go on", path), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return 0, "", &Closed{Code: codes.PauseFile, Failed: true, Reason: "the pause file can't be looked for", Err: err}
		}
	}
	return 0, "", nil
}

// outside says it of the window.
func (g *Gate) outside(now time.Time) (wait time.Duration, why string, err error) {
	window := g.schedule.Window
	if window == (Window{}) {
		return 0, "", nil
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	open := window.open(now)
	if !open && g.opened {
		return 0, "", &Closed{Code: codes.OutsideWindow,
			Reason: fmt.Sprintf("stopped by --window: %s is over; go on when it is open again", window)}
	}
	if when, is := window.LeftOut(now); is {
		return 0, "", &Closed{Code: codes.OutsideWindow,
			Reason: fmt.Sprintf("stopped by --window: %s does not come on %s, because clocks go forward over it; give "+
				"another one for that night", window, when.Format("2006-01-02"))}
	}
	if !open {
		return min(pauseLook, window.until(now)), fmt.Sprintf("the window %s is not open", window), nil
	}
	g.opened = true
	return 0, "", nil
}

// pace keeps the rate.
func (g *Gate) pace(ctx context.Context) error {
	if g.interval == 0 {
		return nil
	}
	g.mutex.Lock()
	now := time.Now()
	if g.next.Before(now) {
		g.next = now
	}
	wait := g.next.Sub(now)
	g.next = g.next.Add(g.interval)
	g.mutex.Unlock()
	if wait == 0 {
		return nil
	}
	return Sleep(ctx, wait)
}

// Answered frees the slot of a request that ended, and lets the breaker and the throttle
// learn from it: what it was, how long it took from when it was sent, and the client's
// error, nil for a success. After a success whoever gets the slot goes first: what the caller
// still has to do for its row would keep the server waiting. After an error the caller goes on,
// for it may end the run before anything more is sent.
func (g *Gate) Answered(taken Slot, request cupi.Request, took time.Duration, err error) {
	g.breaker.note(outageOf(err))
	g.slots.answered(taken, request, took, err)
	if err == nil {
		runtime.Gosched()
	}
}

// Throttled tells how often fewer requests at a time were sent from then on, and for how
// many seconds there were how many slots.
func (g *Gate) Throttled() (times int, secondsAt map[int]float64) { return g.slots.tell() }

// Tell tells people why the run waits, or that it goes on: something new, once. The zero
// Notice tells nothing, and makes all new again.
func (g *Gate) Tell(news Notice) {
	g.mutex.Lock()
	if news != g.told && news.State != "" {
		g.news.Post(news)
	}
	g.told = news
	g.mutex.Unlock()
	g.news.Tell()
}

// News are the notices of the run, in the order in which they are told.
func (g *Gate) News() *News { return g.news }
