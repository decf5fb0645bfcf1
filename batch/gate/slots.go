package gate

import (
	"context"
	"slices"
	"sync"
	"time"

	"cucbulk/cupi"
)

// slots are the places for requests in flight: one set for a whole run, whatever
// sends. How many there are is the throttle's to say. A row needs a slot only while
// its request is under way; while it waits for the disk or for its next attempt,
// others use it.
type slots struct {
	news *News

	mutex    sync.Mutex
	throttle throttle
	inFlight int
	queues   [turns][]chan struct{} // rows that wait for a slot, by their turn, oldest first
	places   places
	since    time.Time // when the number of slots changed last
	spent    map[int]time.Duration
}

// Turn says which rows get a slot before others, the last ones first.
type Turn int

// The turns. In order: few rows are half made at a time, and what was read of a user is
// not old when it is written.
const (
	Fresh Turn = iota // nothing of the row was sent
	Read              // the row has read something
	Begun             // the server has something of the row, or may have

	turns = iota
)

func newSlots(workers int, auto bool, news *News) *slots {
	return &slots{news: news, throttle: newThrottle(workers, auto), spent: map[int]time.Duration{}}
}

// take waits for a slot. The error is that of ctx.
func (s *slots) take(ctx context.Context, turn Turn) (Slot, error) {
	s.mutex.Lock()
	if s.since.IsZero() {
		s.since = time.Now()
	}
	if s.inFlight < s.throttle.limit { // then nobody waits
		defer s.mutex.Unlock()
		s.inFlight++
		return s.here(), nil
	}
	queue := &s.queues[turn]
	mine := make(chan struct{})
	*queue = append(*queue, mine)
	s.mutex.Unlock()
	select {
	case <-mine:
		s.mutex.Lock()
		defer s.mutex.Unlock()
		return s.here(), nil
	case <-ctx.Done():
		s.mutex.Lock()
		defer s.mutex.Unlock()
		if i := slices.Index(*queue, mine); i >= 0 {
			*queue = slices.Delete(*queue, i, i+1)
		} else { // it was granted at the same moment
			s.inFlight--
			s.grant()
		}
		return Slot{}, ctx.Err()
	}
}

// here describes a slot that was just taken. The mutex is held.
func (s *slots) here() Slot {
	return Slot{epoch: s.throttle.epoch, full: s.inFlight == s.throttle.limit}
}

// giveBack frees a slot without a request.
func (s *slots) giveBack() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.inFlight--
	s.grant()
}

// answered frees a slot after its request, and lets the throttle learn from it.
func (s *slots) answered(taken Slot, request cupi.Request, took time.Duration, err error) {
	s.mutex.Lock()
	s.inFlight--
	before := s.throttle.limit
	news := s.throttle.answered(taken, kindOfRequest(request), took, err)
	if s.throttle.limit != before {
		s.account(before)
		s.grantPlaces()
	}
	s.grant()
	if news != nil {
		s.news.Post(*news)
	}
	s.mutex.Unlock()
	s.news.Tell()
}

// grant hands free slots to those who wait. The mutex is held.
func (s *slots) grant() {
	for s.inFlight < s.throttle.limit {
		turn := turns - 1
		for turn >= 0 && len(s.queues[turn]) == 0 {
			turn--
		}
		if turn < 0 {
			return
		}
		queue := &s.queues[turn]
		s.inFlight++
		close((*queue)[0])
		*queue = (*queue)[1:]
	}
}

// account adds up how long there were so many slots. The mutex is held.
func (s *slots) account(workers int) {
	now := time.Now()
	if !s.since.IsZero() {
		s.spent[workers] += now.Sub(s.since)
	}
	s.since = now
}

// tell gives the footer's fields.
func (s *slots) tell() (throttled int, seconds map[int]float64) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.account(s.throttle.limit)
	seconds = map[int]float64{}
	for workers, spent := range s.spent {
		seconds[workers] = spent.Seconds()
	}
	return s.throttle.throttled, seconds
}

// places are those of one run. The mutex of the slots guards them.
type places struct {
	held  int             // rows that have one
	idle  int             // of these: they wait for other rows
	first int             // of these: others wait until they have sent something
	line  []chan struct{} // rows that wait for a place, oldest first
}

// grantPlaces hands free places to those who wait. The mutex is held.
func (s *slots) grantPlaces() {
	for len(s.places.line) > 0 && s.hasPlace() {
		s.places.held++
		close(s.places.line[0])
		s.places.line = s.places.line[1:]
	}
}

// hasPlace reports whether a row may begin. The mutex is held.
func (s *slots) hasPlace() bool {
	return s.places.first == 0 && (s.places.held <= s.throttle.limit || s.places.held == s.places.idle)
}
