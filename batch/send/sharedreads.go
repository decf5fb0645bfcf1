package send

import (
	"context"
	"errors"
	"sync"

	"cucbulk/batch/record"
)

// SharedReads are reads that several workers need. The first who needs one makes it, and the
// others wait for it without a lock. What was read is kept; after an error the next who
// needs it tries again. The zero value is ready for use.
type SharedReads[K comparable, V any] struct {
	mutex    sync.Mutex
	known    map[K]V
	underWay map[K]chan struct{} // way; closed when they end
}

// Get gives what read gave for the key.
func (f *SharedReads[K, V]) Get(ctx context.Context, key K, read func() (V, error)) (value V, err error) {
	for {
		known, landed, mine := f.join(key, &value)
		switch {
		case known:
			return value, nil
		case mine:
			return f.read(key, read)
		}
		select {
		case <-landed:
		case <-ctx.Done():
			return value, record.AsStop(ctx.Err())
		}
	}
}

// Known gives what was read for the key.
func (f *SharedReads[K, V]) Known(key K) (value V, known bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	value, known = f.known[key]
	return value, known
}

// errNotRead is how a read ended that a mistake in the program ended.
var errNotRead = errors.New("it was not read to its end")

// read reads, and lets the others go on whatever comes of it.
func (f *SharedReads[K, V]) read(key K, read func() (V, error)) (value V, err error) {
	err = errNotRead
	defer func() { f.end(key, value, err) }()
	return read()
}

// join gives what is known, or the read that is under way, which is the caller's own
// when there was none.
func (f *SharedReads[K, V]) join(key K, value *V) (known bool, landed chan struct{}, mine bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if *value, known = f.known[key]; known {
		return true, nil, false
	}
	landed, flying := f.underWay[key]
	if !flying {
		if f.underWay == nil {
			f.known, f.underWay = map[K]V{}, map[K]chan struct{}{}
		}
		landed = make(chan struct{})
		f.underWay[key] = landed
	}
	return false, landed, !flying
}

// end keeps what was read, and lets the others go on.
func (f *SharedReads[K, V]) end(key K, value V, err error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if err == nil {
		f.known[key] = value
	}
	close(f.underWay[key])
	delete(f.underWay, key)
}
