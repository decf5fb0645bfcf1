package cupitest

import (
	"cmp"
	"io"
	"net/http"
	"sync"
	"time"
)

// maxBody is the largest request body that is read, in bytes.
const maxBody = 8 << 20 // greetings of 90 seconds are larger than a megabyte

// start readies what the zero value lacks.
func (s *Server) start() {
	s.once.Do(func() {
		s.slots = make(chan struct{}, cmp.Or(s.Slots, 5))
		s.tally.settled = sync.NewCond(&s.tally.mu)
		s.data = newData(s.Seed)
		s.data.now = s.now
		s.data.server = s
		s.data.passesOver = s.PassOverFields
		if s.Bare {
			s.data.bare()
		}
		s.data.network(s.Elsewhere)
	})
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.start()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		webPage(http.StatusRequestEntityTooLarge, "The request body can't be read.").deliver(w)
		return
	}
	body = s.fromWire(r, body)
	route, ids := findRoute(r)
	s.tally.arrive(route, r)
	a := s.work(r, route, ids, body)
	// Before the answer leaves: a client that has its answer may send the next request at once.
	s.tally.depart(a.status)
	if ahead := s.ahead(); ahead != 0 {
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
	}
	s.toWire(a).deliver(w)
}

// work takes one request from the door to its answer.
func (s *Server) work(r *http.Request, route *route, ids []string, body []byte) answer {
	fault := s.chooseFault(r, body)
	if a, struck := s.faultBefore(fault, r); struck {
		return a
	}
	if !s.enter() {
		return busy(0)
	}
	defer s.leave()
	if fault == Slow {
		time.Sleep(cmp.Or(s.SlowBy, 5*time.Second))
	}
	time.Sleep(s.Latency)
	cookies, refusal := s.admit(r)
	if refusal != nil {
		return *refusal
	}
	do := func() answer { return s.dispatch(r, route, ids, body, fault) }
	if fault == LateCommit {
		s.tally.postpone(+1)
		go func() {
			time.Sleep(cmp.Or(s.LateBy, 2*time.Second))
			do()
			s.tally.postpone(-1)
		}()
		return answer{delivery: cut}
	}
	a := s.faultAfter(fault, do())
	a.again = body
	a.cookies = cookies
	return a
}

// Wait returns when every late commit that was begun is done.
func (s *Server) Wait() {
	s.start()
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	for s.tally.late > 0 {
		s.tally.settled.Wait()
	}
}

// dispatch does the work of an admitted request.
func (s *Server) dispatch(r *http.Request, route *route, ids []string, body []byte, fault Fault) answer {
	if route.handle == nil {
		if allowed := allowedMethods(r); len(allowed) > 0 {
			return notAllowed(allowed...)
		}
		return webPage(http.StatusNotFound, "The requested resource is not available.")
	}
	for i := range ids {
		ids[i] = inLowerCase(ids[i])
	}
	c := &call{s: s, r: r, ids: ids, fault: fault}
	var ok bool
	if c.json, c.open, ok = s.answerInJSON(r); !ok {
		return webPage(http.StatusNotAcceptable, "No acceptable format: ask for application/json or application/xml.")
	}
	var err error
	if c.params, err = values(r); err != nil {
		return c.fail(invalid("The address's query part is malformed."))
	}
	if r.Method == http.MethodPost || r.Method == http.MethodPut {
		if c.fields, err = s.decodeBody(r, body, route.roots); err == errMediaType {
			return webPage(http.StatusUnsupportedMediaType, "Unsupported Media Type")
		} else if err != nil {
			return c.fail(invalid("The request is malformed: " + err.Error() + "."))
		}
		for name, value := range c.fields {
			c.fields[name] = inLowerCase(value)
		}
		switch fault {
		case IgnoreTitle:
			delete(c.fields, "Title")
		case Echo:
			return c.fail(invalid("The request is refused: " + string(body) + " " + r.Header.Get("Authorization")))
		case EchoEarlier:
			return c.fail(invalid("The request is refused, as after " + s.gossip.told()))
		}
		s.gossip.hear(string(body), r.Header.Get("Authorization"))
	}
	a, passedOver := c.work(route)
	if s.OnPassedOver != nil {
		for _, field := range passedOver {
			s.OnPassedOver(route.pattern, field)
		}
	}
	return a
}
