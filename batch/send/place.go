package send

import (
	"cucbulk/batch/gate"
	"cucbulk/batch/pool"
)

// Place is how a row stands among those that are half made: see [gate.Gate.Begin]. The
// jobs of one row share it, and go one after the other.
type Place struct {
	Gate    *gate.Gate
	Several bool // it may send several changes
	Held    bool // it has one
	first   bool // others wait until it has sent something: see [gate.Gate.GoFirst]
	Begun   bool // by an earlier start, and its first job has not started in this one
}

// Rank is that of a job of the row that is ready now.
func (s *Place) Rank() pool.Rank {
	switch {
	case s.Begun || s.Held:
		return pool.RankBegun
	case s.Several:
		return pool.RankSeveral
	}
	return pool.RankSingle
}

// RankMovingFirst is the rank of a job that leaves the row half made.
func (s *Place) RankMovingFirst() pool.Rank {
	if r := s.Rank(); r == pool.RankBegun {
		return r
	}
	return pool.RankMovesFirst
}

// GoOn is told when a worker has a job of the row, before any other row is handed out: none is
// to begin as if this one waited.
func (s *Place) GoOn() {
	if s.Begun {
		s.Begun, s.first = false, true
		s.Gate.GoFirst()
	}
	if s.Held {
		s.Gate.GoOn()
	}
}

// sent is told when the row has a slot for a request, or needs none for now.
func (s *Place) sent() {
	if s.first {
		s.Gate.WentFirst()
	}
	s.first = false
}

// Ended is told what became of a job of the row. A row that ends the run keeps its place: it
// stays half made, and none begins in its stead before all know that the run ends.
func (s *Place) Ended(o pool.Outcome) {
	s.sent()
	switch {
	case !s.Held || o.Stop != nil:
	case o.Open && !o.Again: // another job goes on with it
		s.Gate.Rest()
	default:
		s.end()
	}
}

// end gives the row's place back, if it has one.
func (s *Place) end() {
	if s.Held {
		s.Gate.End()
	}
	s.Held = false
}
