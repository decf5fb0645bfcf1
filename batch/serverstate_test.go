package batch_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/lock"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/internal/codes"
)

// While a server of the pair starts, synchronizes its database or recovers from a split brain, nothing begins
// to change it: no run, no resume, no rollback. Each costs one request, and goes on when the state is over,
// or when it is said that it does not matter.
func TestNothingBeginsWhileServersAreNotReady(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{Nodes: []string{"cuc1", "cuc2"}, NodeState: "database-sync", Location: cupitest.LocationOf(t.Name())}
	s := newSite(t, simulator)
	changing := func(t *testing.T, anyState bool) send.Server {
		server := s.server(2)
		held, err := lock.Take(s.url, s.folder, "admin")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(held.Release)
		server.Lock, server.AnyState = held, anyState
		return server
	}
	refused := func(name string, err error) {
		t.Helper()
		var stop *record.Stop
		if !errors.As(err, &stop) || stop.Code != codes.ServerState || stop.Exit != record.ExitFailed || !strings.Contains(stop.Reason, "cuc2 is ") || !strings.Contains(stop.Reason, "type the command again") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	ready := func(state string) { simulator.SetNodeState(state) }
	recorder := s.recorder("run")
	checked := s.prepare(recorder, creates(20), options("create"))
	begin := func(anyState bool) (p *batch.Preparation, err error) {
		t.Run("begin", func(t *testing.T) { p, err = batch.Preflight(t.Context(), changing(t, anyState), checked, nil) })
		return p, err
	}
	_, err := begin(false)
	refused("run", err)
	if _, err := begin(true); err != nil {
		t.Errorf("--any-state: %v", err)
	}
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.URL.Path == cupi.ClusterMembers.Path {
			return cupitest.Forbidden
		}
		return cupitest.NoFault
	}
	if _, err := begin(false); err != nil {
		t.Errorf("a server that does not say how it is: %v", err)
	}
	simulator.Fault = nil
	ready("")
	p, err := begin(false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	recorder.Result = func(record.Result) { cancel() }
	if _, err := p.Run(ctx, recorder); err != nil {
		t.Fatal(err)
	}
	resume := func() (err error) {
		history := s.history(recorder.Folder)
		in, err := history.SourceInput()
		if err != nil {
			t.Fatal(err)
		}
		t.Run("resume", func(t *testing.T) {
			_, err = batch.Resume(t.Context(), changing(t, false), history, in, options("create"), s.recorderIn(recorder.Folder))
		})
		return err
	}
	for _, state := range []string{"initializing", "split-brain"} {
		ready(state)
		refused("resume "+state, resume())
	}
	ready("down")
	if err := resume(); err != nil {
		t.Fatal(err)
	}
	history := s.history(recorder.Folder)
	undoing := s.recorder("undo")
	undo := func() (err error) {
		planned, err := record.PlanUndo(history, record.UndoOptions{Patience: record.Patience{DoubtWindow: 10 * time.Millisecond, MaxOutage: time.Minute}})
		if err != nil {
			t.Fatal(err)
		}
		t.Run("undo", func(t *testing.T) { _, err = rollback.Run(t.Context(), planned, changing(t, false), undoing, nil) })
		return err
	}
	ready("split-brain")
	refused("rollback", undo())
	ready("")
	if err := undo(); err != nil {
		t.Fatal(err)
	}
	if got := statuses(t, s.history(undoing.Folder)); strings.Count(got, "deleted") != 20 {
		t.Errorf("the rollback's rows are %s", got)
	}
}
