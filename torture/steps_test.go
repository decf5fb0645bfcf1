package torture

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/internal/cli"
)

// controlVariable names the address to which the program, when a test is it, tells
// each sync of its journal.
const controlVariable = "CUCBULK_TORTURE_CONTROL"

// beTheProgram is the program as main runs it, but that it waits after each sync
// until the test has taken note.
func beTheProgram() int {
	environment := cli.System()
	environment.JournalSynced = func(path string, bytes int64) {
		absolute, err := filepath.Abs(path)
		if err != nil {
			panic(err)
		}
		answer, err := http.PostForm(os.Getenv(controlVariable), url.Values{"path": {absolute}, "bytes": {strconv.FormatInt(bytes, 10)}})
		if err != nil {
			panic(err)
		}
		answer.Body.Close()
	}
	return cli.Main(context.Background(), environment)
}

// stepLanes is how many of the runs go on at once. They mostly wait.
const stepLanes = 6

// TestDeathAtEveryStep ends a run of 50 rows at its first step, at its second and so
// on: a step is a sync of the journal that is done, a request that arrives and is
// never carried out, or one that is carried out and never answered. Each time once by
// SIGKILL and once by a power failure, which takes from the journal what was not
// synced. The resume dies too, some steps later; the next one ends, and all is
// compared. Its rollback dies and goes on in the same way.
func TestDeathAtEveryStep(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	must(t, err)
	began := time.Now()
	var next, last, deaths atomic.Int64
	t.Cleanup(func() {
		fmt.Printf("death at every step: %d steps, every %s of them, %d deaths, %.0f s\n",
			last.Load(), ordinal(*stride), deaths.Load(), time.Since(began).Seconds())
	})
	for lane := range stepLanes {
		t.Run(fmt.Sprint("lane ", lane), func(t *testing.T) {
			t.Parallel()
			for !t.Failed() && last.Load() == 0 {
				step := int(next.Add(1)-1)**stride + 1
				for _, power := range []bool{false, true} {
					d := newDying(t, program, step, power)
					survived := d.pass()
					deaths.Add(int64(d.deaths))
					if survived {
						last.CompareAndSwap(0, int64(d.most))
						return
					}
				}
			}
		})
	}
}

func ordinal(n int) string {
	if n == 1 {
		return "one"
	}
	return fmt.Sprintf("%dth", n)
}

// dying is a run that dies at a step that is known before.
type dying struct {
	*site
	program string
	power   bool // it is the power that fails
	folder  string
	rows    []wish
	before  map[string]map[string]string
	control *httptest.Server
	deaths  int

	mutex  sync.Mutex
	step   int           // that was reached by the start under way
	most   int           // that any start reached
	last   int           // at which it dies, 0: never
	victim *os.Process   // of the start under way
	dead   chan struct{} // closed when that has ended
	synced map[string]int64
}

func newDying(t *testing.T, program string, last int, power bool) *dying {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 7)) // the same file each time, so that steps are the same
	d := &dying{program: program, last: last, power: power, folder: t.TempDir(), rows: wishes(random, 50), synced: map[string]int64{}}
	d.site = newSite(t, &cupitest.Server{})
	d.simulator.AddUsers(60)
	d.simulator.AddDirectoryUsers(60)
	d.before = people(d.simulator)
	d.meet = d.inTheWay
	d.control = httptest.NewServer(http.HandlerFunc(d.takeNote))
	must(t, os.WriteFile(filepath.Join(d.folder, "users.csv"), []byte(fileOf(d.rows)), 0o600))
	return d
}

// takeNote is told of each sync.
func (d *dying) takeNote(_ http.ResponseWriter, r *http.Request) {
	path := r.FormValue("path")
	bytes, err := strconv.ParseInt(r.FormValue("bytes"), 10, 64)
	if err != nil {
		d.t.Error(err)
	}
	d.guard.Synced(path, bytes)
	d.mutex.Lock()
	d.synced[path] = bytes
	d.mutex.Unlock()
	d.reach()
}

// inTheWay carries out the simulator's work, and lets the program die before or after.
func (d *dying) inTheWay(simulator http.Handler, w http.ResponseWriter, r *http.Request) {
	if d.reach() {
		panic(http.ErrAbortHandler)
	}
	answer := httptest.NewRecorder()
	simulator.ServeHTTP(answer, r)
	if d.reach() {
		panic(http.ErrAbortHandler)
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // a program that has ended hears nothing
}

// reach counts a step. At the last one the program dies, and is dead when this returns.
func (d *dying) reach() (dies bool) {
	d.mutex.Lock()
	d.step++
	dies = d.step == d.last
	victim, dead := d.victim, d.dead
	d.mutex.Unlock()
	if dies {
		if err := victim.Kill(); err != nil {
			d.t.Error(err)
		}
		<-dead
	}
	return dies
}

// begin starts the program, to die at that step, and waits for its end.
func (d *dying) begin(last int, arguments ...string) ending {
	d.t.Helper()
	command := exec.Command(d.program, arguments...)
	command.Dir = d.folder
	command.Env = append(d.environment(), controlVariable+"="+d.control.URL)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	dead := make(chan struct{})
	d.mutex.Lock() // held until the process is known to whoever kills it
	d.step, d.last, d.dead = 0, last, dead
	err := command.Start()
	d.victim = command.Process
	d.mutex.Unlock()
	must(d.t, err)
	err = command.Wait()
	close(dead)
	d.mutex.Lock()
	d.most = max(d.most, d.step)
	d.mutex.Unlock()
	e := endingOf(d.t, err, &output)
	if e.killed {
		d.deaths++
	}
	return e
}

// pass lets the run die, resumes it, and compares; then its rollback dies at the same step,
// and goes on. It reports whether both ended before the step at which they were to die.
func (d *dying) pass() (survived bool) {
	d.t.Helper()
	defer d.end()
	defer d.control.Close()
	last := d.last
	run, survived := d.untilEnded("run", last, func(out string) []string {
		return append([]string{"run", "users.csv", "--template", "voicemailusertemplate", "--max-deletes", "100%", "--out", out}, stepLimits...)
	})
	checkRun(d.t, run, d.rows, d.before, people(d.simulator))
	d.checkPosts(run)
	undo, undone := d.untilEnded("rollback", last, func(out string) []string {
		return append([]string{"rollback", run, "--yes", "--out", out, "--workers", "1"}, limits[4:]...)
	})
	d.checkPosts(run, undo)
	if difference := cmp.Diff(d.before, people(d.simulator)); difference != "" {
		d.t.Errorf("the rollback died at step %d (power %v): the server is not as before the run (- before, + after):\n%s", last, d.power, difference)
	}
	return survived && undone
}

// untilEnded gives a command, lets it die at that step, and goes on with it until it has
// ended. A start that died before it began is given again. It gives the folder with the
// record, and whether the command ended before that step.
func (d *dying) untilEnded(name string, last int, command func(out string) []string) (out string, survived bool) {
	d.t.Helper()
	before := people(d.simulator)
	deaths := d.deaths
	var e ending
	for attempt, at := 1, last; ; attempt, at = attempt+1, 0 {
		out = filepath.Join(d.folder, fmt.Sprint(name, "-", attempt))
		e = d.begin(at, command(out)...)
		if !e.killed {
			survived = attempt == 1
			break
		}
		if d.journalAfterDeath(out) > 0 && record.TraceIn(out) != record.NeverBegan {
			break
		}
		if after := people(d.simulator); !cmp.Equal(before, after) {
			d.t.Errorf("%s, step %d: it never began, and the server is not as before (- before, + after):\n%s", name, last, cmp.Diff(before, after))
		}
	}
	for next := (d.deaths - deaths) * 5; e.killed; next = 0 { // the first resume dies too
		if e = d.begin(next, append([]string{"resume", out}, stepLimits...)...); e.killed {
			d.journalAfterDeath(out)
		}
	}
	if e.exit != record.ExitDone {
		d.t.Errorf("%s died at step %d (power %v): exit %d\n%s", name, last, d.power, e.exit, e.output)
	}
	return out, survived
}

// stepLimits are the limits of a run whose steps are counted: one request at a time.
var stepLimits = append([]string{"--workers", "1"}, limits...)

// journalAfterDeath is how much of the journal is left. After a power failure that is
// what was synced, and perhaps some bytes more.
func (d *dying) journalAfterDeath(folder string) int64 {
	d.t.Helper()
	path := filepath.Join(folder, record.JournalFile)
	about, err := os.Stat(path)
	if os.IsNotExist(err) {
		return 0
	}
	must(d.t, err)
	if d.power {
		d.mutex.Lock()
		kept := min(about.Size(), d.synced[path]+int64(d.step%40))
		d.mutex.Unlock()
		must(d.t, os.Truncate(path, kept))
	}
	whole, err := wholeLines(path)
	must(d.t, err)
	return whole
}
