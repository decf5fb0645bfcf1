package gate

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"
)

// ends fails the test when something hangs: a lock that is held over a callback.
func ends(t *testing.T, what string, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s hangs", what)
	}
}

// Whoever is told something may ask the gate, and post more.
func TestNoticesMayAskTheGate(t *testing.T) {
	t.Parallel()
	var g *Gate
	var said []State
	down := atomic.Bool{}
	down.Store(true)
	g = New(Options{Workers: 1, MaxOutage: time.Hour, Probe: func(context.Context) error { return nil }, Notice: func(news Notice) {
		said = append(said, news.State)
		g.breaker.note(nil)
		g.Throttled()
		_ = g.Now()
		if down.CompareAndSwap(true, false) {
			g.Tell(Notice{State: Waiting, Text: "and this"})
		}
	}})
	g.breaker.pause = time.Millisecond
	for range breakerInARow {
		g.breaker.note(errors.New("down"))
	}
	ends(t, "a gate that tells people", func() {
		if err := g.Open(t.Context()); err != nil {
			t.Error(err)
		}
	})
	if got := fmt.Sprint(said); got != "[paused waiting going on]" {
		t.Errorf("told %s", got)
	}
}

// While somebody is told something, nobody else waits; and all is told, in order.
func TestNewsKeepsItsOrder(t *testing.T) {
	t.Parallel()
	var said []string
	slow, goOn := make(chan struct{}), make(chan struct{})
	n := newNews(func(news Notice) {
		if news.Text == "0" {
			close(slow)
			<-goOn
		}
		said = append(said, news.Text)
	})
	first := make(chan struct{})
	go func() { defer close(first); n.Post(Notice{Text: "0"}); n.Tell() }()
	<-slow
	ends(t, "a second one", func() {
		for i := range 3 {
			n.Post(Notice{Text: fmt.Sprint(i + 1)})
			n.Tell()
		}
	})
	close(goOn)
	<-first
	if got := fmt.Sprint(said); got != "[0 1 2 3]" {
		t.Errorf("told %s", got)
	}
}
