package batch_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// Something in between refuses what the server did: the row says what is there, and it
// goes back as all that the run did. When CUPI itself refuses, and all is as if it was
// done, nobody can tell.
func TestRefusedThoughDone(t *testing.T) {
	t.Parallel()
	const file = "Operation,Alias,DtmfAccessId,DisplayName\ncreate,fresh,4711,Fresh\nupdate,user00001,,Changed\ndelete,user00002,,\n"
	const done = "created, updated, deleted"
	for fault, wants := range map[cupitest.Fault]map[string]string{
		cupitest.BadRequestAfter: {"POST": done, "PUT": done, "DELETE": done},
		cupitest.ForbiddenAfter:  {"POST": done, "PUT": done, "DELETE": done},
		cupitest.NotFoundAfter:   {"POST": done, "PUT": done, "DELETE": done},
		cupitest.ConflictAfter:   {"POST": done, "PUT": done, "DELETE": done},
		cupitest.TooLargeAfter:   {"POST": done, "PUT": done, "DELETE": done},
		cupitest.ExpiredAfter:    {"POST": done, "DELETE": done},
		cupitest.RefusedAfter: {"POST": "uncertain exists-unproven, updated, deleted",
			"PUT": "created, uncertain exists-unproven, deleted", "DELETE": "created, updated, uncertain exists-unproven"},
	} {
		for method, want := range wants {
			t.Run(string(fault)+" "+method, func(t *testing.T) {
				t.Parallel()
				simulator := &cupitest.Server{}
				simulator.AddUsers(2)
				s := newSite(t, simulator)
				before := byAlias(simulator.Snapshot())
				simulator.Fault = once(fault, method, "/vmrest/users")
				_, history := s.run(t.Context(), "run", file, options(""), 1)
				if got := statuses(t, history); got != want || strings.Contains(messages(t, history), "answer was lost") {
					t.Fatalf("%s, want %s: %s", got, want, messages(t, history))
				}
				there := byAlias(simulator.Snapshot())
				_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
				after := byAlias(simulator.Snapshot())
				if want == done {
					compareSnapshots(t, before, after)
					return
				}
				alias := map[string]string{"POST": "fresh", "PUT": "user00001", "DELETE": "user00002"}[method]
				compareSnapshots(t, map[string]map[string]string{alias: there[alias]}, map[string]map[string]string{alias: after[alias]})
				if !strings.Contains(statuses(t, of), "uncertain") {
					t.Errorf("rollback: %s: %s", statuses(t, of), messages(t, of))
				}
			})
		}
	}
}

// Somebody changes one of the fields that a refused change did set, before the run looks: some
// show what was sent, so it can't be said that nothing was done.
func TestRefusedThoughDoneAndChangedSince(t *testing.T) {
	t.Parallel()
	for _, fault := range []cupitest.Fault{cupitest.BadRequestAfter, cupitest.RefusedAfter, cupitest.ErrorAfterCommit, cupitest.CutAfterCommit} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(1)
			s := newSite(t, simulator)
			id, another := simulator.UserByAlias("user00001")["ObjectId"], s.other()
			var struck, changed atomic.Bool
			simulator.Fault = func(r *http.Request) cupitest.Fault {
				switch {
				case !strings.HasSuffix(r.URL.Path, id):
				case r.Method == http.MethodPut && struck.CompareAndSwap(false, true):
					return fault
				case struck.Load() && changed.CompareAndSwap(false, true):
					another.do(cupi.UpdateUser(id, cupi.Object{"Title": "of another"}))
				}
				return cupitest.NoFault
			}
			_, history := s.run(t.Context(), "run", "Alias,Title,DisplayName\nuser00001,Chief,Changed\n", options(validate.Update), 1)
			if got := statuses(t, history); got != "uncertain exists-unproven" {
				t.Errorf("got %s, want uncertain exists-unproven: %s", got, messages(t, history))
			}
			if got := simulator.UserByAlias("user00001")["Title"]; got != "of another" {
				t.Errorf("the title of another is %q now", got)
			}
		})
	}
}

// An answer that ends the run says nothing sure of its own request either: the row is told
// as one in doubt, a resume finds out what became of it, and so does a rollback.
func TestAnAnswerThatEndsTheRunThoughDone(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		for _, resumed := range []bool{true, false} {
			simulator := &cupitest.Server{}
			simulator.AddUsers(2)
			s := newSite(t, simulator)
			before := byAlias(simulator.Snapshot())
			simulator.Fault = once(cupitest.RedirectAfter, method, "/vmrest/users")
			summary, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId,DisplayName\ncreate,fresh,4711,Fresh\nupdate,user00001,,Changed\ndelete,user00002,,\n", options(""), 1)
			if summary.Stop == nil || summary.Counts[record.Uncertain] != 1 || !strings.Contains(statuses(t, history), "uncertain interrupted") {
				t.Fatalf("%s: stop %v: %s", method, summary.Stop, statuses(t, history))
			}
			simulator.Fault = nil
			if resumed {
				if _, history = s.resume(t.Context(), history, options("")); statuses(t, history) != "created, updated, deleted" {
					t.Errorf("%s, resumed: %s: %s", method, statuses(t, history), messages(t, history))
				}
			}
			_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			if strings.Contains(statuses(t, of), "uncertain") {
				continue // and says so
			}
			compareSnapshots(t, before, byAlias(simulator.Snapshot()))
		}
	}
}

// A part that was refused though it was done goes back, too.
func TestAPartThatWasRefusedThoughDone(t *testing.T) {
	t.Parallel()
	for _, fault := range []cupitest.Fault{cupitest.BadRequestAfter, cupitest.ForbiddenAfter, cupitest.NotFoundAfter} {
		simulator := &cupitest.Server{}
		simulator.AddUsers(1)
		s := newSite(t, simulator)
		before := simulator.Snapshot()
		simulator.Fault = once(fault, "POST", "/vmrest/users/")
		_, history := s.run(t.Context(), "run", "Operation,Alias,Extension_Alt1\nupdate,user00001,777001\n", options(""), 1)
		if got := statuses(t, history); got != "updated" {
			t.Errorf("%s: %s: %s", fault, got, messages(t, history))
		}
		s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		compareSnapshots(t, before, simulator.Snapshot())
	}
}

// CUPI itself refuses a part, and yet it is there, and was not before: nobody can tell who
// added it to a user who was there. A user that the run made goes with all it has.
func TestAPartThatCUPIRefusedThoughDone(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"Operation,Alias,Extension_Alt1\nupdate,user00001,777001\n":             "uncertain exists-unproven",
		"Operation,Alias,DtmfAccessId,Extension_Alt1\ncreate,new,4711,777001\n": "created",
	} {
		simulator := &cupitest.Server{}
		simulator.AddUsers(1)
		s := newSite(t, simulator)
		before := simulator.Snapshot()
		simulator.Fault = once(cupitest.RefusedAfter, "POST", "/vmrest/users/")
		_, history := s.run(t.Context(), "run", file, options(""), 1)
		if got := statuses(t, history); got != want {
			t.Errorf("%s, want %s: %s", got, want, messages(t, history))
		}
		_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if want == "created" {
			compareSnapshots(t, before, simulator.Snapshot())
		} else if got := statuses(t, of); !strings.Contains(got, "uncertain") {
			t.Errorf("rollback: %s, and the part is there: %s", got, messages(t, of))
		}
	}
}

// A row that is refused for an honest reason costs one look, and no other row anything.
func TestAnHonestRefusalCostsOneLook(t *testing.T) {
	t.Parallel()
	for _, fault := range []cupitest.Fault{cupitest.Forbidden, cupitest.NotFound, cupitest.Echo} {
		simulator := &cupitest.Server{}
		s := newSite(t, simulator)
		simulator.Fault = once(fault, "POST", "/vmrest/users")
		_, history := s.run(t.Context(), "run", creates(3), options(validate.Create), 1)
		for i, want := range []int{2, 1, 1} {
			if got := results(t, history)[i]; got.Requests != want || (got.Status == record.Failed) != (i == 0) {
				t.Errorf("%s: %+v, want %d requests", fault, got, want)
			}
		}
	}
}

// An answer that names somebody else's id, or none, is not believed: nothing is built on
// it, and the user is found by its alias.
func TestAnswersThatNameSomethingElse(t *testing.T) {
	for _, fault := range []cupitest.Fault{cupitest.AnothersID, cupitest.StrangeID} {
		for _, operation := range []validate.Operation{validate.Create, validate.ImportLDAP} {
			t.Run(string(fault)+" "+string(operation), func(t *testing.T) {
				inBothWires(t, func(t *testing.T, wire cupi.Wire) {
					s, _ := withDirectory(t, wire)
					before := s.simulator.Snapshot()
					s.simulator.Fault = func(r *http.Request) cupitest.Fault {
						if r.Method == "POST" {
							return fault
						}
						return cupitest.NoFault
					}
					_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId,PIN,PrivateList2,PrivateList2_Members\nsdavis,5001,947251,Friends,operator\n", options(operation), 1)
					got, made := only(t, history), s.simulator.UserByAlias("sdavis")
					if got.Status != record.Created || made == nil || got.ObjectID != made["ObjectId"] || s.simulator.Credentials(made["ObjectId"], "pin") != "947251" {
						t.Errorf("%+v, and the server has %v", got, made)
					}
					s.simulator.Fault = nil
					if _, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{Force: true}); statuses(t, of) != "deleted" {
						t.Errorf("rollback: %s: %s", statuses(t, of), messages(t, of))
					}
					compareSnapshots(t, before, s.simulator.Snapshot())
				})
			})
		}
	}
}

// A user whom the server made under another id than it named is not said to be gone.
func TestARollbackLooksForWhomTheServerNamedWrongly(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == "POST" {
			return cupitest.NobodysID
		}
		return cupitest.NoFault
	}
	_, history := s.run(t.Context(), "run", creates(1), options(validate.Create), 1)
	simulator.Fault = nil
	_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{Force: true})
	if got := only(t, of); got.Status != record.Uncertain {
		t.Errorf("%+v", got)
	}
	alias := only(t, history).Alias
	user := simulator.UserByAlias(alias)
	o := s.other()
	o.do(cupi.DeleteUser(user["ObjectId"]))
	simulator.SetClock(time.Hour)
	o.do(cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": alias, "DtmfAccessId": user["DtmfAccessId"]}))
	simulator.SetClock(0)
	_, of = s.rollback(t.Context(), "again", history, record.UndoOptions{Force: true})
	if got := only(t, of); got.Status != record.Deleted || simulator.UserByAlias(alias) == nil {
		t.Errorf("somebody else has the alias now: %+v", got)
	}
}

// Two rows are answered with one id.
func TestTwoAnswersThatNameOneUser(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	before := simulator.Snapshot()
	posts := 0
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == "POST" {
			if posts++; posts > 1 {
				return cupitest.AnothersID // the oldest: a seeded user, or the first of this run
			}
		}
		return cupitest.NoFault
	}
	_, history := s.run(t.Context(), "run", creates(4), options(validate.Create), 1)
	for i, got := range results(t, history) {
		if made := simulator.UserByAlias(got.Alias); got.Status != record.Created || got.ObjectID != made["ObjectId"] {
			t.Errorf("row %d: %+v, and the server has %v", i+1, got, made)
		}
	}
	s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	compareSnapshots(t, before, simulator.Snapshot())
}

// CUPI refuses a PIN, and has set it, in the second in which the user was made: its time
// tells nothing, and the row says so. Of a PIN that is really refused nothing is doubted, and
// neither is of one that was set later.
func TestAPINThatWasRefusedInTheSecondOfItsUser(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, pin  string
		fault      cupitest.Fault
		later      time.Duration
		want, said string
	}{
		{"set in that second", "947251", cupitest.RefusedAfter, 0, "partial DATA_EXCEPTION", "can't be told"},
		{"really refused", "111111", cupitest.NoFault, 0, "partial", ""},
		{"set later", "947251", cupitest.RefusedAfter, 2 * time.Second, "uncertain exists-unproven", "as if it was done"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				simulator := &cupitest.Server{Latency: max(test.later, 10*time.Millisecond)}
				server, end := inBubble(t, newMemoryNet(), simulator, 1)
				defer end()
				simulator.Fault = func(r *http.Request) cupitest.Fault {
					if r.Method == "PUT" {
						return test.fault
					}
					return cupitest.NoFault
				}
				options := options(validate.Create)
				p := preflightFile(t, server, folder, "Alias,DtmfAccessId,PIN\nfresh,4711,"+test.pin+"\n", options)
				if _, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test"}); err != nil {
					t.Fatal(err)
				}
				history, err := record.ReadHistory(folder)
				if err != nil {
					t.Fatal(err)
				}
				if got := only(t, history); !strings.HasPrefix(statuses(t, history), test.want) || !strings.Contains(got.Message, test.said) || test.said == "" && strings.Contains(got.Message, "told") {
					t.Errorf("%+v", got)
				}
			})
		})
	}
}

// A 404 to a change of a user who is there, as a look shows, says of nobody that he was
// deleted.
func TestWhoIsThereIsNotSaidToBeDeleted(t *testing.T) {
	t.Parallel()
	for method, file := range map[string]string{
		"PUT":    "Operation,Alias,Title\nupdate,user00001,Boss\n",
		"DELETE": "Operation,Alias,Title\ndelete,user00001,\n",
	} {
		simulator := &cupitest.Server{}
		simulator.AddUsers(1)
		s := newSite(t, simulator)
		simulator.Fault = once(cupitest.NotFound, method, "/vmrest/users")
		_, history := s.run(t.Context(), "run", file, options(""), 1)
		if got := only(t, history); got.Status != record.Failed || got.Code == "target-gone" || strings.Contains(got.Message, "deleted meanwhile") {
			t.Errorf("%s: %+v", method, got)
		}
	}
}

// The server's clock is set back before a create that it refuses though it was done: no time
// tells any more whose the user is, who has all that was sent, and nobody says that he is
// somebody else's.
func TestRefusedThoughDoneByAClockThatWasSetBack(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	s.simulator.SetClock(3 * time.Hour)
	refuse := once(cupitest.RefusedAfter, "POST", "/vmrest/users")
	s.simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == "POST" {
			s.simulator.SetClock(0)
		}
		return refuse(r)
	}
	_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId\nfresh,4711\n", options(validate.Create), 1)
	if got := statuses(t, history); got != "uncertain exists-unproven" || s.simulator.UserByAlias("fresh") == nil {
		t.Errorf("%s: %s", got, messages(t, history))
	}
}
