package probe

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // net/http tells what servers say
	goleak.VerifyTestMain(m)
}

// clientOf is a client of a server at an address.
func clientOf(t testing.TB, url string, wire cupi.Wire) *cupi.Client {
	t.Helper()
	client, err := cupi.New(cupi.Config{Server: url, User: "admin", Password: "correct-horse-battery", Workers: 1, Wire: wire})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// simulated gives fresh simulators.
func simulated(t testing.TB, wire cupi.Wire) func([]string) (*cupi.Client, func(), error) {
	return func(settings []string) (*cupi.Client, func(), error) {
		server := &cupitest.Server{}
		for _, setting := range settings {
			name, value, _ := strings.Cut(setting, "=")
			if err := server.Set(name, value); err != nil {
				return nil, nil, err
			}
		}
		web := httptest.NewServer(server)
		return clientOf(t, web.URL, wire), web.Close, nil
	}
}

// optionsOn probe a server.
func optionsOn(t testing.TB, server *cupitest.Server, wire cupi.Wire) Options {
	t.Helper()
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	return Options{Client: clientOf(t, web.URL, wire), Path: filepath.Join(t.TempDir(), "probe.json"), Tool: "test", Doubt: time.Hour,
		Simulator: simulated(t, wire), pause: func(time.Duration) {}}
}

// parts are those of a walk that is not to take long.
func parts(names ...string) func(string) bool {
	return func(part string) bool { return slices.Contains(names, part) }
}

// walked is a walk on the simulator, for many probes beside it.
func walked(t testing.TB, only func(string) bool) *probe {
	t.Helper()
	p, err := prepare(Options{Simulator: simulated(t, cupi.JSON), only: only})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// shortened is the walk through some tries alone.
func (p *probe) shortened(only func(try) bool) *probe {
	short := *p
	short.tries, short.simulated = nil, nil
	for i, one := range p.tries {
		if only(one) {
			short.tries, short.simulated = append(short.tries, one), append(short.simulated, p.simulated[i])
		}
	}
	return &short
}

// beside takes the same walk with other options.
func (p *probe) beside(ctx context.Context, o Options) (*Result, error) {
	other := *p
	other.Options = o
	return other.run(ctx)
}

func run(t *testing.T, o Options) *Result {
	t.Helper()
	result, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// asBefore fails the test when the server is not as it was.
func asBefore(t *testing.T, before map[string]map[string]string, server *cupitest.Server) {
	t.Helper()
	server.Wait()
	if changed := cmp.Diff(before, server.Snapshot()); changed != "" {
		t.Errorf("the server is not as it was:\n%s", changed)
	}
}

// lines are the tries that are not the same.
func lines(result *Result) string {
	var text strings.Builder
	for _, c := range result.Tries {
		if c.Verdict != Same {
			fmt.Fprintf(&text, "%s: %s: %s: %s | %s %s\n", c.Part, c.Request, c.Verdict, c.Server, c.Simulator, strings.Join(c.Differences, "; "))
		}
	}
	return text.String()
}

func TestNothingDiffersFromTheSimulator(t *testing.T) {
	t.Parallel()
	for _, wire := range []cupi.Wire{cupi.JSON, cupi.XML} {
		t.Run(string(wire), func(t *testing.T) {
			t.Parallel()
			server := &cupitest.Server{Username: "admin", Password: "correct-horse-battery"}
			server.AddUsers(20)
			before := server.Snapshot()
			result := run(t, optionsOn(t, server, wire))
			if text := lines(result); text != "" || result.Ended != nil || result.Unclean != nil || !result.Written {
				t.Errorf("%+v\n%s", result, text)
			}
			if len(result.Tries) < 200 {
				t.Errorf("only %d tries", len(result.Tries))
			}
			asBefore(t, before, server)
		})
	}
}
