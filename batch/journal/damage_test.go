package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// scanAll reads a journal's bytes.
func scanAll(text []byte) (records []Record, tail Tail, err error) {
	return scanFrom(bytes.NewReader(text))
}

func scanFrom(source io.Reader) (records []Record, tail Tail, err error) {
	tail, err = scan(source, math.MaxInt64, func(r Record) error { records = append(records, r); return nil })
	return records, tail, err
}

// alike compares records with all that they hold.
func alike(got, want []Record) bool {
	return slices.EqualFunc(got, want, func(a, b Record) bool {
		return a.Sequence == b.Sequence && a.Time.Equal(b.Time) && a.Type == b.Type && a.Offset == b.Offset && bytes.Equal(a.Data, b.Data)
	})
}

// A journal that ends anywhere gives back its whole records, and goes on behind them.
func TestTornAtEveryByte(t *testing.T) {
	t.Parallel()
	const size = 30
	text, offsets := written(t, 1, size)
	all, _, err := scanAll(text)
	must(t, err)
	const parts = 4 // at once: it is the disk that takes the time
	for part := range parts {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			for length := part; length <= len(text); length += parts {
				whole := 0
				for whole < size && offsets[whole+1] <= int64(length) {
					whole++
				}
				tornAt(t, filepath.Join(folder, fmt.Sprint(length)), text[:length], all[:whole], offsets[whole])
			}
		})
	}
}

// tornAt proves what reading and continuing make of a journal whose whole records
// end at valid.
func tornAt(t *testing.T, path string, text []byte, whole []Record, valid int64) {
	t.Helper()
	must(t, os.WriteFile(path, text, 0o600))
	want := Tail{Valid: valid, Torn: int64(len(text)) - valid, Sequence: int64(len(whole))}
	var got []Record
	if tail, err := Read(path, func(r Record) error { got = append(got, r); return nil }); tail != want || err != nil {
		t.Fatalf("%d bytes: got %+v and %v, want %+v", len(text), tail, err, want)
	}
	if !alike(got, whole) {
		t.Fatalf("%d bytes: got %v, want the first %d records", len(text), got, len(whole))
	}

	w, err := Continue(path, Options{Sync: func(*os.File) error { return nil }})
	must(t, err)
	must(t, w.Append("note", note{Text: "behind"}))
	must(t, w.Close())
	got = readAll(t, path)
	if len(got) != len(whole)+1 || !alike(got[:len(whole)], whole) || decoded(t, got[len(whole)]).Text != "behind" {
		t.Fatalf("%d bytes, continued: got %v, want the first %d records and a new one", len(text), got, len(whole))
	}
	saved, err := os.ReadFile(fmt.Sprintf("%s.%d.torn", path, valid))
	switch {
	case want.Torn == 0 && !errors.Is(err, fs.ErrNotExist):
		t.Fatalf("%d bytes: got %q and %v, want no torn tail saved", len(text), saved, err)
	case want.Torn > 0 && (err != nil || !bytes.Equal(saved, text[valid:])):
		t.Fatalf("%d bytes: got %q and %v, want the torn tail %q", len(text), saved, err, text[valid:])
	}
}

// A torn tail that can't be kept aside stays where it is, and what to do is said.
func TestTornTailThatCannotBeSaved(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	if err := os.WriteFile(path, []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path+".0.torn", 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Continue(path, Options{})
	if err == nil || !strings.Contains(err.Error(), "type the command again") {
		t.Errorf("got %v, want an error that says what to do", err)
	}
	if text, err := os.ReadFile(path); string(text) != "torn" || err != nil {
		t.Errorf("the journal is %q now: %v", text, err)
	}
}

// A second crash at the same place overwrites nothing of what the first one left.
func TestTornTailsAtOnePlace(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	for _, tail := range []string{"first", "second", "third"} {
		must(t, os.WriteFile(path, []byte(tail), 0o600))
		w, err := Continue(path, Options{})
		must(t, err)
		must(t, w.Close())
	}
	for name, want := range map[string]string{".0.torn": "first", ".0-2.torn": "second", ".0-3.torn": "third"} {
		if text, err := os.ReadFile(path + name); string(text) != want || err != nil {
			t.Errorf("%s holds %q, want %q: %v", name, text, want, err)
		}
	}
}

// Whichever bit of a journal flips, what it gives back is what was written: all
// before the damage, and a refusal with the place if anything valid follows.
// The 200 records stand in 20 journals, because reading is what takes the time.
func TestEveryFlippedBit(t *testing.T) {
	t.Parallel()
	const journals, size = 20, 10
	buffer := bufio.NewReaderSize(nil, 1<<16) // scan takes it as it is, and makes none of its own
	for journal := range journals {
		text, offsets := written(t, 1, size+journal%2)
		all, _, err := scanAll(text)
		must(t, err)
		if journal%2 == 1 { // other lengths, other digits
			text, offsets = text[:offsets[size]], offsets[:size+1]
			all = all[:size]
		}
		text = bytes.Clone(text)
		hit := 0
		for at := range text {
			if int64(at) == offsets[hit+1] {
				hit++
			}
			follows := hit + 1 // the first record that the damage leaves alone
			if text[at] == '\n' {
				follows++ // without its end it runs into the next one
			}
			for bit := range 8 {
				text[at] ^= 1 << bit
				buffer.Reset(bytes.NewReader(text))
				got, tail, err := scanFrom(buffer)
				if !alike(got, all[:hit]) {
					t.Fatalf("journal %d, byte %d, bit %d: got %d records, want the %d before the damage", journal, at, bit, len(got), hit)
				}
				if follows < size {
					if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), fmt.Sprintf("byte %d ", offsets[hit])) {
						t.Fatalf("journal %d, byte %d, bit %d: got %v, want ErrCorrupt at byte %d", journal, at, bit, err, offsets[hit])
					}
				} else if want := (Tail{offsets[hit], offsets[size] - offsets[hit], int64(hit)}); err != nil || tail != want {
					t.Fatalf("journal %d, byte %d, bit %d: got %+v and %v, want %+v", journal, at, bit, tail, err, want)
				}
				text[at] ^= 1 << bit
			}
		}
	}
}

func TestLinesThatAreMissingTwiceOrForeign(t *testing.T) {
	t.Parallel()
	text, offsets := written(t, 1, 6)
	line := func(i int) []byte { return text[offsets[i]:offsets[i+1]] }
	later, _ := written(t, 9, 1)
	for _, test := range []struct {
		name  string
		lines [][]byte
		valid int // records given back
		ok    bool
	}{
		{"one taken out", [][]byte{line(0), line(1), line(3)}, 2, false},
		{"the first taken out", [][]byte{line(1), line(2)}, 0, false},
		{"one twice", [][]byte{line(0), line(1), line(1)}, 2, false},
		{"two exchanged", [][]byte{line(0), line(2), line(1)}, 1, false},
		{"of another run", [][]byte{line(0), line(1), later}, 2, false},
		{"zeros in the middle", [][]byte{line(0), make([]byte, 4096), []byte("\n"), line(1)}, 1, false},
		{"zeros at the end", [][]byte{line(0), line(1), make([]byte, 4096)}, 2, true},
		{"blank lines at the end", [][]byte{line(0), []byte("\n\n\n")}, 1, true},
		{"lines that end as on Windows", [][]byte{bytes.ReplaceAll(text[:offsets[2]], []byte("\n"), []byte("\r\n"))}, 0, false},
		{"nothing", nil, 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			damaged := bytes.Join(test.lines, nil)
			must(t, os.WriteFile(path, damaged, 0o600))
			records := 0
			tail, err := Read(path, func(Record) error { records++; return nil })
			if records != test.valid || tail.Sequence != int64(test.valid) || (err == nil) != test.ok || err != nil && !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrForeign) {
				t.Errorf("got %d records, %+v and %v, want %d, ok %v", records, tail, err, test.valid, test.ok)
			}
			w, err := Continue(path, Options{})
			if (err == nil) != test.ok || err != nil && !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrForeign) {
				t.Errorf("Continue: got %v, want ok %v", err, test.ok)
			}
			if w != nil {
				must(t, w.Close())
			} else if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, damaged) {
				t.Errorf("a journal that is refused was changed (%v)", err)
			}
		})
	}
}

func TestVisitEndsReading(t *testing.T) {
	t.Parallel()
	text, offsets := written(t, 1, 5)
	enough := errors.New("enough")
	visited := 0
	tail, err := scan(bytes.NewReader(text), math.MaxInt64, func(Record) error {
		if visited++; visited == 3 {
			return enough
		}
		return nil
	})
	if want := (Tail{Valid: offsets[2], Sequence: 2}); err != enough || visited != 3 || tail != want {
		t.Errorf("got %v after %d records, %+v, want %v after 3, %+v", err, visited, tail, enough, want)
	}
}

// FuzzRead reads any bytes: what is given back stands in them whole and in order,
// reading the valid part alone gives the same, and a record may follow it.
func FuzzRead(f *testing.F) {
	text, offsets := written(f, 1, 4)
	f.Add([]byte(nil))
	f.Add(text)
	f.Add(text[:len(text)-1])
	f.Add(text[:offsets[3]+20])
	f.Add(text[offsets[1]:])
	f.Add(append(bytes.Clone(text[:offsets[2]]), "00000000 {}\n"...))
	f.Add(append(bytes.Clone(text[:offsets[1]]), text[offsets[2]:]...))
	f.Add([]byte("\n\n"))
	f.Add([]byte("e8f5a96a null\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		records, tail, err := scanAll(file)
		if err != nil && !errors.Is(err, ErrCorrupt) {
			t.Fatalf("got %v, want ErrCorrupt or none", err)
		}
		if size := int64(len(file)); tail.Valid+tail.Torn > size || err == nil && tail.Valid+tail.Torn != size {
			t.Fatalf("got %+v of %d bytes", tail, size)
		}
		at := int64(0)
		for i, r := range records {
			again, err := ReadAt(bytes.NewReader(file), r.Offset)
			if err != nil || r.Offset != at || r.Sequence != int64(i+1) || !alike([]Record{again}, []Record{r}) {
				t.Fatalf("record %d: got %+v at %d (want %d), and again %+v and %v", i, r, r.Offset, at, again, err)
			}
			at += int64(bytes.IndexByte(file[at:], '\n')) + 1
		}
		if at != tail.Valid || tail.Sequence != int64(len(records)) {
			t.Fatalf("got %+v, want the end of the %d records at %d", tail, len(records), at)
		}
		next, _ := written(t, tail.Sequence+1, 1)
		again, after, err := scanAll(append(bytes.Clone(file[:tail.Valid]), next...))
		if want := (Tail{Valid: tail.Valid + int64(len(next)), Sequence: tail.Sequence + 1}); err != nil || after != want || !alike(again[:len(records)], records) {
			t.Fatalf("with a record behind the valid part: got %+v and %v, want %+v", after, err, want)
		}
	})
}
