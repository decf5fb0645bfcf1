package batch

import (
	"context"

	"cucbulk/batch/gate"
)

// stand is how a row stands among those that are half made: see [gate.Gate.Begin]. The
// jobs of one row share it, and go one after the other.
type stand struct {
	gate    *gate.Gate
	several bool // it may send several changes
	place   bool // it has one
}

// newStand is that of a row that may send several changes, or does not. One that was begun
// by an earlier start has its place from the beginning, and waits.
func (e *engine) newStand(several, begun bool) *stand {
	s := &stand{gate: e.gate, several: several, place: several && begun}
	if s.place {
		s.gate.Hold()
	}
	return s
}

// goOn is told when a job of the row starts.
func (s *stand) goOn() {
	if s.place {
		s.gate.GoOn()
	}
}

// rest is told when a job of the row has ended after which another one comes.
func (s *stand) rest() {
	if s.place {
		s.gate.Rest()
	}
}

// end is told when the row has ended.
func (s *stand) end() {
	if s.place {
		s.gate.End()
	}
	s.place = false
}

// takePlace waits until the row may send its first change. The error is a *Stop.
func (e *errand) takePlace(ctx context.Context) error {
	s := e.stand
	if s == nil || !s.several || s.place {
		return nil
	}
	if !e.begun {
		ctx = e.starting
	}
	if err := s.gate.Begin(ctx); err != nil {
		return asStop(err)
	}
	s.place = true
	return nil
}
