package journal

import (
	"errors"
	"os"
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
