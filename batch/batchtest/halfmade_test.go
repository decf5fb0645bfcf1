package batchtest_test

import (
	"path/filepath"
	"testing"

	"cucbulk/batch/batchtest"
	"cucbulk/batch/journal"
)

// change is one that a row makes with its step, of the user that has its number.
type change struct {
	Row    int               `json:"row"`
	Step   string            `json:"step"`
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Fields map[string]string `json:"fields,omitempty"`
}

const others = 0 // the row of another administrator's changes

func put(row int, step, path string) change {
	return change{Row: row, Step: step, Method: "PUT", Path: path, Fields: map[string]string{"Title": "Clerk"}}
}

func add(row int, step, name string) change {
	return change{Row: row, Step: step, Method: "POST", Path: "/parts", Fields: map[string]string{"Name": name}}
}

// With one request in flight two rows may be half made.
func TestHalfMade(t *testing.T) {
	t.Parallel()
	ends := []change{put(1, "pin", "/1/pin"), put(2, "pin", "/2/pin"), put(3, "pin", "/3/pin")}
	for name, test := range map[string]struct {
		changes []change
		want    bool
	}{
		"two":             {[]change{put(1, "user", "/1"), put(2, "user", "/2"), put(2, "parts", "/2/a")}, false},
		"three":           {[]change{put(1, "user", "/1"), put(2, "user", "/2"), put(3, "user", "/3")}, true},
		"three add parts": {[]change{add(1, "parts", "a"), add(2, "parts", "b"), add(3, "parts", "c"), add(3, "parts", "d")}, true},
		"three move":      {[]change{put(1, "park", "/1"), put(2, "park", "/2"), put(3, "park", "/3"), put(3, "user", "/3")}, true},
		"one change is sent again": {[]change{put(1, "user", "/1"), put(2, "user", "/2"), put(4, "user", "/4"), add(5, "user", "a"),
			put(4, "user", "/4"), add(5, "user", "a")}, false},
		"one change was overwritten": {[]change{put(1, "user", "/1"), put(2, "user", "/2"), put(others, "", "/1"), put(3, "user", "/3")}, false},
		"and it goes on":             {[]change{put(1, "user", "/1"), put(2, "user", "/2"), put(others, "", "/1"), put(1, "user", "/1"), put(3, "user", "/3")}, true},
		"one of two was overwritten": {[]change{put(1, "user", "/1"), put(1, "alternate", "/1/a"), put(2, "user", "/2"), put(others, "", "/1"), put(3, "user", "/3")}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var guard batchtest.IntentGuard
			writer, err := journal.Create(filepath.Join(t.TempDir(), "journal.jsonl"), journal.Options{Synced: guard.Synced})
			if err != nil {
				t.Fatal(err)
			}
			if err := writer.Append("begin", map[string]int{"workers": 1}); err != nil {
				t.Fatal(err)
			}
			for _, c := range append(test.changes, ends...) {
				if c.Row == others {
					guard.Passed(c.Method, c.Path)
					continue
				}
				if err := writer.Append("intent", c); err != nil {
					t.Fatal(err)
				}
				if err := guard.CheckChange(c.Method, c.Path, c.Fields); err != nil {
					t.Fatal(err)
				}
			}
			if err := writer.Close(); err != nil {
				t.Fatal(err)
			}
			if err := guard.HalfMade(); (err != nil) != test.want {
				t.Errorf("HalfMade() = %v, want an error: %v", err, test.want)
			}
		})
	}
}
