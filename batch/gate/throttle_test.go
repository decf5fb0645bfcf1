package gate

import (
	"testing"
	"time"

	"cucbulk/cupi"
)

// A server that is out answers 503 to the last worker too. That is no news to the
// throttle: it went down as far as it goes, and how fast it comes back depends on what
// happens then.
func TestThrottleGoesDownNoFurtherThanOne(t *testing.T) {
	t.Parallel()
	post := requestKind{method: "POST", root: "User"}
	away := &cupi.Error{Method: "POST", Kind: cupi.KindStatus, Status: 503, Sent: cupi.Answered}
	for _, auto := range []bool{false, true} {
		th := newThrottle(4, auto)
		for range 100 {
			th.answered(Slot{th.epoch, true}, post, time.Second, nil)
		}
		if th.limit != 4 {
			t.Fatalf("auto %t: %d at once on a server with room, want 4", auto, th.limit)
		}
		for range 20 {
			th.answered(Slot{th.epoch, true}, post, time.Millisecond, away)
		}
		if th.limit != 1 || th.throttled != 2 {
			t.Errorf("auto %t: %d at once after %d times down, want 1 after 2", auto, th.limit, th.throttled)
		}
		answers := 0
		for ; th.limit < 4 && answers < 200; answers++ {
			th.answered(Slot{th.epoch, true}, post, time.Second, nil)
		}
		if answers > 30 {
			t.Errorf("auto %t: back after %d answers, want at most 30", auto, answers)
		}
	}
}

// A moment in which everything takes longer is no reason to send less: what is slow in
// two windows one after the other is.
func TestThrottleWaitsForTheSecondSlowWindow(t *testing.T) {
	t.Parallel()
	post := requestKind{method: "POST", root: "User"}
	for slowWindows, want := range map[int]int{1: 4, 2: 3} {
		th := newThrottle(4, true)
		least := 4
		answer := func(times int, took time.Duration) {
			for range times {
				th.answered(Slot{th.epoch, true}, post, took, nil)
				least = min(least, th.limit)
			}
		}
		for answer(100, time.Second); th.phase != holding || th.now.count() > 0; {
			answer(1, time.Second)
		}
		least = 4
		answer(slowWindows*window(4), 1500*time.Millisecond)
		answer(window(4), time.Second)
		if least != want {
			t.Errorf("after %d slow windows %d at once, want %d", slowWindows, least, want)
		}
	}
}
