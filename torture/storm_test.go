package torture

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// stormLanes is how many nights of the storm go on at once. They mostly wait.
const stormLanes = 4

// tally adds up what a test did.
type tally struct{ kills, runKills, resumeKills, rollbackKills, nights, rows, lost atomic.Int64 }

// TestKillStorm kills the real program at random moments while it runs, resumes and
// rolls back, on a server that loses one answer in ten, until each night has ended;
// then it compares. A lost answer is a change that was made, was not made, or is made
// later; later still than its connection, and sooner than the doubt window ends.
func TestKillStorm(t *testing.T) {
	t.Parallel()
	program, err := theProgram()
	must(t, err)
	began := time.Now()
	var counts tally
	t.Cleanup(func() {
		fmt.Printf("kill storm: %d kills (%d of run, %d of resume, %d of rollback and its resume) in %d nights of %d rows, %d answers lost, %.0f s\n",
			counts.kills.Load(), counts.runKills.Load(), counts.resumeKills.Load(), counts.rollbackKills.Load(),
			counts.nights.Load(), counts.rows.Load(), counts.lost.Load(), time.Since(began).Seconds())
	})
	for lane := range stormLanes {
		t.Run(fmt.Sprint("lane ", lane), func(t *testing.T) {
			t.Parallel()
			for seed := uint64(lane); counts.kills.Load() < int64(*kills) && !t.Failed(); seed += stormLanes {
				newNight(t, program, seed, &counts).pass()
			}
		})
	}
}

// night is one file, from its first start to the end of its rollback.
type night struct {
	*site
	program string
	seed    uint64
	random  *rand.Rand // used by the test's goroutine
	counts  *tally
	folder  string
	rows    []wish
	before  map[string]map[string]string
	calm    atomic.Bool // no answer gets lost any more
}

func newNight(t *testing.T, program string, seed uint64, counts *tally) *night {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	n := &night{program: program, seed: seed, random: random, counts: counts, folder: t.TempDir(), rows: wishes(random, 30+random.IntN(30))}
	n.site = newSite(t, &cupitest.Server{Seed: seed, Latency: 2 * time.Millisecond, LateBy: 20 * time.Millisecond})
	n.simulator.Fault = n.loseAnswers()
	n.simulator.AddUsers(60)
	n.simulator.AddDirectoryUsers(60)
	n.before = people(n.simulator)
	must(t, os.WriteFile(filepath.Join(n.folder, "users.csv"), []byte(fileOf(n.rows)), 0o600))
	return n
}

// loseAnswers makes one answer in ten get lost, of changes; one in fifty, of reads.
func (n *night) loseAnswers() func(*http.Request) cupitest.Fault {
	var mutex sync.Mutex
	random := rand.New(rand.NewPCG(n.seed, 2))
	return func(r *http.Request) cupitest.Fault {
		if n.calm.Load() {
			return cupitest.NoFault
		}
		mutex.Lock()
		defer mutex.Unlock()
		draw := random.IntN(1000)
		if r.Method == http.MethodGet {
			draw *= 5
		}
		fault := cupitest.NoFault
		switch {
		case draw < 45:
			fault = cupitest.CutAfterCommit
		case draw < 75:
			fault = cupitest.Reset
		case draw < 100:
			fault = cupitest.LateCommit
		}
		if fault != cupitest.NoFault {
			n.counts.lost.Add(1)
		}
		return fault
	}
}

// limits are the flags that keep guard rails out of the way, and doubt short: but longer than
// a busy machine takes to start the program again, or else nothing is proven any more.
var limits = []string{"--max-failures", "100%", "--canary", "0", "--doubt-window", "300ms", "--timeout", "10s", "--progress", "none"}

// pass does the file and takes it back, and compares after each.
func (n *night) pass() {
	n.t.Helper()
	defer n.end()
	run := n.untilEnded("run", &n.counts.runKills, &n.counts.resumeKills, func(out string) []string {
		return append([]string{"run", "users.csv", "--template", "voicemailusertemplate", "--max-deletes", "100%", "--out", out}, limits...)
	})
	n.simulator.Wait()
	if n.t.Failed() {
		return
	}
	statuses := checkRun(n.t, run, n.rows, n.before, people(n.simulator))
	n.checkPosts(run)

	undo := func(out string) []string {
		return append([]string{"rollback", run, "--yes", "--out", out}, limits[4:]...)
	}
	rollback := n.untilEnded("rollback", &n.counts.rollbackKills, &n.counts.rollbackKills, undo)
	n.simulator.Wait()
	if n.t.Failed() {
		return
	}
	checkJournal(n.t, rollback, len(rowsOf(n.t, rollback)))
	n.checkPosts(run, rollback)
	n.checkUndone(rollback, "gave-up")

	// Once more, now that nothing gets lost: what three lost answers in a row left is
	// taken back, and nothing else happens.
	n.calm.Store(true)
	again := filepath.Join(n.folder, "rollback-again")
	n.watch(filepath.Join(again, record.JournalFile))
	if e := n.start(n.program, n.folder, 0, undo(again)...); e.exit != record.ExitDone && e.exit != record.ExitIncomplete {
		n.t.Errorf("the second rollback exits with %d\n%s", e.exit, e.output)
	}
	n.checkUndone(again, "alias-taken") // by the user that the first rollback made again
	if difference := cmp.Diff(n.before, people(n.simulator)); difference != "" {
		n.t.Errorf("after the rollback the server is not as before (- before, + after):\n%s", difference)
	}
	n.counts.nights.Add(1)
	n.counts.rows.Add(int64(len(n.rows)))
	if n.t.Failed() {
		n.t.Errorf("this was the night with seed %d, and its statuses %v", n.seed, statuses)
	}
}

// checkUndone makes sure that every row of a rollback is undone, but for those with
// that code.
func (n *night) checkUndone(folder, code string) {
	n.t.Helper()
	for _, r := range rowsOf(n.t, folder) {
		if r.status != "deleted" && r.status != "restored" && r.status != "recreated" && r.code != code {
			n.t.Errorf("rolled back: %+v", r)
		}
	}
}

// untilEnded starts a command and kills it, and resumes it and kills that, until it
// ends by itself. A start that died before its journal held a record has done
// nothing, and has nothing to resume: then the command is given again. It gives the
// folder with the record.
func (n *night) untilEnded(name string, first, resumed *atomic.Int64, command func(out string) []string) string {
	n.t.Helper()
	for attempt := 1; ; attempt++ {
		folder := filepath.Join(n.folder, fmt.Sprintf("%s-%d", name, attempt))
		path := filepath.Join(folder, record.JournalFile)
		n.watch(path)
		e := n.start(n.program, n.folder, n.whenToKill(), command(folder)...)
		for first := first; ; first = resumed {
			if !e.killed {
				if e.exit != record.ExitDone && e.exit != record.ExitIncomplete && e.exit != record.ExitInterrupted {
					n.t.Errorf("seed %d: %s exits with %d\n%s", n.seed, name, e.exit, e.output)
				}
				if e.exit != record.ExitInterrupted {
					return folder
				}
				n.t.Errorf("seed %d: %s was not killed, and is interrupted\n%s", n.seed, name, e.output)
				return folder
			}
			first.Add(1)
			n.counts.kills.Add(1)
			if end, err := wholeLines(path); err != nil || end == 0 {
				must(n.t, err)
				break
			}
			e = n.start(n.program, n.folder, n.whenToKill(), append([]string{"resume", folder}, limits...)...)
		}
	}
}

// whenToKill is 18 ms after the start or some time later; 0, never, once there were
// enough kills.
func (n *night) whenToKill() time.Duration {
	if n.counts.kills.Load() >= int64(*kills) {
		return 0
	}
	const mean = 250 * time.Millisecond // about a doubt window, or no doubt would ever be settled
	return 18*time.Millisecond + min(time.Duration(n.random.ExpFloat64()*float64(mean)), 2*time.Second)
}
