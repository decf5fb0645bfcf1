package cli

import (
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Every command that asks a server keeps to --rate, also those that only look. On a busy
// machine the first request may come late; without a rate all come at once.
func TestEveryCommandKeepsTheRate(t *testing.T) {
	t.Parallel()
	const rate, between = "50", 20 * time.Millisecond
	folder := filepath.Join(t.TempDir(), "run")
	var mutex sync.Mutex
	var arrived []time.Time
	_, server := serverThat(t, func(http.ResponseWriter, *http.Request) bool {
		mutex.Lock()
		defer mutex.Unlock()
		arrived = append(arrived, time.Now())
		return false
	})
	file := fileWith(t, "Alias,Title\nuser00001,Boss\nuser00002,Boss\nuser00003,Boss\n")
	for _, command := range []struct {
		exit      int
		arguments []string
	}{
		{0, []string{"validate", file, "--operation", "update"}},
		{0, []string{"run", file, "--operation", "update", "--dry-run"}},
		{0, []string{"run", file, "--operation", "update", "--out", folder}},
		{0, []string{"verify", folder}},
		{0, []string{"export", "--columns", "Alias,Title"}},
		{0, []string{"doctor"}},
		{0, []string{"rollback", folder, "--yes"}},
	} {
		mutex.Lock()
		arrived = nil
		mutex.Unlock()
		online(t, command.exit, append(append(command.arguments, server...), "--rate", rate))
		mutex.Lock()
		gaps := len(arrived) - 1
		if gaps < 2 {
			t.Errorf("%s: %d requests prove nothing", command.arguments[0], len(arrived))
		} else if took, least := arrived[gaps].Sub(arrived[0]), time.Duration(gaps)*between/2; took < least {
			t.Errorf("%s: %d requests in %s, want at least %s", command.arguments[0], len(arrived), took, least)
		}
		mutex.Unlock()
	}
}
