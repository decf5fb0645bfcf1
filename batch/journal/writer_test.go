package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	w := create(t, path, Options{})
	notes := []note{{1, 1, "plain"}, {2, 2, "Chloë \"quoted\"\nnext line\x1b[31m <&> \u2028"}, {}, {3, 4, strings.Repeat("long ", 40_000)}}
	before := time.Now()
	for i, n := range notes {
		hand := w.Append
		if i%2 == 1 {
			hand = w.Post
		}
		must(t, hand(fmt.Sprintf("kind %d", i), n))
	}
	must(t, w.Close())
	w, err := Continue(path, Options{})
	must(t, err)
	must(t, w.Append("kind 4", note{Text: "continued"}))
	must(t, w.Close())
	notes = append(notes, note{Text: "continued"})

	file, err := os.Open(path)
	must(t, err)
	defer file.Close()
	records := readAll(t, path)
	if len(records) != len(notes) {
		t.Fatalf("got %d records, want %d", len(records), len(notes))
	}
	for i, r := range records {
		if got, want := r.Type, fmt.Sprintf("kind %d", i); got != want {
			t.Errorf("record %d: got type %q, want %q", i, got, want)
		}
		if r.Sequence != int64(i+1) {
			t.Errorf("record %d: got sequence %d, want %d", i, r.Sequence, i+1)
		}
		if got := decoded(t, r); got != notes[i] {
			t.Errorf("record %d: got %+v, want %+v", i, got, notes[i])
		}
		if r.Time.Before(before) || r.Time.After(time.Now()) || r.Time.Location() != time.UTC {
			t.Errorf("record %d: got time %v, want one of this test, in UTC", i, r.Time)
		}
		if again, err := ReadAt(file, r.Offset); err != nil || !reflect.DeepEqual(again, r) {
			t.Errorf("record %d: ReadAt(%d) got %+v and %v, want %+v", i, r.Offset, again, err, r)
		}
	}
	if _, err := ReadAt(file, records[2].Offset+1); !errors.Is(err, ErrCorrupt) {
		t.Errorf("ReadAt beside a record: got %v, want ErrCorrupt", err)
	}
}

func TestManyGoroutinesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	const goroutines, turns = 16, 120
	path := newPath(t)
	var syncs int
	w := create(t, path, Options{Sync: func(*os.File) error { syncs++; return nil }})
	var group sync.WaitGroup
	for by := range goroutines {
		group.Go(func() {
			for turn := range turns {
				hand := w.Append
				if turn%3 != 0 {
					hand = w.Post
				}
				if err := hand("note", note{By: by, Turn: turn}); err != nil {
					t.Errorf("goroutine %d, turn %d: %v", by, turn, err)
					return
				}
			}
		})
	}
	group.Wait()
	must(t, w.Close())
	next := map[int]int{}
	records := readAll(t, path) // refuses a sequence with a gap
	for _, r := range records {
		n := decoded(t, r)
		if n.Turn != next[n.By] {
			t.Fatalf("record %d is turn %d of goroutine %d, want turn %d", r.Sequence, n.Turn, n.By, next[n.By])
		}
		next[n.By]++
	}
	if got, want := len(records), goroutines*turns; got != want {
		t.Errorf("got %d records, want %d", got, want)
	}
	if most := goroutines*turns/3 + 1; syncs == 0 || syncs > most {
		t.Errorf("got %d syncs, want 1 to %d", syncs, most)
	}
}

// Synced tells only what the disk has: the record of every Append that returned.
func TestSyncedOffsets(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	var told []int64
	disk := int64(0) // bytes of the file at the last sync
	options := Options{
		Sync: func(file *os.File) error {
			about, err := file.Stat()
			disk = about.Size()
			return err
		},
		Synced: func(name string, bytes int64) {
			if name != path || bytes != disk {
				t.Errorf("told %s, %d, want %s, %d", name, bytes, path, disk)
			}
			told = append(told, bytes)
		},
	}
	for start := range 2 {
		w, err := Continue(path, options)
		if start == 0 {
			w, err = Create(path, options)
		}
		must(t, err)
		must(t, w.Append("note", note{Turn: 1}))
		must(t, w.Post("note", note{Turn: 2}))
		must(t, w.Append("note", note{Turn: 3}))
		must(t, w.Post("note", note{Turn: 4}))
		must(t, w.Close())
	}
	records := readAll(t, path)
	var want []int64
	for _, i := range []int{1, 3, 4, 5, 7} { // where the next line begins
		want = append(want, records[i].Offset)
	}
	about, err := os.Stat(path)
	must(t, err)
	if want = append(want, about.Size()); !reflect.DeepEqual(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	w := create(t, path, Options{})
	about, err := os.Stat(path)
	must(t, err)
	if got := about.Mode().Perm(); got != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("got mode %o, want 600", got)
	}
	must(t, w.Append("note", note{Turn: 1}))
	must(t, w.Close())
	if _, err := Create(path, Options{}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a journal that is there: got %v, want fs.ErrExist", err)
	}
	if got := len(readAll(t, path)); got != 1 {
		t.Errorf("got %d records, want 1: a journal that is there is not touched", got)
	}
	if _, err := Create(path+"/journal.jsonl", Options{}); err == nil {
		t.Error("in a folder that is none: got no error")
	}
	if _, err := Continue(path+".none", Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Continue without a journal: got %v, want fs.ErrNotExist", err)
	}
}

func TestOneWriterAtATime(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	first := create(t, path, Options{})
	must(t, first.Append("note", note{Turn: 1}))
	if _, err := Continue(path, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("beside the writer that made it: got %v, want ErrInUse", err)
	}
	must(t, first.Append("note", note{Turn: 2}))
	must(t, first.Close())
	second, err := Continue(path, Options{})
	must(t, err)
	if _, err := Continue(path, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("beside one that goes on with it: got %v, want ErrInUse", err)
	}
	must(t, second.Append("note", note{Turn: 3}))
	must(t, second.Close())
	if got := len(readAll(t, path)); got != 3 {
		t.Errorf("got %d records, want 3", got)
	}
}

func TestUnwritableData(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	w := create(t, path, Options{})
	var unsupported *json.UnsupportedTypeError
	if err := w.Append("note", make(chan int)); !errors.As(err, &unsupported) {
		t.Errorf("got %v, want a *json.UnsupportedTypeError", err)
	}
	must(t, w.Append("note", note{Turn: 1})) // the journal itself is not hurt
	must(t, w.Close())
	records := readAll(t, path)
	if len(records) != 1 {
		t.Fatalf("got %d records, want 1", len(records))
	}
	var number int
	if err := records[0].Decode(&number); err == nil || !strings.Contains(err.Error(), "journal record 1 (note)") {
		t.Errorf("decoding into another type: got %v, want an error that names the record", err)
	}
}
