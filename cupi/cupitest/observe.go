package cupitest

import (
	"maps"
	"net/http"
	"slices"
)

// postpone counts a late commit that is begun or done. A WaitGroup would not do: new ones begin while others wait.
func (t *tally) postpone(by int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.late += by
	t.settled.Broadcast()
}

func (t *tally) arrive(route *route, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total++
	t.inFlight++
	t.maxInFlight = max(t.maxInFlight, t.inFlight)
	if route.handle == nil {
		t.unknown = append(t.unknown, r.Method+" "+r.URL.Path)
		return
	}
	if t.requests == nil {
		t.requests = map[string]int{}
	}
	t.requests[route.pattern]++
}

// passOver keeps the fields that a request gave for nothing, and returns those that are new for its route.
func (t *tally) passOver(pattern string, fields []string) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var fresh []string
	for _, field := range fields {
		if t.passedOver[pattern][field] {
			continue
		}
		if t.passedOver == nil {
			t.passedOver = map[string]map[string]bool{}
		}
		if t.passedOver[pattern] == nil {
			t.passedOver[pattern] = map[string]bool{}
		}
		t.passedOver[pattern][field] = true
		fresh = append(fresh, field)
	}
	return fresh
}

func (t *tally) depart(status int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.inFlight--
	switch status {
	case http.StatusUnauthorized:
		t.unauthorized++
	case http.StatusServiceUnavailable:
		t.busy++
	}
}

// queue takes a place in the queue of length limit, if there is one.
func (t *tally) queue(limit int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting >= limit {
		return false
	}
	t.waiting++
	return true
}

func (t *tally) unqueue() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting--
}

func (t *tally) slot(by int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.working += by
	t.maxWorking = max(t.maxWorking, t.working)
}

func (t *tally) signIn(accepted bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if accepted {
		t.basic++
	} else {
		t.failed++
	}
}

// read returns one count.
func (t *tally) read(count *int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return *count
}

// Requests counts the requests that arrived, also those that were then refused, by method and path pattern, such
// as "GET /vmrest/users/{id}".
func (s *Server) Requests() map[string]int {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	counts := map[string]int{}
	maps.Copy(counts, s.tally.requests)
	return counts
}

// Total counts the requests that arrived, unknown ones too.
func (s *Server) Total() int { return s.tally.read(&s.tally.total) }

// MaxInFlight is the most requests that were ever here at once, those that waited for a slot included.
func (s *Server) MaxInFlight() int { return s.tally.read(&s.tally.maxInFlight) }

// MaxWorking is the most requests that ever had a slot at once.
func (s *Server) MaxWorking() int { return s.tally.read(&s.tally.maxWorking) }

// Unauthorized counts the answers 401.
func (s *Server) Unauthorized() int { return s.tally.read(&s.tally.unauthorized) }

// Busy counts the answers 503.
func (s *Server) Busy() int { return s.tally.read(&s.tally.busy) }

// SignIns counts the requests that were let in by their credentials.
func (s *Server) SignIns() int { return s.tally.read(&s.tally.basic) }

// FailedSignIns counts the requests whose credentials were wrong, or right but for a locked account.
func (s *Server) FailedSignIns() int { return s.tally.read(&s.tally.failed) }

// PassedOver lists the fields that were ignored, see [Server.PassOverFields].
func (s *Server) PassedOver() []string {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	all := map[string]bool{}
	for _, fields := range s.tally.passedOver {
		maps.Copy(all, fields)
	}
	return sortedKeys(all)
}

// Unknown lists the requests, as "METHOD path", that met no route: a path or a method that the simulator does not have.
func (s *Server) Unknown() []string {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	return slices.Clone(s.tally.unknown)
}

// ChangeErrors lists what [Server.OnChange] refused.
func (s *Server) ChangeErrors() []error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.changeErrors)
}
