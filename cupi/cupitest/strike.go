package cupitest

import (
	"bytes"
	"fmt"
	"math"
	"net/http"
	"strings"
)

// faults is every fault: where its rate is, what it answers in place of the work, and what it makes of the work's answer.
var faults = []struct {
	name   Fault
	rate   func(*Faults) *float64
	before func(*Server, *http.Request) answer
	after  func(*Server, answer) answer
}{
	{name: Busy, rate: func(f *Faults) *float64 { return &f.Busy },
		before: func(s *Server, _ *http.Request) answer { return busy(s.RetryAfter) }},
	{name: Unauthorized, rate: func(f *Faults) *float64 { return &f.Unauthorized },
		before: func(_ *Server, r *http.Request) answer { return *refuse(r) }},
	{name: Reset, rate: func(f *Faults) *float64 { return &f.Reset },
		before: func(*Server, *http.Request) answer { return answer{delivery: reset} }},
	{name: Error, rate: func(f *Faults) *float64 { return &f.Error },
		before: func(*Server, *http.Request) answer { return internalError() }},
	{name: HTML, rate: func(f *Faults) *float64 { return &f.HTML },
		before: func(*Server, *http.Request) answer {
			return webPage(http.StatusOK, "Sign in to Cisco Unity Connection Administration")
		}},
	{name: Redirect, rate: func(f *Faults) *float64 { return &f.Redirect },
		before: func(*Server, *http.Request) answer {
			return webPage(http.StatusFound, "Moved").with("Location", "/cuadmin/home.do")
		}},
	{name: Forbidden, rate: func(f *Faults) *float64 { return &f.Forbidden },
		before: func(*Server, *http.Request) answer {
			return webPage(http.StatusForbidden, "Access to the specified resource is forbidden.")
		}},
	{name: NotFound, rate: func(f *Faults) *float64 { return &f.NotFound },
		before: func(*Server, *http.Request) answer {
			return webPage(http.StatusNotFound, "The requested resource is not available.")
		}},
	{name: TooMany, rate: func(f *Faults) *float64 { return &f.TooMany },
		before: func(s *Server, _ *http.Request) answer {
			return webPage(http.StatusTooManyRequests, "Too many requests.").retryAfter(s.RetryAfter)
		}},
	{name: CutAfterCommit, rate: func(f *Faults) *float64 { return &f.CutAfterCommit },
		after: func(*Server, answer) answer { return answer{delivery: cut} }},
	{name: ErrorAfterCommit, rate: func(f *Faults) *float64 { return &f.ErrorAfterCommit },
		after: func(*Server, answer) answer { return internalError() }},
	{name: Gateway, rate: func(f *Faults) *float64 { return &f.Gateway },
		after: func(*Server, answer) answer {
			return webPage(http.StatusGatewayTimeout, "The server behind did not answer in time.")
		}},
	{name: Truncated, rate: func(f *Faults) *float64 { return &f.Truncated },
		after: func(_ *Server, a answer) answer { a.delivery = truncated; return a }},
	{name: RefusedAfter, rate: func(f *Faults) *float64 { return &f.RefusedAfter },
		after: func(*Server, answer) answer {
			body := `{"errors":{"code":"DATA_EXCEPTION","message":"The row is refused"}}`
			return answer{status: http.StatusBadRequest, body: []byte(body)}.with("Content-Type", "application/json;charset=utf-8")
		}},
	{name: BadRequestAfter, rate: func(f *Faults) *float64 { return &f.BadRequestAfter }, after: pageAfter(http.StatusBadRequest)},
	{name: ForbiddenAfter, rate: func(f *Faults) *float64 { return &f.ForbiddenAfter }, after: pageAfter(http.StatusForbidden)},
	{name: NotFoundAfter, rate: func(f *Faults) *float64 { return &f.NotFoundAfter }, after: pageAfter(http.StatusNotFound)},
	{name: ConflictAfter, rate: func(f *Faults) *float64 { return &f.ConflictAfter }, after: pageAfter(http.StatusConflict)},
	{name: TooLargeAfter, rate: func(f *Faults) *float64 { return &f.TooLargeAfter }, after: pageAfter(http.StatusRequestEntityTooLarge)},
	{name: RedirectAfter, rate: func(f *Faults) *float64 { return &f.RedirectAfter },
		after: func(*Server, answer) answer {
			return webPage(http.StatusFound, "Moved").with("Location", "/cuadmin/home.do")
		}},
	{name: ExpiredAfter, rate: func(f *Faults) *float64 { return &f.ExpiredAfter },
		after: func(*Server, answer) answer { return unauthorized() }},
	{name: AnothersID, rate: func(f *Faults) *float64 { return &f.AnothersID },
		after: func(s *Server, a answer) answer { return a.naming("/vmrest/users/" + s.oldestID()) }},
	{name: StrangeID, rate: func(f *Faults) *float64 { return &f.StrangeID },
		after: func(_ *Server, a answer) answer { return a.naming("/vmrest/users/../../etc/passwd") }},
	{name: NobodysID, rate: func(f *Faults) *float64 { return &f.NobodysID },
		after: func(_ *Server, a answer) answer { return a.naming("/vmrest/users/" + nobodysID) }},
	{name: NeighboursID, rate: func(f *Faults) *float64 { return &f.NeighboursID },
		after: func(s *Server, a answer) answer { return a.naming("/vmrest/users/" + s.newestID(a)) }},
	{name: TwoIDs, rate: func(f *Faults) *float64 { return &f.TwoIDs },
		after: func(_ *Server, a answer) answer {
			if a.status == http.StatusCreated {
				a.body = []byte("/vmrest/users/" + nobodysID)
			}
			return a
		}},
	{name: Slow, rate: func(f *Faults) *float64 { return &f.Slow }},
	{name: LateCommit, rate: func(f *Faults) *float64 { return &f.LateCommit }},
	{name: IgnoreTitle, rate: func(f *Faults) *float64 { return &f.IgnoreTitle }},
	{name: Echo, rate: func(f *Faults) *float64 { return &f.Echo }},
	{name: EchoEarlier, rate: func(f *Faults) *float64 { return &f.EchoEarlier }},
	{name: AnswerTwice, rate: func(f *Faults) *float64 { return &f.AnswerTwice },
		after: func(_ *Server, a answer) answer { a.delivery = twice; return a }},
	{name: MovingList, rate: func(f *Faults) *float64 { return &f.MovingList }},
	{name: RepeatPage, rate: func(f *Faults) *float64 { return &f.RepeatPage }},
	{name: EndlessList, rate: func(f *Faults) *float64 { return &f.EndlessList }},
	{name: CapitalIDs, rate: func(f *Faults) *float64 { return &f.CapitalIDs }},
	{name: HugeTotal, rate: func(f *Faults) *float64 { return &f.HugeTotal }},
	{name: HugeList, rate: func(f *Faults) *float64 { return &f.HugeList }},
	{name: MisreadQuery, rate: func(f *Faults) *float64 { return &f.MisreadQuery }},
	{name: DeepList, rate: func(f *Faults) *float64 { return &f.DeepList }},
}

// FaultNames lists the faults that [Server.SetFault] knows.
func FaultNames() []string {
	var names []string
	for _, f := range faults {
		names = append(names, string(f.name))
	}
	return names
}

// SetFault sets how often the fault strikes, from 0 (never) to 1 (always). It may be called while the server serves.
func (s *Server) SetFault(name string, rate float64) error {
	if math.IsNaN(rate) || rate < 0 || rate > 1 {
		return fmt.Errorf("the rate of fault %q is %v: give a number from 0 to 1", name, rate)
	}
	for _, f := range faults {
		if string(f.name) == name {
			s.dice.mu.Lock()
			defer s.dice.mu.Unlock()
			*f.rate(&s.Faults) = rate
			return nil
		}
	}
	return fmt.Errorf("no fault is named %q: the faults are %s", name, strings.Join(FaultNames(), ", "))
}

// chooseFault decides what happens to the request.
func (s *Server) chooseFault(r *http.Request, body []byte) Fault {
	if s.Fault != nil {
		if fault := s.Fault(withBody(r, body)); fault != NoFault {
			return fault
		}
	}
	s.dice.mu.Lock()
	defer s.dice.mu.Unlock()
	if s.Faults == (Faults{}) {
		return NoFault
	}
	key := hash(r.Method, r.URL.RequestURI(), string(body))
	if s.dice.seen == nil {
		s.dice.seen = map[uint64]uint64{}
	}
	s.dice.seen[key]++
	turn := s.dice.seen[key]
	for _, f := range faults {
		draw := mix(hash(string(f.name)) ^ mix(key^mix(s.Seed+turn)))
		if float64(draw>>11)/(1<<53) < *f.rate(&s.Faults) && applies(f.name, r) {
			return f.name
		}
	}
	return NoFault
}

// applies is false where the fault could not happen: only cookies go stale, credentials do not, and only what was sent
// can be repeated.
func applies(fault Fault, r *http.Request) bool {
	switch fault {
	case Unauthorized:
		return hasCookiesOnly(r)
	case ExpiredAfter:
		return hasCookiesOnly(r) && (r.Method == http.MethodPost || r.Method == http.MethodDelete)
	case Echo, EchoEarlier:
		return r.Method == http.MethodPost || r.Method == http.MethodPut
	case RefusedAfter: // a rule is broken by what is written
		return r.Method != http.MethodGet
	case MovingList, RepeatPage, EndlessList, CapitalIDs, HugeTotal, HugeList, DeepList, MisreadQuery:
		return r.Method == http.MethodGet
	}
	return true
}

func hasCookiesOnly(r *http.Request) bool {
	return r.Header.Get("Authorization") == "" && r.Header.Get("Cookie") != ""
}

// faultBefore is the answer of a fault that strikes at the door.
func (s *Server) faultBefore(fault Fault, r *http.Request) (answer, bool) {
	for _, f := range faults {
		if f.name == fault && f.before != nil && applies(fault, r) {
			return f.before(s, r), true
		}
	}
	return answer{}, false
}

// pageAfter replaces an answer by a page of something that stands between.
func pageAfter(status int) func(*Server, answer) answer {
	return func(*Server, answer) answer { return webPage(status, "The request was refused on its way.") }
}

// naming is the answer to a POST, if it is one, with another address of what was made.
func (a answer) naming(uri string) answer {
	if a.status == http.StatusCreated {
		return answer{status: a.status, body: []byte(uri)}.with("Content-Type", "text/plain").with("Location", uri)
	}
	return a
}

// nobodysID has an id's form, and no object ever gets it.
const nobodysID = "00000000-0000-4000-8000-000000000000"

// oldestID is the ObjectId of the user who was created first.
func (s *Server) oldestID() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	oldest := ""
	for _, id := range sortedKeys(s.data.users) {
		if oldest == "" || s.data.users[id].own["CreationTime"] < s.data.users[oldest].own["CreationTime"] {
			oldest = id
		}
	}
	return oldest
}

// newestID is the ObjectId of the user who was made last, but for the one that the answer tells of.
func (s *Server) newestID(a answer) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	newest := s.data.newest
	if newest[0] == string(a.body[bytes.LastIndexByte(a.body, '/')+1:]) {
		return newest[1]
	}
	return newest[0]
}

// faultAfter is what the fault makes of the answer to work that was done.
func (s *Server) faultAfter(fault Fault, a answer) answer {
	for _, f := range faults {
		if f.name == fault && f.after != nil {
			return f.after(s, a)
		}
	}
	return a
}
