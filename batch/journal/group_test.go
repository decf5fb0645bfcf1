package journal

import (
	"errors"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// gate is a disk whose syncs wait until they are let through.
type gate struct {
	open  chan struct{} // lets one sync through for each value; closed: all
	syncs chan struct{} // holds one for each sync that was begun
}

func newGate() gate { return gate{open: make(chan struct{}), syncs: make(chan struct{}, 1000)} }

func (g gate) sync(*os.File) error {
	g.syncs <- struct{}{}
	<-g.open
	return nil
}

// What waits while the disk is busy shares the next sync, and nobody is told that
// a record is durable before its sync has ended.
func TestGroupCommit(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	synctest.Test(t, func(t *testing.T) {
		const goroutines = 100
		disk := newGate()
		w := create(t, path, Options{Sync: disk.sync})
		returned := make(chan error, goroutines+1)
		hand := func(turn int) { returned <- w.Append("note", note{Turn: turn}) }
		go hand(0)
		synctest.Wait()
		for turn := range goroutines {
			go hand(turn + 1)
		}
		synctest.Wait()
		if len(disk.syncs) != 1 || len(returned) != 0 {
			t.Errorf("while the first sync lasts: got %d syncs and %d records told durable, want 1 and 0", len(disk.syncs), len(returned))
		}
		close(disk.open)
		synctest.Wait()
		if len(disk.syncs) != 2 || len(returned) != goroutines+1 {
			t.Errorf("afterwards: got %d syncs and %d records told durable, want 2 and %d", len(disk.syncs), len(returned), goroutines+1)
		}
		for range len(returned) {
			if err := <-returned; err != nil {
				t.Error(err)
			}
		}
		must(t, w.Close())
		if len(disk.syncs) != 2 {
			t.Errorf("Close: got %d syncs, want none more: all was durable", len(disk.syncs))
		}
	})
	if got := len(readAll(t, path)); got != 101 {
		t.Errorf("got %d records, want 101", got)
	}
}

// A record that is appended is synced, also when it shares its group with records
// behind it that nobody waits for.
func TestAppendAmongPosts(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	synctest.Test(t, func(t *testing.T) {
		disk := newGate()
		w := create(t, path, Options{Sync: disk.sync})
		returned := make(chan error, 2)
		for turn := range 2 {
			go func() { returned <- w.Append("note", note{Turn: turn}) }()
			synctest.Wait()
		}
		for turn := range 3 {
			must(t, w.Post("note", note{Turn: turn + 2}))
		}
		for turn := range 2 {
			synctest.Wait()
			if len(disk.syncs) != turn+1 || len(returned) != turn {
				t.Errorf("got %d syncs begun and %d records told durable, want %d and %d", len(disk.syncs), len(returned), turn+1, turn)
			}
			disk.open <- struct{}{}
		}
		if err := errors.Join(<-returned, <-returned, w.Close()); err != nil {
			t.Error(err)
		}
	})
	if got := len(readAll(t, path)); got != 5 {
		t.Errorf("got %d records, want 5", got)
	}
}

// What is appended ahead waits for others to share its sync, for as long as it may. It is
// in the file by then, and whatever ends the waiting is told to all.
func TestAppendAhead(t *testing.T) {
	t.Parallel()
	const ahead = 20
	tests := []struct {
		name    string
		then    func(w *Writer, file *os.File, wait *atomic.Bool) error // ends the waiting
		syncs   int
		durable bool
	}{
		{"they may not wait any longer", func(w *Writer, _ *os.File, wait *atomic.Bool) error {
			wait.Store(false)
			return w.Post("note", note{})
		}, 1, true},
		{"they may not wait any longer, and nothing comes but a nudge", func(w *Writer, _ *os.File, wait *atomic.Bool) error {
			wait.Store(false)
			w.Nudge()
			return nil
		}, 1, true},
		{"a record may not wait", func(w *Writer, _ *os.File, _ *atomic.Bool) error { return w.Append("note", note{}) }, 1, true},
		{"the journal is closed", func(w *Writer, _ *os.File, _ *atomic.Bool) error { return w.Close() }, 1, true},
		{"the file can't be written", func(w *Writer, file *os.File, _ *atomic.Bool) error {
			return errors.Join(file.Close(), w.Post("note", note{}))
		}, 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			synctest.Test(t, func(t *testing.T) {
				var file *os.File
				syncs := 0
				w := create(t, path, Options{Sync: func(f *os.File) error { file, syncs = f, syncs+1; return nil }})
				must(t, w.Append("note", note{}))
				syncs = 0
				var wait atomic.Bool
				var asked atomic.Int64
				mayWait := func(waiting int) bool { asked.Store(int64(waiting)); return wait.Load() }
				wait.Store(true)
				returned := make(chan error, ahead)
				for turn := range ahead {
					go func() { returned <- w.AppendAhead("note", note{Turn: turn}, mayWait) }()
				}
				synctest.Wait()
				if syncs != 0 || len(returned) != 0 || asked.Load() != ahead {
					t.Errorf("while they may wait: got %d syncs, %d told and a question about %d, want 0, 0 and %d", syncs, len(returned), asked.Load(), ahead)
				}
				if got := len(readAll(t, path)); got != 1+ahead {
					t.Errorf("while they wait: got %d records in the file, want %d", got, 1+ahead)
				}
				must(t, test.then(w, file, &wait))
				synctest.Wait()
				if syncs != test.syncs || len(returned) != ahead {
					t.Errorf("then: got %d syncs and %d told, want %d and %d", syncs, len(returned), test.syncs, ahead)
				}
				for range len(returned) {
					if err := <-returned; (err == nil) != test.durable {
						t.Errorf("got %v", err)
					}
				}
				if err := w.Close(); (err == nil) != test.durable {
					t.Errorf("Close: got %v", err)
				}
			})
		})
	}
}

func TestPostDoesNotWaitForTheDisk(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	synctest.Test(t, func(t *testing.T) {
		disk := newGate()
		w := create(t, path, Options{Sync: disk.sync})
		for turn := range 50 {
			must(t, w.Post("note", note{Turn: turn})) // would block for ever if it synced
		}
		synctest.Wait()
		if len(disk.syncs) != 0 {
			t.Errorf("got %d syncs for what was only posted, want 0", len(disk.syncs))
		}
		closed := make(chan error)
		go func() { closed <- w.Close() }()
		synctest.Wait()
		if len(disk.syncs) != 1 {
			t.Errorf("Close: got %d syncs, want 1", len(disk.syncs))
		}
		select {
		case err := <-closed:
			t.Errorf("Close returned %v before its sync ended", err)
		default:
		}
		close(disk.open)
		if err := <-closed; err != nil {
			t.Error(err)
		}
	})
	if got := len(readAll(t, path)); got != 50 {
		t.Errorf("got %d records, want 50", got)
	}
}

func TestCloseWritesWhatWaits(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	synctest.Test(t, func(t *testing.T) {
		disk := newGate()
		w := create(t, path, Options{Sync: disk.sync})
		appended, closed := make(chan error, 10), make(chan error, 2)
		go func() { appended <- w.Append("note", note{Turn: 0}) }()
		synctest.Wait()
		for turn := range 40 { // these wait behind the sync
			must(t, w.Post("note", note{Turn: turn + 1}))
		}
		for turn := range 9 {
			go func() { appended <- w.Append("note", note{Turn: turn + 41}) }()
		}
		synctest.Wait()
		for range 2 { // two at once do no harm
			go func() { closed <- w.Close() }()
		}
		synctest.Wait()
		if err := w.Append("note", note{}); !errors.Is(err, ErrClosed) {
			t.Errorf("Append while it closes: got %v, want ErrClosed", err)
		}
		close(disk.open)
		synctest.Wait()
		for range 10 {
			if err := <-appended; err != nil {
				t.Error(err)
			}
		}
		if err := errors.Join(<-closed, <-closed); err != nil {
			t.Error(err)
		}
		for name, hand := range map[string]func(string, any) error{"Append": w.Append, "Post": w.Post} {
			if err := hand("note", note{}); !errors.Is(err, ErrClosed) {
				t.Errorf("%s after Close: got %v, want ErrClosed", name, err)
			}
		}
		must(t, w.Close())
	})
	if got := len(readAll(t, path)); got != 50 {
		t.Errorf("got %d records, want 50", got)
	}
}
