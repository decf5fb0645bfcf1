package journal

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// A lookup finds every record, in whatever order it is asked, also one that is longer
// than what it reads at once.
func TestLookupFindsEveryRecord(t *testing.T) {
	t.Parallel()
	var text []byte
	var offsets []int64
	var want []string
	for i := range 2000 {
		note := strings.Repeat("x", i%7*40)
		if i%500 == 250 {
			note = strings.Repeat("long ", look/2)
		}
		data, err := json.Marshal(note)
		must(t, err)
		offsets = append(offsets, int64(len(text)))
		text = Record{Sequence: int64(i + 1), Time: time.Now().UTC(), Type: "note", Data: data}.appendTo(text)
		want = append(want, string(data))
	}
	backwards, mixed := make([]int, len(want)), rand.Perm(len(want))
	forwards := make([]int, len(want))
	for i := range want {
		forwards[i], backwards[i] = i, len(want)-1-i
	}
	for name, order := range map[string][]int{"forwards": forwards, "backwards": backwards, "mixed": mixed} {
		records := &Lookup{file: bytes.NewReader(text)}
		for _, i := range order {
			r, err := records.Record(offsets[i])
			if err != nil || r.Sequence != int64(i+1) || string(r.Data) != want[i] || r.Offset != offsets[i] {
				t.Fatalf("%s, record %d: got number %d with %d bytes at %d and %v", name, i+1, r.Sequence, len(r.Data), r.Offset, err)
			}
		}
		if _, err := records.Record(int64(len(text)) + 5); err == nil {
			t.Errorf("%s: a record behind the end was found", name)
		}
	}
}
