package batch

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch/gate"
	"cucbulk/batch/pool"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// crowded is a server with so many slots for all its clients: who comes first is
// served first.
type crowded struct {
	room    chan struct{}
	service func(since time.Duration) time.Duration // of one request
	refuse  func(since time.Duration) bool          // with 503; nil: never
	turns   bool                                    // away who finds no room, with 503
	varies  float64                                 // the service: lognormal, with this sigma; 0: by a third
	began   time.Time

	mutex  sync.Mutex
	random *rand.Rand
}

func newCrowded(slots int, seed uint64) *crowded {
	return &crowded{room: make(chan struct{}, slots), began: time.Now(), random: rand.New(rand.NewPCG(1, seed)),
		service: func(time.Duration) time.Duration { return time.Second }}
}

// serve takes as long as a request does: its wait for a slot, and the service.
func (c *crowded) serve() error {
	if !c.enter() {
		time.Sleep(10 * time.Millisecond)
		return &cupi.Error{Method: "POST", Kind: cupi.KindStatus, Status: 503, Sent: cupi.Answered}
	}
	defer func() { <-c.room }()
	time.Sleep(time.Duration(c.vary() * float64(c.service(time.Since(c.began)))))
	return nil
}

// enter waits for a slot, unless the server answers 503.
func (c *crowded) enter() bool {
	if c.refuse != nil && c.refuse(time.Since(c.began)) {
		return false
	}
	if !c.turns {
		c.room <- struct{}{}
		return true
	}
	select {
	case c.room <- struct{}{}:
		return true
	default:
		return false
	}
}

// vary is by how much the next service is longer or shorter. Its mean is 1.
func (c *crowded) vary() float64 {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.varies == 0 {
		return 0.7 + 0.6*c.random.Float64()
	}
	return math.Exp(c.varies*c.random.NormFloat64() - c.varies*c.varies/2)
}

// draws is how often a scene is played, each time with other service times. What is
// asked of the gate holds for the middle one: a single draw may be an unlucky one.
const draws = 5

// send lets so many rows of one request each through a gate, and gives how long that
// took and what people were told.
func (c *crowded) send(t *testing.T, workers int, auto bool, rows int) (took time.Duration, told []gate.Notice) {
	t.Helper()
	began := time.Now()
	var mutex sync.Mutex
	notice := func(news gate.Notice) {
		mutex.Lock()
		defer mutex.Unlock()
		told = append(told, news)
	}
	g := gate.New(gate.Options{Workers: workers, Auto: auto, MaxOutage: send.DefaultOutage, Probe: func(context.Context) error { return c.serve() }, Notice: notice})
	var left atomic.Int64
	left.Store(int64(rows))
	var group sync.WaitGroup
	for range pool.MaxInProgress(workers) {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				err := send.DefaultPatience().Retry(t.Context(), 3, func(int) send.Next {
					taken, err := g.Pass(t.Context(), gate.Fresh)
					if err != nil {
						return send.Next{Err: err}
					}
					sent := time.Now()
					err = c.serve()
					g.Answered(taken, cupi.Request{Method: "POST", Root: "User"}, time.Since(sent), err)
					if err != nil {
						return send.Next{Decision: send.Busy, Err: err}
					}
					return send.Next{}
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	return time.Since(began), told
}

// Lines that begin with "make bench:" are rows of the tables that it prints.

// Left to find the number of requests by itself, a run is nearly as fast as with the
// best number that somebody could have chosen.
func TestAutoIsAsFastAsTheBestChoice(t *testing.T) {
	t.Parallel()
	const rows = 1200
	for _, test := range []struct {
		name  string
		scene func(c *crowded, stop <-chan struct{})
	}{
		{"five slots free", func(*crowded, <-chan struct{}) {}},
		{"three slots free", func(c *crowded, stop <-chan struct{}) { c.hold(2, 0, stop) }},
		{"two of five taken half-way", func(c *crowded, stop <-chan struct{}) { c.hold(2, 150*time.Second, stop) }},
		{"two of five given back half-way", func(c *crowded, stop <-chan struct{}) { c.holdUntil(2, 150*time.Second, stop) }},
		{"five slots free, times vary twice as much", func(c *crowded, _ <-chan struct{}) { c.varies = 0.35 }},
		{"five slots free, times vary wildly", func(c *crowded, _ <-chan struct{}) { c.varies = 0.6 }},
		{"503 at once beyond three", func(c *crowded, stop <-chan struct{}) {
			c.turns = true
			c.hold(2, 0, stop)
		}},
		{"503 for 30 s", func(c *crowded, _ <-chan struct{}) {
			c.refuse = func(since time.Duration) bool { return since > time.Minute && since < 90*time.Second }
		}},
		{"service takes three times as long", func(c *crowded, _ <-chan struct{}) {
			c.service = func(since time.Duration) time.Duration {
				if since > 100*time.Second {
					return 3 * time.Second
				}
				return time.Second
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			run := func(seed uint64, workers int, auto bool) (took time.Duration, told []gate.Notice) {
				synctest.Test(t, func(t *testing.T) {
					c := newCrowded(5, seed)
					stop := make(chan struct{})
					test.scene(c, stop)
					took, told = c.send(t, workers, auto, rows)
					close(stop)
				})
				return took, told
			}
			type play struct {
				share      float64 // auto's speed, of the best choice's
				auto, best time.Duration
				workers    int // the best choice
			}
			var plays []play
			for seed := range uint64(draws) {
				var fixed []time.Duration
				for workers := 1; workers <= 4; workers++ {
					took, _ := run(seed, workers, false)
					fixed = append(fixed, took)
				}
				took, told := run(seed, 4, true)
				best := slices.Min(fixed)
				plays = append(plays, play{best.Seconds() / took.Seconds(), took, best, 1 + slices.Index(fixed, best)})
				t.Logf("%.3f of the best: %s, fixed %s; told %q", plays[seed].share, took.Round(time.Second), fixed, told)
			}
			slices.SortFunc(plays, func(a, b play) int { return cmp.Compare(a.share, b.share) })
			middle := plays[draws/2]
			perSecond := func(took time.Duration) float64 { return rows / took.Seconds() }
			t.Logf("make bench: | %s | %.2f | %.2f, with %d | %.2f |", test.name, perSecond(middle.auto), perSecond(middle.best), middle.workers, middle.share)
			if middle.share < 0.95 {
				t.Errorf("auto has %.3f of the speed of the best choice, want 0.95", middle.share)
			}
		})
	}
}

// hold lets others keep slots to themselves, from some time on.
func (c *crowded) hold(slots int, from time.Duration, stop <-chan struct{}) {
	for range slots {
		go func() {
			time.Sleep(from)
			c.room <- struct{}{}
			<-stop
		}()
	}
}

// holdUntil lets others keep slots to themselves, up to some time.
func (c *crowded) holdUntil(slots int, until time.Duration, stop <-chan struct{}) {
	for range slots {
		c.room <- struct{}{}
	}
	go func() {
		select {
		case <-time.After(until):
			for range slots {
				<-c.room
			}
		case <-stop:
		}
	}()
}

// What a server that answers at once takes says nothing of its room: it is the noise
// of this computer.
func TestAutoDoesNotThrottleForAServerThatTakesNoTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowded(1, 1)
		c.service = func(time.Duration) time.Duration { return time.Millisecond }
		if _, told := c.send(t, 4, true, 500); len(told) > 0 {
			t.Errorf("people were told %q", told)
		}
	})
}

// Those who use the server at the same time hardly notice.
func TestAutoLeavesRoomForOthers(t *testing.T) {
	t.Parallel()
	threeOfFour := gate.Notice{State: gate.Throttled, Text: "throttled: server busy, 3 of 4 workers", Short: "slowed to 3/4"}
	for others := 1; others <= 2; others++ {
		rightlyTold := 0
		median := func(seed uint64, busy bool) (waited time.Duration) {
			synctest.Test(t, func(t *testing.T) {
				c := newCrowded(5, seed)
				var waits []time.Duration
				var mutex sync.Mutex
				stop := make(chan struct{})
				var group sync.WaitGroup
				for range others {
					group.Go(func() {
						for {
							select {
							case <-stop:
								return
							default:
							}
							began := time.Now()
							_ = c.serve()
							mutex.Lock()
							waits = append(waits, time.Since(began))
							mutex.Unlock()
						}
					})
				}
				if busy {
					_, told := c.send(t, 4, true, 1200)
					if throttled := slices.Contains(told, threeOfFour); throttled == (others == 2) {
						rightlyTold++
					}
				} else {
					time.Sleep(5 * time.Minute)
				}
				close(stop)
				group.Wait()
				slices.Sort(waits)
				waited = waits[len(waits)/2]
			})
			return waited
		}
		type play struct {
			grew          float64
			alone, beside time.Duration
		}
		var plays []play
		for seed := range uint64(draws) {
			alone, beside := median(seed, false), median(seed, true)
			t.Logf("%d others wait %s alone, %s beside a run", others, alone, beside)
			plays = append(plays, play{beside.Seconds() / alone.Seconds(), alone, beside})
		}
		slices.SortFunc(plays, func(a, b play) int { return cmp.Compare(a.grew, b.grew) })
		middle := plays[draws/2]
		t.Logf("make bench: | %d | %.2f s | %.2f s | %.2f |", others, middle.alone.Seconds(), middle.beside.Seconds(), middle.grew)
		if middle.grew > 1.1 {
			t.Errorf("the median wait of %d others grew to %.2f of what it was, want at most 1.1", others, middle.grew)
		}
		if rightlyTold <= draws/2 {
			t.Errorf("with %d others, people were told rightly %d times of %d that the run was throttled", others, rightlyTold, draws)
		}
	}
}
