package record

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"cucbulk/batch/input"
)

// As long as a file may stay in memory, it is opened once, however often its rows are gone
// over, and once more by whoever wants to know whether it is the same. Of a longer one each
// pass is a reading, and sees by itself that the file is another one.
func TestHowLongAnInputStaysInMemory(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		bytes int
		held  bool
	}{{mostHeld, true}, {mostHeld + 1, false}} {
		path := filepath.Join(t.TempDir(), "users.csv")
		text := append([]byte("Alias\n"), bytes.Repeat([]byte{'a'}, test.bytes-len("Alias\n"))...)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := OpenInput("users.csv", path)
		if err == nil {
			err = os.WriteFile(path, []byte("Alias\nanother\n"), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		for _, err = range in.Rows() {
			rows++
		}
		if test.held && (err != nil || rows != 1) || !test.held && !errors.Is(err, input.ErrChanged) {
			t.Errorf("%d bytes: after the file was replaced there are %d rows of it, and %v", test.bytes, rows, err)
		}
		if err := in.Verify(); !errors.Is(err, input.ErrChanged) {
			t.Errorf("%d bytes: that the file is another one was seen as: %v", test.bytes, err)
		}
	}
}
