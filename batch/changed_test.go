package batch_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/reports"
	"cucbulk/validate"
)

// wideCreates are so many rows that their file has many pieces.
func wideCreates(n int) string {
	var text strings.Builder
	text.WriteString("Alias,DtmfAccessId,Junk\n")
	for i := range n {
		fmt.Fprintf(&text, "first%04d,%d,%s\n", i, 40_000+i, strings.Repeat("x", 5000))
	}
	return text.String()
}

// However an input changes while a run reads it, nothing of what it holds then is sent,
// what was sent stays, and the original goes on where it stopped. That goes for a file of
// the person's and for the copy in the run folder.
func TestAFileThatChangesWhileItIsSent(t *testing.T) {
	t.Parallel()
	original := wideCreates(300)
	other := []byte(strings.ReplaceAll(original, "first", "other"))
	for name, change := range map[string]func(path string) error{
		"written over": func(path string) error { return os.WriteFile(path, other, 0o600) },
		"replaced": func(path string) error {
			if err := os.WriteFile(path+".new", other, 0o600); err != nil {
				return err
			}
			return os.Rename(path+".new", path)
		},
		"cut":    func(path string) error { return os.Truncate(path, int64(len(original)-200)) },
		"halved": func(path string) error { return os.Truncate(path, int64(len(original)/2)) },
		"grown": func(path string) error {
			return os.WriteFile(path, []byte(original+"other,99999,\n"), 0o600)
		},
	} {
		for _, copied := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, copied %t", name, copied), func(t *testing.T) {
				t.Parallel()
				simulator := &cupitest.Server{}
				s := newSite(t, simulator)
				recorder, o := s.recorder("run"), options(validate.Create)
				path := filepath.Join(recorder.Folder, record.InputFile)
				if !copied {
					o.NoSpool, path = true, filepath.Join(s.folder, "users.csv")
				}
				if err := os.WriteFile(path, []byte(original), 0o600); err != nil {
					t.Fatal(err)
				}
				p, err := batch.Preflight(t.Context(), s.server(2), checkInput(t, path, o), func(validate.Problem) {})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() {
					for _, user := range simulator.Snapshot() {
						if strings.HasPrefix(user["Alias"], "other") {
							t.Errorf("%s is of the changed file", user["Alias"])
						}
					}
				})
				var once sync.Once
				guarded := simulator.OnChange
				simulator.OnChange = func(c cupitest.Change) error {
					once.Do(func() { err = change(path) })
					return guarded(c)
				}
				summary, failed := p.Run(t.Context(), recorder)
				if err != nil || failed != nil {
					t.Fatal(err, failed)
				}
				if name == "replaced" { // the run has the original open
					if summary.Counts[record.Created] != 300 {
						t.Errorf("got %v, want that all of the original was sent", summary.Counts)
					}
					return
				}
				if summary.Exit != record.ExitFailed || summary.Stop == nil || summary.Stop.Code != "input-changed" || !strings.Contains(summary.Stop.Error(), "is not the file that was checked") {
					t.Errorf("got exit %d and %v, want 1 and that the file is another", summary.Exit, summary.Stop)
				}
				made := summary.Counts[record.Created]
				if pending := summary.Counts[record.Pending]; made == 0 || made+pending != 300 {
					t.Errorf("got %v, want some created and the rest pending", summary.Counts)
				}
				if _, _, err := (reports.Writer{}).Write(recorder.Folder); err != nil {
					t.Errorf("the reports of it: %v", err)
				}
				history := s.history(recorder.Folder)
				if _, err := batch.Resume(t.Context(), s.server(2), history, mustOpen(t, path), o, s.recorderIn(recorder.Folder)); err == nil {
					t.Error("a resume took the file as it is now")
				}
				resumed := filepath.Join(s.folder, "original.csv")
				if err := os.WriteFile(resumed, []byte(original), 0o600); err != nil {
					t.Fatal(err)
				}
				if summary, err := batch.Resume(t.Context(), s.server(2), history, mustOpen(t, resumed), o, s.recorderIn(recorder.Folder)); err != nil || summary.Counts[record.Created] != 300 {
					t.Errorf("with the original: got %v and %v", summary.Counts, err)
				}
			})
		}
	}
}

// The rejects hold the cells of the rows that were run, or are not written.
func TestRejectsHoldNothingOfAnotherFile(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	o := options(validate.Update) // of users that are not there
	recorder := s.recorder("run")
	path := filepath.Join(s.folder, "users.csv")
	if err := os.WriteFile(path, []byte(wideCreates(200)), 0o600); err != nil {
		t.Fatal(err)
	}
	o.NoSpool = true
	p, err := batch.Preflight(t.Context(), s.server(2), checkInput(t, path, o), func(validate.Problem) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(t.Context(), recorder); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, bytes.ReplaceAll(text, []byte("first"), []byte("other")), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, notices, err := reports.Writer{}.Write(recorder.Folder)
	if err != nil || len(notices) != 1 || !strings.Contains(string(notices[0]), "rejects.csv was not written: the input of this run is gone") {
		t.Errorf("got %v and %v, want one notice", notices, err)
	}
	for _, name := range []string{reports.RejectsFile, reports.ResultsFile} {
		if text, _ := os.ReadFile(filepath.Join(recorder.Folder, name)); bytes.Contains(text, []byte("other")) {
			t.Errorf("%s holds cells of another file", name)
		}
	}
}

func mustOpen(t *testing.T, path string) record.Input {
	t.Helper()
	in, err := record.OpenInput("users.csv", path)
	if err != nil {
		t.Fatal(err)
	}
	return in
}
