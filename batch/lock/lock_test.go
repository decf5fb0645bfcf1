package lock_test

import (
	"errors"
	"strings"
	"testing"

	"cucbulk/batch/lock"
)

// TestOneRunAServer takes the lock of a server twice. Homes make no difference.
func TestOneRunAServer(t *testing.T) {
	const server = "https://lock-test.example.com"
	first, err := lock.Take(server, "runs/first", "admin")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "TMPDIR", "LocalAppData"} {
		t.Setenv(name, t.TempDir())
	}
	_, err = lock.Take(strings.ToUpper(server), "runs/second", "other")
	if !errors.Is(err, lock.ErrInUse) || !strings.Contains(err.Error(), "runs/first") || !strings.Contains(err.Error(), "signed in as admin") {
		t.Errorf("error %v, want one that says who has the server", err)
	}
	elsewhere, err := lock.Take("https://lock-test-2.example.com", "runs/third", "admin")
	if err != nil {
		t.Errorf("another server: %v", err)
	}
	elsewhere.Release()
	first.Release()
	again, err := lock.Take(server, "runs/second", "other")
	if err != nil {
		t.Fatalf("after the release: %v", err)
	}
	again.Release()
}
