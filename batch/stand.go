package batch

import (
	"context"
	"errors"

	"cucbulk/batch/gate"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
)

// stand is how a row stands among those that are half made: see [gate.Gate.Begin]. The
// jobs of one row share it, and go one after the other.
type stand struct {
	gate    *gate.Gate
	several bool // it may send several changes
	place   bool // it has one
	first   bool // others wait until it has sent something: see [gate.Gate.GoFirst]
	begun   bool // by an earlier start, and its first job has not started in this one
}

// newStand is that of a row that may send several changes, or does not. One that was begun
// by an earlier start has its place from the beginning, and waits.
func (e *engine) newStand(several, begun bool) *stand {
	s := &stand{gate: e.gate, several: several, place: several && begun, begun: begun}
	if s.place {
		s.gate.Hold()
	}
	return s
}

// rank is that of a job of the row that is ready now.
func (s *stand) rank() pool.Rank {
	switch {
	case s.begun || s.place:
		return pool.RankBegun
	case s.several:
		return pool.RankSeveral
	}
	return pool.RankSingle
}

// parking is the rank of a job that leaves the row half made.
func (s *stand) parking() pool.Rank {
	if r := s.rank(); r == pool.RankBegun {
		return r
	}
	return pool.RankParking
}

// goOn is told when a job of the row starts.
func (s *stand) goOn() {
	if s.begun {
		s.begun, s.first = false, true
		s.gate.GoFirst()
	}
	if s.place {
		s.gate.GoOn()
	}
}

// sent is told when the row has a slot for a request, or needs none for now.
func (s *stand) sent() {
	if s.first {
		s.gate.WentFirst()
	}
	s.first = false
}

// ended is told what became of a job of the row. A row that ends the run keeps its place: it
// stays half made, and none begins in its stead before all know that the run ends.
func (s *stand) ended(o pool.Outcome) {
	s.sent()
	switch {
	case !s.place || o.Stop != nil:
	case o.Open && !o.Again: // another job goes on with it
		s.gate.Rest()
	default:
		s.end()
	}
}

// end gives the row's place back, if it has one.
func (s *stand) end() {
	if s.place {
		s.gate.End()
	}
	s.place = false
}

// errNotBegun ends the job of a row that seemed to be begun, and is not.
var errNotBegun = errors.New("nothing of the row was begun")

// notBegun is told when a look has shown that a change did not reach the server. If
// nothing else of the row did, its job ends, and goes once more when those have gone that
// were begun: the error is errNotBegun then.
func (e *errand) notBegun() error {
	if e.journaled.Begun() {
		return nil
	}
	e.stand.sent()
	e.stand.end()
	return errNotBegun
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
		return record.AsStop(err)
	}
	s.place = true
	return nil
}
