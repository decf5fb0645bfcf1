package gate

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/cupi"
)

func TestBreakerWaitsOutAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		back := time.Now().Add(10 * time.Minute)
		var probes int
		var said []Notice
		b := &breaker{now: time.Now, pause: 30 * time.Second, outage: 15 * time.Minute, news: newNews(func(news Notice) { said = append(said, news) }),
			probe: func(context.Context) error {
				probes++
				if time.Now().Before(back) {
					return errors.New("down")
				}
				return nil
			}}
		for range breakerInARow {
			if err := b.pass(t.Context()); err != nil {
				t.Fatal(err)
			}
			b.note(errors.New("down"))
		}
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				if err := b.pass(t.Context()); err != nil {
					t.Errorf("error %v, want to go on when the server is back", err)
				}
			})
		}
		began := time.Now()
		group.Wait()
		if took := time.Since(began); took != 10*time.Minute {
			t.Errorf("waited %s, want 10 minutes", took)
		}
		if probes != 20 {
			t.Errorf("%d probes, want one every 30 s, whatever the workers", probes)
		}
		if len(said) != 2 || said[0].State != Paused || said[1].State != GoingOn {
			t.Errorf("said %q, want that it paused and that it goes on", said)
		}
	})
}

func TestBreakerGivesUpAfterTheOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &breaker{now: time.Now, pause: 30 * time.Second, outage: 15 * time.Minute, probe: func(context.Context) error { return errors.New("down") }}
		for range breakerInARow {
			b.note(errors.New("down"))
		}
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				var closed *Closed
				if err := b.pass(t.Context()); !errors.As(err, &closed) || closed.Failed || closed.Code != "outage" {
					t.Errorf("error %v, want an end that resume goes on from", err)
				}
			})
		}
		began := time.Now()
		group.Wait()
		if took := time.Since(began); took != 15*time.Minute {
			t.Errorf("gave up after %s, want 15 minutes", took)
		}
	})
}

func TestBreakerOpensWhenHalfFail(t *testing.T) {
	t.Parallel()
	b := &breaker{now: time.Now}
	for i := range breakerRecent {
		if b.over != nil {
			t.Fatalf("open after %d answers", i)
		}
		var failure error
		if i%2 == 1 {
			failure = errors.New("503")
		}
		b.note(failure)
	}
	if b.over == nil {
		t.Error("not open, and half of the last 20 failed")
	}
}

func TestGateKeepsTheWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		window, err := ParseWindow("22:00-05:30")
		if err != nil {
			t.Fatal(err)
		}
		day := time.Date(2026, 11, 23, 20, 0, 0, 0, time.Local)
		for hours, want := range map[int]bool{0: false, 2: true, 3: true, 5: true, 9: true, 10: false, 25: false} {
			if got := window.open(day.Add(time.Duration(hours) * time.Hour)); got != want {
				t.Errorf("open %d hours after 20:00: %t, want %t", hours, got, want)
			}
		}
		now := time.Now()
		opens := now.Add(2 * time.Hour).Truncate(time.Minute).Add(time.Minute)
		closes := opens.Add(time.Hour)
		g := &Gate{slots: newSlots(100, false, nil), schedule: Schedule{Window: Window{opens.Hour()*60 + opens.Minute(), closes.Hour()*60 + closes.Minute()}}}
		if _, err := g.Pass(t.Context(), Begun); err != nil {
			t.Fatal(err)
		}
		if late := time.Since(opens); late < 0 || late > pauseLook {
			t.Errorf("went on %s after the window opened", late)
		}
		time.Sleep(time.Until(closes))
		var closed *Closed
		if _, err := g.Pass(t.Context(), Begun); !errors.As(err, &closed) || closed.Code != "window" || closed.Failed {
			t.Errorf("error %v after the window, want to be interrupted", err)
		}
	})
}

func TestGateHoldsForThePauseFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pause")
	synctest.Test(t, func(t *testing.T) {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(10*time.Minute, func() { os.Remove(path) })
		began := time.Now()
		g := &Gate{slots: newSlots(100, false, nil), schedule: Schedule{PauseFile: path}}
		if _, err := g.Pass(t.Context(), Begun); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 10*time.Minute || took > 10*time.Minute+pauseLook {
			t.Errorf("waited %s, want 10 minutes", took)
		}
	})
}

// When a run was paused while the server was out, nobody knows for how long it was: it is
// asked for as long as it may be out once the pause is over.
func TestAPauseIsNoOutage(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pause")
	synctest.Test(t, func(t *testing.T) {
		probes := 0
		g := New(Options{Schedule: Schedule{PauseFile: path}, Workers: 1, MaxOutage: 15 * time.Minute, Probe: func(context.Context) error {
			if probes++; probes < 3 {
				return &cupi.Error{Kind: cupi.KindNetwork}
			}
			return nil
		}})
		for range breakerInARow {
			slot, err := g.Pass(t.Context(), Begun)
			if err != nil {
				t.Fatal(err)
			}
			g.Answered(slot, cupi.Request{Method: "GET"}, time.Second, &cupi.Error{Kind: cupi.KindNetwork})
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Hour, func() { os.Remove(path) })
		if err := g.Open(t.Context()); err != nil || probes != 3 {
			t.Errorf("error %v after %d probes, want to go on at the third", err, probes)
		}
	})
}

// What a run says of its pace, from a server that says once that it is busy to one that is
// out, and a pause.
func TestGateTellsWhyARunIsSlow(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pause")
	synctest.Test(t, func(t *testing.T) {
		var told []Notice
		g := New(Options{Schedule: Schedule{PauseFile: path}, Workers: 4, MaxOutage: time.Hour, Probe: func(context.Context) error { return nil },
			Notice: func(news Notice) { told = append(told, news) }})
		pass := func() Slot {
			t.Helper()
			slot, err := g.Pass(t.Context(), Begun)
			if err != nil {
				t.Fatal(err)
			}
			return slot
		}
		answered := func(times int, err error) {
			for range times {
				g.Answered(pass(), cupi.Request{Method: "GET"}, time.Second, err)
			}
		}
		answered(1, &cupi.Error{Kind: cupi.KindStatus, Status: 503})
		answered(10, nil)
		away := &cupi.Error{Kind: cupi.KindNetwork}
		answered(breakerInARow, away)
		answered(1, nil)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(10*time.Second, func() { os.Remove(path) })
		answered(1, nil)
		want := []Notice{
			{Throttled, "throttled: the server says that it is busy (503), 2 of 4 workers", "slowed to 2/4"},
			{Recovered, "going on, 4 of 4 workers", ""},
			{Paused, "paused: the server is out or too busy (" + away.Error() + "); it is asked every 30s whether it is back", "paused: the server is out or too busy"},
			{GoingOn, "going on: the server is back after 30s", ""},
			{Waiting, "waiting: " + path + " is there; remove it to go on", ""},
		}
		if !slices.Equal(told, want) {
			t.Errorf("told %q, want %q", told, want)
		}
	})
}

func TestGateStopsAfterTheLastMoment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &Gate{slots: newSlots(100, false, nil), schedule: Schedule{NotAfter: time.Now().Add(time.Hour)}}
		if _, err := g.Pass(t.Context(), Begun); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		var closed *Closed
		if _, err := g.Pass(t.Context(), Begun); !errors.As(err, &closed) || closed.Code != "not-after" {
			t.Errorf("error %v, want to be stopped", err)
		}
	})
}

func TestGateKeepsTheRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &Gate{slots: newSlots(100, false, nil), interval: 100 * time.Millisecond}
		began := time.Now()
		var group sync.WaitGroup
		for range 51 {
			group.Go(func() { _, _ = g.Pass(t.Context(), Begun) })
		}
		group.Wait()
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("51 requests at 10 a second took %s, want 5 s", took)
		}
	})
}
