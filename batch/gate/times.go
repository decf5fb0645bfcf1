package gate

import (
	"context"
	"math"
	"time"

	"cucbulk/cupi"
)

// requestKind tells apart the requests that take a server different times.
type requestKind struct {
	method, root string
	list         bool
}

func kindOfRequest(r cupi.Request) requestKind {
	return requestKind{method: r.Method, root: r.Root, list: r.Wrapper != ""}
}

// times is what requests took, by kind.
type times map[requestKind]total

type total struct {
	count        int
	sum, squares float64 // of seconds
}

func (t total) mean() float64 { return t.sum / float64(t.count) }

func (t *times) add(kind requestKind, took time.Duration) {
	if *t == nil {
		*t = times{}
	}
	sum, seconds := (*t)[kind], took.Seconds()
	(*t)[kind] = total{sum.count + 1, sum.sum + seconds, sum.squares + seconds*seconds}
}

func (t times) count() (all int) {
	for _, sum := range t {
		all += sum.count
	}
	return all
}

// against tells how much longer requests took than the same ones took in base, and
// how far off that may be (one standard error), as a part of it.
func (t times) against(base times) (slower, doubt float64) {
	var took, expected float64
	var tookDoubt, expectedDoubt, varied float64
	free := 0
	for kind, sum := range t {
		before := base[kind]
		if before.count == 0 || before.sum == 0 {
			continue
		}
		n := float64(sum.count)
		took += sum.sum
		tookDoubt += n * sum.mean() * sum.mean()
		expected += n * before.mean()
		expectedDoubt += n * n * before.mean() * before.mean() / float64(before.count)
		for _, one := range []total{sum, before} {
			varied += max(0, one.squares/(one.mean()*one.mean())-float64(one.count))
			free += one.count - 1
		}
	}
	if expected == 0 || took == 0 {
		return 1, 0
	}
	return took / expected, math.Sqrt(varied / float64(max(free, 1)) * (tookDoubt/(took*took) + expectedDoubt/(expected*expected)))
}

// blend takes newer times in, and lets older ones fade.
func (t times) blend(newer times) {
	for kind, sum := range newer {
		old := t[kind]
		for old.count > 3*sum.count {
			old.count, old.sum, old.squares = old.count/2, old.sum/2, old.squares/2
		}
		t[kind] = total{old.count + sum.count, old.sum + sum.sum, old.squares + sum.squares}
	}
}

// Sleep waits, unless ctx ends first.
func Sleep(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
