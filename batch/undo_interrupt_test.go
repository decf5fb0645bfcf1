package batch_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

var errDisk = errors.New("no space left on device")

// A rollback ends at each of its syncs in turn, with its last answer recorded or
// lost, and goes on from its journal: the server is as before the run, and nothing
// was done twice.
func TestARollbackInterruptedAnywhereGoesOn(t *testing.T) {
	t.Parallel()
	const file = "Operation,Alias,DtmfAccessId,Title,ScheduleSetName\ncreate,fresh,4711,Boss,\nupdate,user00003,,Boss,Weekdays\ndelete,user00001,,,\ndelete,user00002,,,\n"
	for _, lost := range []bool{false, true} {
		t.Run(map[bool]string{false: "answer recorded", true: "answer lost"}[lost], func(t *testing.T) {
			t.Parallel()
			for at := 1; ; at++ {
				s, _ := wellEquipped(t, cupi.JSON)
				before := byAlias(s.simulator.Snapshot())
				_, history := s.run(t.Context(), "run", file, options(""), 1)
				if !s.interrupt(t, history, at, lost) {
					t.Logf("a rollback of %d syncs was ended at each", at-1)
					return
				}
				of := s.goOn(t, history, at)
				if got := statuses(t, of); got != "deleted, restored, recreated, recreated" {
					t.Errorf("ended at sync %d: %s\n%s", at, got, messages(t, of))
				}
				compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
				if t.Failed() {
					return
				}
			}
		})
	}
}

// interrupt rolls back until a sync of the journal fails. It reports whether that
// happened. When the answer is to be lost, the journal's last record goes if it is
// one.
func (s *site) interrupt(t *testing.T, history *record.History, at int, lost bool) bool {
	t.Helper()
	undo, _ := s.undoing(history)
	recorder := s.recorder("undo")
	syncs := 0
	recorder.Journal.Sync = func(file *os.File) error {
		if syncs++; syncs >= at {
			return errDisk
		}
		return file.Sync()
	}
	_, err := rollback.Run(context.Background(), undo, s.server(1), recorder, nil)
	if syncs < at {
		if err != nil {
			t.Fatal(err)
		}
		return false
	}
	if !errors.Is(err, errDisk) {
		t.Fatalf("error %v, want the disk's", err)
	}
	path := filepath.Join(recorder.Folder, record.JournalFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for lost && len(text) > 0 {
		start := bytes.LastIndexByte(text[:len(text)-1], '\n') + 1
		if bytes.Contains(text[start:], []byte(`"intent"`)) {
			break
		}
		answer := bytes.Contains(text[start:], []byte(`"answer"`))
		if text = text[:start]; answer {
			break
		}
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return true
}

// goOn ends the rollback that was interrupted at that sync.
func (s *site) goOn(t *testing.T, history *record.History, at int) *record.History {
	t.Helper()
	undo, own := s.undoing(history)
	recorder := s.recorderIn(filepath.Join(s.folder, "undo"))
	if own == nil { // it ended before its journal held anything
		recorder = s.recorder("undo once more")
	}
	if _, err := rollback.Run(t.Context(), undo, s.server(2), recorder, own); err != nil {
		t.Fatalf("ended at sync %d: %v", at, err)
	}
	return s.history(recorder.Folder)
}

// undoing plans the rollback in the folder undo, and reads the journal there, nil if it
// holds nothing.
func (s *site) undoing(history *record.History) (*record.Undo, *record.History) {
	s.t.Helper()
	undo, err := record.PlanUndo(history, record.UndoOptions{Patience: record.Patience{DoubtWindow: 1, MaxOutage: 1}})
	if err != nil {
		s.t.Fatal(err)
	}
	own, err := record.ReadHistory(filepath.Join(s.folder, "undo"))
	if err != nil {
		return undo, nil
	}
	return undo, own
}

// A user comes back without an extension that somebody took meanwhile. However the
// rollback is interrupted, it ends as one that was not: the rest is there, once, and
// what is missing is said.
func TestAPartlyRecreatedUserAfterAnInterruption(t *testing.T) {
	t.Parallel()
	const file = "Operation,Alias\ndelete,user00001\n"
	for _, lost := range []bool{false, true} {
		t.Run(map[bool]string{false: "answer recorded", true: "answer lost"}[lost], func(t *testing.T) {
			t.Parallel()
			robbed := func() (*site, *record.History) {
				s, o := wellEquipped(t, cupi.JSON)
				_, history := s.run(t.Context(), "run", file, options(""), 1)
				o.set("user00004", "DtmfAccessId", "999341")
				return s, history
			}
			s, history := robbed()
			_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			want, said := byAlias(s.simulator.Snapshot()), messages(t, of)
			for at := 1; ; at++ {
				s, history := robbed()
				if !s.interrupt(t, history, at, lost) {
					t.Logf("a rollback of %d syncs was ended at each", at-1)
					return
				}
				of := s.goOn(t, history, at)
				if got := statuses(t, of); got != "recreated partly-recreated" || messages(t, of) != said {
					t.Errorf("ended at sync %d: %s, want recreated partly-recreated\n%s\nwant %s", at, got, messages(t, of), said)
				}
				compareSnapshots(t, want, byAlias(s.simulator.Snapshot()))
				if t.Failed() {
					return
				}
			}
		})
	}
}

// The rollback is interrupted while its own POST is in doubt, and the server commits
// it only after the rollback went on: it is waited for, and not sent again.
func TestALateCommitAfterAnInterruption(t *testing.T) {
	t.Parallel()
	s, _ := wellEquipped(t, cupi.JSON)
	s.simulator.LateBy = 200 * time.Millisecond
	before := byAlias(s.simulator.Snapshot())
	_, history := s.run(t.Context(), "run", "Operation,Alias\ndelete,user00001\n", options(""), 1)
	ctx, cancel := context.WithCancel(t.Context())
	late := once(cupitest.LateCommit, "POST", "/vmrest/users")
	s.simulator.Fault = func(r *http.Request) cupitest.Fault {
		fault := late(r)
		if fault != cupitest.NoFault {
			cancel()
		}
		return fault
	}
	undo, _ := s.undoing(history)
	recorder := s.recorder("undo")
	summary, err := rollback.Run(ctx, undo, s.server(1), recorder, nil)
	if err != nil || summary.Exit != record.ExitInterrupted || summary.Counts[record.Uncertain] != 1 {
		t.Fatalf("exit %d, counts %v, error %v", summary.Exit, summary.Counts, err)
	}
	posts := s.simulator.Requests()["POST /vmrest/users"]
	undo, own := s.undoing(history)
	undo.Options.DoubtWindow = time.Second
	if _, err := rollback.Run(t.Context(), undo, s.server(1), recorder, own); err != nil {
		t.Fatal(err)
	}
	if got := statuses(t, s.history(recorder.Folder)); got != "recreated" {
		t.Errorf("%s: %s", got, messages(t, s.history(recorder.Folder)))
	}
	if got := s.simulator.Requests()["POST /vmrest/users"]; got != posts {
		t.Errorf("the user was sent %d more times", got-posts)
	}
	compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
}

// A run that was interrupted and resumed is rolled back as a whole.
func TestRollbackOfAResumedRun(t *testing.T) {
	t.Parallel()
	s, _ := wellEquipped(t, cupi.JSON)
	before := byAlias(s.simulator.Snapshot())
	recorder := s.recorder("run")
	ctx, cancel := context.WithCancel(t.Context())
	recorder.Result = func(r record.Result) {
		if r.Row == 2 {
			cancel()
		}
	}
	checked := s.prepare(recorder, "Operation,Alias,DtmfAccessId,Title\ncreate,fresh,4711,\ndelete,user00001,,\ndelete,user00002,,\nupdate,user00003,,Boss\n", options(""))
	p, err := batch.Preflight(ctx, s.server(1), checked, func(validate.Problem) {})
	if err != nil {
		t.Fatal(err)
	}
	if summary, err := p.Run(ctx, recorder); err != nil || summary.Counts[record.Pending] == 0 {
		t.Fatalf("counts %v, error %v", summary.Counts, err)
	}
	history := s.history(recorder.Folder)
	in, err := history.SourceInput()
	if err != nil {
		t.Fatal(err)
	}
	recorder.Result = nil
	if summary, err := batch.Resume(t.Context(), s.server(1), history, in, options(""), recorder); err != nil || summary.Exit != record.ExitDone {
		t.Fatalf("exit %d, error %v", summary.Exit, err)
	}
	_, of := s.rollback(t.Context(), "undo", s.history(recorder.Folder), record.UndoOptions{})
	if got := statuses(t, of); got != "deleted, recreated, recreated, restored" {
		t.Errorf("%s: %s", got, messages(t, of))
	}
	compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
}
