package batch_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/batch/verify"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// swap hands the extensions of two users round: the first goes through a temporary one.
const swap = "Alias,DtmfAccessId\nuser00001,10001\nuser00002,10000\n"

// put gives a fault to the nth PUT of this user, and nothing to any other request.
func (s *site) put(alias string, number int, fault cupitest.Fault) func(*http.Request) cupitest.Fault {
	path, puts := "/vmrest/users/"+s.simulator.UserByAlias(alias)["ObjectId"], 0
	return func(r *http.Request) cupitest.Fault {
		if r.Method == "PUT" && r.URL.Path == path {
			if puts++; puts == number {
				return fault
			}
		}
		return cupitest.NoFault
	}
}

// The move to a temporary extension is a step like the others: foretold, done, in the
// results, and in what a rollback takes back.
func TestTheTemporaryExtensionIsAStep(t *testing.T) {
	t.Parallel()
	s := handsOn(t)
	before := byAlias(s.simulator.Snapshot())
	p, _ := s.preflight(s.recorder("dry run"), swap, options(validate.Update))
	foretold, temporary := "", ""
	for preview, err := range p.Previews(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range preview.Changes {
			if strings.HasPrefix(c.New, "99999") {
				temporary = c.New
			}
			foretold += strings.ReplaceAll(c.Step+" "+c.Field+" "+c.Old+" -> "+c.New+"\n", temporary, "TEMPORARY")
		}
	}
	if want := "park DtmfAccessId 10000 -> TEMPORARY\nuser DtmfAccessId TEMPORARY -> 10001\nuser DtmfAccessId 10001 -> 10000\n"; temporary == "" || foretold != want {
		t.Errorf("foretold\n%s\nwant\n%s", foretold, want)
	}
	_, history := s.run(t.Context(), "run", swap, options(validate.Update), 2)
	first := results(t, history)[0]
	if got := strings.Join(first.StepsDone, ","); got != "park,user" || first.Status != record.Updated || first.Requests != 3 {
		t.Errorf("%s, steps %s, %d requests", first.Status, got, first.Requests)
	}
	if text := journalText(t, history); strings.Count(text, temporary) != 3 { // in the order, in the intent, and as what the next one overwrites
		t.Errorf("the journal has %d times the temporary extension that the dry run showed", strings.Count(text, temporary))
	}
	_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if undone := results(t, of)[0]; strings.Join(undone.StepsDone, ",") != "user,park" || undone.Status != record.Restored || undone.Code != "" {
		t.Errorf("undone: %+v", undone)
	}
	compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
	changes := s.guard.Changes()
	if _, again := s.rollback(t.Context(), "again", history, record.UndoOptions{}); statuses(t, again) != "restored nothing-to-undo, restored nothing-to-undo" || s.guard.Changes() != changes {
		t.Errorf("undone again: %s\n%s", statuses(t, again), messages(t, again))
	}
}

// A row that was moved to a temporary extension and came no further is not forgotten:
// whatever ended it, it is told, and a rollback gives the user back what it had.
func TestARowThatWasMovedOnly(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		number int // of the PUT of the first user
		fault  cupitest.Fault
		stop   bool // it is interrupted at that PUT
		want   string
		undone string // "" if it is to be resumed first
	}{
		{"interrupted after it", 1, cupitest.NoFault, true, "partial interrupted, pending", "restored"},
		{"refused after it", 2, cupitest.NotFound, false, "partial refused, updated", "restored, restored"},
		{"refused", 1, cupitest.NotFound, false, "failed refused, failed DATA_EXCEPTION", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := handsOn(t)
			before := byAlias(s.simulator.Snapshot())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			fault := s.put("user00001", test.number, "now")
			s.simulator.Fault = func(r *http.Request) cupitest.Fault {
				if fault(r) == cupitest.NoFault {
					return cupitest.NoFault
				}
				if test.stop {
					cancel()
				}
				return test.fault
			}
			_, history := s.run(ctx, "run", swap, options(validate.Update), 1)
			s.simulator.Fault = nil
			if got := statuses(t, history); got != test.want {
				t.Errorf("%s, want %s\n%s", got, test.want, messages(t, history))
			}
			first := results(t, history)[0]
			if parked := strings.HasPrefix(s.simulator.UserByAlias("user00001")["DtmfAccessId"], "99999"); parked != (len(first.StepsDone) == 1 && first.StepsDone[0] == "park") {
				t.Errorf("the user is moved: %t; the steps that are done: %q, failed: %q", parked, first.StepsDone, first.StepsFailed)
			}
			undone, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			if got := statuses(t, of); undone.Exit != record.ExitDone || got != test.undone {
				t.Errorf("undone, exit %d: %s, want %s\n%s", undone.Exit, got, test.undone, messages(t, of))
			}
			compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
		})
	}
}

// A rollback of a cycle is killed after each of its requests, with its answer or without:
// it goes on, says of nobody that he changed something, and the server is as before.
func TestARollbackOfACircleGoesOn(t *testing.T) {
	t.Parallel()
	for _, lost := range []bool{false, true} {
		t.Run(map[bool]string{false: "answer recorded", true: "answer lost"}[lost], func(t *testing.T) {
			t.Parallel()
			for at := 1; ; at++ {
				s := handsOn(t)
				s.wire = cupi.XML
				before := byAlias(s.simulator.Snapshot())
				_, history := s.run(t.Context(), "run", swap, options(validate.Update), 1)
				if !s.interrupt(t, history, at, lost) {
					t.Logf("a rollback of %d syncs was ended at each", at-1)
					return
				}
				of := s.goOn(t, history, at)
				if got := strings.ReplaceAll(statuses(t, of), " nothing-to-undo", ""); got != "restored, restored" {
					t.Errorf("ended at sync %d: %s\n%s", at, got, messages(t, of))
				}
				compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
				if t.Failed() {
					return
				}
			}
		})
	}
}

// A rollback of one row alone does not go through the temporary extension: where the other
// row keeps what it took, the user keeps an extension that people know.
func TestARollbackOfHalfACircle(t *testing.T) {
	t.Parallel()
	s := handsOn(t)
	_, history := s.run(t.Context(), "run", swap, options(validate.Update), 1)
	after := byAlias(s.simulator.Snapshot())
	undone, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{Only: onlyAlias("user00001")})
	if got := statuses(t, of); undone.Exit != record.ExitIncomplete || got != "failed DATA_EXCEPTION" {
		t.Errorf("exit %d: %s\n%s", undone.Exit, got, messages(t, of))
	}
	compareSnapshots(t, after, byAlias(s.simulator.Snapshot()))
}

// What is left of a cycle is done by a run of the rejects, and both runs can be taken back.
func TestTheRejectsOfACircle(t *testing.T) {
	t.Parallel()
	s := handsOn(t)
	before := byAlias(s.simulator.Snapshot())
	s.simulator.Fault = s.put("user00001", 2, cupitest.NotFound)
	_, history := s.run(t.Context(), "run", swap, options(validate.Update), 1)
	s.simulator.Fault = nil
	between := byAlias(s.simulator.Snapshot())
	rest := options(validate.Update)
	rest.Continues = history.Folder
	_, continued := s.run(t.Context(), "rest", s.rejects(history), rest, 1)
	if got := statuses(t, continued); got != "updated" {
		t.Fatalf("%s\n%s", got, messages(t, continued))
	}
	if got := extensionsOf(s.simulator, "user00001"); got != "0=10001 1=777001" {
		t.Errorf("the user has %s", got)
	}
	for i, want := range []map[string]map[string]string{between, before} {
		undone, of := s.rollback(t.Context(), fmt.Sprint("undo ", i), []*record.History{continued, history}[i], record.UndoOptions{})
		if undone.Exit != record.ExitDone {
			t.Errorf("undone: %s\n%s", statuses(t, of), messages(t, of))
		}
		compareSnapshots(t, want, byAlias(s.simulator.Snapshot()))
	}
}

// A rollback that ends while a user has the temporary extension again says so, and goes on.
func TestARollbackThatLeavesATemporaryExtension(t *testing.T) {
	t.Parallel()
	s := handsOn(t)
	before := byAlias(s.simulator.Snapshot())
	_, history := s.run(t.Context(), "run", swap, options(validate.Update), 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == "PUT" {
			cancel()
		}
		return cupitest.NoFault
	}
	undone, of := s.rollback(ctx, "undo", history, record.UndoOptions{})
	s.simulator.Fault = nil
	temporary := s.simulator.UserByAlias("user00001")["DtmfAccessId"]
	if said := messages(t, of); undone.Exit != record.ExitInterrupted || len(temporary) != 20 || !strings.Contains(said, "the user has the temporary extension "+temporary) {
		t.Errorf("exit %d, the user has %s: %s", undone.Exit, temporary, said)
	}
	if said := s.readBack(of); said != "the user has the temporary extension "+temporary+": resume the rollback, or start another" {
		t.Errorf("verify of the rollback that was cut off: %q", said)
	}
	undo, own := s.undoing(history)
	if _, err := rollback.Run(t.Context(), undo, s.server(1), s.recorderIn(of.Folder), own); err != nil {
		t.Fatal(err)
	}
	if got := statuses(t, s.history(of.Folder)); got != "restored, restored" {
		t.Errorf("%s: %s", got, messages(t, s.history(of.Folder)))
	}
	if said := s.readBack(s.history(of.Folder)); said != "" {
		t.Errorf("verify of the rollback: %q", said)
	}
	compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
}

// What a rollback of a row that was only moved writes is no temporary extension: it is the
// user's own.
func TestARollbackOfAMoveIsReadBack(t *testing.T) {
	t.Parallel()
	s := handsOn(t)
	history := s.killedAt(2, "run", swap, options(validate.Update), cupitest.NoFault)
	if said := s.readBack(history); !strings.Contains(said, "the user has the temporary extension 99999") {
		t.Errorf("verify of the run: %q", said)
	}
	undone, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if said := s.readBack(of); undone.Exit != record.ExitDone || said != "" {
		t.Errorf("exit %d, %s; verify of the rollback: %q", undone.Exit, statuses(t, of), said)
	}
}

// readBack gives what verify says of the objects that a run or a rollback wrote.
func (s *site) readBack(history *record.History) string {
	s.t.Helper()
	objects, err := verify.ReadBack(s.t.Context(), s.server(1), history)
	if err != nil {
		s.t.Fatal(err)
	}
	var said []string
	for object, err := range objects {
		if err != nil {
			s.t.Fatal(err)
		}
		if object.Message != "" {
			said = append(said, object.Message)
		}
	}
	return strings.Join(said, "; ")
}

// Somebody gives a user who was moved to a temporary extension another one, and once more when
// the row is done. A rollback does not take that for what the row found or wrote.
func TestARollbackOfAMovedUserKeepsWhatSomebodySetTwice(t *testing.T) {
	t.Parallel()
	s := handsOn(t)
	history := s.killedAt(2, "run", swap, options(validate.Update), cupitest.NoFault)
	other := s.other()
	other.set("user00001", "DtmfAccessId", "4055")
	_, history = s.resume(t.Context(), history, options(validate.Update))
	other.set("user00001", "DtmfAccessId", "4055")
	_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if got := s.simulator.UserByAlias("user00001")["DtmfAccessId"]; got != "4055" {
		t.Errorf("the user has %s: %s: %s", got, statuses(t, of), messages(t, of))
	}
}

// Another file that moves the same user out of the way gives it another temporary extension: so
// a move whose answer was lost is never taken for that of another run.
func TestEachFileHasTemporaryExtensionsOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, title := range []string{"", "Chief", "Clerk"} {
		simulator := &cupitest.Server{}
		simulator.AddUsers(2)
		s := newSite(t, simulator)
		_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId,Title\nuser00001,10001,"+title+"\nuser00002,10000,\n", options(validate.Update), 1)
		if got := statuses(t, history); got != "updated, updated" {
			t.Fatalf("%s: %s", got, messages(t, history))
		}
		text, err := os.ReadFile(filepath.Join(history.Folder, record.JournalFile))
		if err != nil {
			t.Fatal(err)
		}
		extension := regexp.MustCompile(`99999\d{15}`).FindString(string(text))
		if other, is := seen[extension]; is || extension == "" {
			t.Errorf("%q and %q give one temporary extension, %q", title, other, extension)
		}
		seen[extension] = title
	}
}
