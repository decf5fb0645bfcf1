package cli

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestLongWorkIsTold(t *testing.T) {
	t.Parallel()
	for work, want := range map[time.Duration]bool{time.Second: false, time.Minute: true} {
		synctest.Test(t, func(t *testing.T) {
			told, done := false, false
			whileTelling(longWriting, func() { told = true }, func() { time.Sleep(work); done = true })
			if told != want || !done {
				t.Errorf("work of %s: told %v, want %v; done %v", work, told, want, done)
			}
		})
	}
}
