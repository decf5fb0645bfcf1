package torture

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// starters is how many start at once.
const starters = 10

// TestTenStartsAtOnce starts ten runs on one server, and then ten resumes of one run
// folder: one works, and nine say who does.
func TestTenStartsAtOnce(t *testing.T) {
	t.Parallel()
	program, err := theProgram()
	must(t, err)
	for _, test := range []struct {
		name string
		// arguments of one of the starters, and the folder of what the working one leaves
		arguments func(folder string, starter int) []string
		out       func(folder string, starter int) string
	}{
		{"run", func(folder string, starter int) []string {
			return []string{"run", "users.csv", "--template", "voicemailusertemplate", "--max-deletes", "100%", "--out", filepath.Join(folder, fmt.Sprint("run-", starter))}
		}, func(folder string, starter int) string { return filepath.Join(folder, fmt.Sprint("run-", starter)) }},
		{"resume", func(folder string, _ int) []string {
			return []string{"resume", filepath.Join(folder, "run")}
		}, func(folder string, _ int) string { return filepath.Join(folder, "run") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := newGate(t)
			defer g.end()
			folder := t.TempDir()
			rows := wishes(rand.New(rand.NewPCG(9, 9)), 20)
			before := people(g.simulator)
			must(t, os.WriteFile(filepath.Join(folder, "users.csv"), []byte(fileOf(rows)), 0o600))
			if test.name == "resume" {
				g.interrupted(program, folder)
			}
			for starter := range starters {
				g.watch(filepath.Join(test.out(folder, starter), record.JournalFile))
			}
			ends := make([]ending, starters)
			var group sync.WaitGroup
			for starter := range starters {
				group.Go(func() {
					ends[starter] = g.start(program, folder, 0, append(test.arguments(folder, starter), limits...)...)
					g.leave()
				})
			}
			group.Wait()
			winner := -1
			for starter, e := range ends {
				switch {
				case e.exit == record.ExitDone && winner < 0:
					winner = starter
				case e.exit != record.ExitFailed || !saysWho.MatchString(e.output):
					t.Errorf("start %d: exit %d, and it does not say who is at work:\n%s", starter, e.exit, e.output)
				}
			}
			if winner < 0 {
				t.Fatal("none of them worked")
			}
			checkRun(t, test.out(folder, winner), rows, before, people(g.simulator))
			g.checkPosts(test.out(folder, winner))
			fmt.Printf("%d starts of %s at once: one worked, %d said who does\n", starters, test.name, starters-1)
		})
	}
}

// saysWho finds the process, since when, and the run folder in a message, or the run that is
// to be resumed and is at work already.
var saysWho = regexp.MustCompile(`process \d+, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, .*run folder \S+|cucbulk: \S+ is still at work`)

// gate is a site that carries out no change before all starters but one have left, so
// that the one at work can't be done before the others look.
type gate struct {
	*site
	mutex sync.Mutex
	left  int
	open  chan struct{}

	interrupting atomic.Bool // then no change is ever carried out
}

func newGate(t *testing.T) *gate {
	t.Helper()
	g := &gate{site: newSite(t, &cupitest.Server{}), open: make(chan struct{})}
	g.simulator.AddUsers(20)
	g.simulator.AddDirectoryUsers(20)
	g.meet = func(simulator http.Handler, w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet:
		case g.interrupting.Load():
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		default:
			<-g.open
		}
		simulator.ServeHTTP(w, r)
	}
	return g
}

// leave counts a starter that has ended.
func (g *gate) leave() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.left++; g.left == starters-1 {
		close(g.open)
	}
}

// interrupted leaves a run folder whose run was killed before its first change.
func (g *gate) interrupted(program, folder string) {
	g.t.Helper()
	g.interrupting.Store(true)
	defer g.interrupting.Store(false)
	out := filepath.Join(folder, "run")
	for whole := int64(0); whole == 0; {
		must(g.t, os.RemoveAll(out))
		e := g.start(program, folder, 300*time.Millisecond,
			append([]string{"run", "users.csv", "--template", "voicemailusertemplate", "--max-deletes", "100%", "--out", out}, limits...)...)
		if !e.killed {
			g.t.Fatalf("it ended before it was killed: exit %d\n%s", e.exit, e.output)
		}
		var err error
		whole, err = wholeLines(filepath.Join(out, record.JournalFile))
		must(g.t, err)
	}
}
