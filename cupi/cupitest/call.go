package cupitest

import (
	"maps"
	"net/http"
	"net/url"
)

// route is one method on one path pattern. handle works under the server's lock: shared for GET, else alone.
type route struct {
	pattern string // "GET /vmrest/users/{id}"
	roots   []string
	handle  func(*call) answer
}

// call is one request on its way through its handler.
type call struct {
	s      *Server
	data   *data
	r      *http.Request
	ids    []string          // what the braces of the route's pattern took
	params url.Values        // the query part of the address
	fields map[string]string // the body
	json   bool              // the wire of the answer
	open   bool              // the request leaves the wire to the server
	fault  Fault             // that strikes it
}

// work handles the request under the server's lock, and gives the fields that it passed over for the first time.
func (c *call) work(route *route) (answer, []string) {
	s := c.s
	if c.r.Method == http.MethodGet || c.r.Method == http.MethodHead {
		s.mu.RLock()
		defer s.mu.RUnlock()
		c.data = s.data
		return route.handle(c), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.data = s.data
	c.data.passedOver = nil
	a := route.handle(c)
	return a, s.tally.passOver(route.pattern, c.data.passedOver)
}

// change tells of a change that is about to happen; the answer, if there is one, is in its place.
func (c *call) change(alias string) *answer {
	if c.s.OnChange == nil {
		return nil
	}
	err := c.s.OnChange(Change{Method: c.r.Method, Path: c.r.URL.EscapedPath(), Alias: alias, Fields: maps.Clone(c.fields)})
	if err == nil {
		return nil
	}
	c.s.changeErrors = append(c.s.changeErrors, err)
	a := internalError()
	return &a
}

// body is an answer of the call's wire.
func (c *call) body(status int, text []byte) answer {
	kind := "application/xml"
	if c.json {
		kind = "application/json"
	}
	return answer{status: status, body: text}.with("Content-Type", kind)
}
