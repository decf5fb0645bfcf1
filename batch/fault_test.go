package batch_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cucbulk/batch"
	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// once gives the fault to the first request that fits, and no other.
func once(fault cupitest.Fault, method, path string) func(*http.Request) cupitest.Fault {
	var mutex sync.Mutex
	struck := false
	return func(r *http.Request) cupitest.Fault {
		mutex.Lock()
		defer mutex.Unlock()
		if struck || r.Method != method || !strings.HasPrefix(r.URL.Path, path) {
			return cupitest.NoFault
		}
		struck = true
		return fault
	}
}

// Each fault strikes one request of a run once. Whatever it is, the row ends as the
// retry table says and the server has just what the results say.
func TestOneFault(t *testing.T) {
	t.Parallel()
	const file = "Operation,Alias,DtmfAccessId,DisplayName\ncreate,fresh,4711,Fresh\nupdate,user00001,,Changed\ndelete,user00002,,\n"
	for _, test := range []struct {
		fault  cupitest.Fault
		method string
		want   string     // statuses of the three rows
		stops  codes.Code // code of the Stop, "" if the run goes on
	}{
		{cupitest.Busy, "POST", "created, updated, deleted", ""},
		{cupitest.Busy, "PUT", "created, updated, deleted", ""},
		{cupitest.Busy, "DELETE", "created, updated, deleted", ""},
		{cupitest.TooMany, "POST", "created, updated, deleted", ""},
		{cupitest.Unauthorized, "POST", "created, updated, deleted", ""},
		{cupitest.Unauthorized, "DELETE", "created, updated, deleted", ""},
		{cupitest.ExpiredAfter, "POST", "created, updated, deleted", ""},
		{cupitest.ExpiredAfter, "DELETE", "created, updated, deleted", ""},
		{cupitest.Reset, "POST", "created, updated, deleted", ""},
		{cupitest.Reset, "PUT", "created, updated, deleted", ""},
		{cupitest.Reset, "DELETE", "created, updated, deleted", ""},
		{cupitest.Error, "POST", "created, updated, deleted", ""},
		{cupitest.Error, "PUT", "created, updated, deleted", ""},
		{cupitest.Error, "DELETE", "created, updated, deleted", ""},
		{cupitest.CutAfterCommit, "POST", "created, updated, deleted", ""},
		{cupitest.CutAfterCommit, "PUT", "created, updated, deleted", ""},
		{cupitest.CutAfterCommit, "DELETE", "created, updated, deleted", ""},
		{cupitest.ErrorAfterCommit, "POST", "created, updated, deleted", ""},
		{cupitest.ErrorAfterCommit, "PUT", "created, updated, deleted", ""},
		{cupitest.ErrorAfterCommit, "DELETE", "created, updated, deleted", ""},
		{cupitest.Gateway, "POST", "created, updated, deleted", ""},
		{cupitest.Truncated, "POST", "created, updated, deleted", ""},
		{cupitest.Truncated, "PUT", "created, updated, deleted", ""},
		{cupitest.LateCommit, "POST", "created, updated, deleted", ""},
		{cupitest.HTML, "POST", "created, updated, deleted", ""},
		{cupitest.Redirect, "POST", "uncertain interrupted, updated, deleted", "redirect"},
		{cupitest.Forbidden, "POST", "failed forbidden, updated, deleted", ""},
		{cupitest.NotFound, "PUT", "created, failed refused, deleted", ""},
		{cupitest.NotFound, "DELETE", "created, updated, failed refused", ""},
		{cupitest.Echo, "POST", "failed DATA_EXCEPTION, updated, deleted", ""},
		{cupitest.Echo, "PUT", "created, failed DATA_EXCEPTION, deleted", ""},
		{cupitest.EchoEarlier, "POST", "failed DATA_EXCEPTION, updated, deleted", ""},
		{cupitest.EchoEarlier, "PUT", "created, failed DATA_EXCEPTION, deleted", ""},
		{cupitest.NeighboursID, "POST", "created, updated, deleted", ""},
		{cupitest.TwoIDs, "POST", "created, updated, deleted", ""},
	} {
		t.Run(string(test.fault)+" "+test.method, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{LateBy: 20 * time.Millisecond}
			simulator.AddUsers(2)
			s := newSite(t, simulator)
			simulator.Fault = once(test.fault, test.method, "/vmrest/users")
			options := options("")
			options.DoubtWindow = 200 * time.Millisecond
			summary, history := s.run(t.Context(), "run", file, options, 1)
			if test.stops != "" {
				if summary.Stop == nil || summary.Stop.Code != test.stops {
					t.Fatalf("stop %v, want %s", summary.Stop, test.stops)
				}
				return
			}
			if got := statuses(t, history); got != test.want {
				t.Errorf("got  %s\nwant %s\n%+v", got, test.want, results(t, history))
			}
			if fresh := simulator.UserByAlias("fresh"); (fresh != nil) != strings.HasPrefix(test.want, "created") {
				t.Errorf("the user fresh is there: %v", fresh != nil)
			}
		})
	}
}

// A second answer that comes while the next request is on its way looks like the answer to that
// one, and nobody can tell. What the rows then say is still what the server has.
func TestAnsweredTwice(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(2)
			s := newSite(t, simulator)
			simulator.Fault = once(cupitest.AnswerTwice, method, "/vmrest/users")
			_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId,DisplayName\n"+
				"create,fresh,4711,Fresh\nupdate,user00001,,Changed\ndelete,user00002,,\n", options(""), 1)
			rows := results(t, history)
			for i, is := range []bool{
				simulator.UserByAlias("fresh") != nil,
				simulator.UserByAlias("user00001")["DisplayName"] == "Changed",
				simulator.UserByAlias("user00002") == nil,
			} {
				if says := rows[i].Status == []record.Status{record.Created, record.Updated, record.Deleted}[i]; says != is {
					t.Errorf("row %d is %s %s, and the server did it: %v", i+1, rows[i].Status, rows[i].Code, is)
				}
			}
		})
	}
}

// A fault that does not go away: how often the request is sent, and how the row ends.
func TestAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	const create, update = "Operation,Alias,DtmfAccessId\ncreate,fresh,4711\n", "Operation,Alias,Title\nupdate,user00001,Changed\n"
	for _, test := range []struct {
		fault  cupitest.Fault
		method string
		file   string
		times  int
		want   string
	}{
		{cupitest.Error, "POST", create, 2, "failed gave-up"},
		{cupitest.Error, "PUT", update, 3, "failed gave-up"},
		{cupitest.Error, "GET", update, 4, "failed gave-up"},
		{cupitest.TooMany, "POST", create, 3, "failed gave-up"},
		{cupitest.Gateway, "PUT", update, 1, "updated"}, // done, and found so
		{cupitest.NotFound, "POST", create, 1, "failed refused"},
	} {
		t.Run(string(test.fault)+" "+test.method, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(2)
			s := newSite(t, simulator)
			place := "/vmrest/users"
			if test.method != "POST" {
				place += "/" + simulator.UserByAlias("user00001")["ObjectId"]
			}
			sent := 0
			simulator.Fault = func(r *http.Request) cupitest.Fault {
				if r.Method != test.method || r.URL.Path != place {
					return cupitest.NoFault
				}
				sent++
				return test.fault
			}
			_, history := s.run(t.Context(), "run", test.file, options(""), 1)
			if got := statuses(t, history); got != test.want || sent != test.times {
				t.Errorf("got %s after %d requests, want %s after %d: %+v", got, sent, test.want, test.times, results(t, history))
			}
		})
	}
}

// A server that makes no users at all: three say so, and no row more is spent on it.
func TestNoPlaceForUsersStopsTheRun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		after int // users that can be made first
		want  record.Counts
		stops codes.Code
	}{
		{0, record.Counts{record.Failed: 2, record.Pending: 8}, "no-place"},
		{1, record.Counts{record.Created: 1, record.Failed: 9}, ""},
	} {
		simulator := &cupitest.Server{}
		s := newSite(t, simulator)
		made := 0
		simulator.Fault = func(r *http.Request) cupitest.Fault {
			if r.Method != "POST" {
				return cupitest.NoFault
			}
			if made++; made <= test.after {
				return cupitest.NoFault
			}
			return cupitest.NotFound
		}
		summary, _ := s.run(t.Context(), "run", creates(10), options(validate.Create), 1)
		stopped := codes.Code("")
		if summary.Stop != nil {
			stopped = summary.Stop.Code
		}
		if diff := cmp.Diff(test.want, summary.Counts); diff != "" || stopped != test.stops {
			t.Errorf("after %d users: stop %q, want %q, and (-want +got)\n%s", test.after, stopped, test.stops, diff)
		}
	}
}

func TestWrongPasswordCostsOneSignIn(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{Username: "admin", Password: "another"}
	s := newSite(t, simulator)
	recorder := s.recorder("run")
	checked := s.prepare(recorder, creates(50), options(validate.Create))
	_, err := batch.Preflight(t.Context(), s.server(5), checked, func(validate.Problem) {})
	if err == nil || !strings.Contains(err.Error(), "password") {
		t.Errorf("error %v, want one that names the password", err)
	}
	if failed := simulator.FailedSignIns(); failed != 1 {
		t.Errorf("%d failed sign-ins, want 1", failed)
	}
}

func TestInterruptedRunsAreResumed(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{Latency: time.Millisecond}
	s := newSite(t, simulator)
	ctx, cancel := context.WithCancel(t.Context())
	recorder := s.recorder("run")
	done := 0
	recorder.Result = func(record.Result) {
		if done++; done == 40 {
			cancel()
		}
	}
	text := creates(200)
	checked := s.prepare(recorder, text, options(validate.Create))
	p, err := batch.Preflight(ctx, s.server(4), checked, func(validate.Problem) {})
	if err != nil {
		t.Fatal(err)
	}
	summary, err := p.Run(ctx, recorder)
	if err != nil {
		t.Fatal(err)
	}
	if summary.Exit != record.ExitInterrupted || summary.Counts[record.Pending] == 0 || summary.Counts.Total() != 200 {
		t.Fatalf("exit %d, counts %v", summary.Exit, summary.Counts)
	}
	history := s.history(recorder.Folder)
	in, err := history.SourceInput()
	if err != nil {
		t.Fatal(err)
	}
	recorder.Result = nil
	summary, err = batch.Resume(t.Context(), s.server(4), history, in, options(validate.Create), recorder)
	if err != nil {
		t.Fatal(err)
	}
	if summary.Exit != record.ExitDone || summary.Counts[record.Created] != 200 {
		t.Errorf("resumed: exit %d, counts %v", summary.Exit, summary.Counts)
	}
	if posts := simulator.Requests()["POST /vmrest/users"]; posts != 200 {
		t.Errorf("%d POSTs, want 200", posts)
	}
	if got := s.history(recorder.Folder).Counts()[record.Created]; got != 200 {
		t.Errorf("the journal has %d created, want 200", got)
	}
}

func TestManyFaultsAtOnce(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{Seed: 7, LateBy: 20 * time.Millisecond}
	s := newSite(t, simulator)
	simulator.Faults = cupitest.Faults{Busy: 0.03, Unauthorized: 0.02, Reset: 0.03, CutAfterCommit: 0.03, ErrorAfterCommit: 0.03, Truncated: 0.02}
	options := options(validate.Create)
	options.DoubtWindow = 100 * time.Millisecond
	summary, history := s.run(t.Context(), "run", creates(150), options, 5)
	if summary.Counts[record.Created] != 150 {
		t.Errorf("counts %v: %s", summary.Counts, statuses(t, history))
	}
	users := 0
	for alias := range byAlias(simulator.Snapshot()) {
		if strings.HasPrefix(alias, "person") {
			users++
		}
	}
	if users != 150 {
		t.Errorf("the server has %d of the users, want 150", users)
	}
}

// Two resumes of one run that were started at once: the second finds that the
// journal went on since it read it, and sends nothing.
func TestResumeFromAStaleHistory(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	ctx, cancel := context.WithCancel(t.Context())
	recorder := s.recorder("run")
	recorder.Result = func(r record.Result) {
		if r.Row == 10 {
			cancel()
		}
	}
	checked := s.prepare(recorder, creates(40), options(validate.Create))
	p, err := batch.Preflight(ctx, s.server(1), checked, func(validate.Problem) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(ctx, recorder); err != nil {
		t.Fatal(err)
	}
	history := s.history(recorder.Folder)
	in, err := history.SourceInput()
	if err != nil {
		t.Fatal(err)
	}
	recorder.Result = nil
	if _, err := batch.Resume(t.Context(), s.server(4), history, in, options(validate.Create), recorder); err != nil {
		t.Fatal(err)
	}
	if _, err := batch.Resume(t.Context(), s.server(4), history, in, options(validate.Create), recorder); !errors.Is(err, journal.ErrMoved) {
		t.Errorf("error %v, want that the journal moved", err)
	}
	if counts := s.history(recorder.Folder).Counts(); counts[record.Created] != 40 {
		t.Errorf("counts %v, want 40 created", counts)
	}
}
