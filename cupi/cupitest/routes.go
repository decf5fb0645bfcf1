package cupitest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// route is one method on one path pattern. handle works under the server's lock: shared for GET, else alone.
type route struct {
	pattern string // "GET /vmrest/users/{id}"
	roots   []string
	handle  func(*call) answer
}

// routes is every request that the simulator knows. A new resource is one more table here.
var routes = slices.Concat(userRoutes, callHandlerRoutes, credentialRoutes, mailboxRoutes,
	alternateRoutes, proxyRoutes, memberRoutes, writtenListRoutes(), singleRoutes(), sameListRoutes(), customRoleRoutes, associationRoutes, serviceResetRoutes, resourceRoutes(), deviceRoutes,
	directoryRoutes, templateRoutes, primaryTemplateRoutes, voiceNameRoutes(), adminUserRoutes, dependencyRoutes,
	inventoryRoutes, messageRoutes, ruleOrderRoutes, globalUserRoutes, licenceRoutes, streamRoutes(), recordingRoutes,
	listRoutes(allLists), clusterRoutes, discoveryRoutes)

// unknownRoute is the place of requests that met none; it has no handle.
var unknownRoute = &route{}

// findRoute finds the request's route and the ids that its path holds, in order.
func findRoute(r *http.Request) (*route, []string) {
	path := segments(r.URL.EscapedPath())
	asked := r.Method
	if asked == http.MethodHead {
		asked = http.MethodGet // whose body does not leave
	}
	for _, known := range routesOf[len(path)] {
		if known.method == asked {
			if ids, ok := match(known.path, path); ok {
				return known.route, ids
			}
		}
	}
	return unknownRoute, nil
}

// knownRoute is a route with its pattern taken apart.
type knownRoute struct {
	*route
	method string
	path   []string
}

// routesOf is the routes by how many segments their paths have.
var routesOf = sortRoutes()

func sortRoutes() map[int][]knownRoute {
	sorted := map[int][]knownRoute{}
	for i := range routes {
		method, pattern, _ := strings.Cut(routes[i].pattern, " ")
		path := segments(pattern)
		sorted[len(path)] = append(sorted[len(path)], knownRoute{&routes[i], method, path})
	}
	return sorted
}

// allowedMethods lists what can be done with the request's path, none if there is nothing there.
func allowedMethods(r *http.Request) []string {
	var methods []string
	path := segments(r.URL.EscapedPath())
	for _, known := range routesOf[len(path)] {
		if _, ok := match(known.path, path); ok && !slices.Contains(methods, known.method) {
			methods = append(methods, known.method)
		}
	}
	return methods
}

// segments takes a path apart. Doubled slashes are one, as in Tomcat: addresses put together by hand have them.
func segments(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// match compares segment by segment; a segment in braces takes anything.
func match(pattern, path []string) (ids []string, ok bool) {
	if len(pattern) != len(path) {
		return nil, false
	}
	for i, segment := range pattern {
		if strings.HasPrefix(segment, "{") {
			id, err := url.PathUnescape(path[i])
			if err != nil || id == "" {
				return nil, false
			}
			ids = append(ids, id)
		} else if segment != path[i] {
			return nil, false
		}
	}
	return ids, true
}

// parameters are the names that the vendor's pages give what follows the "?".
var parameters = []string{"query", "sort", "rowsPerPage", "pageNumber", "limit", "offset", "method", "templateAlias",
	"MailboxStoreObjectId", "templateObjectId", "systemRoleToInherit"}

// values parses a raw query strictly, but for the case of the names.
func values(r *http.Request) (url.Values, error) {
	given, err := url.ParseQuery(r.URL.RawQuery)
	spelled := url.Values{}
	for name, texts := range given {
		if i := slices.IndexFunc(parameters, func(known string) bool { return strings.EqualFold(known, name) }); i >= 0 {
			name = parameters[i]
		}
		spelled[name] = append(spelled[name], texts...)
	}
	return spelled, err
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
