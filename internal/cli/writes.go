package cli

import "sync"

// writes are done in the order in which they were posted, one at a time and by one of those
// who posted them. No lock is held meanwhile: a terminal that stands still, or a pipe that
// nobody reads, keeps nobody else from going on. The zero value is ready for use.
type writes struct {
	mutex  sync.Mutex
	posted []func()
	busy   bool // somebody is at it
}

// post lets a write be the next, after those that were posted before. It returns at once, so
// that locks may be held: [writes.flush] must follow without them.
func (w *writes) post(write func()) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.posted = append(w.posted, write)
}

// flush does what was posted, unless somebody is at it: then that one does.
func (w *writes) flush() {
	for write := w.next(false); write != nil; write = w.next(true) {
		write()
	}
}

// next takes the oldest write. mine says that the caller is the one who does them.
func (w *writes) next(mine bool) (write func()) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.busy && !mine {
		return nil
	}
	if w.busy = len(w.posted) > 0; !w.busy {
		return nil
	}
	write, w.posted = w.posted[0], w.posted[1:]
	return write
}
