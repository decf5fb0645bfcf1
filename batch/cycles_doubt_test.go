package batch_test

import (
	"strings"
	"testing"
	"time"

	"cucbulk/batch/record"
	"cucbulk/batch/verify"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// The last change of a cycle is in doubt and has been carried out: nobody says that the user
// has the temporary extension, and verify names the request instead of comparing.
func TestTheLastMoveOfACircleIsInDoubt(t *testing.T) {
	t.Parallel()
	s := handsOn(t)
	history := s.killedAt(3, "run", swap, options(validate.Update), cupitest.NoFault)
	s.simulator.SetClock(3 * time.Hour)
	_, history = s.resume(t.Context(), history, options(validate.Update))
	if got := statuses(t, history); !strings.Contains(got, "uncertain exists-unproven") {
		t.Fatalf("%s: %s", got, messages(t, history))
	}
	if said := messages(t, history); strings.Contains(said, "temporary extension") {
		t.Errorf("the user has %s: %s", s.simulator.UserByAlias("user00001")["DtmfAccessId"], said)
	}
	objects, err := verify.ReadBack(t.Context(), s.server(1), history)
	if err != nil {
		t.Fatal(err)
	}
	unproven := 0
	for v, err := range objects {
		if err != nil || len(v.Lost) > 0 || v.Unproven == v.Kept {
			t.Errorf("%+v %v", v, err)
		}
		if v.Unproven {
			unproven++
		}
	}
	if unproven != 1 {
		t.Errorf("%d objects are unproven, want 1", unproven)
	}
}

// The move to a temporary extension was carried out, and nobody heard of it. Nobody else can
// have drawn that extension, so however late it is found, it is this run's, and goes back.
func TestATemporaryExtensionIsProvenHoweverLate(t *testing.T) {
	t.Parallel()
	s := handsOn(t)
	before := s.simulator.Snapshot()
	history := s.killedAt(1, "run", swap, options(validate.Update), cupitest.RedirectAfter)
	if !strings.HasPrefix(s.simulator.UserByAlias("user00001")["DtmfAccessId"], "99999") && !strings.HasPrefix(s.simulator.UserByAlias("user00002")["DtmfAccessId"], "99999") {
		t.Fatal("nobody was moved")
	}
	s.simulator.SetClock(3 * time.Hour)
	_, history = s.resume(t.Context(), history, options(validate.Update))
	if got := statuses(t, history); strings.Contains(got, "uncertain") || strings.Contains(messages(t, history), "temporary extension") {
		t.Errorf("%s: %s", got, messages(t, history))
	}
	if _, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{}); strings.Contains(statuses(t, of), "uncertain") {
		t.Errorf("rollback: %s: %s", statuses(t, of), messages(t, of))
	}
	compareSnapshots(t, before, s.simulator.Snapshot())
}
