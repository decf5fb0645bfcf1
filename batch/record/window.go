package record

import "time"

// When a request can have been carried out, by the server's clock. Only what came to be
// then can be this run's.

// Slack is how far clocks may be misread: answers and objects tell whole seconds.
const Slack = 2 * time.Second

// ClockReading is what the server's clock showed, and when.
type ClockReading struct{ Server, Local time.Time }

// Now is what the server's clock shows now, zero while it was not read.
func (r ClockReading) Now() time.Time {
	if r.Server.IsZero() {
		return time.Time{}
	}
	return r.Server.Add(time.Since(r.Local))
}

// Reach tells until when a request can have been carried out, from what the server's clock
// shows now; zero: that can't be told.
type Reach func(now time.Time) time.Time

// lifetime is one start of a run, as its journal shows it.
type lifetime struct {
	offset  int64        // of its begin
	begun   time.Time    // here
	last    time.Time    // its last sign of life, here
	reading ClockReading // the last of the server's clock
}

// Reach is that of a request that the start sent and heard nothing of: after its last sign
// of life the request may have been on its way for a doubt window. Between that start and
// now the clocks here and there must agree on how long it was: when one was set meanwhile,
// nothing can be told by them.
func (l lifetime) Reach(doubt time.Duration) Reach {
	return func(now time.Time) time.Time {
		if l.reading.Server.IsZero() || now.IsZero() {
			return time.Time{}
		}
		here, there := time.Since(l.reading.Local), now.Sub(l.reading.Server)
		if (here - there).Abs() > doubt+Slack {
			return time.Time{}
		}
		return l.reading.Server.Add(l.last.Sub(l.reading.Local)).Add(doubt + Slack)
	}
}

// readingOf is what tells the server's clock for an intent of the start. Earlier versions
// did not record it at the begin: what the intent was proven absent at was read before that,
// so that it only makes the reach shorter.
func (l lifetime) readingOf(intent Intent) ClockReading {
	if l.reading.Server.IsZero() {
		return ClockReading{intent.AbsentSince, l.begun}
	}
	return l.reading
}
