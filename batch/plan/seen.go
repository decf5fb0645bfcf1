package plan

import (
	"sync"

	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// mostSeen is how much is kept of it, in bytes: a listing that is longer is read again.
const mostSeen = 64 << 20

// Seen is what was read before the rows were made of it, first of all the listing of all users: what
// the pre-flight learns of that is not asked for again.
type Seen struct {
	snapshot *Snapshot // who the server is, and when that was
	mutex    sync.Mutex
	pages    map[int]cupi.Answer // nil: they are too many
	bytes    int64
}

// NewSeen begins with the first page, that came with a snapshot.
func NewSeen(snapshot *Snapshot, first cupi.Answer) *Seen {
	s := &Seen{snapshot: snapshot, pages: map[int]cupi.Answer{}}
	s.Keep(1, first)
	return s
}

// Keep takes a page, from any goroutine.
func (s *Seen) Keep(page int, answer cupi.Answer) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.pages == nil {
		return
	}
	s.bytes += send.MemoryOf(answer.Page.Items)
	if s.pages[page] = answer; s.bytes > mostSeen {
		s.pages = nil
	}
}

// page gives a page that was kept.
func (s *Seen) page(number int) (answer cupi.Answer, kept bool) {
	if s == nil {
		return answer, false
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	answer, kept = s.pages[number]
	return answer, kept
}
