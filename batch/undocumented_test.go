package batch_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// between puts something between the run and the server that answers 200 to the first
// change; whether it passed the change on is for the test to say.
func (s *site) between(passesOn bool) {
	s.t.Helper()
	struck := false
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if struck || r.Method == http.MethodGet {
			s.simulator.ServeHTTP(w, r)
			return
		}
		struck = true
		location := r.URL.Path + "/11111111-2222-3333-4444-555555555555"
		if passesOn {
			answer := httptest.NewRecorder()
			s.simulator.ServeHTTP(answer, r)
			location = answer.Header().Get("Location")
		}
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusOK)
		io.WriteString(w, "OK")
	}))
	s.t.Cleanup(front.Close)
	s.url = front.URL
}

// CUPI answers a change with 201 or 204. A 200 proves nothing: the server is asked.
func TestASuccessThatCUPIDoesNotDocument(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method string
		file   string
		done   string
	}{
		{"POST", "Operation,Alias,DtmfAccessId\ncreate,fresh,4711\n", "created"},
		{"PUT", "Operation,Alias,DisplayName\nupdate,user00001,Changed\n", "updated"},
		{"DELETE", "Operation,Alias\ndelete,user00001\n", "deleted"},
	} {
		for name, passesOn := range map[string]bool{"done": true, "not done": false} {
			t.Run(test.method+" "+name, func(t *testing.T) {
				t.Parallel()
				simulator := &cupitest.Server{}
				simulator.AddUsers(2)
				s := newSite(t, simulator)
				s.between(passesOn)
				options := options("")
				options.DoubtWindow = 50 * time.Millisecond
				_, history := s.run(t.Context(), "run", test.file, options, 1)
				if got := statuses(t, history); got != test.done {
					t.Errorf("got %s, want %s: %+v", got, test.done, results(t, history))
				}
				fresh, first := simulator.UserByAlias("fresh"), simulator.UserByAlias("user00001")
				if did := map[string]bool{"POST": fresh != nil, "PUT": first["DisplayName"] == "Changed", "DELETE": first == nil}; !did[test.method] {
					t.Errorf("the server has not done it: fresh %v, user00001 %s", fresh != nil, first["DisplayName"])
				}
			})
		}
	}
}

// A server that answers PUT and DELETE with a 200 that says nothing, as an older page and public
// clients have it, is believed: no PIN is sent twice, and no request more than with 204.
func TestAnEmpty200IsASuccess(t *testing.T) {
	t.Parallel()
	spent := map[int]int{}
	for _, status := range []int{http.StatusNoContent, http.StatusOK} {
		simulator := &cupitest.Server{}
		simulator.AddUsers(2)
		s := newSite(t, simulator)
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			s.simulator.ServeHTTP(answer, r)
			maps.Copy(w.Header(), answer.Header())
			if answer.Code == http.StatusNoContent {
				answer.Code = status
			}
			w.WriteHeader(answer.Code)
			w.Write(answer.Body.Bytes())
		}))
		t.Cleanup(front.Close)
		s.url = front.URL
		_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId,PIN,City\ncreate,fresh,4711,829374,\n"+
			"update,user00001,,,Bonn\ndelete,user00002,,,\n", options(""), 1)
		if got := statuses(t, history); got != "created, updated, deleted" {
			t.Errorf("%d: %s: %s", status, got, messages(t, history))
		}
		for what, n := range simulator.Requests() {
			if spent[status] += n; strings.HasPrefix(what, "PUT ") && strings.Contains(what, "credential") && n != 1 {
				t.Errorf("%d: %d times %s", status, n, what)
			}
		}
	}
	if spent[http.StatusOK] != spent[http.StatusNoContent] {
		t.Errorf("requests by status: %v", spent)
	}
}

// An account that may read and not change gets its 403 between answers that are well.
func TestThreeForbiddenChangesEndTheRun(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(9)
	s := newSite(t, simulator)
	sent := 0
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == http.MethodGet {
			return cupitest.NoFault
		}
		sent++
		return cupitest.Forbidden
	}
	var file strings.Builder
	file.WriteString("Alias,Title\n") // a field that the listing does not show, so each row reads first
	for _, user := range []string{"1", "2", "3", "4", "5", "6"} {
		file.WriteString("user0000" + user + ",Boss\n")
	}
	summary, history := s.run(t.Context(), "run", file.String(), options(validate.Update), 1)
	if summary.Stop == nil || summary.Stop.Code != "forbidden" || sent != 3 {
		t.Errorf("stop %v after %d changes, want forbidden after 3: %s", summary.Stop, sent, statuses(t, history))
	}
}
