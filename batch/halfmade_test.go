package batch_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/batchtest"
	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/batch/send"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// halves is a server in a bubble that watches how many rows are half made.
type halves struct {
	t         *testing.T
	simulator *cupitest.Server
	guard     batchtest.IntentGuard
	mutex     sync.Mutex
	changes   int
	atChange  map[int]func()
}

func newHalves(t *testing.T, users int) *halves {
	h := &halves{t: t, simulator: &cupitest.Server{}, atChange: map[int]func(){}}
	h.simulator.AddUsers(users)
	h.simulator.OnChange = func(c cupitest.Change) error {
		h.mutex.Lock()
		defer h.mutex.Unlock()
		h.changes++
		if do := h.atChange[h.changes]; do != nil {
			do()
		}
		return h.guard.CheckChange(c.Method, c.Path, c.Fields)
	}
	return h
}

func (h *halves) recorder(folder string) batch.Recorder {
	return batch.Recorder{Folder: folder, Tool: "test", Journal: journal.Options{Synced: h.guard.Synced}}
}

// run does a file in folder, with a server of so many workers, and checks that no more
// rows were half made than may be.
func (h *halves) run(server send.Server, folder, text string, o record.Options) batch.Summary {
	h.t.Helper()
	summary, err := preflightFile(h.t, server, folder, text, o).Run(h.t.Context(), h.recorder(folder))
	if err != nil {
		h.t.Fatal(err)
	}
	h.check()
	return summary
}

func (h *halves) check() {
	h.t.Helper()
	if err := h.guard.HalfMade(); err != nil {
		h.t.Error(err)
	}
}

// However many workers there are, and whatever rows need, no more of them are half made
// than there are slots, and one; and the slots are busy all the same.
func TestFewRowsAreHalfMade(t *testing.T) {
	t.Parallel()
	const rows, service = 60, time.Second
	for _, test := range []struct {
		name, text string
		operation  validate.Operation
		requests   int // of all rows
	}{
		{"people of four requests", people(rows), validate.Create, 4 * rows},
		{"parts of people", changesOfParts(rows), validate.Update, 0},
		{"one request and four by turns", mixed(rows), validate.Create, 4*rows/2 + rows/2},
	} {
		for _, workers := range []int{1, 2, 4} {
			for _, auto := range []bool{false, true} {
				t.Run(fmt.Sprint(test.name, workers, auto), func(t *testing.T) {
					t.Parallel()
					folder := t.TempDir()
					synctest.Test(t, func(t *testing.T) {
						h := newHalves(t, rows)
						server, end := inBubble(t, newMemoryNet(), h.simulator, workers)
						defer end()
						server.Auto = auto
						p := preflightFile(t, server, folder, test.text, options(test.operation))
						h.simulator.Latency = service
						began, before := time.Now(), h.simulator.Total()
						summary, err := p.Run(t.Context(), h.recorder(folder))
						if err != nil || summary.Exit != record.ExitDone {
							t.Fatalf("exit %d, counts %v, error %v", summary.Exit, summary.Counts, err)
						}
						h.check()
						sent := h.simulator.Total() - before
						if test.requests > 0 && sent != test.requests {
							t.Errorf("%d requests, want %d", sent, test.requests)
						}
						ideal := time.Duration(sent) * service / time.Duration(workers)
						if took := time.Since(began); !auto && ideal.Seconds() < 0.9*took.Seconds() {
							t.Errorf("took %s, and the server's own time is %s", took, ideal)
						}
					})
				})
			}
		}
	}
}

// mixed is a file of n people, of which every other needs one request.
func mixed(n int) string {
	lines := strings.SplitAfter(people(n), "\n")
	for i := 1; i <= n; i += 2 {
		cells := strings.Split(lines[i], ",")
		lines[i] = cells[0] + "," + cells[1] + ",,,\n"
	}
	return strings.Join(lines, "")
}

// A row that waits for another attempt, or for the end of its doubt, keeps its place:
// others of one request go on meanwhile, and the run ends.
func TestRowsThatRestKeepTheirPlaces(t *testing.T) {
	t.Parallel()
	for _, fault := range []cupitest.Fault{cupitest.CutAfterCommit, cupitest.Error, cupitest.Busy, cupitest.LateCommit} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				h := newHalves(t, 0)
				faults := 0
				h.simulator.Fault = func(r *http.Request) cupitest.Fault {
					if strings.HasSuffix(r.URL.Path, "/credential/pin") && r.Method == http.MethodPut {
						if faults++; faults%3 == 1 {
							return fault
						}
					}
					return cupitest.NoFault
				}
				server, end := inBubble(t, newMemoryNet(), h.simulator, 2)
				defer end()
				o := options(validate.Create)
				o.DoubtWindow, o.MaxOutage = 80*time.Second, time.Hour
				p := preflightFile(t, server, folder, mixed(40), o)
				h.simulator.Latency = time.Second
				summary, err := p.Run(t.Context(), h.recorder(folder))
				if err != nil || summary.Counts[record.Created]+summary.Counts[record.Partial]+summary.Counts[record.Uncertain] != 40 || faults == 0 {
					t.Errorf("counts %v, error %v, stop %v", summary.Counts, err, summary.Stop)
				}
				h.check()
			})
		})
	}
}

// A run is interrupted again and again, with fewer workers each time: rows that were begun
// go on before others begin.
func TestARowThatWasBegunGoesOnFirst(t *testing.T) {
	t.Parallel()
	const rows = 40
	for _, single := range []bool{false, true} { // rows of one request need no place
		text := people(rows)
		if single {
			text = mixed(rows)
		}
		folder := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			h := newHalves(t, 0)
			h.simulator.Latency = time.Second // what is in flight at once arrives at once
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			h.atChange[30] = cancel
			server, end := inBubble(t, newMemoryNet(), h.simulator, 4)
			defer end()
			if _, err := preflightFile(t, server, folder, text, options(validate.Create)).Run(ctx, h.recorder(folder)); err != nil {
				t.Fatal(err)
			}
			begun := 0
			for workers := 3; workers > 0; workers-- {
				begun += h.interruptResume(folder, workers, !single)
			}
			if begun == 0 {
				t.Error("no start left a row half made")
			}
			history, in := resumable(t, folder)
			summary, err := batch.Resume(t.Context(), server, history, in, options(validate.Create), h.recorder(folder))
			if err != nil || summary.Counts[record.Created] != rows {
				t.Errorf("counts %v, error %v", summary.Counts, err)
			}
			h.check()
		})
	}
}

// interruptResume resumes a run that one more worker did, and interrupts it at its 30th
// change. Where all rows are of several changes, those that were begun come first. It gives how
// many were half made before.
func (h *halves) interruptResume(folder string, workers int, several bool) (halfMade int) {
	h.t.Helper()
	history, in := resumable(h.t, folder)
	begun := map[string]bool{}
	for _, r := range results(h.t, history) {
		if r.Code == "interrupted" {
			begun[r.Alias] = true
		}
	}
	if len(begun) > workers+2 {
		h.t.Errorf("%d rows are half made after a start with %d workers", len(begun), workers+1)
	}
	ctx, cancel := context.WithCancel(h.t.Context())
	defer cancel()
	changes, first := 0, 0
	h.simulator.OnChange = func(c cupitest.Change) error {
		h.mutex.Lock()
		defer h.mutex.Unlock()
		if changes++; changes == 30 {
			cancel()
		}
		if changes <= workers && begun[c.Alias] {
			first++
		}
		if want := min(len(begun), workers); several && changes == workers && first < want {
			h.t.Errorf("of the first %d changes of a resume, %d are of rows that were begun, want %d: %v", changes, first, want, begun)
		}
		return h.guard.CheckChange(c.Method, c.Path, c.Fields)
	}
	server, end := inBubble(h.t, newMemoryNet(), h.simulator, workers)
	defer end()
	if _, err := batch.Resume(ctx, server, history, in, options(validate.Create), h.recorder(folder)); err != nil {
		h.t.Fatal(err)
	}
	return len(begun)
}

// resumable is what a resume needs.
func resumable(t *testing.T, folder string) (*record.History, record.Input) {
	t.Helper()
	history, err := record.ReadHistory(folder)
	if err != nil {
		t.Fatal(err)
	}
	in, err := history.SourceInput()
	if err != nil {
		t.Fatal(err)
	}
	return history, in
}

// After a kill rows are in doubt that never reached the server: they begin as others do.
func TestFewRowsAreHalfMadeAfterAKill(t *testing.T) {
	t.Parallel()
	const rows, doubted = 30, 20
	for _, workers := range []int{1, 2, 4} {
		t.Run(fmt.Sprint(workers), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				o := options(validate.Create)
				o.DoubtWindow = 80 * time.Second
				server, empty, history, in := killedBeforeAnswers(t, folder, people(rows), doubted, o)
				var guard batchtest.IntentGuard
				empty.OnChange = func(c cupitest.Change) error { return guard.CheckChange(c.Method, c.Path, c.Fields) }
				server.Workers = workers
				recorder := batch.Recorder{Folder: folder, Tool: "test", Journal: journal.Options{Synced: guard.Synced}}
				summary, err := batch.Resume(t.Context(), server, history, in, o, recorder)
				if err != nil || summary.Counts[record.Created] != rows {
					t.Errorf("counts %v, stop %v, error %v", summary.Counts, summary.Stop, err)
				}
				if err := guard.HalfMade(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// Rows that an earlier run left half made, and that are continued, go on a few at a time
// too. Whatever ends that before it begins, nothing is told of the earlier run's changes.
func TestFewContinuedRowsAreHalfMade(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	s.simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method != http.MethodGet && r.URL.Path != "/vmrest/users" {
			return cupitest.NotFound
		}
		return cupitest.NoFault
	}
	_, first := s.run(t.Context(), "first", people(40), options(validate.Create), 2)
	s.simulator.Fault = nil
	o := options(validate.Create)
	o.Continues = first.Folder
	rejects := s.rejects(first)

	summary, second := s.interruptedAt(5, "second", rejects, o, 2)
	if got, want := fmt.Sprint(summary.Counts), fmt.Sprint(second.Counts()); got != want {
		t.Errorf("the run that was interrupted counts %s, and its journal %s", got, want)
	}
	s.simulator.OnChange = func(c cupitest.Change) error { return s.guard.CheckChange(c.Method, c.Path, c.Fields) }
	if summary, _ := s.resume(t.Context(), second, o); summary.Counts[record.Created] != 40 {
		t.Errorf("counts %v", summary.Counts)
	}
}

// Rows that wait for each other, of several requests, at any number of workers: none waits
// for ever, and few are half made.
func TestCirclesOfHalfMadeRows(t *testing.T) {
	t.Parallel()
	const circles = 12
	for _, together := range []bool{false, true} { // the rows of a cycle, in the file
		for _, workers := range []int{1, 2, 4} {
			t.Run(fmt.Sprint(workers, together), func(t *testing.T) {
				t.Parallel()
				folder, undone := t.TempDir(), t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					h := newHalves(t, 3*circles)
					before := byAlias(h.simulator.Snapshot())
					server, end := inBubble(t, newMemoryNet(), h.simulator, workers)
					defer end()
					var lines [3][]string
					for i := range circles {
						for j := range 3 {
							alias, next := fmt.Sprintf("user%05d", 3*i+j+1), fmt.Sprintf("user%05d", 3*i+(j+1)%3+1)
							lines[j] = append(lines[j], fmt.Sprintf("%s,%s,Agent,%d\n", alias, h.simulator.UserByAlias(next)["DtmfAccessId"], 770001+3*i+j))
						}
					}
					text := "Alias,DtmfAccessId,Title,Extension_Alt1\n"
					for i := range circles {
						text += lines[0][i] + lines[1][i] + lines[2][i]
					}
					if !together {
						text = "Alias,DtmfAccessId,Title,Extension_Alt1\n" + strings.Join(lines[0], "") + strings.Join(lines[1], "") + strings.Join(lines[2], "")
					}
					h.simulator.Latency = time.Second
					if summary := h.run(server, folder, text, options(validate.Update)); summary.Exit != record.ExitDone {
						t.Fatalf("exit %d, counts %v, stop %v", summary.Exit, summary.Counts, summary.Stop)
					}
					history, err := record.ReadHistory(folder)
					if err != nil {
						t.Fatal(err)
					}
					undo, err := record.PlanUndo(history, record.UndoOptions{Patience: record.Patience{DoubtWindow: time.Second, MaxOutage: time.Minute}})
					if err != nil {
						t.Fatal(err)
					}
					summary, err := rollback.Run(t.Context(), undo, server, h.recorder(undone), nil)
					if err != nil || summary.Exit != record.ExitDone {
						t.Errorf("rollback: exit %d, counts %v, stop %v, error %v", summary.Exit, summary.Counts, summary.Stop, err)
					}
					h.check()
					compareSnapshots(t, before, byAlias(h.simulator.Snapshot()))
				})
			})
		}
	}
}
