package batch_test

import (
	"context"
	"encoding/csv"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/reports"
)

// vault opens what a run has sealed.
type vault struct{ identity *age.X25519Identity }

func newVault(t *testing.T) vault {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return vault{identity}
}

func (v vault) options(options record.Options) record.Options {
	options.PINLength, options.SealTo = 6, v.identity.Recipient().String()
	return options
}

func (v vault) open(t *testing.T, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: %v, %v", path, info.Mode(), err)
	}
	clear, err := age.Decrypt(file, v.identity)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(clear).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records[1:]
}

// pins gives the PINs of a run folder, by alias: the last file that names a row counts.
func (v vault) pins(t *testing.T, folder string) map[string]string {
	t.Helper()
	byAlias := map[string]string{}
	for _, name := range []string{"pins.csv.age", "pins-2.csv.age"} {
		path := filepath.Join(folder, name)
		if _, missing := os.Stat(path); missing != nil {
			continue
		}
		for _, record := range v.open(t, path) {
			byAlias[record[2]] = record[4]
		}
	}
	return byAlias
}

// wantPINs checks that the simulator has for each user the PIN that was sealed, and
// that no other file of the folder holds one.
func (s *site) wantPINs(folder string, sealed map[string]string, users int) {
	s.t.Helper()
	seen := map[string]bool{}
	for alias, pin := range sealed {
		if got := s.simulator.Credentials(s.simulator.UserByAlias(alias)["ObjectId"], "pin"); got != pin {
			s.t.Errorf("%s has the PIN %q, and %q was sealed", alias, got, pin)
		}
		if seen[pin] {
			s.t.Errorf("%s was drawn twice", pin)
		}
		seen[pin] = true
	}
	if len(sealed) != users {
		s.t.Errorf("%d PINs, want %d", len(sealed), users)
	}
	journal, err := os.ReadFile(filepath.Join(folder, record.JournalFile))
	if err != nil {
		s.t.Fatal(err)
	}
	for pin := range seen {
		if strings.Contains(string(journal), `"`+pin+`"`) {
			s.t.Errorf("the journal holds %s", pin)
		}
	}
}

func TestNewUsersGetPINs(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	s := newSite(t, &cupitest.Server{})
	text := strings.Replace(creates(30), "DisplayName\n", "DisplayName,PIN\n", 1)
	text += "own,50000,Own,Pin,Own,918273\n"
	summary, history := s.run(t.Context(), "run", text, v.options(options("create")), 4)
	if summary.Exit != record.ExitDone {
		t.Fatalf("exit %d: %s", summary.Exit, statuses(t, history))
	}
	s.wantPINs(history.Folder, v.pins(t, history.Folder), 30)
	if got := s.simulator.Credentials(s.simulator.UserByAlias("own")["ObjectId"], "pin"); got != "918273" {
		t.Errorf("the row's own PIN became %q", got)
	}
	for _, r := range results(t, history) {
		if r.Requests != 2 {
			t.Errorf("row %d: %d requests, want 2", r.Row, r.Requests)
		}
	}
}

// A run that ends in the middle and goes on: a PIN that was sent is the one that
// was sealed, whichever start sealed it.
func TestPINsOfAResumedRun(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	s := newSite(t, &cupitest.Server{})
	recorder := s.recorder("run")
	checked := s.prepare(recorder, creates(40), v.options(options("create")))
	p, err := batch.Preflight(t.Context(), s.server(2), checked, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := 0
	recorder.Result = func(record.Result) {
		if ended++; ended == 15 {
			cancel()
		}
	}
	if _, err := p.Run(ctx, recorder); err != nil {
		t.Fatal(err)
	}
	history := s.history(recorder.Folder)
	before := v.pins(t, recorder.Folder)
	in, err := history.SourceInput()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := batch.Resume(t.Context(), s.server(2), history, in, v.options(options("create")), s.recorderIn(recorder.Folder)); err != nil {
		t.Fatal(err)
	}
	if got := statuses(t, s.history(recorder.Folder)); strings.Count(got, "created") != 40 {
		t.Fatal(got)
	}
	after := v.pins(t, recorder.Folder)
	s.wantPINs(recorder.Folder, after, 40)
	kept := 0
	for alias, pin := range before {
		if after[alias] == pin {
			kept++
		}
	}
	if kept < 15 || kept == 40 {
		t.Errorf("%d PINs of the first start count, want those of the rows that it did", kept)
	}
}

// A row that failed at its PIN gets another one from the run of the rejects.
func TestAPINThatWasRefusedIsDrawnAgain(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == "PUT" && strings.HasSuffix(r.URL.Path, "/credential/pin") {
			return cupitest.Forbidden
		}
		return cupitest.NoFault
	}
	_, first := s.run(t.Context(), "first", creates(1), v.options(options("create")), 1)
	if got := statuses(t, first); got != "partial forbidden" {
		t.Fatal(got)
	}
	simulator.Fault = nil
	rejects := s.rejects(first)
	again := v.options(options("create"))
	again.Continues = first.Folder
	if foreseen, spent := s.foreseen("second", rejects, again); !slices.Equal(foreseen, spent) {
		t.Errorf("the pre-flight says %v and the run took %v", foreseen, spent)
	}
	second := s.history(filepath.Join(s.folder, "second"))
	if got := statuses(t, second); got != "created" {
		t.Fatal(got)
	}
	s.wantPINs(second.Folder, v.pins(t, second.Folder), 1)
}

// Rejected rows whose input has secrets are for the owner of the key.
func TestSealedRejects(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	s := newSite(t, &cupitest.Server{})
	options := options("create")
	options.SealTo = v.identity.Recipient().String()
	text := "Alias,DtmfAccessId,PIN\nnobody,,725194\n"
	_, history := s.run(t.Context(), "run", text, options, 1)
	if _, _, err := (reports.Writer{}).Write(history.Folder); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(history.Folder, reports.RejectsFile)); err == nil {
		t.Error("rejects.csv is there in clear")
	}
	rows := v.open(t, filepath.Join(history.Folder, reports.RejectsFile+record.Sealed))
	if len(rows) != 1 || rows[0][3] != "725194" {
		t.Errorf("got %q", rows)
	}
}
