package batchtest_test

import (
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"cucbulk/batch/batchtest"
	"cucbulk/batch/journal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type intent struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Fields map[string]string `json:"fields"`
}

var title = map[string]string{"Title": "Clerk"}

func TestIntentGuard(t *testing.T) {
	t.Parallel()
	var guard batchtest.IntentGuard
	writer, err := journal.Create(filepath.Join(t.TempDir(), "journal.jsonl"), journal.Options{Synced: guard.Synced})
	if err != nil {
		t.Fatal(err)
	}
	check := func(wantRefused bool) {
		t.Helper()
		if err := guard.Check("PUT", "/vmrest/users/1"); (err != nil) != wantRefused {
			t.Errorf("Check = %v, want refused %v", err, wantRefused)
		}
	}
	check(true)
	if err := writer.Post("intent", intent{"PUT", "/vmrest/users/1", title}); err != nil { // not durable yet
		t.Fatal(err)
	}
	if err := writer.Append("answer", intent{"PUT", "/vmrest/users/1", title}); err != nil { // no intent, but it syncs the one before
		t.Fatal(err)
	}
	check(false)
	check(true) // one intent is good for one change
	if err := writer.Append("intent", intent{"DELETE", "/vmrest/users/1", title}); err != nil {
		t.Fatal(err)
	}
	check(true) // another method
	if err := guard.Check("DELETE", "/vmrest/users/1"); err != nil {
		t.Error(err)
	}
	if err := writer.Append("intent", intent{"PUT", "/vmrest/users/1", nil}); err != nil {
		t.Fatal(err)
	}
	check(true) // it changes nothing
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	if got, want := guard.Changes(), 6; got != want {
		t.Errorf("Changes() = %d, want %d", got, want)
	}
}

func TestIntentGuardTellsOfAJournalThatItCannotRead(t *testing.T) {
	t.Parallel()
	var guard batchtest.IntentGuard
	guard.Synced(filepath.Join(t.TempDir(), "missing.jsonl"), 10)
	if err := guard.Check("POST", "/vmrest/users"); err == nil || !strings.Contains(err.Error(), "missing.jsonl") {
		t.Errorf("Check = %v, want an error that names the journal", err)
	}
}
