package batch_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// What a process leaves that dies.

// faultAt gives the fault to the nth change, and refuses those after it.
func faultAt(change int, fault cupitest.Fault) func(*http.Request) cupitest.Fault {
	changes := 0
	return func(r *http.Request) cupitest.Fault {
		if r.Method == "GET" {
			return cupitest.NoFault
		}
		switch changes++; {
		case changes < change:
			return cupitest.NoFault
		case changes == change:
			return fault
		}
		return cupitest.Forbidden // nothing more is done
	}
}

// journalText is the journal as it stands on the disk.
func journalText(t *testing.T, history *record.History) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(history.Folder, record.JournalFile))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// journalUpTo gives the journal as far as the intent of the nth change: what a
// process leaves that dies then.
func journalUpTo(t *testing.T, history *record.History, change int) []byte {
	t.Helper()
	text := journalText(t, history)
	end, intents := 0, 0
	for line := range strings.Lines(text) {
		end += len(line)
		if strings.Contains(line, `"intent"`) {
			if intents++; intents == change {
				return []byte(text[:end])
			}
		}
	}
	t.Fatalf("there are %d changes, and it was to be killed at %d", intents, change)
	return nil
}

// killedAt runs a file until its nth change is sent, and then as if the process
// had died: the journal ends with that change's intent.
func (s *site) killedAt(change int, name, text string, options record.Options, fault cupitest.Fault) *record.History {
	s.t.Helper()
	return s.killedUnder(faultAt(change, fault), change, name, text, options)
}

// killedUnder is killedAt with faults of its own.
func (s *site) killedUnder(faults func(*http.Request) cupitest.Fault, change int, name, text string, options record.Options) *record.History {
	s.t.Helper()
	s.simulator.Fault = faults
	_, history := s.run(s.t.Context(), name, text, options, 1)
	s.simulator.Fault = nil
	killed := s.recorder(name + " killed").Folder
	if err := os.Rename(filepath.Join(history.Folder, record.InputFile), filepath.Join(killed, record.InputFile)); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(killed, record.JournalFile), journalUpTo(s.t, history, change), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return s.history(killed)
}

// resume goes on with a run.
func (s *site) resume(ctx context.Context, history *record.History, o record.Options) (batch.Summary, *record.History) {
	s.t.Helper()
	in, err := history.SourceInput()
	if err != nil {
		s.t.Fatal(err)
	}
	summary, err := batch.Resume(ctx, s.server(2), history, in, o, s.recorderIn(history.Folder))
	if err != nil {
		s.t.Fatal(err)
	}
	return summary, s.history(history.Folder)
}
