package journal

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// note is what the tests write.
type note struct {
	By   int    `json:"by"`
	Turn int    `json:"turn"`
	Text string `json:"text,omitempty"`
}

// newPath is where a test's journal goes.
func newPath(t testing.TB) string { return filepath.Join(t.TempDir(), "journal.jsonl") }

// must is for what a test takes for granted.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func create(t testing.TB, path string, options Options) *Writer {
	t.Helper()
	w, err := Create(path, options)
	must(t, err)
	return w
}

// readAll reads a journal that has to be whole.
func readAll(t testing.TB, path string) []Record {
	t.Helper()
	var all []Record
	tail, err := Read(path, func(r Record) error { all = append(all, r); return nil })
	must(t, err)
	if about, err := os.Stat(path); err != nil || tail.Valid != about.Size() || tail.Torn != 0 {
		t.Errorf("got tail %+v and %v, want all %d bytes valid", tail, err, about.Size())
	}
	return all
}

// decoded reads a record's data.
func decoded(t testing.TB, r Record) note {
	t.Helper()
	var n note
	must(t, r.Decode(&n))
	return n
}

// written makes the bytes of a journal of n records, from the one with the
// sequence first on, and tells where each line begins; the last offset is the end.
func written(t testing.TB, first int64, n int) (text []byte, offsets []int64) {
	t.Helper()
	for i := range n {
		data, err := json.Marshal(note{By: i % 5, Turn: i * i, Text: []string{"", "", "Müller\n\"<&>\""}[i%3]})
		must(t, err)
		offsets = append(offsets, int64(len(text)))
		text = Record{Sequence: first + int64(i), Type: []string{"intent", "answer", "result"}[i%3], Data: data}.appendTo(text)
	}
	return text, append(offsets, int64(len(text)))
}
