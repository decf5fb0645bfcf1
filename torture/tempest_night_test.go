package torture

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// tempestLanes is how many nights go on at once.
const tempestLanes = 4

// tempestTally adds up what the nights had.
type tempestTally struct {
	nights, rows, starts, deaths, interruptions atomic.Int64

	mutex  sync.Mutex
	struck map[string]int
	acts   map[string]int
	ended  map[string]int
	undone map[string]int
}

// TestTempest lets random files of all operations be run, killed, resumed, rolled back,
// killed and resumed, on a server that loses answers and is late, with other
// administrators who work on the same users, and sometimes with a second computer that
// does a file of its own. Then it judges: nothing of others was touched, every status is
// true, and each user is as before, or is said not to be.
func TestTempest(t *testing.T) {
	t.Parallel()
	began := time.Now()
	tally := &tempestTally{struck: map[string]int{}, acts: map[string]int{}, ended: map[string]int{}, undone: map[string]int{}}
	t.Cleanup(func() {
		fmt.Printf("tempest: %d nights of %d rows: %d starts, %d deaths, %d interruptions; struck: %v; other administrators: %v; rows ended %v, and their rollbacks %v; %.0f s\n",
			tally.nights.Load(), tally.rows.Load(), tally.starts.Load(), tally.deaths.Load(), tally.interruptions.Load(), tally.struck, tally.acts, tally.ended, tally.undone, time.Since(began).Seconds())
	})
	for lane := range tempestLanes {
		t.Run(fmt.Sprint("lane ", lane), func(t *testing.T) {
			t.Parallel()
			for seed := *firstNight + uint64(lane); seed < *firstNight+uint64(*nights); seed += tempestLanes {
				t.Run(fmt.Sprint("night ", seed), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { newTempestNight(t, seed, tally).pass() })
				})
			}
		})
	}
}

// tempestNight is one night.
type tempestNight struct {
	*tempest
	random    *rand.Rand
	tally     *tempestTally
	colleague *colleague
	families  []*family
	busy      bool // other administrators work tonight
	jumps     bool // the server's clock does
}

func newTempestNight(t *testing.T, seed uint64, tally *tempestTally) *tempestNight {
	t.Helper()
	random := newShared(seed, 11)
	simulator := &cupitest.Server{Seed: seed, JSONByDefault: seed%2 == 0, AnyCredentials: true, MaxRows: []int{0, 7, 20}[random.IntN(3)]}
	n := &tempestNight{random: random, tally: tally, tempest: newTempest(t, seed, simulator), busy: random.IntN(4) > 0}
	n.wire = []cupi.Wire{cupi.JSON, cupi.XML}[random.IntN(2)]
	simulator.AddUsers(there)
	simulator.AddDirectoryUsers(12)
	for i := range there {
		alias := fmt.Sprintf("user%05d", i+1)
		user := simulator.UserByAlias(alias)
		n.another("POST", "users/"+user["ObjectId"]+"/alternateextensions", fmt.Sprintf(`{"IdIndex":"1","DtmfAccessId":%q,"PartitionObjectId":%q}`, alternateOf(alias), user["PartitionObjectId"]))
	}
	gives := random.IntN(3)
	if gives > 0 {
		n.setTemplate(weekdays)
	}
	if random.IntN(2) == 0 { // in the middle; only once: what is changed back nobody may see
		n.templateAt, n.templateNext = 3+random.IntN(5), []string{weekdays, allHours}[min(gives, 1)]
	}
	n.weather.grim = []int{0, 20, 60, 120}[random.IntN(4)]
	n.weather.full, n.weather.dies, n.weather.sent = map[string]int{}, map[string]int{}, map[string]int{}
	n.families = []*family{newFamily(random, 1)}
	if random.IntN(5) == 0 { // a second computer
		n.families = append(n.families, newFamily(random, 2))
	}
	n.ledger.families = n.families
	if random.IntN(3) == 0 { // a clock that is not ours
		simulator.SetClock(time.Duration(random.IntN(6*3600)-3*3600) * time.Second)
	}
	n.jumps = random.IntN(4) == 0
	n.colleague = &colleague{tempest: n.tempest, random: newShared(seed, 12), families: n.families, acts: map[string]int{}}
	time.Sleep(time.Hour)
	return n
}

// setTemplate gives new users another set of schedules from now on. The mutex is held.
func (m *tempest) setTemplate(schedules string) {
	r := httptest.NewRequest("PUT", "/vmrest/callhandlerprimarytemplates/"+templateHandler, strings.NewReader(fmt.Sprintf(`{"ScheduleSetObjectId":%q}`, schedules)))
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth("another", "administrator")
	m.simulator.ServeHTTP(httptest.NewRecorder(), r)
}

// The call handler template of the template that the files name, and the set of schedules that it
// has at first.
const (
	templateHandler = "f062c441-5f66-422f-85c2-3ae60bf83139"
	allHours        = "30d9c0df-1c4f-4b0e-9b3b-7a6a3e0f8a11"
)

// pass lets the night go by.
func (n *tempestNight) pass() {
	n.t.Helper()
	defer n.end()
	n.phase(func(f *family) {
		n.mutex.Lock()
		f.since, f.before = len(n.ledger.entries), profiles(n.simulator)
		n.mutex.Unlock()
		n.finishRun(f)
	})
	n.weather.set(true) // what is late has come
	n.late.Wait()
	n.weather.set(false)
	for _, f := range n.families {
		n.count(n.tally.ended, n.judgeRun(f))
		n.report(f.folder)
		n.verify(f)
	}
	n.hours()
	rollbacks := map[*family]string{}
	exits := map[*family]int{}
	var mutex sync.Mutex
	n.phase(func(f *family) {
		folder, exit := n.finishRollback(f)
		mutex.Lock()
		defer mutex.Unlock()
		rollbacks[f], exits[f] = folder, exit
	})
	n.late.Wait()
	for _, f := range n.families {
		n.count(n.tally.undone, n.judgeRollback(f, rollbacks[f], exits[f]))
		n.report(rollbacks[f])
	}
	n.tally.nights.Add(1)
	n.tally.mutex.Lock()
	defer n.tally.mutex.Unlock()
	for what, times := range n.weather.count {
		n.tally.struck[what] += times
	}
	for what, times := range n.colleague.acts {
		n.tally.acts[what] += times
	}
}

func (n *tempestNight) count(into map[string]int, counts verdict) {
	n.tally.mutex.Lock()
	defer n.tally.mutex.Unlock()
	for status, rows := range counts {
		into[status] += rows
		n.tally.rows.Add(int64(rows))
	}
}

// phase does something with all families at once, while other administrators work.
func (n *tempestNight) phase(do func(*family)) {
	over := make(chan struct{})
	var others, group sync.WaitGroup
	if n.busy {
		others.Go(func() { n.colleague.works(over, 15*time.Second) })
	}
	if n.jumps {
		others.Go(func() { n.jump(over) })
	}
	for _, f := range n.families {
		group.Go(func() { do(f) })
	}
	group.Wait()
	close(over)
	others.Wait()
}

// jump sets the server's clock to another time, some time after a phase began.
func (n *tempestNight) jump(over <-chan struct{}) {
	random := n.weather.draw("clock")
	timer := time.NewTimer(time.Duration(random.ExpFloat64() * float64(20*time.Second)))
	defer timer.Stop()
	select {
	case <-over:
	case <-timer.C:
		n.simulator.SetClock(time.Duration(random.IntN(4*3600)-2*3600) * time.Second)
		n.weather.note("the clock jumped")
	}
}

// hours go by, in which nothing of a run is under way and other administrators work.
func (n *tempestNight) hours() {
	time.Sleep(time.Duration(1+n.random.IntN(5)) * time.Hour)
	if !n.busy {
		return
	}
	for range n.random.IntN(4) {
		n.colleague.act()
	}
	time.Sleep(time.Hour)
}

// mostStarts is after how many starts of one thing the weather gets calm, so that it ends.
const mostStarts = 8

// arm draws how a start ends that does not end by itself, and lets it.
func (n *tempestNight) arm(s *start, random *rand.Rand, attempt int) {
	n.tally.starts.Add(1)
	if attempt > mostStarts {
		n.weather.set(true)
		return
	}
	n.weather.mutex.Lock()
	defer n.weather.mutex.Unlock()
	switch random.IntN(8) {
	case 0, 1, 2:
		n.weather.dies[s.name] = 1 + random.IntN(20)
		n.tally.deaths.Add(1)
	case 3:
		n.weather.full[s.name] = 1 + random.IntN(30)
	}
}

// interrupt ends a start politely, or by a kill, some time after it began, or lets it
// live. Before that somebody asks for a report.
func (n *tempestNight) interrupt(s *start, random *rand.Rand, attempt int, over <-chan struct{}) {
	kind := random.IntN(5)
	after := time.Duration(random.ExpFloat64() * float64(25*time.Second))
	if attempt > mostStarts || kind > 2 {
		return
	}
	timer := time.NewTimer(after)
	defer timer.Stop()
	select {
	case <-over:
	case <-timer.C:
		n.reportAtWork(s)
		switch kind {
		case 0:
			n.tally.interruptions.Add(1)
			s.family.deaths.Add(1) // it cuts off a look that an answer asked for
			s.cancel()
		case 1:
			n.tally.deaths.Add(1)
			s.die(random.IntN(3) == 0)
		}
	}
}

// once does one start that may end in any way.
func (n *tempestNight) once(s *start, random *rand.Rand, attempt int, folder string, work func(context.Context, send.Server, batch.Recorder) (batch.Summary, error)) (batch.Summary, bool, error) {
	n.arm(s, random, attempt)
	over := make(chan struct{})
	var group sync.WaitGroup
	summary, died, err := n.begin(s, folder, func(ctx context.Context, server send.Server, recorder batch.Recorder) (batch.Summary, error) {
		group.Go(func() { n.interrupt(s, random, attempt, over) })
		return work(ctx, server, recorder)
	})
	close(over)
	group.Wait()
	return summary, died, err
}

// finishRun does a file, and goes on with it until it has ended.
func (n *tempestNight) finishRun(f *family) {
	n.t.Helper()
	random := rand.New(rand.NewPCG(n.seed, uint64(20+len(f.name)+int(f.name[len(f.name)-1]))))
	for attempt := 1; ; attempt++ {
		if attempt > 3*mostStarts {
			n.complain("%s: it does not end: %v", f.name, unfinished(n.results(f.folder)))
			return
		}
		s := &start{name: fmt.Sprintf("%s, start %d", f.name, attempt), family: f, begun: map[int]bool{}}
		var summary batch.Summary
		var died bool
		var err error
		if f.folder == "" {
			summary, died, err = n.firstStart(f, s, random, attempt)
		} else {
			summary, died, err = n.resume(f, s, random, attempt)
		}
		f.unplan(n.tempest)
		if err != nil {
			f.deaths.Add(1) // a full disk leaves as much behind
		}
		if f.folder != "" {
			n.report(f.folder)
			if !died && err == nil && n.ended(f.folder, summary) {
				return
			}
		}
		switch random.IntN(4) { // until somebody goes on with it
		case 0:
			time.Sleep(time.Duration(random.Int64N(int64(doubt))))
		case 1:
			time.Sleep(time.Duration(1+random.IntN(4)) * time.Hour)
			if n.busy {
				n.mutex.Lock()
				alone := len(n.families) == 1
				n.mutex.Unlock()
				if alone {
					n.colleague.repeats()
				}
			}
		}
	}
}

func (f *family) unplan(m *tempest) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	f.planning = nil
}

// plan notes that a start's pre-flight begins.
func (n *tempestNight) plan(f *family, s *start) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	f.planning = s
	for _, alias := range n.simulator.Aliases() {
		f.bind(n.simulator.UserByAlias(alias), s)
	}
}

// ended reports whether a run or a rollback has nothing left to go on with.
func (n *tempestNight) ended(folder string, summary batch.Summary) bool {
	history, err := record.ReadHistory(folder)
	must(n.t, err)
	return history.Finished() && summary.Exit != record.ExitInterrupted && summary.Exit != record.ExitFailed
}

// firstStart begins a run. A start that leaves no journal did nothing, and is typed again.
func (n *tempestNight) firstStart(f *family, s *start, random *rand.Rand, attempt int) (batch.Summary, bool, error) {
	n.t.Helper()
	folder := filepath.Join(n.folder, fmt.Sprintf("%s-%d", f.name, attempt))
	must(n.t, os.Mkdir(folder, 0o700))
	path := filepath.Join(folder, record.InputFile)
	must(n.t, os.WriteFile(path, []byte(f.text()), 0o600))
	in, err := record.OpenInput("users.csv", path)
	must(n.t, err)
	checked, err := plan.Check(in, f.options(), func(p validate.Problem) {
		if !p.Warning {
			n.complain("the file: %v\n%s", p, f.text())
		}
	})
	must(n.t, err)
	n.plan(f, s)
	summary, died, err := n.once(s, random, attempt, folder, func(ctx context.Context, server send.Server, recorder batch.Recorder) (batch.Summary, error) {
		p, err := batch.Preflight(ctx, server, checked, func(validate.Problem) {})
		if err != nil {
			return batch.Summary{}, err
		}
		return p.Run(ctx, recorder)
	})
	switch _, unread := record.ReadHistory(folder); {
	case unread == nil:
		f.folder = folder
	case s.changing:
		n.complain("%s has changed something, and its journal can't be read: %v", s.name, unread)
	}
	return summary, died, err
}

func (n *tempestNight) resume(f *family, s *start, random *rand.Rand, attempt int) (batch.Summary, bool, error) {
	n.t.Helper()
	history, err := record.ReadHistory(f.folder)
	must(n.t, err)
	in, err := history.SourceInput()
	must(n.t, err)
	for number, row := range history.Rows {
		if len(row.Changes) > 0 || row.Status != "" {
			s.begun[number] = true
		}
	}
	n.plan(f, s)
	return n.once(s, random, attempt, f.folder, func(ctx context.Context, server send.Server, recorder batch.Recorder) (batch.Summary, error) {
		return batch.Resume(ctx, server, history, in, f.options(), recorder)
	})
}

// unfinished are the rows that wait for a resume.
func unfinished(list []record.Result) []record.Result {
	return slices.DeleteFunc(list, func(r record.Result) bool { return r.Status != record.Pending })
}

// finishRollback takes a run back, and goes on with that until it has ended.
func (n *tempestNight) finishRollback(f *family) (folder string, exit int) {
	n.t.Helper()
	random := rand.New(rand.NewPCG(n.seed, uint64(40+int(f.name[len(f.name)-1]))))
	options := record.UndoOptions{Patience: record.Patience{DoubtWindow: doubt, MaxOutage: 15 * time.Minute}}
	var own *record.History
	for attempt := 1; ; attempt++ {
		if attempt > 3*mostStarts {
			n.complain("the rollback of %s does not end: %v", f.name, unfinished(n.results(folder)))
			return folder, exit
		}
		s := &start{name: fmt.Sprintf("rollback of %s, start %d", f.name, attempt), family: f, rollback: true}
		if own == nil {
			folder = filepath.Join(n.folder, fmt.Sprintf("rollback-%s-%d", f.name, attempt))
			must(n.t, os.Mkdir(folder, 0o700))
		}
		history, err := record.ReadHistory(f.folder)
		must(n.t, err)
		undo, err := record.PlanUndo(history, options)
		must(n.t, err)
		summary, died, err := n.once(s, random, attempt, folder, func(ctx context.Context, server send.Server, recorder batch.Recorder) (batch.Summary, error) {
			return rollback.Run(ctx, undo, server, recorder, own)
		})
		read, unread := record.ReadHistory(folder)
		if unread == nil {
			own = read
			n.report(folder)
			if !died && err == nil && n.ended(folder, summary) {
				return folder, summary.Exit
			}
		}
		switch random.IntN(4) {
		case 0:
			time.Sleep(time.Duration(random.Int64N(int64(doubt))))
		case 1:
			n.hours()
		}
	}
}
