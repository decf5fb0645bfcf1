package gate

import (
	"context"
	"time"
)

// Options say what a gate goes by.
type Options struct {
	Schedule  Schedule
	Workers   int           // requests in flight at most; less than 1 is 1
	Auto      bool          // as many of them as the server has room for; else always so many
	MaxOutage time.Duration // a server that is out for so long ends the run; 0: its first probe that fails does
	// One cheap request, past the gate: whatever the server answers, it is back, unless it says
	// that it is busy.
	Probe  func(ctx context.Context) error
	Notice func(Notice) // told why a run waits or is slow, from any goroutine, one at a time; may be nil
}

// probePause is how long the breaker waits before it asks whether the server is
// back.
const probePause = 30 * time.Second

// New makes the gate of a run. Nothing is asked or waited for yet.
func New(options Options) *Gate {
	news := newNews(options.Notice)
	g := &Gate{schedule: options.Schedule, news: news, slots: newSlots(options.Workers, options.Auto, news),
		breaker: breaker{news: news, pause: probePause, outage: options.MaxOutage,
			probe: func(ctx context.Context) error { return outageOf(options.Probe(ctx)) }}}
	g.breaker.now = g.Now
	if rate := options.Schedule.Rate; rate > 0 {
		g.interval = time.Duration(float64(time.Second) / rate)
	}
	return g
}
