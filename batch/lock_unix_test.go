//go:build !windows

package batch

import (
	"os"
	"path/filepath"
	"testing"
)

// Without a home, locks stand where anybody can write: never in a folder, or behind a
// link, that somebody else put there.
func TestLocksStandInAFolderOfOnesOwn(t *testing.T) {
	t.Setenv("HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	var temporary string
	for _, test := range []struct {
		name string
		made func(path string) error
		ok   bool
	}{
		{"nothing there", func(string) error { return nil }, true},
		{"an earlier run's", func(path string) error { return os.Mkdir(path, 0o700) }, true},
		{"open to others", func(path string) error {
			if err := os.Mkdir(path, 0o700); err != nil {
				return err
			}
			return os.Chmod(path, 0o777)
		}, false},
		{"a link", func(path string) error { return os.Symlink(t.TempDir(), path) }, false},
		{"a file", func(path string) error { return os.WriteFile(path, nil, 0o600) }, false},
		{"another's", func(path string) error {
			if os.Getuid() != 0 {
				return os.Mkdir(path, 0o755) // only root can give it away
			}
			if err := os.Mkdir(path, 0o700); err != nil {
				return err
			}
			return os.Chown(path, 12345, 12345)
		}, false},
	} {
		temporary = t.TempDir()
		t.Setenv("TMPDIR", temporary)
		folder, err := lockFolder()
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Dir(folder) != temporary {
			t.Fatalf("the locks stand in %s", folder)
		}
		if err := os.Remove(folder); err != nil {
			t.Fatal(err)
		}
		if err := test.made(folder); err != nil {
			t.Fatal(err)
		}
		release, err := LockServer("https://cuc1.example.com", "run", "admin")
		if (err == nil) != test.ok {
			t.Errorf("%s: got %v", test.name, err)
		}
		if err == nil {
			release()
		}
	}
}
