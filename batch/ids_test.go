package batch_test

import (
	"fmt"
	"net/http"
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
