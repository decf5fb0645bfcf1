package send

import (
	"testing"
	"time"

	"cucbulk/batch/gate"
	"cucbulk/batch/record"
)

// What was looked for before the server's clock was set back is not proven absent until now.
func TestAbsentUntil(t *testing.T) {
	t.Parallel()
	look := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name        string
		clock, want time.Time
	}{
		{"the clock was never read", time.Time{}, look},
		{"it went on", look.Add(time.Minute), look.Add(time.Minute)},
		{"it tells whole seconds", look.Add(-time.Second), look},
		{"it was set back", look.Add(-time.Hour), time.Time{}},
	} {
		session := NewSession(Server{}, record.Options{})
		session.clockRead.Store(&record.ClockReading{Server: test.clock, Local: time.Now()})
		e := &Changer{Requester: Requester{Session: session}}
		if got := e.absentUntil(look); got.Round(time.Second) != test.want {
			t.Errorf("%s: absent until %s, want %s", test.name, got, test.want)
		}
	}
}

// Whoever is told of a lost answer may be slow or ask something: no lock is held over it.
func TestALostAnswerIsToldWithoutALock(t *testing.T) {
	t.Parallel()
	var e *Session
	var said []gate.State
	e = NewSession(Server{Notice: func(news gate.Notice) {
		if said = append(said, news.State); len(said) == 1 {
			e.notifyLost(-1, time.Now())
		}
	}}, record.Options{})
	told := make(chan struct{})
	go func() { defer close(told); e.notifyLost(1, time.Now()) }()
	select {
	case <-told:
	case <-time.After(10 * time.Second):
		t.Fatal("a lock is held while people are told")
	}
	if len(said) != 2 || said[1] != gate.Settled {
		t.Errorf("told %v", said)
	}
}
