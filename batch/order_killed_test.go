package batch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// handedOn are files in which a row takes what another one frees. What comes first in the
// file is not what must come first.
var handedOn = []struct{ name, headings, frees, takes string }{
	{"an alias of a deleted user", "Operation,Alias,DtmfAccessId", "delete,user00001,", "create,user00001,4711"},
	{"an alias of a renamed user", "Operation,Alias,DtmfAccessId,NewAlias", "update,user00001,,moved", "create,user00001,4711,"},
	{"an alias for a renamed user", "Operation,Alias,NewAlias", "update,user00001,moved", "update,user00002,user00001"},
	{"an alias and an extension for a renamed user", "Operation,Alias,DtmfAccessId,NewAlias", "update,user00001,4711,moved", "update,user00002,10000,user00001"},
	{"the extension of a deleted user", "Operation,Alias,DtmfAccessId", "delete,user00001,", "update,user00002,10000"},
	{"the extension of a deleted user for a new one", "Operation,Alias,DtmfAccessId", "delete,user00001,", "create,fresh,10000"},
	{"a primary extension", "Operation,Alias,DtmfAccessId", "update,user00001,4711", "update,user00002,10000"},
	{"a primary extension for a new user", "Operation,Alias,DtmfAccessId", "update,user00001,4711", "create,fresh,10000"},
	{"a primary extension as an alternate one", "Operation,Alias,DtmfAccessId,Extension_Alt9", "update,user00001,4711,", "update,user00002,,10000"},
	{"an alternate extension that is changed", "Operation,Alias,Extension_Alt1", "update,user00001,4711", "update,user00002,777001"},
	{"an alternate extension that is cleared", "Operation,Alias,DtmfAccessId,Extension_Alt1", "update,user00001,,%null%", "update,user00002,777001,"},
	{"an alternate extension of a deleted user", "Operation,Alias,DtmfAccessId,Extension_Alt1", "delete,user00001,,", "update,user00002,777002,777001"},
	{"extensions in a circle", "Operation,Alias,DtmfAccessId", "update,user00001,10001", "update,user00002,10000"},
	{"extensions in a circle of three", "Operation,Alias,DtmfAccessId", "update,user00001,10001", "update,user00002,10002\nupdate,user00003,10000"},
	{"extensions in a circle, and a name", "Operation,Alias,DtmfAccessId,NewAlias", "update,user00001,10001,moved", "update,user00002,10000,"},
	{"primary and alternate extensions in a circle", "Operation,Alias,DtmfAccessId,Extension_Alt1", "update,user00001,888001,", "update,user00002,,10000"},
}

// A kill at any of its changes does not keep a file from running through: what frees a
// thing still goes before what takes it, and nobody is in conflict with what the run itself
// has done.
func TestTheOrderOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	for _, test := range handedOn {
		for turn, rows := range []string{test.frees + "\n" + test.takes, test.takes + "\n" + test.frees} {
			t.Run(test.name+", "+[]string{"freed", "taken"}[turn]+" first", func(t *testing.T) {
				t.Parallel()
				runsThrough(t, turn, test.headings+"\n"+rows+"\n", nil)
			})
		}
		t.Run(test.name+", begun by an earlier version", func(t *testing.T) {
			t.Parallel()
			runsThrough(t, 0, test.headings+"\n"+test.takes+"\n"+test.frees+"\n", func(history *record.History) { asAnEarlierVersion(t, history.Folder) })
		})
	}
}

// runsThrough kills a run of a file at each of its changes, done and not done by turns, and makes
// sure that it goes on and ends as one that was not killed. left, if not nil, changes what the
// killed one left.
func runsThrough(t *testing.T, turn int, file string, left func(*record.History)) {
	t.Helper()
	s := handsOn(t)
	before := withoutIDs(s.simulator.Snapshot())
	_, whole := s.run(t.Context(), "run", file, options(""), 1)
	want, after, changes := statuses(t, whole), withoutIDs(s.simulator.Snapshot()), s.guard.Changes()-setup
	if changes < 2 {
		t.Fatalf("%d changes: %s", changes, want)
	}
	for change := 1; change <= changes; change++ {
		// Whether it was done or not differs with the order of the file, so that two files try both.
		moments := []cupitest.Fault{[]cupitest.Fault{cupitest.Reset, cupitest.NoFault}[(turn+change)%2]}
		if left != nil {
			moments = []cupitest.Fault{cupitest.Reset} // in which versions differ
		} else if change == 1 { // it takes a second
			moments = append(moments, cupitest.LateCommit)
		}
		for _, fault := range moments {
			s, resumed := handsOn(t), options("")
			if fault == cupitest.LateCommit {
				s.simulator.LateBy, resumed.DoubtWindow = 300*time.Millisecond, time.Second
			}
			history := s.killedAt(change, "run", file, options(""), fault)
			if left != nil {
				left(history)
			}
			_, history = s.resume(t.Context(), s.history(history.Folder), resumed)
			if got := statuses(t, history); got != want {
				t.Errorf("%s, want %s\n%s", got, want, messages(t, history))
			}
			compareSnapshots(t, after, withoutIDs(s.simulator.Snapshot()))
			undone, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			if undone.Exit != record.ExitDone {
				t.Errorf("undone: %s\n%s", statuses(t, of), messages(t, of))
			}
			compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
			if t.Failed() {
				t.Fatalf("killed at change %d, %v", change, fault)
			}
		}
	}
}

// asAnEarlierVersion leaves out of a journal what earlier versions did not write: the order,
// and the numbers of intents.
func asAnEarlierVersion(t *testing.T, folder string) {
	t.Helper()
	path := filepath.Join(folder, record.JournalFile)
	var records []any
	_, err := journal.Read(path, func(r journal.Record) error {
		if r.Type == "order" {
			return nil
		}
		var data map[string]any
		if err := r.Decode(&data); err != nil {
			return err
		}
		delete(data, "number")
		records = append(records, r.Type, data)
		return nil
	})
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	writeJournal(t, folder, records...)
}

// setup is how many changes [handsOn] makes.
const setup = 2

// handsOn is a server of four users, of whom two have an alternate extension.
func handsOn(t *testing.T) *site {
	t.Helper()
	simulator := &cupitest.Server{}
	simulator.AddUsers(4)
	s := newSite(t, simulator)
	s.wire = cupi.JSON
	o := s.other()
	for user := 1; user <= setup; user++ {
		o.giveExtension(fmt.Sprintf("user%05d", user), "1", fmt.Sprint(666001+111000*user))
	}
	return s
}
