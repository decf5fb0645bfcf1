package batch_test

import (
	"net/http"
	"testing"
	"time"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// The journal dates every change that was answered, also the answers "busy", and
// every row.
func TestEventsTellEachAnswerAndEachRow(t *testing.T) {
	t.Parallel()
	busy := true
	simulator := &cupitest.Server{Seed: 1}
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == "POST" && busy {
			busy = false
			return cupitest.Busy
		}
		return cupitest.NoFault
	}
	s := newSite(t, simulator)
	before := time.Now()
	_, history := s.run(t.Context(), "run", creates(3), options(validate.Create), 1)
	kinds, codes := map[record.EventKind]int{}, map[int]int{}
	last := before.Add(-time.Second)
	err := history.Events(func(e record.Event) {
		kinds[e.Kind]++
		if e.Time.Before(last) {
			t.Errorf("%+v is earlier than the event before it, of %s", e, last)
		}
		last = e.Time
		switch e.Kind {
		case record.ChangeAnswered:
			codes[e.Code]++
			if e.Took <= 0 || e.Took > time.Since(before) || e.Row < 1 || e.Row > 3 {
				t.Errorf("got %+v, want a change of one of three rows, and how long it took", e)
			}
		case record.RowEnded:
			if e.Status != record.Created {
				t.Errorf("row %d ended %s, want created", e.Row, e.Status)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if kinds[record.WorkBegan] != 1 || kinds[record.ChangeAnswered] != 4 || kinds[record.RowEnded] != 3 || kinds[record.WorkEnded] != 1 {
		t.Errorf("got %v, want one beginning, four answers, three rows and one end", kinds)
	}
	if codes[503] != 1 || codes[201] != 3 {
		t.Errorf("answers by HTTP status: got %v, want one 503 and three 201", codes)
	}
}
