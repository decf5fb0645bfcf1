package cli

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// On a terminal the host must be typed before anything is sent.
func TestProbeAsks(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]int{"127.0.0.1\n": record.ExitDone, "yes\n": record.ExitRail, "": record.ExitRail} {
		server := &cupitest.Server{Username: "admin", Password: "correct-horse-battery"}
		web := httptest.NewServer(server)
		before := pictureOf(server)
		p := newProcess("probe", "--server", web.URL, "--user", "admin", "--out", filepath.Join(t.TempDir(), "probe.json")).atTerminal(typed, "correct-horse-battery")
		got := Main(context.Background(), p.environment)
		web.Close()
		if got != want || (server.Total() > 0) != (want == record.ExitDone) || !strings.Contains(p.stderr.String(), "would change something, and only the one user") {
			t.Errorf("typed %q: exit %d after %d requests\n%s%s", typed, got, server.Total(), p.stdout, p.stderr)
		}
		if different := before.compare(pictureOf(server)); len(different) > 0 {
			t.Errorf("typed %q: %v", typed, different)
		}
	}
}

// Each setting that is tried is one that the simulator takes.
func TestProbeSettings(t *testing.T) {
	t.Parallel()
	settings := probeSettings()
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		if err := new(cupitest.Server).Set(name, value); err != nil {
			t.Error(err)
		}
	}
	for _, one := range cupitest.Switches() {
		if !strings.Contains(strings.Join(settings, "\n"), one.Name+"=") {
			t.Errorf("%s is never turned", one.Name)
		}
	}
}
