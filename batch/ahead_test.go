package batch_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/batchtest"
	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// A disk that takes 5 ms for each sync costs a run next to nothing, whatever its rows
// need: their intents are on the disk before there is room for them on the server.
func TestNoSlotWaitsForTheDisk(t *testing.T) {
	t.Parallel()
	const rows, workers, service = 400, 4, 20 * time.Millisecond
	for _, test := range []struct {
		name, file string
		operation  validate.Operation
		requests   int // of a row
	}{
		{"creates", creates(rows), validate.Create, 1},
		{"updates that read the user first", titles(rows), validate.Update, 2},
		{"people of four requests", people(rows), validate.Create, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				simulator := &cupitest.Server{}
				simulator.AddUsers(rows)
				var guard batchtest.IntentGuard
				simulator.OnChange = func(c cupitest.Change) error { return guard.CheckChange(c.Method, c.Path, c.Fields) }
				server, end := inBubble(t, newMemoryNet(), simulator, workers)
				defer end()
				p := preflightFile(t, server, folder, test.file, options(test.operation))
				simulator.Latency = service
				before := simulator.Total()
				began := time.Now()
				syncs := 0
				slow := journal.Options{Synced: guard.Synced, Sync: func(*os.File) error { syncs++; time.Sleep(5 * time.Millisecond); return nil }}
				summary, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test", Journal: slow})
				if err != nil || summary.Exit != record.ExitDone {
					t.Fatalf("exit %d, error %v", summary.Exit, err)
				}
				took, sent := time.Since(began), simulator.Total()-before
				if sent != rows*test.requests {
					t.Errorf("%d requests for %d rows, want %d each", sent, rows, test.requests)
				}
				if err := guard.HalfMade(); err != nil {
					t.Error(err)
				}
				ideal := time.Duration(sent) * service / workers
				t.Logf("%.3f of the ideal, %d syncs", ideal.Seconds()/took.Seconds(), syncs)
				if syncs > rows*3/4 && test.requests < 4 { // of rows of several changes few are at hand; a busy computer shares less
					t.Errorf("%d syncs for %d rows, and many intents could share one", syncs, rows)
				}
				if ideal.Seconds() < 0.97*took.Seconds() {
					t.Errorf("took %s, and the server's own time is %s", took, ideal)
				}
			})
		})
	}
}

// titles is a file that gives n users a title, which the listing does not show.
func titles(n int) string {
	text := "Alias,Title\n"
	for i := range n {
		text += fmt.Sprintf("user%05d,Agent\n", i+1)
	}
	return text
}

// A run that is paused and then interrupted ends, whenever that is: rows that wait for
// the disk may be waiting for others, of which none is sent any more.
func TestAnInterruptionOfAPausedRun(t *testing.T) {
	t.Parallel()
	for moment := range 6 {
		folder := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			simulator := &cupitest.Server{}
			simulator.AddUsers(100)
			server, end := inBubble(t, newMemoryNet(), simulator, 2)
			defer end()
			server.Schedule.PauseFile = filepath.Join(folder, "pause")
			p := preflightFile(t, server, folder, titles(100), options(validate.Update))
			simulator.Latency = 20 * time.Millisecond
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			go func() {
				time.Sleep(time.Duration(moment) * 34 * time.Millisecond)
				if err := os.WriteFile(server.Schedule.PauseFile, nil, 0o600); err != nil {
					t.Error(err)
				}
			}()
			began := time.Now()
			summary, err := p.Run(ctx, batch.Recorder{Folder: folder, Tool: "test"})
			if err != nil || summary.Exit != record.ExitInterrupted || time.Since(began) != time.Hour {
				t.Fatalf("paused after %d ms: exit %d after %s, error %v; want an interruption after an hour", moment*34, summary.Exit, time.Since(began), err)
			}
		})
	}
}

// When rows can't be read for a moment and try again later, those whose intents wait for
// the disk are sent meanwhile.
func TestIntentsDoNotWaitForRowsThatTryAgain(t *testing.T) {
	t.Parallel()
	const rows, failing, workers, service = 200, 10, 2, 20 * time.Millisecond // as many fail as may try again
	for good := 20; good < 60; good += 4 {
		folder := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			simulator := &cupitest.Server{}
			simulator.AddUsers(rows)
			var reads atomic.Int64 // of the run
			reads.Store(-1)
			front := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet && reads.Load() >= 0 {
					if n := int(reads.Add(1)); n > good && n <= good+failing {
						time.Sleep(service)
						w.WriteHeader(http.StatusInternalServerError)
						return
					}
				}
				simulator.ServeHTTP(w, r)
			})
			server, end := inBubbleBehind(t, front, newMemoryNet(), simulator, workers)
			defer end()
			p := preflightFile(t, server, folder, titles(rows), options(validate.Update))
			simulator.Latency = service
			reads.Store(0)
			began := time.Now()
			summary, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test"})
			if err != nil || summary.Counts[record.Updated] != rows {
				t.Errorf("counts %v, error %v; want %d updated", summary.Counts, err, rows)
			}
			if took, ideal := time.Since(began), (2*rows+failing)*service/workers; took > ideal+service {
				t.Errorf("after %d reads, %d fail: took %s, and the server's own time is %s", good, failing, took, ideal)
			}
		})
	}
}

// What was written ahead and never sent is pending, and in no doubt.
func TestIntentsAheadOfAnInterruption(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{Latency: 2 * time.Millisecond}
	s := newSite(t, simulator)
	ctx, cancel := context.WithCancel(t.Context())
	var mutex sync.Mutex
	changes := 0
	simulator.OnChange = func(c cupitest.Change) error {
		mutex.Lock()
		defer mutex.Unlock()
		if changes++; changes == 20 {
			cancel()
		}
		return s.guard.CheckChange(c.Method, c.Path, c.Fields)
	}
	options := options(validate.Create)
	options.DoubtWindow = time.Hour // nothing may wait for it
	recorder := s.recorder("run")
	checked := s.prepare(recorder, creates(60), options)
	p, err := batch.Preflight(t.Context(), s.server(2), checked, func(validate.Problem) {})
	if err != nil {
		t.Fatal(err)
	}
	summary, err := p.Run(ctx, recorder)
	if err != nil || summary.Exit != record.ExitInterrupted {
		t.Fatalf("exit %d, error %v; want an interruption", summary.Exit, err)
	}
	history := s.history(recorder.Folder)
	neverSent := 0
	for number, row := range history.Rows {
		if row.Status != "" {
			continue
		}
		neverSent++
		if len(row.Changes) > 0 {
			t.Errorf("row %d was not sent, and has changes: %+v", number, row.Changes)
		}
	}
	if neverSent == 0 || neverSent != summary.Counts[record.Pending]-(60-len(history.Rows)) {
		t.Errorf("%d rows have an intent and were not sent, counts %v, %d rows in the journal", neverSent, summary.Counts, len(history.Rows))
	}
	in, err := history.SourceInput()
	if err != nil {
		t.Fatal(err)
	}
	summary, err = batch.Resume(t.Context(), s.server(2), history, in, options, s.recorderIn(recorder.Folder))
	if err != nil || summary.Counts[record.Created] != 60 {
		t.Fatalf("counts %v, error %v; want 60 created", summary.Counts, err)
	}
	mutex.Lock()
	defer mutex.Unlock()
	if changes != 60 {
		t.Errorf("%d requests to create 60 users", changes)
	}
}
