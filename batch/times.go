package batch

import (
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
	count int
	sum   time.Duration
}

func (t *times) add(kind requestKind, took time.Duration) {
	if *t == nil {
		*t = times{}
	}
	sum := (*t)[kind]
	(*t)[kind] = total{sum.count + 1, sum.sum + took}
}

func (t times) count() (all int) {
	for _, sum := range t {
		all += sum.count
	}
	return all
}

// against tells how much longer requests took than the same ones took in base.
func (t times) against(base times) float64 {
	var took, expected float64
	for kind, sum := range t {
		if before := base[kind]; before.count > 0 && before.sum > 0 {
			took += sum.sum.Seconds()
			expected += float64(sum.count) * before.sum.Seconds() / float64(before.count)
		}
	}
	if expected == 0 || took == 0 {
		return 1
	}
	return took / expected
}

// blend takes newer times in, and lets older ones fade.
func (t times) blend(newer times) {
	for kind, sum := range newer {
		old := t[kind]
		for old.count > 3*sum.count {
			old.count, old.sum = old.count/2, old.sum/2
		}
		t[kind] = total{old.count + sum.count, old.sum + sum.sum}
	}
}
