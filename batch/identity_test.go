package batch_test

import (
	"path/filepath"
	"testing"

	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// journalOf writes a journal of these records, each a type and what it holds, and reads it.
func journalOf(t *testing.T, records ...any) *record.History {
	t.Helper()
	folder := t.TempDir()
	writeJournal(t, folder, records...)
	history, err := record.ReadHistory(folder)
	if err != nil {
		t.Fatal(err)
	}
	return history
}

// writeJournal writes the journal of a folder, of records as [journalOf] takes them.
func writeJournal(t *testing.T, folder string, records ...any) {
	t.Helper()
	writer, err := journal.Create(filepath.Join(folder, record.JournalFile), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(records); i += 2 {
		if err := writer.Append(records[i].(string), records[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
}

// Two intents of one step and attempt, as a resume leaves them: each answer is for the one
// that it names. In a journal of an earlier version, where none has a number, it is for
// the last one before it.
func TestAnAnswerIsForTheIntentThatItNames(t *testing.T) {
	t.Parallel()
	intent := func(number int, path string) record.Intent {
		return record.Intent{Number: number, Row: 1, Step: "user", Attempt: 1, Method: "PUT", Path: path}
	}
	answer := func(number int) record.Answer {
		return record.Answer{Number: number, Row: 1, Step: "user", Attempt: 1, Made: true}
	}
	for _, c := range []struct {
		name        string
		numbers     [2]int
		answered    int
		first, last bool // made
	}{
		{"the first", [2]int{1, 2}, 1, true, false},
		{"the last", [2]int{1, 2}, 2, false, true},
		{"of an earlier version", [2]int{0, 0}, 0, false, true},
		{"begun by an earlier version", [2]int{0, 1}, 0, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := journalOf(t, "header", record.Header{Kind: record.KindRun, Rows: 1},
				"intent", intent(c.numbers[0], "/vmrest/users/a"), "intent", intent(c.numbers[1], "/vmrest/users/b"), "answer", answer(c.answered))
			for i, want := range []bool{c.first, c.last} {
				if got := h.Rows[1].Changes[i]; got.Made != want || got.Open == want {
					t.Errorf("change %d: made %t, open %t; want made %t", i+1, got.Made, got.Open, want)
				}
			}
		})
	}
}

// However often a run is killed and goes on, no two intents of its journal have one
// number, and neither have those of its rollback.
func TestEveryIntentHasAnIdentityOfItsOwn(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	history := s.killedAt(2, "run", "Alias,Title,City\nuser00001,A,Oslo\nuser00002,B,Rome\nuser00003,C,Bonn\n", options(validate.Update), cupitest.Reset)
	_, history = s.resume(t.Context(), history, options(""))
	unique(t, history, 4) // one was in doubt, and is sent again
	_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	unique(t, of, 3)
}

// unique makes sure that a journal has at least so many intents, no two of them of one
// number.
func unique(t *testing.T, history *record.History, atLeast int) {
	t.Helper()
	numbers := map[int]bool{}
	for number, row := range history.Rows {
		for _, c := range row.Changes {
			if c.Number == 0 || numbers[int(c.Number)] {
				t.Errorf("row %d, step %s, attempt %d: the number %d", number, c.Step, c.Attempt, c.Number)
			}
			numbers[int(c.Number)] = true
		}
	}
	if len(numbers) < atLeast {
		t.Errorf("%d intents, want %d", len(numbers), atLeast)
	}
}
