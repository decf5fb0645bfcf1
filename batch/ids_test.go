package batch_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cucbulk/batch"
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
				_, of := s.rollback(t.Context(), "undo", history, batch.UndoOptions{Force: force})
				fresh := s.simulator.UserByAlias("fresh")
				if got := only(t, of); got.Status != batch.Kept || got.Code != "not-made" || fresh == nil || !strings.Contains(got.Message, fresh["ObjectId"]) {
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
			_, of := s.rollback(t.Context(), "undo", history, batch.UndoOptions{})
			if got := only(t, of); got.Status != batch.Kept || string(got.Code) != test.kept || s.simulator.User(id) == nil {
				t.Errorf("%+v", got)
			}
			_, of = s.rollback(t.Context(), "forced", history, batch.UndoOptions{Force: true})
			if got := only(t, of); (got.Status == batch.Deleted) != test.forced || (s.simulator.User(id) == nil) != test.forced {
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
			if got.Status != batch.Partial || got.Requests > 1+p.fresh+1 {
				t.Errorf("%+v", got)
			}
			return
		}
		if got.Status != batch.Created || made == nil || got.ObjectID != made["ObjectId"] {
			t.Fatalf("%+v, and the server has %v", got, made["ObjectId"])
		}
		if honest := 1 + p.fresh; got.Requests > honest+4 { // the step that found nobody, its own look, and two by the alias
			t.Errorf("%d requests, and an honest row has %d", got.Requests, honest)
		}
		if _, of := s.rollback(t.Context(), "undo", history, batch.UndoOptions{}); statuses(t, of) != "deleted" {
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
		_, of := s.rollback(t.Context(), "undo", history, batch.UndoOptions{Force: true})
		if statuses(t, of) != test.undone || s.simulator.UserByAlias("zoe") == nil || created == (s.simulator.UserByAlias("fresh") != nil) {
			t.Errorf("rollback: %s: %s", statuses(t, of), messages(t, of))
		}
	}
}
