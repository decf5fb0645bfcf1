package gate

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/cupi"
)

// What comes up while a request waits for its slot holds for that request too: it had
// passed the gate's look, and is not sent.
func TestGateLooksAgainAfterTheSlot(t *testing.T) {
	t.Parallel()
	pause := filepath.Join(t.TempDir(), "pause")
	for name, test := range map[string]struct {
		schedule Schedule
		comes    func(g *Gate, taken Slot)
		ends     bool // the run; else it waits
	}{
		"the last moment is over": {Schedule{NotAfter: time.Date(2000, 1, 1, 0, 0, 5, 0, time.UTC)}, func(*Gate, Slot) { time.Sleep(10 * time.Second) }, true}, // a bubble begins at midnight
		"the pause file is there": {Schedule{PauseFile: pause}, func(*Gate, Slot) {
			if err := os.WriteFile(pause, nil, 0o600); err != nil {
				t.Error(err)
			}
		}, false},
		"the server is out": {Schedule{}, func(g *Gate, _ Slot) {
			for range breakerInARow {
				g.breaker.note(errors.New("down"))
			}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := New(Options{Schedule: test.schedule, Workers: 1, MaxOutage: time.Hour,
					Probe: func(context.Context) error { return &cupi.Error{Kind: cupi.KindStatus, Status: 503} }})
				taken, err := g.Pass(t.Context(), Begun)
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				passed := make(chan error, 1)
				go func() {
					_, err := g.Pass(ctx, Begun)
					passed <- err
				}()
				synctest.Wait() // it has looked, and waits for the slot
				test.comes(g, taken)
				g.Answered(taken, cupi.GetVersion(), time.Second, nil)
				err = <-passed
				var closed *Closed
				switch {
				case err == nil:
					t.Error("it was let pass")
				case test.ends != errors.As(err, &closed):
					t.Errorf("error %v, want that it ends the run: %t", err, test.ends)
				}
			})
		})
	}
}

// After a success, who waited for the slot sends before the row that gives it back does anything
// else, also where both share one core. After an error that row goes on first: it may end the run.
func TestWhoGetsTheSlotGoesFirst(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const times = 50
	for _, test := range []struct {
		name  string
		err   error
		first bool
	}{
		{"success", nil, true},
		{"error", errors.New("the account may not do this"), false},
	} {
		first := 0
		for range times {
			synctest.Test(t, func(t *testing.T) {
				g := New(Options{Workers: 1})
				taken, err := g.Pass(t.Context(), Begun)
				if err != nil {
					t.Fatal(err)
				}
				var passed atomic.Bool
				go func() {
					_, err := g.Pass(t.Context(), Begun)
					passed.Store(err == nil)
				}()
				synctest.Wait() // until it waits
				g.Answered(taken, cupi.GetVersion(), time.Second, test.err)
				if passed.Load() == test.first {
					first++
				}
				synctest.Wait()
			})
		}
		if first < times*9/10 { // the scheduler may look elsewhere now and then
			t.Errorf("%s: as it should be %d times of %d", test.name, first, times)
		}
	}
}
