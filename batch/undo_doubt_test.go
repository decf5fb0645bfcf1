package batch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// A run is killed at each of its changes, when the server did it or before, and rolled back
// without a resume: what was in doubt is looked up, as a resume would, and taken back where
// it is there.
func TestARollbackOfARunInDoubt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, file string }{
		{"a user that is made", "Operation,Alias,DtmfAccessId,PIN,Extension_Alt1\ncreate,fresh,4711,739164,4799\n"},
		{"a user that is changed", "Operation,Alias,Title,ScheduleSetName,Extension_Alt2,Extension_Alt1\nupdate,user00001,Boss,Weekdays,4798,%null%\n"},
		{"a user that is deleted", "Operation,Alias\ndelete,user00001\n"},
		{"users who swap their extensions", "Operation,Alias,DtmfAccessId,Title\nupdate,user00003,10001,Boss\nupdate,user00002,10002,Boss\n"},
	} {
		for _, done := range []bool{true, false} {
			fault := map[bool]cupitest.Fault{true: cupitest.CutAfterCommit, false: cupitest.Reset}[done]
			t.Run(fmt.Sprint(test.name, ", done ", done), func(t *testing.T) {
				t.Parallel()
				s, _ := wellEquipped(t, cupi.JSON)
				setUp := sent(s.simulator)
				s.run(t.Context(), "whole", test.file, options(""), 1)
				whole := sent(s.simulator) - setUp
				for at := 1; at <= whole && !t.Failed(); at++ {
					s, _ := wellEquipped(t, cupi.JSON)
					s.doubt = 50 * time.Millisecond
					before := byAlias(s.simulator.Snapshot())
					history := s.killedAt(at, "run", test.file, options(""), fault)
					summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
					if summary.Exit != record.ExitDone {
						t.Errorf("killed at change %d: exit %d: %s\n%s", at, summary.Exit, statuses(t, of), messages(t, of))
					}
					compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
					changes := s.guard.Changes()
					if summary, again := s.rollback(t.Context(), "again", history, record.UndoOptions{}); summary.Exit != record.ExitDone || s.guard.Changes() != changes {
						t.Errorf("killed at change %d, once more: exit %d: %s\n%s", at, summary.Exit, statuses(t, again), messages(t, again))
					}
				}
			})
		}
	}
}

// Where a look proves nothing the rollback leaves the row alone, and says so.
func TestARollbackThatCanProveNothing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file string
		meantime   func(*other)
		want       string
	}{
		{"a user that somebody made later", "Operation,Alias,DtmfAccessId\ncreate,fresh,4711\n", func(o *other) {
			o.s.simulator.SetClock(3 * time.Hour)
			o.do(cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": "fresh", "DtmfAccessId": "4711"}))
		}, "uncertain exists-unproven"},
		{"a title that somebody can have set", "Operation,Alias,Title\nupdate,user00001,Boss\n", func(o *other) {
			o.s.simulator.SetClock(3 * time.Hour)
			o.set("user00001", "Title", "Boss")
		}, "uncertain exists-unproven"},
		{"a server that does not show the user", "Operation,Alias,Title\nupdate,user00001,Boss\n", func(o *other) {
			o.s.simulator.Fault = forbid("/users/" + o.id("user00001"))
		}, "uncertain no-proof"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, o := wellEquipped(t, cupi.JSON)
			history := s.killedAt(1, "run", test.file, options(""), cupitest.Reset)
			test.meantime(o)
			there := byAlias(s.simulator.Snapshot())
			summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			if got := statuses(t, of); got != test.want || summary.Exit != record.ExitUncertain || !strings.Contains(messages(t, of), "the run sent it, and its answer is not known") {
				t.Errorf("exit %d: %s, want %s\n%s", summary.Exit, got, test.want, messages(t, of))
			}
			compareSnapshots(t, there, byAlias(s.simulator.Snapshot()))
		})
	}
}

// A user who was made, of which nobody heard, and whom somebody renamed since, is not said to
// be absent: neither by a rollback, nor by a resume, which would send the row again.
func TestAUserInDoubtWasRenamed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		resumed bool
		setBack string // a request at which the server's clock is set back
	}{{true, ""}, {false, ""}, {true, "POST /vmrest/users"}, {false, "POST /vmrest/users"}} {
		t.Run(fmt.Sprintf("%+v", test), func(t *testing.T) {
			t.Parallel()
			s, o := wellEquipped(t, cupi.JSON)
			s.doubt = 50 * time.Millisecond
			fault := faultAt(1, cupitest.CutAfterCommit)
			if test.setBack != "" { // between the look at who is there and the create: its CreationTime is before that look
				s.simulator.SetClock(time.Hour)
			}
			history := s.killedUnder(func(r *http.Request) cupitest.Fault {
				if test.setBack == r.Method+" "+r.URL.Path {
					s.simulator.SetClock(0)
				}
				return fault(r)
			}, 1, "run", "Operation,Alias,DtmfAccessId,DisplayName\ncreate,fresh,4711,Fresh\n", options(""))
			if test.setBack != "" {
				s.simulator.SetClock(2 * time.Hour)
			}
			o.set("fresh", "DisplayName", "Of Another") // who renames a user may change more of it
			o.set("fresh", "Alias", "other")
			there := byAlias(s.simulator.Snapshot())
			var summary batch.Summary
			of := history
			if test.resumed {
				summary, of = s.resume(t.Context(), history, options(""))
			} else {
				summary, of = s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			}
			if got := statuses(t, of); got != "uncertain exists-unproven" || summary.Exit != record.ExitUncertain || !strings.Contains(messages(t, of), "renamed since") {
				t.Errorf("exit %d: %s\n%s", summary.Exit, got, messages(t, of))
			}
			compareSnapshots(t, there, byAlias(s.simulator.Snapshot()))
		})
	}
}

// Who was imported, of which nobody heard, and whom somebody renamed since, is no longer listed
// by the directory: that nobody has the alias does not say that nobody was imported. Neither
// the row that sent it says so, nor a resume, nor a rollback.
func TestAnImportInDoubtWasRenamed(t *testing.T) {
	const text = "Alias,DtmfAccessId\nsdavis,5001\n"
	for _, way := range []string{"at once", "resumed", "rolled back"} {
		for _, change := range []cupi.Object{{"Alias": "other"}, {"Alias": "other", "DtmfAccessId": "5002"}} {
			t.Run(fmt.Sprint(way, " ", len(change)), func(t *testing.T) {
				t.Parallel()
				s, _ := withDirectory(t, cupi.JSON)
				s.doubt = 50 * time.Millisecond
				options := options(validate.ImportLDAP)
				options.DoubtWindow = s.doubt
				o := s.other()
				rename := func() { o.do(cupi.UpdateUser(o.id("sdavis"), change)) }
				var of *record.History
				switch way {
				case "at once":
					made := false
					s.simulator.Fault = func(r *http.Request) cupitest.Fault {
						switch imports := r.Method == "POST" && r.URL.Path == importPath; {
						case imports && !made:
							made = true
							return cupitest.CutAfterCommit
						case made && r.Method == "GET" && s.simulator.UserByAlias("sdavis") != nil:
							rename()
						}
						return cupitest.NoFault
					}
					_, of = s.run(t.Context(), "run", text, options, 1)
				default:
					of = s.killedAt(1, "run", text, options, cupitest.CutAfterCommit)
					rename()
					if way == "resumed" {
						_, of = s.resume(t.Context(), of, options)
					} else {
						_, of = s.rollback(t.Context(), "undo", of, record.UndoOptions{})
					}
				}
				if got := statuses(t, of); got != "uncertain exists-unproven" {
					t.Errorf("%s: %s", got, messages(t, of))
				}
				if s.simulator.UserByAlias("other") == nil {
					t.Error("the user is gone")
				}
			})
		}
	}
}

// What a rollback could not send at once, it does not send over what somebody has changed
// meanwhile, nor does it delete whom somebody has begun to use.
func TestARollbackLooksAgainBeforeItSendsAgain(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]string{"PUT": "deleted, kept changed-since", "DELETE": "kept changed-since, restored"} {
		s := newSite(t, &cupitest.Server{})
		s.simulator.AddUsers(1)
		_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId,DisplayName\ncreate,fresh,4711,Fresh\nupdate,user00001,,Changed\n", options(""), 1)
		other, struck := s.other(), false
		users := map[string]string{other.id("user00001"): "DisplayName", other.id("fresh"): "City"}
		s.simulator.Fault = func(r *http.Request) cupitest.Fault {
			field := users[path.Base(r.URL.Path)]
			if r.Method != method || field == "" || struck {
				return cupitest.NoFault
			}
			struck = true
			change := cupi.UpdateUser(path.Base(r.URL.Path), cupi.Object{field: "Somebody's"})
			s.guard.Exempt(change.Method, change.Path)
			put := httptest.NewRequest(change.Method, change.Path, strings.NewReader(`{"`+field+`":"Somebody's"}`))
			put.Header.Set("Content-Type", "application/json")
			put.SetBasicAuth("another", "administrator")
			s.simulator.ServeHTTP(httptest.NewRecorder(), put)
			return cupitest.Error
		}
		_, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if got := statuses(t, undone); got != want {
			t.Errorf("%s: %s, want %s: %s", method, got, want, messages(t, undone))
		}
	}
}
