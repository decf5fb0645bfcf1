package batch_test

import (
	"net/http"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// A run makes a user and deletes it, and then somebody makes the same. A rollback has
// nothing to take back, and neither deletes the stranger's user nor writes into it.
func TestAUserThatTheRunMadeAndDeletedNeedsNoUndoing(t *testing.T) {
	t.Parallel()
	const headings = "Operation,Alias,DtmfAccessId,Title,Extension_Alt1\n"
	for _, test := range []struct{ name, file, want string }{
		{"create, delete", "create,jdoe,4711,Boss,\ndelete,jdoe,,,\n", "deleted nothing-to-undo, restored nothing-to-undo"},
		{"create, update, delete", "create,jdoe,4711,Boss,777001\nupdate,jdoe,,Queen,\ndelete,jdoe,,,\n",
			"deleted nothing-to-undo, restored nothing-to-undo, restored nothing-to-undo"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, forced := range []bool{false, true} {
				simulator := &cupitest.Server{}
				simulator.AddUsers(1)
				s := newSite(t, simulator)
				_, history := s.run(t.Context(), "run", headings+test.file, options(""), 1)
				if simulator.UserByAlias("jdoe") != nil {
					t.Fatalf("%s: %s", statuses(t, history), messages(t, history))
				}
				s.other().do(cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": "jdoe", "DtmfAccessId": "4711", "Title": "Boss"}))
				before := simulator.Snapshot()
				summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{Force: forced})
				if got := statuses(t, of); got != test.want || summary.Exit != record.ExitDone {
					t.Errorf("exit %d: %s: %s", summary.Exit, got, messages(t, of))
				}
				compareSnapshots(t, before, simulator.Snapshot())
				undo, err := record.PlanUndo(history, record.UndoOptions{})
				if err != nil {
					t.Fatal(err)
				}
				for line, err := range undo.Irreversible() {
					t.Errorf("said to be lost: %+v, error %v", line, err)
				}
			}
		})
	}
}

// A user of before the run is updated and deleted, and then somebody makes one that is the
// same as the one that was deleted: the rollback leaves it as it is.
func TestAStrangerInPlaceOfADeletedUser(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	o := s.other()
	same := cupi.Object{"Alias": "jdoe", "DtmfAccessId": "4711", "Title": "Boss"}
	o.do(cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": "jdoe", "DtmfAccessId": "4711", "Title": "Clerk"}))
	_, history := s.run(t.Context(), "run", "Operation,Alias,Title\nupdate,jdoe,Boss\ndelete,jdoe,\n", options(""), 1)
	o.do(cupi.CreateUser("voicemailusertemplate", "", same))
	before := simulator.Snapshot()
	_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if got := statuses(t, of); got != "kept target-gone, recreated nothing-to-undo" {
		t.Errorf("%s: %s", got, messages(t, of))
	}
	compareSnapshots(t, before, simulator.Snapshot())
}

// Only the delete is taken back: then the user comes back, though the run made it.
func TestOnlyTheDeleteIsTakenBack(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId\ncreate,jdoe,4711\ndelete,jdoe,\n", options(""), 1)
	_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{Rows: map[int]bool{2: true}})
	if got := statuses(t, of); got != "recreated" || s.simulator.UserByAlias("jdoe") == nil {
		t.Errorf("%s: %s", got, messages(t, of))
	}
}

// A change that was tried again and came to nothing is nothing to take back.
func TestWhatWasTriedAgainInVainIsNotTakenBack(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	s.simulator.AddUsers(1)
	o := s.other()
	remove := cupi.DeleteUser(o.id("user00001"))
	first := s.put("user00001", 1, cupitest.Busy)
	s.simulator.Fault = func(r *http.Request) cupitest.Fault {
		fault := first(r)
		if fault == cupitest.Busy {
			o.do(remove)
		}
		return fault
	}
	_, history := s.run(t.Context(), "run", "Operation,Alias,Title\nupdate,user00001,Boss\n", options(""), 1)
	s.simulator.Fault = nil
	if got := statuses(t, history); got != "failed target-gone" {
		t.Fatalf("got %s: %s", got, messages(t, history))
	}
	if undo, _ := s.undoing(history); len(undo.Rows) > 0 {
		t.Errorf("to be taken back: %d rows", len(undo.Rows))
	}
}
