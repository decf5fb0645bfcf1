package batch_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/lock"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// TestOneServerOfManyNames runs, resumes and rolls back on a server that another run has by
// another name: nothing is changed, and it is told who has it.
func TestOneServerOfManyNames(t *testing.T) {
	t.Parallel()
	for name, users := range map[string]bool{"with users": true, "of no users": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, &cupitest.Server{Nodes: []string{t.Name()}})
			s.simulator.Location = cupitest.LocationOf(s.url)
			names := []string{s.url, strings.Replace(s.url, "127.0.0.1", "localhost", 1)}
			if !users {
				names = emptied(t, s, names)
			}
			first, second := s.named(names[0]), s.named(names[1])
			run := func(server send.Server, folder string) error {
				_, err := batch.Preflight(t.Context(), server, s.prepare(s.recorder(folder), creates(1), options(validate.Create)), func(validate.Problem) {})
				return err
			}
			locked := func(server send.Server) send.Server {
				var err error
				if server.Lock, err = lock.Take(server.URL, "runs/"+server.URL, "admin"); err != nil {
					t.Fatal(err)
				}
				return server
			}
			_, history := s.run(t.Context(), "done", creates(2), options(validate.Create), 1)
			first = locked(first)
			if err := run(first, "first"); err != nil {
				t.Fatal(err)
			}
			changes := s.guard.Changes()
			refused := func(what string, err error) {
				t.Helper()
				if !errors.Is(err, lock.ErrInUse) || !strings.Contains(err.Error(), "run folder runs/"+names[0]+", on "+names[0]) {
					t.Errorf("%s: got %v", what, err)
				}
			}
			second = locked(second)
			refused("run", run(second, "second"))
			undo, err := record.PlanUndo(history, record.UndoOptions{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = rollback.Run(t.Context(), undo, second, s.recorder("undone"), nil)
			refused("rollback", err)
			if s.guard.Changes() != changes {
				t.Error("something was changed")
			}
			unlocked := second
			unlocked.Lock = nil
			if err := run(unlocked, "looks"); err != nil {
				t.Errorf("what only looks: %v", err)
			}
			first.Lock.Release()
			if err := run(second, "then"); err != nil {
				t.Errorf("when the other has ended: %v", err)
			}
			second.Lock.Release()
		})
	}
}

// named is the site's server by another address.
func (s *site) named(url string) send.Server {
	s.t.Helper()
	server := s.server(1)
	client, err := cupi.New(cupi.Config{Server: url, User: "admin", Password: "secret", Wire: s.wire, Workers: 1})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(client.Close)
	server.Client, server.URL = client, url
	return server
}

// emptied gives addresses by which the site's server shows no users, as one that is new.
func emptied(t *testing.T, s *site, names []string) []string {
	t.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/vmrest/users" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"@total":"0"}`))
			return
		}
		s.simulator.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	_, port, err := net.SplitHostPort(web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return []string{"http://127.0.0.1:" + port, "http://localhost:" + port}
}
