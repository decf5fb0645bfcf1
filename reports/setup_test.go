package reports

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"cucbulk/batch"
	"cucbulk/batch/batchtest"
	"cucbulk/batch/journal"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// must is for what a test takes for granted.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// options are those of a test: no limits, and no waiting for late commits.
func options(operation validate.Operation) record.Options {
	return record.Options{Operation: operation, Template: "voicemailusertemplate", SkipInvalid: true,
		Limits: record.Limits{MaxFailures: record.Limit{Percent: 100}, MaxDeletes: record.Limit{Percent: 100}}, Patience: record.Patience{DoubtWindow: time.Millisecond, MaxOutage: time.Minute}}
}

// prepare makes a run folder with its input, and checks that.
func prepare(t *testing.T, text []byte, options record.Options) (batch.Recorder, *plan.Checked) {
	t.Helper()
	recorder := batch.Recorder{Folder: t.TempDir(), Tool: "test"}
	path := filepath.Join(recorder.Folder, record.InputFile)
	must(t, os.WriteFile(path, text, 0o600))
	in, err := record.OpenInput("users.csv", path)
	must(t, err)
	checked, err := plan.Check(in, options, func(validate.Problem) {})
	must(t, err)
	return recorder, checked
}

// refused is the folder of a run that was refused because of invalid rows.
func refused(t *testing.T, text []byte) string {
	t.Helper()
	recorder, checked := prepare(t, text, options(validate.Create))
	_, err := batch.Refuse(checked, recorder)
	must(t, err)
	return recorder.Folder
}

// site is a simulator and a client of it. A change whose intent is not durable
// fails the test.
type site struct {
	t      *testing.T
	guard  batchtest.IntentGuard
	server send.Server
}

func newSite(t *testing.T, simulator *cupitest.Server) *site {
	t.Helper()
	s := &site{t: t}
	simulator.OnChange = func(c cupitest.Change) error { return s.guard.CheckChange(c.Method, c.Path, c.Fields) }
	server := httptest.NewServer(simulator)
	client, err := cupi.New(cupi.Config{Server: server.URL, User: "admin", Password: "secret", Workers: 1, Timeout: 10 * time.Second})
	must(t, err)
	s.server = send.Server{Client: client, URL: server.URL, Account: "admin", Workers: 1}
	t.Cleanup(func() {
		client.Close()
		server.Close()
		if err := s.guard.HalfMade(); err != nil {
			t.Error(err)
		}
		for _, err := range simulator.ChangeErrors() {
			t.Errorf("a change without a durable intent: %v", err)
		}
	})
	return s
}

// run carries out an input, row by row, until a row with the status until has
// ended, and gives the run's folder.
func (s *site) run(text string, options record.Options, until record.Status) string {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	recorder, checked := prepare(s.t, []byte(text), options)
	recorder.Journal = journal.Options{Synced: s.guard.Synced}
	recorder.Result = func(r record.Result) {
		if r.Status == until {
			cancel()
		}
	}
	p, err := batch.Preflight(ctx, s.server, checked, func(validate.Problem) {})
	must(s.t, err)
	_, err = p.Run(ctx, recorder)
	must(s.t, err)
	return recorder.Folder
}

// undo rolls the run in folder back, and gives the rollback's folder.
func (s *site) undo(folder string) string {
	s.t.Helper()
	history, err := record.ReadHistory(folder)
	must(s.t, err)
	undo, err := record.PlanUndo(history, record.UndoOptions{Patience: record.Patience{DoubtWindow: time.Millisecond, MaxOutage: time.Minute}})
	must(s.t, err)
	recorder := batch.Recorder{Folder: s.t.TempDir(), Tool: "test", Journal: journal.Options{Synced: s.guard.Synced}}
	_, err = rollback.Run(s.t.Context(), undo, s.server, recorder, nil)
	must(s.t, err)
	return recorder.Folder
}

// write writes the reports of a run that needs no notice.
func write(t *testing.T, folder string) {
	t.Helper()
	if _, notices, err := (Writer{}).Write(folder); err != nil || len(notices) > 0 {
		t.Fatalf("got %q and %v, want no notice and no error", notices, err)
	}
}

func read(t *testing.T, folder, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	must(t, err)
	return text
}

// table reads a CSV file of ours: its headings and then, by heading, its lines.
func table(t *testing.T, text []byte) (headings []string, lines []map[string]string) {
	t.Helper()
	reader := csv.NewReader(bytes.NewReader(text))
	headings, err := reader.Read()
	must(t, err)
	for {
		cells, err := reader.Read()
		if err == io.EOF {
			return headings, lines
		}
		must(t, err)
		line := map[string]string{}
		for i, cell := range cells {
			line[headings[i]] = cell
		}
		lines = append(lines, line)
	}
}
