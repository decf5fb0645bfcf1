package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"

	"cucbulk/internal/crash"
)

// ErrClosed is returned for a record handed over after [Writer.Close].
var ErrClosed = errors.New("the journal is closed")

// Options says how a [Writer] works. The zero value is right for a run.
type Options struct {
	// Synced, if not nil, is told after each sync how many bytes of the file at
	// path are durable. Tests give this to the simulator, which then refuses a
	// change whose intent lies beyond.
	Synced func(path string, bytes int64)
	// Expect, if not nil, is where the journal ended when it was read; [Continue]
	// refuses one that ends elsewhere now.
	Expect *Tail
	// Sync replaces [os.File.Sync], for tests of a disk that fails.
	Sync func(*os.File) error
}

// Writer appends records. Its methods may be called from many goroutines.
type Writer struct {
	path    string
	options Options
	waiting chan entry
	done    chan struct{} // closed when the writing goroutine has ended

	mutex  sync.RWMutex // guards closed, and keeps senders out while it changes
	closed bool

	failure atomic.Pointer[error] // why writing stopped; set once, by the writing goroutine
}

type entry struct {
	kind    string // "": no record
	data    json.RawMessage
	time    time.Time
	durable chan<- error // nil: nobody waits
}

// isAwaited reports whether somebody waits to hear that the entry is durable.
func (e entry) isAwaited() bool { return e.durable != nil }

// maxGroup bounds how many records share one write, so that the first one that
// waits is not kept waiting by those that keep coming.
const maxGroup = 256

// Create makes a new journal at path, mode 0600, and syncs the folder it stands
// in. It fails when the file exists.
func Create(path string, options Options) (*Writer, error) {
	lock, err := take(path)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot make the journal: %w", err), lock.Unlock())
	}
	if err := SyncFolder(filepath.Dir(path)); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot make the journal %s durable: %w", path, err), file.Close(), lock.Unlock())
	}
	m := openMark(path)
	m.set(0)
	return start(file, lock, m, path, options, Tail{}), nil
}

// Continue opens the journal at path to append to it. A torn tail is cut off,
// after its bytes were saved beside the journal in a file ending in ".torn".
func Continue(path string, options Options) (*Writer, error) {
	lock, err := take(path)
	if err != nil {
		return nil, err
	}
	tail, err := mend(path, options.Expect)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot open the journal: %w", err), lock.Unlock())
	}
	return start(file, lock, openMark(path), path, options, tail), nil
}

func start(file *os.File, lock *flock.Flock, m *mark, path string, options Options, tail Tail) *Writer {
	if options.Sync == nil {
		options.Sync = (*os.File).Sync
	}
	w := &Writer{path: path, options: options, waiting: make(chan entry, maxGroup), done: make(chan struct{})}
	go w.write(file, lock, m, tail)
	return w
}

// Append hands over a record, whose data becomes JSON, and returns when it is durable.
// After an error nothing more may be sent to the server.
func (w *Writer) Append(kind string, data any) error {
	durable := make(chan error, 1)
	if err := w.hand(kind, data, durable); err != nil {
		return err
	}
	return <-durable
}

// Post hands over a record and returns at once. It is durable no later than the
// next record that is appended, or Close. It returns the error that stopped the
// writing when that is known already.
func (w *Writer) Post(kind string, data any) error {
	return w.hand(kind, data, nil)
}

// Sync returns when all that was handed over is durable.
func (w *Writer) Sync() error {
	durable := make(chan error, 1)
	if err := w.enqueue(entry{durable: durable}); err != nil {
		return err
	}
	return <-durable
}

// hand hands over a record. durable is told when it is on the disk; nil: nobody waits.
func (w *Writer) hand(kind string, data any, durable chan<- error) error {
	text, err := encode(data)
	if err != nil {
		return fmt.Errorf("journal record %s: %w", kind, err)
	}
	return w.enqueue(entry{kind: kind, data: text, time: time.Now().UTC(), durable: durable})
}

// encode makes JSON of data, without escaping what only web pages want escaped.
func encode(data any) (json.RawMessage, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(data)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}

func (w *Writer) enqueue(e entry) error {
	w.mutex.RLock()
	defer w.mutex.RUnlock()
	if w.closed {
		return ErrClosed
	}
	if err := w.failed(); err != nil {
		return err
	}
	w.waiting <- e
	return nil
}

// Close writes and syncs what still waits, and closes the file. It returns the
// error that stopped the writing, if one did.
func (w *Writer) Close() error {
	w.mutex.Lock()
	if !w.closed {
		w.closed = true
		close(w.waiting)
	}
	w.mutex.Unlock()
	<-w.done
	return w.failed()
}

// failed is the error that stopped the writing, nil if none did.
func (w *Writer) failed() error {
	if failure := w.failure.Load(); failure != nil {
		return *failure
	}
	return nil
}

// fail stops the writing for good, unless err is nil. The first error stays.
func (w *Writer) fail(err error) {
	if err != nil {
		w.failure.CompareAndSwap(nil, &err)
	}
}

// attempt does a part of the writing. A mistake in the program stops it as a disk does
// that fails: whoever waits is told, and the run ends with its reports.
func (w *Writer) attempt(part func() error) {
	var err error
	if mistake := crash.Caught(func() { err = part() }); mistake != nil {
		err = fmt.Errorf("cannot write the journal %s: %w; nothing more is sent", w.path, mistake)
	}
	w.fail(err)
}

// write is the one goroutine that touches the file. After a failure it goes on
// receiving, so that nobody who hands over a record is left waiting.
func (w *Writer) write(file *os.File, lock *flock.Flock, m *mark, tail Tail) {
	defer close(w.done)
	defer m.close()
	synced := tail.Valid
	var group []entry
	var lines []byte
	sync := func() {
		if w.failed() == nil && synced < tail.Valid {
			synced = tail.Valid
			w.attempt(func() error { return w.sync(file, synced) })
			if w.failed() == nil {
				m.set(tail.Sequence)
			}
		}
	}
	for first := range w.waiting {
		group = w.gather(append(group[:0], first))
		if w.failed() == nil {
			w.attempt(func() error { return w.append(file, group, &lines, &tail) })
		}
		if slices.ContainsFunc(group, entry.isAwaited) {
			sync()
		}
		for _, e := range group {
			if e.isAwaited() {
				e.durable <- w.failed()
			}
		}
	}
	sync()
	if err := errors.Join(file.Close(), lock.Unlock()); err != nil {
		w.fail(fmt.Errorf("cannot close the journal %s: %w; mend the disk", w.path, err))
	}
}

// gather adds to a group what waits already, and what those who are about to hand
// something over have by then: it lets them go first, since each sync is dear. It does
// not wait for anybody.
func (w *Writer) gather(group []entry) []entry {
	for last := 0; last < len(group) && len(group) < maxGroup; {
		last = len(group)
		runtime.Gosched()
		group = w.take(group)
	}
	return group
}

// take adds to a group what waits already.
func (w *Writer) take(group []entry) []entry {
	for len(group) < maxGroup {
		select {
		case e, open := <-w.waiting:
			if !open {
				return group
			}
			group = append(group, e)
		default:
			return group
		}
	}
	return group
}

// append writes a group. lines is room to write in.
func (w *Writer) append(file *os.File, group []entry, lines *[]byte, tail *Tail) error {
	text := (*lines)[:0]
	sequence := tail.Sequence
	for _, e := range group {
		if e.kind == "" {
			continue
		}
		sequence++
		text = Record{Sequence: sequence, Time: e.time, Type: e.kind, Data: e.data}.appendTo(text)
	}
	*lines = text
	if len(text) == 0 {
		return nil
	}
	if _, err := file.Write(text); err != nil {
		return fmt.Errorf("cannot write the journal %s: %w; nothing more is sent: make room or mend the disk", w.path, err)
	}
	tail.Sequence = sequence
	tail.Valid += int64(len(text))
	return nil
}

func (w *Writer) sync(file *os.File, bytes int64) error {
	if err := w.options.Sync(file); err != nil {
		return fmt.Errorf("cannot sync the journal %s to the disk: %w; nothing more is sent: make room or mend the disk", w.path, err)
	}
	if w.options.Synced != nil {
		w.options.Synced(w.path, bytes)
	}
	return nil
}
