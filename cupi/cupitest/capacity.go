package cupitest

import (
	"cmp"
	"time"
)

// enter waits for a slot, first come, first served; false means that the server is busy. A request waits on when its
// client has gone, as it does in a real server's queue.
func (s *Server) enter() bool {
	select {
	case s.slots <- struct{}{}:
		s.tally.slot(+1)
		return true
	default:
	}
	if !s.tally.queue(cmp.Or(s.Queue, 255)) {
		return false
	}
	defer s.tally.unqueue()
	timeout := time.NewTimer(cmp.Or(s.QueueTimeout, 20*time.Second))
	defer timeout.Stop()
	select {
	case s.slots <- struct{}{}:
		s.tally.slot(+1)
		return true
	case <-timeout.C:
		return false
	}
}

// leave gives the slot back.
func (s *Server) leave() {
	s.tally.slot(-1)
	<-s.slots
}
