package send

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"cucbulk/batch/gate"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
)

// Rows that ended give their places to the next. Those that ended the run keep them: the next
// row would begin before all know that the run ends.
func TestWhoGetsAPlaceWhenRowsHaveEnded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		ended pool.Outcome
		next  bool
	}{
		{"they are done", pool.Outcome{}, true},
		{"nothing of them was begun", pool.Outcome{Open: true, Again: true}, true},
		{"they ended the run", pool.Outcome{Open: true, Stop: &record.Stop{}}, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			g := gate.New(gate.Options{Workers: 1})
			rows := []*Place{{Gate: g, Several: true}, {Gate: g, Several: true}}
			for _, s := range rows { // there is one place more than slots
				if err := g.Begin(t.Context()); err != nil {
					t.Fatal(err)
				}
				s.Held = true
			}
			ctx, cancel := context.WithCancel(t.Context())
			began := make(chan error, 1)
			go func() { began <- g.Begin(ctx) }()
			synctest.Wait()
			for _, s := range rows {
				s.Ended(test.ended)
				synctest.Wait()
			}
			cancel()
			if err := <-began; (err == nil) != test.next || err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("%s: the next row got %v", test.name, err)
			}
		})
	}
}
