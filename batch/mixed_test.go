package batch_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// front lets what the server answers to a request for all of a user's devices be changed on its
// way.
func (s *site) front(mangle func(text string) string) { s.frontOf("/notificationdevices", mangle) }

// frontOf lets answers be changed so to requests for what is at paths that end so.
func (s *site) frontOf(end string, mangle func(text string) string) {
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, end) {
			s.simulator.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		s.simulator.ServeHTTP(answer, r)
		w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
		io.WriteString(w, mangle(answer.Body.String()))
	}))
	s.t.Cleanup(front.Close)
	s.url = front.URL
}

// The ids of a new user's devices are taken from one list where the server has it, and whatever
// that list shows or not, every device gets what the row wants.
func TestTheDevicesOfANewUserAreReadTogether(t *testing.T) {
	without := func(pattern string) func(string) string {
		return func(text string) string { return regexp.MustCompile(pattern).ReplaceAllString(text, "") }
	}
	for name, test := range map[string]struct {
		fault    cupitest.Fault
		mangle   func(string) string
		requests []int // of two rows
	}{
		"as it is":                    {requests: []int{37, 37}},
		"there is none":               {fault: cupitest.NotFound, requests: []int{41, 40}},
		"it is not for this account":  {fault: cupitest.Forbidden, requests: []int{41, 40}},
		"it names no kinds but types": {mangle: without(`"URI":"[^"]*",?`), requests: []int{38, 38}},
		"it names neither":            {mangle: without(`"(URI|Type)":"[^"]*",?`), requests: []int{41, 40}},
		"it does not show names":      {mangle: without(`"DisplayName":"[^"]*",?`), requests: []int{39, 39}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(3)
			if test.fault != cupitest.NoFault {
				simulator.Fault = func(r *http.Request) cupitest.Fault {
					if strings.HasSuffix(r.URL.Path, "/notificationdevices") {
						return test.fault
					}
					return cupitest.NoFault
				}
			}
			s := newSite(t, simulator)
			if test.mangle != nil {
				s.front(test.mangle)
			}
			_, history := s.run(t.Context(), "run", wholeFile(2), options(validate.Create), 1)
			for row, result := range byRow(t, history) {
				if result.Status != record.Created {
					t.Errorf("%+v", result)
				}
				if want := test.requests[row-1]; result.Requests != want {
					t.Errorf("row %d: %d requests, want %d", row, result.Requests, want)
				}
			}
			people := partsOf(simulator.Snapshot())
			for row, alias := range []string{"whole0001", "whole0002"} {
				for line := range strings.SplitSeq(strings.ReplaceAll(wholePerson, "#", fmt.Sprintf("%04d", row+1)), "\n") {
					part, fields, _ := strings.Cut(line, ": ")
					for field := range strings.SplitSeq(fields, "|") {
						name, want, _ := strings.Cut(field, "=")
						if got := people[alias][part][name]; strings.Contains(part, "devices ") && got != want {
							t.Errorf("%s: %s: %s is %q, want %q", alias, part, name, got, want)
						}
					}
				}
			}
			s.verified(history)
		})
	}
}

// A device that was just read is not written when it is as the row wants it, and is when its list
// does not tell.
func TestADeviceThatIsAsWantedIsNotWritten(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId,Active_HomePhone,Active_Pager,AfterDialDigits_Pager\nfresh,4711,no,no,\nother,4712,no,no,6\n", options(validate.Create), 1)
	for row, writes := range map[int]int{1: 2, 2: 3} {
		if result := byRow(t, history)[row]; result.Status != record.Created || result.Requests != writes {
			t.Errorf("%+v, want %d requests", result, writes)
		}
	}
	s.verified(history)
}
