package batch_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cucbulk/batch/record"
	"cucbulk/batch/verify"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// The server names a user whom somebody else made after the snapshot. What the run can't
// know of, its rollback sees: nobody is deleted who is not the one that the run meant.
func TestARollbackKeepsWhomTheServerNamedWrongly(t *testing.T) {
	for _, force := range []bool{false, true} {
		t.Run(fmt.Sprint("force ", force), func(t *testing.T) {
			inBothWires(t, func(t *testing.T, wire cupi.Wire) {
				s := newSite(t, &cupitest.Server{})
				s.wire = wire
				var zoe string
				s.simulator.Fault = func(r *http.Request) cupitest.Fault {
					if r.Method != "POST" || r.URL.Path != "/vmrest/users" {
						return cupitest.NoFault
					}
					zoe, _ = s.simulator.AddUser(map[string]string{"Alias": "zoe", "DtmfAccessId": "8009"})
					return cupitest.NeighboursID
				}
				_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId\nfresh,4711\n", options(validate.Create), 1)
				if got := only(t, history); got.ObjectID != zoe {
					t.Fatalf("%+v: the answer was to be believed, which nothing contradicts", got)
				}
				s.simulator.Fault = nil
				there := s.simulator.Snapshot()
				_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{Force: force})
				fresh := s.simulator.UserByAlias("fresh")
				if got := only(t, of); got.Status != record.Kept || got.Code != "not-made" || fresh == nil || !strings.Contains(got.Message, fresh["ObjectId"]) {
					t.Errorf("%+v, and the server has %v", got, fresh)
				}
				compareSnapshots(t, there, s.simulator.Snapshot())
			})
		})
	}
}

// A user of the run's whom somebody renamed since is still the run's: it is kept as one that
// was changed, and --force deletes it. One that shows nothing of what was sent is not.
func TestARollbackOfWhomSomebodyRenamed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		changes cupi.Object
		taken   bool // somebody has the old alias, and made that user much later
		kept    string
		forced  bool
	}{
		{"renamed", cupi.Object{"Alias": "married"}, false, "changed-since", true},
		{"renamed, and the alias is another's", cupi.Object{"Alias": "married"}, true, "changed-since", true},
		{"another in all", cupi.Object{"Alias": "married", "DtmfAccessId": "4799"}, false, "not-made", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, &cupitest.Server{})
			_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId\nfresh,4711\n", options(validate.Create), 1)
			o := s.other()
			id := o.id("fresh")
			o.do(cupi.UpdateUser(id, test.changes))
			if test.taken {
				s.simulator.SetClock(time.Hour)
				o.do(cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": "fresh", "DtmfAccessId": "4712"}))
				s.simulator.SetClock(0)
			}
			_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			if got := only(t, of); got.Status != record.Kept || string(got.Code) != test.kept || s.simulator.User(id) == nil {
				t.Errorf("%+v", got)
			}
			_, of = s.rollback(t.Context(), "forced", history, record.UndoOptions{Force: true})
			if got := only(t, of); (got.Status == record.Deleted) != test.forced || (s.simulator.User(id) == nil) != test.forced {
				t.Errorf("forced: %+v", got)
			}
			if test.taken && s.simulator.UserByAlias("fresh") == nil {
				t.Error("the other user is gone")
			}
		})
	}
}

// The server names an id that nobody has: the first step after that finds nobody, and the
// row looks once by the alias, whatever the step is.
func TestAStepThatFindsNobodyLooksByTheAlias(t *testing.T) {
	eachPart(t, func(t *testing.T, s *site, p partCase) {
		before := s.simulator.Snapshot()
		s.simulator.Fault = once(cupitest.NobodysID, "POST", "/vmrest/users")
		_, history := s.run(t.Context(), "run", p.file(freshUser+p.set), options(""), 1)
		got, made := only(t, history), s.simulator.UserByAlias("fresh")
		if slices.Contains([]string{"smtpproxyaddresses", "alternatenames", "distributionlistmembers"}, p.step) {
			// these are in lists of all users' entries: the refusal may have any reason
			if got.Status != record.Partial || got.Requests > 1+p.fresh+1 {
				t.Errorf("%+v", got)
			}
			return
		}
		if got.Status != record.Created || made == nil || got.ObjectID != made["ObjectId"] {
			t.Fatalf("%+v, and the server has %v", got, made["ObjectId"])
		}
		if honest := 1 + p.fresh; got.Requests > honest+4 { // the step that found nobody, its own look, and two by the alias
			t.Errorf("%d requests, and an honest row has %d", got.Requests, honest)
		}
		if _, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{}); statuses(t, of) != "deleted" {
			t.Errorf("rollback: %s: %s", statuses(t, of), messages(t, of))
		}
		compareSnapshots(t, before, s.simulator.Snapshot())
	})
}

// A resume sees in its snapshot that the server named another than it made. What was written
// to that one by then can't be told to be the row's: the row is uncertain. Else it goes on.
func TestAResumeSeesWhomTheServerNamedWrongly(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ columns, cut, want, undone string }{
		{"Alias,DtmfAccessId,PIN\nfresh,4711,947251\n", "/credential/pin", "created", "deleted"},
		{"Alias,DtmfAccessId,PIN,Extension_Alt1\nfresh,4711,947251,777001\n", "/alternateextensions", "uncertain exists-unproven", "uncertain exists-unproven"},
	} {
		s := newSite(t, &cupitest.Server{})
		s.simulator.Fault = func(r *http.Request) cupitest.Fault {
			if r.Method == "POST" && r.URL.Path == "/vmrest/users" {
				_, _ = s.simulator.AddUser(map[string]string{"Alias": "zoe", "DtmfAccessId": "8009"})
				return cupitest.NeighboursID
			}
			if strings.HasSuffix(r.URL.Path, test.cut) {
				return cupitest.Redirect
			}
			return cupitest.NoFault
		}
		_, history := s.run(t.Context(), "run", test.columns, options(validate.Create), 1)
		s.simulator.Fault = nil
		_, history = s.resume(t.Context(), history, options(""))
		fresh, created := s.simulator.UserByAlias("fresh"), test.want == "created"
		if got := only(t, history); statuses(t, history) != test.want || created != (got.ObjectID == fresh["ObjectId"]) || !created && got.ObjectID != "" {
			t.Errorf("%+v", got)
		}
		_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{Force: true})
		if statuses(t, of) != test.undone || s.simulator.UserByAlias("zoe") == nil || created == (s.simulator.UserByAlias("fresh") != nil) {
			t.Errorf("rollback: %s: %s", statuses(t, of), messages(t, of))
		}
	}
}

// The answer to row 2 names the user that was made for row 1, whose own answer is lost. What
// row 1's look proves to be its own is nobody else's: row 2 goes on with its own user, or is
// uncertain, and never created with row 1's. Row 1 is as sure as what row 2 has sent to it.
func TestTwoRowsInFlightThatAreToldOneUser(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, columns string
		first, second string // cells
		ended         bool   // row 2 has ended before row 1 looks; else it reads a device
		want          string
	}{
		{"of one step, ended", "", "", "", true, "created, uncertain exists-unproven"},
		{"of two steps, ended", ",PIN", ",947251", ",836142", true, "uncertain exists-unproven, uncertain exists-unproven"},
		{"before the first change", ",PhoneNumber_HomePhone", ",5551", ",5552", false, "created, created"},
		{"after a change", ",PIN,PhoneNumber_HomePhone", ",947251,5551", ",836142,5552", false, "uncertain exists-unproven, uncertain exists-unproven"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, &cupitest.Server{})
			before := s.simulator.Snapshot()
			made, look, taken := make(chan bool), make(chan bool), make(chan bool)
			var mutex sync.Mutex
			seen := map[string]int{}
			s.simulator.Fault = func(r *http.Request) cupitest.Fault {
				body, _ := io.ReadAll(r.Body)
				mutex.Lock()
				kind := r.Method + " " + r.URL.Path[strings.LastIndexByte(r.URL.Path, '/'):]
				if r.Method == "POST" {
					kind += map[bool]string{true: " first", false: " second"}[strings.Contains(string(body), "first")]
				}
				if strings.Contains(r.URL.RawQuery, "first") && s.simulator.UserByAlias("first") != nil {
					kind = "look"
				}
				seen[kind]++
				turn := seen[kind]
				mutex.Unlock()
				switch {
				case kind == "POST /users first":
					return cupitest.Gateway
				case kind == "POST /users second":
					<-made
					return cupitest.NeighboursID
				case kind == "look" && turn == 1:
					close(made)
					<-look
				case kind == "GET /phonedevices" && turn == 1: // row 2's, of row 1's user
					close(look)
					<-taken
				case kind == "GET /phonedevices" && turn == 2: // row 1's
					close(taken)
				}
				return cupitest.NoFault
			}
			recorder := s.recorder("run")
			recorder.Result = func(got record.Result) {
				if got.Row == 2 && test.ended {
					close(look)
				}
			}
			file := "Alias,DtmfAccessId" + test.columns + "\nfirst,4711" + test.first + "\nsecond,4712" + test.second + "\n"
			p, _ := s.preflight(recorder, file, options(validate.Create))
			summary, err := p.Run(t.Context(), recorder)
			if err != nil {
				t.Fatal(err)
			}
			history := s.history(recorder.Folder)
			if got := statuses(t, history); got != test.want {
				t.Errorf("%s, want %s: %s", got, test.want, messages(t, history))
			}
			if summary.Exit != history.Exit() || (summary.Exit == record.ExitUncertain) != strings.Contains(test.want, "uncertain") || fmt.Sprint(summary.Counts) != fmt.Sprint(history.Counts()) {
				t.Errorf("exit %d, counts %v, and of the journal %v", summary.Exit, summary.Counts, history.Counts())
			}
			for _, got := range results(t, history) {
				if made := s.simulator.UserByAlias(got.Alias); got.Status == record.Created && got.ObjectID != made["ObjectId"] {
					t.Errorf("%+v, and the server has %s", got, made["ObjectId"])
				}
			}
			s.simulator.Fault = nil
			objects, err := verify.ReadBack(t.Context(), s.server(1), history)
			if err != nil {
				t.Fatal(err)
			}
			status := results(t, history)
			for v, err := range objects {
				if err != nil || v.Kept && status[v.Row-1].Status == record.Uncertain {
					t.Errorf("verify: %+v %v", v, err)
				}
			}
			_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{Force: true})
			if test.want == "created, created" {
				compareSnapshots(t, before, s.simulator.Snapshot())
			} else if got := results(t, of)[1]; got.Status == record.Deleted {
				t.Errorf("rollback: %+v", got)
			}
		})
	}
}

// The same, when the run ends while row 1 looks: the resume amends row 2, which had ended.
func TestAResumeThatIsToldWhoseAUserIs(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	made, look := make(chan bool), make(chan bool)
	s.simulator.Fault = func(r *http.Request) cupitest.Fault {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.Method == "POST" && strings.Contains(string(body), "first"):
			return cupitest.Gateway
		case r.Method == "POST":
			<-made
			return cupitest.NeighboursID
		case strings.Contains(r.URL.RawQuery, "first") && s.simulator.UserByAlias("first") != nil:
			close(made)
			<-look
			return cupitest.Redirect // which ends the run
		}
		return cupitest.NoFault
	}
	recorder := s.recorder("run")
	recorder.Result = func(got record.Result) {
		if got.Row == 2 && got.Status == record.Created {
			close(look)
		}
	}
	p, _ := s.preflight(recorder, "Alias,DtmfAccessId\nfirst,4711\nsecond,4712\n", options(validate.Create))
	if _, err := p.Run(t.Context(), recorder); err != nil {
		t.Fatal(err)
	}
	s.simulator.Fault = nil
	history := s.history(recorder.Folder)
	if got := statuses(t, history); got != "uncertain interrupted, created" {
		t.Fatalf("%s: %s", got, messages(t, history))
	}
	summary, history := s.resume(t.Context(), history, options(""))
	if got := statuses(t, history); got != "created, uncertain exists-unproven" || summary.Exit != record.ExitUncertain {
		t.Errorf("exit %d, %s: %s", summary.Exit, got, messages(t, history))
	}
	if got := results(t, history); got[0].ObjectID != s.simulator.UserByAlias("first")["ObjectId"] || got[1].ObjectID != "" {
		t.Errorf("%+v", got)
	}
}
