package batch_test

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"cucbulk/batch"
	"cucbulk/batch/batchtest"
	"cucbulk/batch/input"
	"cucbulk/batch/journal"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/audio"
	"cucbulk/cupi/cupitest"
	"cucbulk/internal/codes"
	"cucbulk/reports"
	"cucbulk/validate"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// site is a simulator, a client of it, and a folder for runs. Whatever a test
// does on it, a change whose intent is not durable fails the test.
type site struct {
	t         *testing.T
	simulator *cupitest.Server
	url       string
	guard     *batchtest.IntentGuard
	folder    string
	wire      cupi.Wire
	doubt     time.Duration // the doubt window of rollbacks; 0: hardly any
	audio     *audio.Store  // nil: there are no recordings
}

func newSite(t *testing.T, simulator *cupitest.Server) *site {
	t.Helper()
	s := &site{t: t, simulator: simulator, guard: newGuard(), folder: t.TempDir(), wire: cupi.JSON}
	simulator.OnChange = func(c cupitest.Change) error { return s.guard.CheckChange(c.Method, c.Path, c.Fields) }
	server := httptest.NewServer(simulator)
	t.Cleanup(func() {
		simulator.Wait()
		server.Close()
		s.checkIntents(t)
		for _, path := range simulator.Unknown() {
			t.Errorf("the client asked for %s, which the simulator does not know", path)
		}
	})
	s.url = server.URL
	return s
}

// checkIntents sees that each change had its intent on the disk, and that few rows were half
// made.
func (s *site) checkIntents(t rapid.TB) {
	t.Helper()
	for _, err := range s.simulator.ChangeErrors() {
		t.Errorf("a change without a durable intent: %v", err)
	}
	if err := s.guard.HalfMade(); err != nil {
		t.Error(err)
	}
}

// drawnSite is a site for one draw of a property, and gone with it. What a site checks at the
// end of a test, the property checks itself.
func drawnSite(t *testing.T, rt *rapid.T, simulator *cupitest.Server) *site {
	s := &site{t: t, simulator: simulator, guard: newGuard(), folder: t.TempDir(), wire: rapid.SampledFrom([]cupi.Wire{cupi.JSON, cupi.XML}).Draw(rt, "wire")}
	simulator.OnChange = func(c cupitest.Change) error { return s.guard.CheckChange(c.Method, c.Path, c.Fields) }
	server := httptest.NewServer(simulator)
	rt.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *site) server(workers int) send.Server {
	s.t.Helper()
	client, err := cupi.New(cupi.Config{Server: s.url, User: "admin", Password: "secret", Wire: s.wire, Workers: workers, Timeout: 10 * time.Second, Audio: s.audio})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(client.Close)
	return send.Server{Client: client, URL: s.url, Account: "admin", Workers: workers}
}

// recorder makes a new run folder.
func (s *site) recorder(name string) batch.Recorder {
	s.t.Helper()
	folder := filepath.Join(s.folder, name)
	if err := os.Mkdir(folder, 0o700); err != nil {
		s.t.Fatal(err)
	}
	return s.recorderIn(folder)
}

func (s *site) recorderIn(folder string) batch.Recorder {
	return batch.Recorder{Folder: folder, Tool: "test", Journal: journal.Options{Synced: s.guard.Synced}}
}

// options are those of a test: no waiting for late commits, no limits.
func options(operation validate.Operation) record.Options {
	return record.Options{Operation: operation, Template: "voicemailusertemplate", SkipInvalid: true,
		Limits: record.Limits{MaxFailures: record.Limit{Percent: 100}, MaxDeletes: record.Limit{Percent: 100}}, Patience: record.Patience{DoubtWindow: 10 * time.Millisecond, MaxOutage: time.Minute}}
}

// prepare spools the text as the input of a run in folder, and checks it.
func (s *site) prepare(recorder batch.Recorder, text string, options record.Options) *plan.Checked {
	s.t.Helper()
	path := filepath.Join(recorder.Folder, record.InputFile)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	_, _, err = input.Spool(file, strings.NewReader(text))
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return checkInput(s.t, path, options)
}

// checkInput checks the input at path.
func checkInput(t *testing.T, path string, options record.Options) *plan.Checked {
	t.Helper()
	in, err := record.OpenInput("users.csv", path)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := plan.Check(in, options, func(p validate.Problem) { t.Log(p) })
	if err != nil {
		t.Fatal(err)
	}
	return checked
}

// preflight checks and plans a file, and gives the problems of that too: "2 Title
// ldap-owned", …
func (s *site) preflight(recorder batch.Recorder, text string, options record.Options) (p *batch.Preparation, problems string) {
	s.t.Helper()
	checked := s.prepare(recorder, text, options)
	var list []string
	before := s.simulator.Total()
	p, err := batch.Preflight(s.t.Context(), s.server(2), checked, func(p validate.Problem) {
		list = append(list, fmt.Sprint(p.Line, " ", p.Column, " ", p.Code))
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if sent := s.simulator.Total() - before; p.Requests != sent {
		s.t.Errorf("the pre-flight sent %d requests, and counts %d", sent, p.Requests)
	}
	return p, strings.Join(list, ", ")
}

// run does the whole of a run and gives its summary and its results by alias.
func (s *site) run(ctx context.Context, name, text string, options record.Options, workers int) (batch.Summary, *record.History) {
	s.t.Helper()
	recorder := s.recorder(name)
	checked := s.prepare(recorder, text, options)
	p, err := batch.Preflight(ctx, s.server(workers), checked, func(p validate.Problem) { s.t.Log(p) })
	if err != nil {
		s.t.Fatal(err)
	}
	summary, err := p.Run(ctx, recorder)
	if err != nil {
		s.t.Fatal(err)
	}
	return summary, s.history(recorder.Folder)
}

func (s *site) history(folder string) *record.History {
	s.t.Helper()
	history, err := record.ReadHistory(folder)
	if err != nil {
		s.t.Fatal(err)
	}
	return history
}

// rejects writes the reports of a run and gives its rejects.csv.
func (s *site) rejects(history *record.History) string {
	s.t.Helper()
	if _, _, err := (reports.Writer{}).Write(history.Folder); err != nil {
		s.t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(history.Folder, reports.RejectsFile))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// results gives a run's results in the order of the rows.
func results(t *testing.T, history *record.History) []record.Result {
	t.Helper()
	var all []record.Result
	for result, err := range history.Results() {
		if err != nil {
			t.Fatal(err)
		}
		stands(t, result)
		all = append(all, result)
	}
	return all
}

// stands fails a test whose row ends in a way that the table of codes does not have. A row
// is partial when what failed was not its first step, and partial or uncertain in place of
// invalid when an earlier start had begun it.
func stands(t *testing.T, r record.Result) {
	t.Helper()
	status := string(r.Status)
	entry, known := codes.Lookup(r.Code)
	has := func(status string) bool { return slices.Contains(entry.Statuses, status) }
	begun := r.Status == record.Partial && (has("failed") || has("invalid")) || r.Status == record.Uncertain && has("invalid")
	if known && !has(status) && !begun {
		t.Errorf("row %d is %s with the code %s, and the table says %s", r.Row, status, r.Code, strings.Join(entry.Statuses, ", "))
	}
	if r.Code == "" && !r.Status.Done() && r.Status != record.Pending {
		t.Errorf("row %d is %s, and no code says why: %s", r.Row, status, r.Message)
	}
}

// statuses gives what became of each row: "created", "failed exists" …
func statuses(t *testing.T, history *record.History) string {
	t.Helper()
	var words []string
	for _, r := range results(t, history) {
		words = append(words, strings.TrimSpace(string(r.Status)+" "+string(r.Code)))
	}
	return strings.Join(words, ", ")
}

// allAre reports whether every row ended so, as [statuses] tells it.
func allAre(status, told string) bool {
	return !slices.ContainsFunc(strings.Split(told, ", "), func(one string) bool { return one != status })
}

// rollback undoes a run and gives the history of doing so.
func (s *site) rollback(ctx context.Context, name string, of *record.History, options record.UndoOptions) (batch.Summary, *record.History) {
	s.t.Helper()
	options.DoubtWindow, options.MaxOutage = max(s.doubt, 10*time.Millisecond), time.Minute
	undo, err := record.PlanUndo(of, options)
	if err != nil {
		s.t.Fatal(err)
	}
	recorder := s.recorder(name)
	summary, err := rollback.Run(ctx, undo, s.server(4), recorder, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return summary, s.history(recorder.Folder)
}

// creates is a file that creates n users.
func creates(n int) string {
	var text strings.Builder
	io.WriteString(&text, "Alias,DtmfAccessId,FirstName,LastName,DisplayName\n")
	for i := range n {
		fmt.Fprintf(&text, "person%05d,%d,Per,Son %d,Person %d\n", i, 30000+i, i, i)
	}
	return text.String()
}

// inBothWires runs a test in JSON and in XML.
func inBothWires(t *testing.T, test func(t *testing.T, wire cupi.Wire)) {
	t.Parallel()
	for _, wire := range []cupi.Wire{cupi.JSON, cupi.XML} {
		t.Run(string(wire), func(t *testing.T) {
			t.Parallel()
			test(t, wire)
		})
	}
}
