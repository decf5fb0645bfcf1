package journal

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"cucbulk/internal/crash"
)

var errDisk = errors.New("no space left on device")

// A sync that failed is not tried again: the kernel may have dropped the pages, so
// that the second try would succeed and prove nothing.
func TestFailedSyncIsFinal(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	syncs, told := 0, 0
	w := create(t, path, Options{
		Synced: func(string, int64) { told++ },
		Sync: func(*os.File) error {
			if syncs++; syncs == 3 {
				return errDisk
			}
			return nil
		},
	})
	must(t, w.Append("note", note{Turn: 1}))
	must(t, w.Append("note", note{Turn: 2}))
	first := w.Append("note", note{Turn: 3})
	if !errors.Is(first, errDisk) || !strings.Contains(first.Error(), "mend the disk") {
		t.Fatalf("got %v, want the disk's error and what to do", first)
	}
	for turn := range 20 {
		if err := w.Append("note", note{Turn: turn}); err != first {
			t.Errorf("Append %d afterwards: got %v, want the first error", turn, err)
		}
		if err := w.Post("note", note{Turn: turn}); err != first {
			t.Errorf("Post %d afterwards: got %v, want the first error", turn, err)
		}
	}
	for range 2 {
		if err := w.Close(); err != first {
			t.Errorf("Close: got %v, want the first error", err)
		}
	}
	if syncs != 3 || told != 2 {
		t.Errorf("got %d syncs and %d told durable, want 3 and 2", syncs, told)
	}
	if got := len(readAll(t, path)); got != 3 {
		t.Errorf("got %d records, want 3: nothing is written after a failure", got)
	}
}

// A mistake in the program while it writes ends the writing, and is told without the
// values that it met; nobody is left waiting, and the process lives on.
func TestAPanicOfTheWritingIsFinal(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]Options{
		"sync": {Sync: func(*os.File) error { panic("739164") }},
		"told": {Synced: func(string, int64) { panic("739164") }},
	} {
		w := create(t, newPath(t), options)
		err := w.Append("note", note{Turn: 1})
		var mistake *crash.Error
		if !errors.As(err, &mistake) || strings.Contains(err.Error(), "739164") {
			t.Errorf("%s: got %v", name, err)
		}
		if after := w.Append("note", note{Turn: 2}); after != err {
			t.Errorf("%s: got %v afterwards, want the first error", name, after)
		}
		if closed := w.Close(); closed != err {
			t.Errorf("%s: Close: got %v, want the first error", name, closed)
		}
	}
}

// What waited while the sync that failed was under way is not written either.
func TestFailureWithOthersWaiting(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	synctest.Test(t, func(t *testing.T) {
		disk := newGate()
		w := create(t, path, Options{Sync: func(file *os.File) error { return errors.Join(disk.sync(file), errDisk) }})
		appended := make(chan error, 10)
		go func() { appended <- w.Append("note", note{Turn: 0}) }()
		synctest.Wait()
		for turn := range 9 {
			go func() { appended <- w.Append("note", note{Turn: turn + 1}) }()
		}
		must(t, w.Post("note", note{Turn: 10}))
		synctest.Wait()
		close(disk.open)
		for range 10 {
			if err := <-appended; !errors.Is(err, errDisk) {
				t.Errorf("got %v, want the disk's error", err)
			}
		}
		if err := w.Close(); !errors.Is(err, errDisk) {
			t.Errorf("Close: got %v, want the disk's error", err)
		}
		if got := len(disk.syncs); got != 1 {
			t.Errorf("got %d syncs, want 1", got)
		}
	})
	if got := len(readAll(t, path)); got != 1 {
		t.Errorf("got %d records, want 1", got)
	}
}

func TestFailedWriteIsFinal(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	syncs := 0
	w := create(t, path, Options{Sync: func(file *os.File) error { syncs++; return file.Close() }})
	must(t, w.Append("note", note{Turn: 1})) // the next one finds the file closed
	first := w.Append("note", note{Turn: 2})
	if !errors.Is(first, os.ErrClosed) {
		t.Fatalf("got %v, want os.ErrClosed", first)
	}
	if err := w.Append("note", note{Turn: 3}); err != first {
		t.Errorf("Append afterwards: got %v, want the first error", err)
	}
	if err := w.Close(); err != first {
		t.Errorf("Close: got %v, want the first error", err)
	}
	if syncs != 1 {
		t.Errorf("got %d syncs, want 1", syncs)
	}
	if got := len(readAll(t, path)); got != 1 {
		t.Errorf("got %d records, want 1", got)
	}
}

func TestFailedSyncInClose(t *testing.T) {
	t.Parallel()
	w := create(t, newPath(t), Options{Sync: func(*os.File) error { return errDisk }})
	must(t, w.Post("note", note{Turn: 1}))
	if err := w.Close(); !errors.Is(err, errDisk) {
		t.Errorf("got %v, want the disk's error", err)
	}
}

// Nobody who hands over a record is left waiting when the disk fails under many.
func TestFailureReachesEverybody(t *testing.T) {
	t.Parallel()
	syncs := 0
	w := create(t, newPath(t), Options{Sync: func(*os.File) error {
		if syncs++; syncs > 4 {
			return errDisk
		}
		return nil
	}})
	var group sync.WaitGroup
	for by := range 16 {
		group.Go(func() {
			failed := false
			for turn := range 200 {
				hand := w.Append
				if turn%4 == 3 {
					hand = w.Post
				}
				err := hand("note", note{By: by, Turn: turn})
				if err != nil && !errors.Is(err, errDisk) || err == nil && failed {
					t.Errorf("goroutine %d, turn %d: got %v after failed=%v", by, turn, err, failed)
					return
				}
				failed = err != nil
			}
			if !failed {
				t.Errorf("goroutine %d never heard of the failure", by)
			}
		})
	}
	group.Wait()
	if err := w.Close(); !errors.Is(err, errDisk) {
		t.Errorf("Close: got %v, want the disk's error", err)
	}
	if syncs != 5 {
		t.Errorf("got %d syncs, want 5: one failed, and none came after it", syncs)
	}
}
