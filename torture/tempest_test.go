package torture

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/batchtest"
	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// tempest is a server in a synctest bubble on which several starts of the engine are at
// work, and other administrators. Every request is known by who sent it.
type tempest struct {
	listener
	t         *testing.T
	seed      uint64
	simulator *cupitest.Server
	web       *http.Server
	folder    string
	wire      cupi.Wire
	weather   *weather
	late      sync.WaitGroup // requests that are carried out after their answer was lost

	mutex        sync.Mutex // guards what follows; held while a change is carried out
	guard        batchtest.IntentGuard
	made         int    // users by the runs
	templateAt   int    // when so many are made, another administrator changes the template
	templateNext string // to this set of schedules
	ledger       ledger
}

func newTempest(t *testing.T, seed uint64, simulator *cupitest.Server) *tempest {
	t.Helper()
	m := &tempest{t: t, seed: seed, simulator: simulator, listener: newListener(), folder: t.TempDir(),
		wire: cupi.JSON, weather: &weather{seed: seed}}
	m.ledger = newLedger(simulator)
	simulator.OnChange = func(c cupitest.Change) error { // called with the mutex held, by carryOut
		if m.ledger.now == nil {
			m.guard.Passed(c.Method, c.Path)
			return nil
		}
		m.ledger.sent = c.Fields
		return m.guard.CheckChange(c.Method, c.Path, c.Fields)
	}
	m.web = &http.Server{Handler: http.HandlerFunc(m.receive), ErrorLog: log.New(io.Discard, "", 0),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, sender{}, c.(*line).start)
		}}
	go func() { _ = m.web.Serve(m) }()
	return m
}

// sender is the key under which a request's context has the start that sent it.
type sender struct{}

// line is a connection of one start.
type line struct {
	net.Conn
	start *start
}

// end closes everything, and reports what the simulator found wrong.
func (m *tempest) end() {
	m.t.Helper()
	m.late.Wait()
	_ = m.web.Close()
	if err := m.guard.HalfMade(); err != nil {
		m.complain("%v", err)
	}
	for _, err := range m.simulator.ChangeErrors() {
		m.complain("a change without a durable intent: %v", err)
	}
	for _, request := range m.simulator.Unknown() {
		m.complain("the simulator does not know %s", request)
	}
}

// complain fails the night, and says which it was.
func (m *tempest) complain(format string, arguments ...any) {
	m.t.Helper()
	m.t.Errorf("night %d: "+format, append([]any{m.seed}, arguments...)...)
}

// start is one start of the engine: a process that may die.
type start struct {
	name     string
	family   *family
	rollback bool

	mutex       sync.Mutex
	dead        bool
	kept        remains // of its journal when it died
	path        string  // of the journal
	durable     int64   // bytes of it
	cancel      context.CancelFunc
	connections []net.Conn

	// of the ledger, under the tempest's mutex
	reads    map[string]int // path -> place in the ledger when it was read last
	changing bool           // it has sent a change
	begun    map[int]bool   // rows that earlier starts had sent something of
}

func (s *start) isDead() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.dead
}

// die is what SIGKILL is to a process, and power is what a power failure is: the journal
// keeps what is written by now, or what is synced and a torn piece of the rest.
func (s *start) die(power bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.dead {
		return
	}
	kept, err := remainsOf(s.path)
	if err != nil {
		panic(err)
	}
	if written := int64(len(kept.journal)); power && written > s.durable {
		kept.journal = kept.journal[:s.durable+(written-s.durable)/2]
	}
	s.dead, s.kept = true, kept
	s.family.deaths.Add(1)
	s.cancel()
	for _, connection := range s.connections {
		connection.Close()
	}
}

// begin does one start. It reports whether it died: then what it gives means nothing,
// and the journal is put back to what it was.
func (m *tempest) begin(s *start, folder string, work func(context.Context, send.Server, batch.Recorder) (batch.Summary, error)) (summary batch.Summary, died bool, err error) {
	m.t.Helper()
	ctx, cancel := context.WithCancel(m.t.Context())
	defer cancel()
	s.path, s.cancel, s.reads = filepath.Join(folder, record.JournalFile), cancel, map[string]int{}
	if about, err := os.Stat(s.path); err == nil {
		s.durable = about.Size() // since the start before
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		near, far := net.Pipe()
		s.mutex.Lock()
		if s.dead {
			s.mutex.Unlock()
			return nil, errors.New("connection refused")
		}
		s.connections = append(s.connections, near)
		s.mutex.Unlock()
		select {
		case m.accepted <- &line{far, s}:
			return near, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	client, err := cupi.New(cupi.Config{Server: "http://127.0.0.1", User: "admin", Password: "secret", Wire: m.wire, Workers: s.family.workers, Timeout: timeout, DialContext: dial})
	must(m.t, err)
	defer client.Close()
	syncs := 0
	summary, err = work(ctx, send.Server{Client: client, URL: client.Server(), Account: "admin", Workers: s.family.workers},
		batch.Recorder{Folder: folder, Tool: "test", Journal: journal.Options{
			Synced: func(path string, bytes int64) {
				s.mutex.Lock()
				dead := s.dead
				if !dead {
					s.durable = bytes
				}
				s.mutex.Unlock()
				if !dead {
					m.mutex.Lock()
					m.guard.Synced(path, bytes)
					m.mutex.Unlock()
				}
			},
			Sync: func(*os.File) error {
				syncs++
				return m.weather.disk(s.name, syncs)
			}}})
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if died = s.dead; died {
		must(m.t, s.kept.putBack(s.path))
	}
	s.dead = true // whatever is on its way is nobody's now
	return summary, died, err
}

// timeout is how long a client waits for an answer; the server's queue is 20 s.
const timeout = time.Minute

// receive takes a request to what the weather makes of it.
func (m *tempest) receive(w http.ResponseWriter, r *http.Request) {
	m.late.Add(1)
	defer m.late.Done()
	s := r.Context().Value(sender{}).(*start)
	body, err := io.ReadAll(r.Body)
	if err != nil || s.isDead() {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	seen := m.seen(s, r)
	strike := m.weather.choose(s, r, body)
	time.Sleep(strike.latency)
	if strike.doubtful {
		m.lost(s, r)
	}
	if strike.dies != nil {
		strike.dies(s)
	}
	if strike.lost { // on the way there
		m.lost(s, r)
		cut(w, nil)
		return
	}
	if strike.later > 0 {
		m.lost(s, r)
		m.late.Go(func() {
			time.Sleep(strike.later)
			m.carryOut(s, r, body, seen)
		})
		cut(w, nil)
		return
	}
	if strike.before != nil {
		strike.before(w)
		return
	}
	answer := m.carryOut(s, r, body, seen)
	if strike.diesAfter != nil {
		strike.diesAfter(s)
	}
	if strike.after != nil {
		m.lost(s, r)
		strike.after(w, answer)
		return
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // a client that has left hears nothing
}

// seen is what a start has read when it sends a change.
func (m *tempest) seen(s *start, r *http.Request) map[string]int {
	if r.Method == http.MethodGet {
		return nil
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return maps.Clone(s.reads)
}

// carryOut does what a request asks for; a nil start is another administrator.
func (m *tempest) carryOut(s *start, r *http.Request, body []byte, seen map[string]int) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	r.Body = io.NopCloser(bytes.NewReader(body))
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if r.Method == http.MethodGet {
		m.simulator.ServeHTTP(answer, r)
		if r.Context().Err() == nil { // else the start has left, and hears nothing
			s.reads[r.URL.Path] = len(m.ledger.entries)
		}
		return answer
	}
	if s != nil {
		s.changing = true
	}
	entry := m.ledger.before(s, r)
	entry.seen = seen
	m.ledger.now, m.ledger.sent = s, nil
	m.simulator.ServeHTTP(answer, r)
	m.ledger.now, entry.sent = nil, m.ledger.sent
	if answer.Code < 300 {
		m.ledger.after(entry, answer)
		for _, problem := range m.ledger.judge(entry) {
			m.complain("%s", problem)
		}
		if s != nil && r.Method == http.MethodPost && entry.path == "users" {
			if m.made++; m.made == m.templateAt {
				m.setTemplate(m.templateNext)
			}
		}
		m.ledger.rebind(entry) // after the judgement: it must not excuse this change itself
	}
	return answer
}

// lost notes that the answer to a change does not tell what became of it.
func (m *tempest) lost(s *start, r *http.Request) {
	if r.Method != http.MethodGet {
		m.mutex.Lock()
		defer m.mutex.Unlock()
		s.family.lost++
	}
}

// another does what an administrator does past the runs. It reports whether the server
// did it.
func (m *tempest) another(method, path, body string) bool {
	r := httptest.NewRequest(method, "/vmrest/"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth("another", "administrator")
	return m.carryOut(nil, r, []byte(body), nil).Code < 300
}
