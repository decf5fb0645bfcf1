package torture

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"cucbulk/batch/batchtest"
	"cucbulk/cupi/cupitest"
)

// site is a simulator that a program in another process talks to. It counts what
// arrives and what is done, and refuses a change whose intent is not in a journal.
type site struct {
	t         *testing.T
	simulator *cupitest.Server
	web       *httptest.Server
	meet      func(http.Handler, http.ResponseWriter, *http.Request) // in the way of every request; nil: nobody

	mutex    sync.Mutex
	guard    batchtest.IntentGuard
	journals []string            // of the starts so far
	arrived  map[string]int      // alias -> POSTs of a user that arrived
	done     map[string][]string // alias -> changes that were carried out, by method
}

func newSite(t *testing.T, simulator *cupitest.Server) *site {
	t.Helper()
	s := &site{t: t, simulator: simulator, arrived: map[string]int{}, done: map[string][]string{}}
	simulator.Username, simulator.Password = "admin", "correct-horse-battery"
	simulator.OnChange = s.check
	s.web = httptest.NewServer(http.HandlerFunc(s.receive))
	simulator.Location = cupitest.LocationOf(s.web.URL) // or sites that are there at once would be one server
	return s
}

// end reports what the simulator found wrong.
func (s *site) end() {
	s.t.Helper()
	s.web.Close()
	s.simulator.Wait()
	if err := s.guard.HalfMade(); err != nil {
		s.t.Error(err)
	}
	for _, err := range s.simulator.ChangeErrors() {
		s.t.Errorf("a change without a durable intent: %v", err)
	}
	for _, request := range s.simulator.Unknown() {
		s.t.Errorf("the simulator does not know %s", request)
	}
}

// receive counts the POSTs of users, and lets the request go on.
func (s *site) receive(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler) // the program died while it sent
		}
		var user struct {
			Alias  string
			Person string `json:"-" xml:"alias"` // of an import; JSON knows no case
		}
		decode := json.Unmarshal
		if strings.HasSuffix(r.Header.Get("Content-Type"), "xml") {
			decode = xml.Unmarshal
		}
		if err := decode(body, &user); err != nil {
			s.t.Errorf("POST %s has the body %q: %v", r.URL.Path, body, err)
		}
		s.mutex.Lock()
		s.arrived[fold(cmp.Or(user.Alias, user.Person))]++
		s.mutex.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	if s.meet != nil {
		s.meet(s.simulator, w, r)
		return
	}
	s.simulator.ServeHTTP(w, r)
}

// check is the simulator's OnChange. What the program has written to its journal is
// the right thing to compare with here, and not what it has synced: SIGKILL takes
// the process and leaves the kernel, which still has every byte that was written.
// That the sync comes before the request is proven where power fails, in
// [TestDeathAtEveryStep].
func (s *site) check(change cupitest.Change) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	alias := fold(change.Alias)
	s.done[alias] = append(s.done[alias], change.Method)
	for _, journal := range s.journals { // none where the syncs are told
		end, err := wholeLines(journal)
		if err != nil {
			return err
		}
		if end > 0 {
			s.guard.Synced(journal, end)
		}
	}
	return s.guard.CheckChange(change.Method, change.Path, change.Fields)
}

// watch names a journal that changes may have their intents in.
func (s *site) watch(journal string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.journals = append(s.journals, journal)
}

// wholeLines is how many bytes of a file are lines with their ends; 0 if there is
// no file yet.
func wholeLines(path string) (int64, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer file.Close()
	about, err := file.Stat()
	if err != nil {
		return 0, err
	}
	const most = 1 << 16 // the torn part of a line is shorter
	start := max(0, about.Size()-most)
	tail, err := io.ReadAll(io.NewSectionReader(file, start, most))
	return start + int64(bytes.LastIndexByte(tail, '\n')) + 1, err
}

func fold(alias string) string { return strings.ToLower(alias) }
