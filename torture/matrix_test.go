package torture

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// TestFaultMatrix strikes one request of a run with one fault: each fault, each
// method, a process that goes on and one that dies, and each seed another file,
// victim, wire and moment. Afterwards every row is done, the server is as the rows
// want it, and a rollback makes it as it was.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	began := time.Now()
	var cells, deaths atomic.Int64
	t.Cleanup(func() {
		fmt.Printf("fault matrix: %d faults x 4 methods and an import x finish and resume x %d seeds: %d runs, %d deaths, %.0f s\n",
			len(matrixCells()), *seeds, cells.Load(), deaths.Load(), time.Since(began).Seconds())
	})
	for _, c := range matrixCells() {
		t.Run(c.fault, func(t *testing.T) {
			t.Parallel()
			for what, want := range map[string]string{"POST": c.post, imports: c.post, "PUT": c.put, "DELETE": c.delete, "GET": c.get} {
				for seed := range *seeds {
					for _, dies := range []bool{false, true} {
						synctest.Test(t, func(t *testing.T) {
							m := newMatrix(t, c, what, dies, uint64(seed))
							m.pass(want)
							cells.Add(1)
							if m.died {
								deaths.Add(1)
							}
						})
					}
				}
			}
		})
	}
}

// imports is a method of the matrix: the POST that imports a user from the directory.
const imports = "POST of an import"

// matrix is one run of the matrix.
type matrix struct {
	*bubble
	cell   cell
	what   string // the victim's method, or imports
	method string
	seed   uint64
	random *rand.Rand // used before the run, and by the one request that is struck
	rows   []wish
	victim wish
	id     string // of the victim, where it is there
	late   sync.WaitGroup
	before map[string]map[string]string
	dies   bool
	died   bool

	mutex   sync.Mutex
	struck  bool
	dials   int
	refused int           // the dial that is refused, 0: none
	grace   int           // requests that a process which dies may still send after the fault, or
	pause   time.Duration // until the resume
	lives   time.Duration // how long it lives then, if that is not 0
}

func newMatrix(t *testing.T, c cell, what string, dies bool, seed uint64) *matrix {
	t.Helper()
	method, _, _ := strings.Cut(what, " ")
	m := &matrix{cell: c, what: what, method: method, seed: seed, dies: dies, random: rand.New(rand.NewPCG(seed, 3))}
	m.bubble = newBubble(t, &cupitest.Server{Seed: seed, JSONByDefault: seed%2 == 0})
	m.simulator.AddUsers(6)
	m.simulator.AddDirectoryUsers(6)
	m.before = people(m.simulator)
	m.wire = []cupi.Wire{cupi.JSON, cupi.XML}[m.random.IntN(2)]
	m.workers = 1 + m.random.IntN(4)
	for i := range 1 + m.random.IntN(6) {
		m.rows = append(m.rows, map[string]wish{
			"POST":   {operation: "create", alias: fmt.Sprint("fresh", i), extension: fmt.Sprint(70000 + i), displayName: fmt.Sprint("Wanted ", i)},
			imports:  {operation: "import-ldap", alias: fmt.Sprintf("ldap%05d", i+1), extension: fmt.Sprint(70000 + i)},
			"PUT":    {operation: "update", alias: fmt.Sprintf("user%05d", i+1), displayName: fmt.Sprint("Wanted ", i), title: "Engineer"},
			"DELETE": {operation: "delete", alias: fmt.Sprintf("user%05d", i+1)},
			"GET":    {operation: "update", alias: fmt.Sprintf("user%05d", i+1), title: "Engineer"}, // which no listing shows
		}[what])
	}
	m.victim = m.rows[m.random.IntN(len(m.rows))]
	m.id = m.simulator.UserByAlias(m.victim.alias)["ObjectId"]
	m.grace = m.random.IntN(3)
	m.pause = time.Duration(m.random.Int64N(int64(doubt)))
	if m.random.IntN(2) == 0 {
		m.lives = time.Duration(m.random.ExpFloat64() * float64(time.Second))
	}
	m.bubble.meet = m.inTheWay
	return m
}

// fits reports whether the request is the victim's.
func (m *matrix) fits(r *http.Request, body []byte) bool {
	if r.Method != m.method {
		return false
	}
	if m.method == http.MethodPost {
		return bytes.Contains(body, []byte(m.victim.alias))
	}
	return strings.HasSuffix(r.URL.Path, "/users/"+m.id)
}

func (m *matrix) inTheWay(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	m.mutex.Lock()
	hit := !m.struck && m.fits(r, body)
	dies := m.struck && m.dies && m.lives == 0 && m.grace == 0
	switch {
	case hit:
		m.isStruck()
	case m.struck:
		m.grace--
	}
	m.mutex.Unlock()
	switch {
	case dies:
		m.dieNow()
		panic(http.ErrAbortHandler)
	case hit:
		m.cell.strike(m, w, r)
	default:
		m.simulator.ServeHTTP(w, r)
	}
}

// isStruck notes that the fault is there now, and lets the process die later if it is
// to. The caller has the mutex.
func (m *matrix) isStruck() {
	m.struck = true
	if m.dies && m.lives > 0 {
		m.late.Go(func() {
			time.Sleep(m.lives) // of the bubble's clock
			m.dieNow()
		})
	}
}

// dieNow lets the process die, unless it has ended by itself.
func (m *matrix) dieNow() {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.dies && !m.died {
		m.died = true
		m.die()
	}
}

// rehearse finds out at which connection the victim's request is sent, when each
// request has a connection of its own. It works on another server that is the same.
func (m *matrix) rehearse() (dial int) {
	other := newMatrix(m.t, m.cell, m.what, false, m.seed)
	defer other.end()
	other.workers = 1
	dials := 0
	other.bubble.refuse = func() bool { dials++; return false }
	other.bubble.meet = func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if dial == 0 && other.fits(r, body) {
			dial = dials
		}
		w.Header().Set("Connection", "close")
		other.simulator.ServeHTTP(w, r)
	}
	_, _, _, err := other.run("rehearsal", fileOf(other.rows))
	must(m.t, err)
	return dial
}

// refuse makes the victim's connection fail, in place of its request.
func (m *matrix) refuse() {
	m.workers, m.refused = 1, m.rehearse()
	next := m.bubble.meet
	m.bubble.meet = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		next(w, r)
	}
	m.method = "" // no request is struck
	m.bubble.refuse = func() bool {
		m.mutex.Lock()
		defer m.mutex.Unlock()
		m.dials++ // of all starts, so that one is refused and no more
		if m.dials == m.refused {
			m.isStruck()
		}
		return m.dials == m.refused
	}
}

// pass does the run, resumes it if something is left, takes it back, and compares.
func (m *matrix) pass(want string) {
	m.t.Helper()
	defer m.end()
	where := fmt.Sprintf("%s x %s, dies %v, seed %d", m.cell.fault, m.what, m.dies, m.seed)
	if m.cell.strike == nil {
		m.refuse()
	}
	folder, summary, died, err := m.run("run", fileOf(m.rows))
	if err != nil && !died {
		m.t.Fatalf("%s: %v", where, err)
	}
	if !m.struck {
		m.t.Fatalf("%s: no request was struck", where)
	}
	m.mutex.Lock()
	m.dies = false // who survived the first start lives on
	m.mutex.Unlock()
	if !died {
		m.checkFirst(where, want, folder, summary.Exit)
	}
	if died || summary.Exit != 0 {
		time.Sleep(m.pause) // of the bubble's clock
		if summary, err = m.resume(folder); err != nil || summary.Exit != 0 {
			m.t.Errorf("%s: resume: exit %d, %v: %+v", where, summary.Exit, err, m.results(folder))
		}
	}
	m.late.Wait()
	done := map[string]string{"create": "created", "import-ldap": "created", "update": "updated", "delete": "deleted"}[m.victim.operation]
	users := people(m.simulator)
	for i, r := range m.results(folder) {
		if ended(r) != done {
			m.t.Errorf("%s: row %d: %s, want %s: %+v", where, i+1, ended(r), done, r)
		}
		if there := users[m.rows[i].alias] != nil; there != (done != "deleted") {
			m.t.Errorf("%s: row %d is %s, and that its user is there is %v", where, i+1, done, there)
		}
		for name, value := range m.rows[i].fields() {
			if got := users[m.rows[i].alias][name]; got != value {
				m.t.Errorf("%s: row %d: %s is %q, want %q", where, i+1, name, got, value)
			}
		}
	}
	checkJournal(m.t, folder, len(m.rows))

	for _, r := range m.rollback(folder) {
		if !slices.Contains([]string{"deleted", "restored", "recreated"}, ended(r)) {
			m.t.Errorf("%s: rolled back: %+v", where, r)
		}
	}
	if difference := cmp.Diff(m.before, people(m.simulator)); difference != "" {
		m.t.Errorf("%s: after the rollback the server is not as before (- before, + after):\n%s", where, difference)
	}
}

// checkFirst compares what the first start says with the table.
func (m *matrix) checkFirst(where, want, folder string, exit int) {
	m.t.Helper()
	results := m.results(folder)
	at := slices.IndexFunc(m.rows, func(w wish) bool { return w == m.victim })
	got := ended(results[at])
	if history := m.history(folder); got == "pending" {
		got = string(history.Footers[len(history.Footers)-1].Code)
	}
	if got != want {
		m.t.Errorf("%s: the first start says %q (exit %d), want %q: %+v", where, got, exit, want, results[at])
	}
}
