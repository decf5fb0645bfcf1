package record

import (
	"fmt"
	"time"

	"cucbulk/batch/journal"
)

// Starts are the times that a run was at work, as its journal shows them: the first, and a
// resume each.
type Starts struct {
	Begins  []Begin
	Footers []Footer      // one for each that ended by itself
	Ended   bool          // the last record is a footer: nothing ran since
	Running bool          // one was at work when the journal was read
	Typed   []string      // what the last was given, see batch.Recorder
	AtWork  time.Duration // from the first begin to the last record, without the time between starts

	lives  []lifetime
	start  time.Time     // the last begin
	before time.Duration // at work when it came
}

// Exit is the exit code that the run ended with, or 6 when it did not end by
// itself.
func (s *Starts) Exit() int {
	if !s.Ended {
		return ExitInterrupted
	}
	return s.Footers[len(s.Footers)-1].Exit
}

// Killed is how many starts were cut off: they began and did not end by themselves, and
// are not at work.
func (s *Starts) Killed() int {
	killed := len(s.Begins) - len(s.Footers)
	if s.Running {
		killed--
	}
	return max(0, killed)
}

// Began is when the run first began to send, by the server's clock; zero if that is not
// known.
func (s *Starts) Began() time.Time {
	if len(s.Begins) == 0 {
		return time.Time{}
	}
	return s.Begins[0].Clock
}

// SameServer refuses a server that is not the one that the run began on.
func (s *Starts) SameServer(now Identity) error {
	if len(s.Begins) == 0 {
		return nil
	}
	began := s.Begins[0].Server
	if began.SameAs(now) {
		return nil
	}
	return fmt.Errorf("this is not the server of the run: the run began on %s (location %s), and this is %s (location "+
		"%s); nothing was sent", began.URL, began.Location, now.URL, now.Location)
}

// begin notes the record with which a start begins.
func (s *Starts) begin(begin Begin, at journal.Record) {
	s.Begins = append(s.Begins, begin)
	s.lives = append(s.lives, lifetime{offset: at.Offset, begun: at.Time})
	s.start, s.before = at.Time, s.AtWork
	if len(s.Begins) > 1 { // the first is the header's
		s.Typed = begin.Typed
	}
}

// lived notes when the last start wrote a record, and what the server's clock showed then; zero:
// the record does not tell.
func (s *Starts) lived(at time.Time, server time.Time) {
	if len(s.lives) == 0 {
		return
	}
	s.AtWork = max(s.AtWork, s.before+at.Sub(s.start))
	life := &s.lives[len(s.lives)-1]
	life.last = at
	if !server.IsZero() {
		life.reading = ClockReading{server, at}
	}
}

// lifeOf is the start that wrote an intent.
func (s *Starts) lifeOf(offset int64) lifetime {
	var life lifetime
	for _, l := range s.lives {
		if l.offset > offset {
			break
		}
		life = l
	}
	return life
}
