package cupitest

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
)

// LocationOf makes a [Server.Location] of a text: the same one of the same text.
func LocationOf(text string) string { return objectID(hash(text, "location")) }

// fromWire gives what a client sent with the location that all data here has in place of the server's own.
func (s *Server) fromWire(r *http.Request, body []byte) []byte {
	if s.Location == "" {
		return body
	}
	r.URL.Path = strings.ReplaceAll(r.URL.Path, s.Location, locationID)
	r.URL.RawPath = strings.ReplaceAll(r.URL.RawPath, s.Location, locationID)
	r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, s.Location, locationID)
	return bytes.ReplaceAll(body, []byte(s.Location), []byte(locationID))
}

// toWire puts the server's own location into an answer.
func (s *Server) toWire(a answer) answer {
	if s.Location == "" {
		return a
	}
	a.body = bytes.ReplaceAll(a.body, []byte(locationID), []byte(s.Location))
	a.headers = slices.Clone(a.headers)
	for i := range a.headers {
		a.headers[i][1] = strings.ReplaceAll(a.headers[i][1], locationID, s.Location)
	}
	return a
}
