//go:build unix

package lock

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What others put where the file of a lock belongs is never written to, and told.
func TestTheFileOfALock(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		made func(path, other string) error
		ok   bool
	}{
		{"nothing there", func(string, string) error { return nil }, true},
		{"an earlier run's", func(path, _ string) error { return os.WriteFile(path, []byte(`{"process":1}`), 0o600) }, true},
		{"a link", func(path, other string) error { return os.Symlink(other, path) }, false},
		{"a link to nothing", func(path, other string) error { return os.Symlink(other+"2", path) }, false},
		{"another name of a file", func(path, other string) error { return os.Link(other, path) }, false},
		{"a pipe", func(path, _ string) error { return syscall.Mkfifo(path, 0o666) }, false},
		{"a folder", func(path, _ string) error { return os.Mkdir(path, 0o777) }, false},
	} {
		folder := t.TempDir()
		path, other := filepath.Join(folder, "x.lock"), filepath.Join(folder, "other")
		if err := os.WriteFile(other, []byte("precious"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := test.made(path, other); err != nil {
			t.Fatal(err)
		}
		release, _, err := seizeFile(path, []byte("first"))
		if (err == nil && release != nil) != test.ok {
			t.Errorf("%s: got %v", test.name, err)
		}
		if text, err := os.ReadFile(other); err != nil || string(text) != "precious" {
			t.Errorf("%s: the other file holds %q, %v", test.name, text, err)
		}
		if !test.ok {
			if err == nil || !strings.Contains(err.Error(), "see that it is removed") {
				t.Errorf("%s: got %v", test.name, err)
			}
			continue
		}
		second, read, err := seizeFile(path, []byte("second"))
		if second != nil || err != nil {
			t.Fatalf("%s: taken twice, %v", test.name, err)
		}
		if words, err := read(); string(words) != "first" || err != nil {
			t.Errorf("%s: says %q, %v", test.name, words, err)
		}
		release()
		again, _, err := seizeFile(path, []byte("second"))
		if again == nil || err != nil {
			t.Fatalf("%s: not free again, %v", test.name, err)
		}
		again()
	}
}
