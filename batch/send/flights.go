package send

import (
	"context"
	"errors"
	"sync"

	"cucbulk/batch/record"
)

// Flights are reads that several workers need. The first who needs one makes it, and the
// others wait for it without a lock. What was read is kept; after an error the next who
// needs it tries again. The zero value is ready for use.
type Flights[K comparable, V any] struct {
	mutex sync.Mutex
	known map[K]V
	under map[K]chan struct{} // way; closed when they end
}

// Get gives what read gave for the key.
func (f *Flights[K, V]) Get(ctx context.Context, key K, read func() (V, error)) (value V, err error) {
	for {
		known, landed, mine := f.board(key, &value)
		switch {
		case known:
			return value, nil
		case mine:
			return f.fly(key, read)
		}
		select {
		case <-landed:
		case <-ctx.Done():
			return value, record.AsStop(ctx.Err())
		}
	}
}

// errNotLanded is how a read ended that a mistake in the program ended.
var errNotLanded = errors.New("it was not read to its end")

// fly reads, and lets the others go on whatever comes of it.
func (f *Flights[K, V]) fly(key K, read func() (V, error)) (value V, err error) {
	err = errNotLanded
	defer func() { f.land(key, value, err) }()
	return read()
}

// board gives what is known, or the read that is under way, which is the caller's own
// when there was none.
func (f *Flights[K, V]) board(key K, value *V) (known bool, landed chan struct{}, mine bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if *value, known = f.known[key]; known {
		return true, nil, false
	}
	landed, flying := f.under[key]
	if !flying {
		if f.under == nil {
			f.known, f.under = map[K]V{}, map[K]chan struct{}{}
		}
		landed = make(chan struct{})
		f.under[key] = landed
	}
	return false, landed, !flying
}

// land keeps what was read, and lets the others go on.
func (f *Flights[K, V]) land(key K, value V, err error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if err == nil {
		f.known[key] = value
	}
	close(f.under[key])
	delete(f.under, key)
}
