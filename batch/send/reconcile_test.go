package send

import (
	"testing"
	"time"

	"cucbulk/batch/gate"
	"cucbulk/batch/record"
)

// Whoever is told of a lost answer may be slow or ask something: no lock is held over it.
func TestALostAnswerIsToldWithoutALock(t *testing.T) {
	t.Parallel()
	var e *Session
	var said []gate.State
	e = NewSession(Server{Notice: func(news gate.Notice) {
		if said = append(said, news.State); len(said) == 1 {
			e.NotifyLost(-1)
		}
	}}, record.Options{})
	told := make(chan struct{})
	go func() { defer close(told); e.NotifyLost(1) }()
	select {
	case <-told:
	case <-time.After(10 * time.Second):
		t.Fatal("a lock is held while people are told")
	}
	if len(said) != 2 || said[1] != gate.Settled {
		t.Errorf("told %v", said)
	}
}
