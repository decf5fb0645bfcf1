package pool

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"cucbulk/batch/record"
)

// jobsOf makes jobs that take their time and write down when they ran.
func jobsOf(keys [][]string, times []time.Duration, log func(int, string)) iter.Seq2[Job, error] {
	return func(yield func(Job, error) bool) {
		for i := range keys {
			j := Job{
				Keys: keys[i],
				Work: func(context.Context, context.Context) Outcome {
					log(i, "begin")
					time.Sleep(times[i])
					log(i, "end")
					return Outcome{Result: record.Result{Row: i}}
				},
			}
			if !yield(j, nil) {
				return
			}
		}
	}
}

// Whatever the keys and the times: every job has one outcome, no more than the
// workers run at once, and jobs that share a key run one after the other in order.
func TestInOrderKeepsOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		count := rapid.IntRange(0, 40).Draw(rt, "jobs")
		workers := rapid.IntRange(1, 6).Draw(rt, "workers")
		keys := make([][]string, count)
		times := make([]time.Duration, count)
		for i := range keys {
			chosen := rapid.SliceOfNDistinct(rapid.IntRange(0, 5), 0, 3, rapid.ID[int]).Draw(rt, "keys")
			for _, k := range chosen {
				keys[i] = append(keys[i], fmt.Sprint(k))
			}
			times[i] = time.Duration(rapid.IntRange(0, 9).Draw(rt, "time")) * time.Second
		}
		synctest.Test(t, func(*testing.T) {
			var mutex sync.Mutex
			var running, finished []int
			held := map[string]int{} // key -> the last job that held it
			outcomes := map[int]int{}
			log := func(i int, what string) {
				mutex.Lock()
				defer mutex.Unlock()
				if what == "end" {
					running = slices.DeleteFunc(running, func(j int) bool { return j == i })
					finished = append(finished, i)
					return
				}
				for _, j := range running {
					for _, key := range keys[i] {
						if slices.Contains(keys[j], key) {
							rt.Errorf("jobs %d and %d run at once and share key %s", j, i, key)
						}
					}
				}
				for _, key := range keys[i] {
					if last, is := held[key]; is && last > i {
						rt.Errorf("job %d runs after job %d, which came later and shares key %s", i, last, key)
					}
					held[key] = i
				}
				if running = append(running, i); len(running) > workers {
					rt.Errorf("%d jobs at once, and %d workers", len(running), workers)
				}
			}
			stop := InOrder(context.Background(), workers, func() int { return workers }, jobsOf(keys, times, log), func(o Outcome) *record.Stop {
				outcomes[o.Result.Row]++
				return nil
			})
			if stop != nil {
				rt.Errorf("stopped: %v", stop)
			}
			for i := range count {
				if outcomes[i] != 1 {
					rt.Errorf("job %d has %d outcomes", i, outcomes[i])
				}
			}
		})
	})
}

func TestInOrderStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keys := make([][]string, 100)
		times := slices.Repeat([]time.Duration{time.Second}, 100)
		outcomes := 0
		stop := InOrder(t.Context(), 4, func() int { return 4 }, jobsOf(keys, times, func(int, string) {}), func(Outcome) *record.Stop {
			if outcomes++; outcomes == 10 {
				return &record.Stop{Exit: record.ExitRail, Code: "test", Reason: "enough"}
			}
			return nil
		})
		if stop == nil || stop.Code != "test" {
			t.Errorf("stop %v, want the one that was asked for", stop)
		}
		if outcomes > 13 {
			t.Errorf("%d jobs ran: more than those in flight were finished after the stop", outcomes)
		}
	})
}

func TestInOrderInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		keys := make([][]string, 100)
		times := slices.Repeat([]time.Duration{time.Second}, 100)
		began, ended := 0, 0
		var mutex sync.Mutex
		stop := InOrder(ctx, 2, func() int { return 2 }, jobsOf(keys, times, func(_ int, what string) {
			mutex.Lock()
			defer mutex.Unlock()
			if what == "begin" {
				began++
			} else {
				ended++
			}
		}), func(Outcome) *record.Stop { return nil })
		if stop == nil || stop.Exit != record.ExitInterrupted {
			t.Errorf("stop %v, want an interruption", stop)
		}
		if began != 6 || ended != 6 {
			t.Errorf("%d began and %d ended, want 6: two at a time for 2.5 s, and those in flight finish", began, ended)
		}
	})
}

// A job that a worker has is told so before any other is handed out: what it counts for then,
// the others know.
func TestAJobGoesBeforeTheNextIsHandedOut(t *testing.T) {
	t.Parallel()
	var gone atomic.Int64
	jobs := func(yield func(Job, error) bool) {
		for i := range int64(200) {
			if !yield(Job{
				Admit: func() Admission {
					if n := gone.Load(); n != i {
						t.Errorf("job %d is about to be handed out, and %d were told", i, n)
					}
					return Admission{}
				},
				Goes: func() {
					runtime.Gosched()
					gone.Add(1)
				},
				Work: func(context.Context, context.Context) Outcome { return Outcome{} },
			}, nil) {
				return
			}
		}
	}
	if stop := InOrder(t.Context(), 8, func() int { return 8 }, jobs, func(Outcome) *record.Stop { return nil }); stop != nil || gone.Load() != 200 {
		t.Errorf("%d jobs went, stop %v", gone.Load(), stop)
	}
}

func TestInOrderAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		first := true
		jobs := func(yield func(Job, error) bool) {
			for range 9 {
				j := Job{Admit: func() Admission { return Admission{Alone: first} }, Work: func(context.Context, context.Context) Outcome { time.Sleep(time.Second); return Outcome{} }}
				if !yield(j, nil) {
					return
				}
			}
		}
		InOrder(t.Context(), 4, func() int { return 4 }, jobs, func(Outcome) *record.Stop { first = false; return nil })
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("took %s, want 3 s: one alone, then four at a time", took)
		}
	})
}

// What can't go on after an error is not gone on with: the server has a page more for
// every hundred users.
func TestAtOnceEndsAtTheFirstError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var done atomic.Int64
		items := make([]int, 1000)
		for i := range items {
			items[i] = i + 1
		}
		do := func(item int) (int, error) {
			time.Sleep(time.Second)
			if done.Add(1); item == 8 {
				return 0, errors.New("page 8")
			}
			return 2 * item, nil
		}
		if _, err := AllAtOnce(4, items, do); err == nil || done.Load() > 16 {
			t.Errorf("error %v after %d items, want that of the eighth and few more", err, done.Load())
		}
		if doubled, err := AllAtOnce(4, items[:5], do); err != nil || !slices.Equal(doubled, []int{2, 4, 6, 8, 10}) {
			t.Errorf("got %v, error %v", doubled, err)
		}
	})
}

// A mistake in the program ends the run after what is in flight, and what is told of it
// holds none of the values that it met.
func TestAPanicOfARowEndsTheRun(t *testing.T) {
	t.Parallel()
	done := atomic.Int32{}
	jobs := func(yield func(Job, error) bool) {
		for i := range 10 {
			j := Job{Work: func(context.Context, context.Context) Outcome {
				if i == 3 {
					panic("739164")
				}
				done.Add(1)
				return Outcome{Result: record.Result{Row: i + 1, Status: record.Created}}
			}}
			if !yield(j, nil) {
				return
			}
		}
	}
	ended := 0
	stop := InOrder(t.Context(), 2, func() int { return 2 }, jobs, func(o Outcome) *record.Stop {
		if !o.Open {
			ended++
		}
		return nil
	})
	if stop == nil || stop.Exit != record.ExitFailed || stop.Code != "crash" || strings.Contains(stop.Error(), "739164") || !strings.Contains(stop.Error(), "TestAPanicOfARowEndsTheRun") {
		t.Errorf("got %v", stop)
	}
	if ended != int(done.Load()) || ended > 9 {
		t.Errorf("%d outcomes of %d rows", ended, done.Load())
	}
	err := AtOnce(2, slices.Values([]int{1}), func(int) error { panic("739164") })
	if err == nil || strings.Contains(err.Error(), "739164") {
		t.Errorf("got %v", err)
	}
}
