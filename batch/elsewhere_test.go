package batch_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// otherWorld stands before a simulator, so that it is a server on which everything has another id and
// another name. A process that works on it can die: it answers nothing then, and carries nothing out.
type otherWorld struct {
	*site
	in, out *strings.Replacer

	mutex sync.Mutex
	left  int // changes until the process dies
	end   context.CancelFunc
	dead  bool
}

// otherNames are what things are called in the simulator, and there.
var otherNames = []string{
	`"Executive COS"`, `"Leitung"`, `"Voice Mail User COS"`, `"Standard"`, `"Branch Partition"`, `"Filiale"`, `"cuc1 Partition"`, `"Haus"`, `"cuc1 Search Space"`, `"Hausraum"`,
	`:"PhoneSystem"`, `:"Anlage"`, `"Weekdays"`, `"Werktags"`, `"Unity Messaging Database -1"`, `"Speicher 1"`, `"voicemailusertemplate"`, `"vorlage"`, `"allvoicemailusers"`, `"alle"`,
	`"Help Desk Administrator"`, `"Hilfe"`, `"System Directory Handler"`, `"Verzeichnis"`, `:"Exchange"`, `:"Post"`, `"Holiday hours"`, `"Feiertags"`, `"Goodbye"`, `"Abschied"`,
}

// namesThere is a map to them.
func namesThere() map[string]map[string]string {
	return map[string]map[string]string{
		"coses": {"executive cos": "Leitung", "voice mail user cos": "Standard"}, "partitions": {"branch partition": "Filiale", "cuc1 partition": "Haus"}, "searchspaces": {"cuc1 search space": "Hausraum"},
		"phonesystems": {"phonesystem": "Anlage"}, "schedulesets": {"weekdays": "Werktags"}, "mailboxstores": {"unity messaging database -1": "Speicher 1"}, "usertemplates": {"voicemailusertemplate": "vorlage"},
		"distributionlists": {"allvoicemailusers": "alle"}, "roles": {"help desk administrator": "Hilfe"}, "directoryhandlers": {"system directory handler": "Verzeichnis"},
		"externalservices": {"exchange": "Post"}, "postgreetingrecordings": {"holiday hours": "Feiertags"}, "callhandlers": {"goodbye": "Abschied"},
	}
}

var anyID = regexp.MustCompile(`[0-9a-f]([0-9a-f]{7}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})`)

// otherID is another id, of which this one is the other.
func otherID(id string) string {
	return string("fedcba9876543210"[strings.IndexByte("0123456789abcdef", id[0])]) + id[1:]
}

func newOtherWorld(t *testing.T, simulator *cupitest.Server) *otherWorld {
	t.Helper()
	var back []string
	for i := 0; i < len(otherNames); i += 2 {
		back = append(back, otherNames[i+1], otherNames[i])
	}
	for i := range back { // and in queries
		back[i] = strings.Trim(back[i], `:"`)
	}
	w := &otherWorld{out: strings.NewReplacer(otherNames...), in: strings.NewReplacer(back...)}
	w.site = &site{t: t, simulator: simulator, guard: newGuard(), folder: t.TempDir(), wire: cupi.JSON}
	simulator.OnChange = func(c cupitest.Change) error {
		fields := map[string]string{}
		for name, value := range c.Fields {
			fields[name] = w.out.Replace(anyID.ReplaceAllStringFunc(value, otherID))
			if quoted := w.out.Replace(`:"` + value + `"`); quoted != `:"`+value+`"` {
				fields[name] = strings.Trim(quoted, `:"`)
			}
		}
		return w.guard.CheckChange(c.Method, anyID.ReplaceAllStringFunc(c.Path, otherID), fields)
	}
	server := httptest.NewServer(w)
	t.Cleanup(func() {
		simulator.Wait()
		server.Close()
		w.checkIntents(t)
	})
	w.url = server.URL
	return w
}

func (w *otherWorld) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if w.kills(r) {
		panic(http.ErrAbortHandler)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.URL.Path, r.URL.RawPath = anyID.ReplaceAllStringFunc(r.URL.Path, otherID), ""
	query := r.URL.Query()
	for name, values := range query {
		for i := range values {
			values[i] = w.in.Replace(anyID.ReplaceAllStringFunc(values[i], otherID))
		}
		query[name] = values
	}
	r.URL.RawQuery = query.Encode()
	if strings.Contains(r.Header.Get("Content-Type"), "json") {
		body = anyID.ReplaceAllFunc(body, func(id []byte) []byte { return []byte(otherID(string(id))) })
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	answer := httptest.NewRecorder()
	w.simulator.ServeHTTP(answer, r)
	for name, values := range answer.Header() {
		if name != "Content-Length" {
			rw.Header()[name] = values
		}
	}
	if made := answer.Header().Get("Location"); made != "" {
		rw.Header().Set("Location", anyID.ReplaceAllStringFunc(made, otherID))
	}
	text := answer.Body.Bytes()
	if !strings.Contains(answer.Header().Get("Content-Type"), "audio") {
		text = []byte(w.out.Replace(anyID.ReplaceAllStringFunc(string(text), otherID)))
	}
	rw.WriteHeader(answer.Code)
	_, _ = rw.Write(text)
}

// kills reports whether nobody hears of a request any more.
func (w *otherWorld) kills(r *http.Request) bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if !w.dead && r.Method != http.MethodGet {
		if w.left--; w.left == 0 {
			w.dead = true
			w.end()
		}
	}
	return w.dead
}

// dies lets a start of the program work in a folder, and die at the n-th change from now. It reports whether there
// were so many.
func (w *otherWorld) dies(recorder batch.Recorder, n int, work func(context.Context, batch.Recorder) error) bool {
	w.t.Helper()
	ctx, end := context.WithCancel(w.t.Context())
	defer end()
	w.mutex.Lock()
	w.left, w.end, w.dead = n, end, false
	w.mutex.Unlock()
	synced, note := int64(0), recorder.Journal.Synced
	recorder.Journal.Synced = func(path string, bytes int64) {
		w.mutex.Lock()
		defer w.mutex.Unlock()
		if !w.dead {
			synced = bytes
			note(path, bytes)
		}
	}
	if err := work(ctx, recorder); err != nil && ctx.Err() == nil {
		w.t.Fatal(err)
	}
	w.simulator.Wait()
	w.mutex.Lock()
	defer w.mutex.Unlock()
	died := w.dead
	if w.left, w.dead = 0, false; died {
		if err := os.Truncate(filepath.Join(recorder.Folder, record.JournalFile), synced); err != nil {
			w.t.Fatal(err)
		}
		_ = os.Remove(filepath.Join(recorder.Folder, record.JournalFile+".lock")) // which says how far it was known to reach
	}
	return died
}
