package batch_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// dies lets a start of the program work in a folder, and die when the server gets its nth
// change: nothing that comes later is carried out, and the journal keeps what was
// durable then. It reports whether there were so many.
func (h *halves) dies(folder string, at int, work func(context.Context, batch.Recorder) (batch.Summary, error)) (died bool) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(h.t.Context())
	defer cancel()
	changes, synced := 0, int64(0)
	h.simulator.Fault = func(r *http.Request) cupitest.Fault {
		h.mutex.Lock()
		defer h.mutex.Unlock()
		switch {
		case died:
			return cupitest.Reset
		case r.Method == http.MethodGet:
			return cupitest.NoFault
		}
		if changes++; changes >= at {
			died = true
			cancel()
		}
		return cupitest.NoFault
	}
	recorder := h.recorder(folder)
	note := recorder.Journal.Synced
	recorder.Journal.Synced = func(path string, bytes int64) {
		h.mutex.Lock()
		defer h.mutex.Unlock()
		if !died {
			synced = bytes
			note(path, bytes)
		}
	}
	if _, err := work(ctx, recorder); err != nil {
		h.t.Fatal(err)
	}
	h.simulator.Fault = nil
	if died {
		if err := os.Truncate(filepath.Join(folder, record.JournalFile), synced); err != nil {
			h.t.Fatal(err)
		}
		_ = os.Remove(filepath.Join(folder, record.JournalFile+".lock")) // which says how far it was known to reach
	}
	return died
}

// begunFiles are files of which rows are cut off.
func begunFiles(users int) map[string]struct {
	text      string
	operation validate.Operation
} {
	return map[string]struct {
		text      string
		operation validate.Operation
	}{
		"people":                           {people(users / 2), validate.Create},
		"mixed":                            {mixed(users / 2), validate.Create},
		"circles":                          {circlesOfThree(users/3, true), validate.Update},
		"circles of one that is half made": {circlesOfThree(users/3, false), validate.Update},
	}
}

// A run, or its rollsBack, is killed anywhere, and resumed with fewer workers: what was begun,
// or may have been, goes on before anything else begins.
func TestWhatWasBegunGoesOnFirstAfterAKill(t *testing.T) {
	t.Parallel()
	const users = 12
	for name, file := range begunFiles(users) {
		for _, rollsBack := range []bool{false, true} {
			if rollsBack && name == "circles" {
				continue // there a row that is awaited is half made too
			}
			for _, workers := range []int{1, 2, 3} { // together they are killed at each change
				t.Run(fmt.Sprint(name, workers, map[bool]string{true: " rollback"}[rollsBack]), func(t *testing.T) {
					t.Parallel()
					deaths := 0
					for at := workers; !t.Failed(); at += 3 {
						folder, undone, died := t.TempDir(), t.TempDir(), false
						synctest.Test(t, func(t *testing.T) {
							h := newHalves(t, users)
							h.simulator.Latency = time.Second
							before := byAlias(h.simulator.Snapshot())
							server, end := inBubble(t, newMemoryNet(), h.simulator, 4)
							defer end()
							o := options(file.operation)
							o.DoubtWindow = 20 * time.Second
							run := func(ctx context.Context, recorder batch.Recorder) (batch.Summary, error) {
								return preflightFile(t, server, folder, file.text, o).Run(ctx, recorder)
							}
							undo := func(ctx context.Context, recorder batch.Recorder) (batch.Summary, error) {
								own, _ := record.ReadHistory(undone) // nil: it has not begun
								history, _ := resumable(t, folder)
								undo, err := record.PlanUndo(history, record.UndoOptions{Patience: record.Patience{DoubtWindow: o.DoubtWindow, MaxOutage: time.Minute}})
								if err != nil {
									t.Fatal(err)
								}
								return rollback.Run(ctx, undo, server, recorder, own)
							}
							if rollsBack {
								h.run(server, folder, file.text, o)
								died = h.dies(undone, at, undo)
							} else {
								died = h.dies(folder, at, run)
							}
							if !died {
								return
							}
							server, end = inBubble(t, newMemoryNet(), h.simulator, workers)
							defer end()
							var summary batch.Summary
							var err error
							if rollsBack {
								summary, err = undo(t.Context(), h.recorder(undone))
								compareSnapshots(t, before, byAlias(h.simulator.Snapshot()))
							} else {
								history, in := resumable(t, folder)
								summary, err = batch.Resume(t.Context(), server, history, in, o, h.recorder(folder))
							}
							if err != nil || summary.Exit != record.ExitDone {
								t.Errorf("killed at change %d, counts %v, stop %v, error %v", at, summary.Counts, summary.Stop, err)
							}
							if err := h.guard.HalfMade(); err != nil {
								t.Errorf("killed at change %d: %v", at, err)
							}
						})
						if !died {
							break
						}
						deaths++
					}
					if deaths < 2 {
						t.Errorf("it died %d times", deaths)
					}
				})
			}
		}
	}
}

// circlesOfThree is a file in which so many times three users hand their extensions round;
// the first of them, or all, get more than that.
func circlesOfThree(circles int, all bool) string {
	text := "Alias,DtmfAccessId,Title,Extension_Alt1\n"
	for i := range circles {
		for j := range 3 {
			text += fmt.Sprintf("user%05d,%d", 3*i+j+1, 10000+3*i+(j+1)%3)
			if all || j == 0 {
				text += fmt.Sprintf(",Agent,%d\n", 770001+3*i+j)
			} else {
				text += ",,\n"
			}
		}
	}
	return text
}
