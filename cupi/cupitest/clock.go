package cupitest

import "time"

// SetClock sets how far the server's clock is ahead of this computer's. It may be called while the server serves.
func (s *Server) SetClock(ahead time.Duration) {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	s.ClockAhead = ahead
}

func (s *Server) ahead() time.Duration {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	return s.ClockAhead
}

// now is what the server's clock shows.
func (s *Server) now() time.Time { return time.Now().Add(s.ahead()).UTC() }
