package gate

import (
	"context"
	"slices"
)

// A row of several changes is half made from its first change to its last. So that few
// are when a run is cut off, such a row takes a place before it sends anything, and keeps
// it until it ends, also while it waits for another attempt: there is one place more than
// there are slots, so that a slot has a row while another row is between two requests.

// Begin waits for a place. The error is that of ctx. Where all who have one wait for other
// rows, there is always one more, because those others may be the next.
func (g *Gate) Begin(ctx context.Context) error {
	s := g.slots
	s.mutex.Lock()
	if s.hasPlace() {
		s.places.held++
		s.mutex.Unlock()
		return nil
	}
	mine := make(chan struct{})
	s.places.line = append(s.places.line, mine)
	s.mutex.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
		s.mutex.Lock()
		defer s.mutex.Unlock()
		if i := slices.Index(s.places.line, mine); i >= 0 {
			s.places.line = slices.Delete(s.places.line, i, i+1)
		} else { // it was granted at the same moment
			s.places.held--
			s.grantPlaces()
		}
		return ctx.Err()
	}
}

// Hold takes a place for a row that was begun before this gate was made. The row waits
// until [Gate.GoOn].
func (g *Gate) Hold() { g.place(1, 1, 0) }

// Rest notes that a row keeps its place and waits for other rows, until [Gate.GoOn].
func (g *Gate) Rest() { g.place(0, 1, 0) }

// GoOn notes that a row that waited for others goes on.
func (g *Gate) GoOn() { g.place(0, -1, 0) }

// GoFirst lets no row begin before one that was begun before this gate was made and is ready
// now, until [Gate.WentFirst].
func (g *Gate) GoFirst() { g.place(0, 0, 1) }

// WentFirst notes that such a row has a slot for its first request, or does not need one.
func (g *Gate) WentFirst() { g.place(0, 0, -1) }

// End gives a place back.
func (g *Gate) End() { g.place(-1, 0, 0) }

func (g *Gate) place(held, idle, first int) {
	s := g.slots
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.places.held += held
	s.places.idle += idle
	s.places.first += first
	s.grantPlaces()
}

// Slots is how many requests may be in flight now.
func (g *Gate) Slots() int {
	g.slots.mutex.Lock()
	defer g.slots.mutex.Unlock()
	return g.slots.throttle.limit
}
