package pool

import (
	"iter"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"cucbulk/internal/crash"
)

// How the pre-flight and what else reads does many things at a time, in no order: see pool.go
// for rows.

// AtOnce does something with each item, so many at a time, and returns the first error,
// after which it begins with no other.
func AtOnce[T any](limit int, items iter.Seq[T], do func(T) error) error {
	var group errgroup.Group
	group.SetLimit(limit)
	var failed atomic.Bool
	for item := range items {
		if failed.Load() {
			break
		}
		group.Go(func() (err error) {
			if mistake := crash.Caught(func() { err = do(item) }); mistake != nil {
				err = mistake
			}
			if err != nil {
				failed.Store(true)
			}
			return err
		})
	}
	return group.Wait()
}

// AllAtOnce makes something of each item, so many at a time, and gives it in the order
// of the items, or the first error.
func AllAtOnce[T, R any](limit int, items []T, do func(T) (R, error)) ([]R, error) {
	results := make([]R, len(items))
	indexes := func(yield func(int) bool) {
		for i := 0; i < len(items) && yield(i); i++ {
		}
	}
	return results, AtOnce(limit, indexes, func(i int) (err error) { results[i], err = do(items[i]); return err })
}
