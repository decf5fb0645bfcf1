package batch_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// Every change of the part fails, or only its last: the row's line of rejects.csv
// completes it, for a new user and for one that is there, and a rollback of both runs
// leaves nothing behind.
func TestPartsThatFailAreCompleted(t *testing.T) {
	for _, row := range []string{freshUser, presentUser} {
		for _, spared := range []int{0, 1} { // changes of the part that are let through; 1: all but the last
			t.Run(fmt.Sprint(row, spared), func(t *testing.T) {
				eachPart(t, func(t *testing.T, s *site, p partCase) { failAndComplete(t, s, p, row, spared > 0) })
			})
		}
	}
}

func failAndComplete(t *testing.T, s *site, p partCase, row string, onlyLast bool) {
	start := s.simulator.Snapshot()
	ofThePart := 0
	count := func(r *http.Request) bool {
		if r.Method == "GET" || r.URL.Path == "/vmrest/users" {
			return false
		}
		ofThePart++
		return true
	}
	s.simulator.Fault = func(r *http.Request) cupitest.Fault { count(r); return cupitest.NoFault }
	_, whole := s.run(t.Context(), "whole", p.file(row+p.set), options(""), 1)
	changes := ofThePart
	want := withoutIDs(s.simulator.Snapshot())
	s.rollback(t.Context(), "undo whole", whole, record.UndoOptions{})
	if onlyLast && changes < 2 {
		return // the last is the first
	}

	ofThePart = 0
	s.simulator.Fault = func(r *http.Request) cupitest.Fault {
		if count(r) && (!onlyLast || ofThePart == changes) {
			return cupitest.Forbidden
		}
		return cupitest.NoFault
	}
	_, first := s.run(t.Context(), "first", p.file(row+p.set), options(""), 1)
	status, completed := record.Partial, record.Created
	if row == presentUser {
		completed = record.Updated
		if !onlyLast {
			status = record.Failed
		}
	}
	if got := only(t, first); got.Status != status || len(got.StepsFailed) == 0 || !strings.HasSuffix(p.step, strings.Join(got.StepsFailed, " ")) {
		t.Fatalf("first run: %+v", got)
	}
	s.simulator.Fault = nil
	rejects := s.rejects(first)
	if rows, err := csv.NewReader(strings.NewReader(rejects)).ReadAll(); err != nil || len(rows) != 2 {
		t.Fatalf("rejects %v %v", rows, err)
	}
	again := options("")
	again.Continues = first.Folder
	_, second := s.run(t.Context(), "second", rejects, again, 1)
	if got := only(t, second); got.Status != completed {
		t.Fatalf("second run: %+v", got)
	}
	compareSnapshots(t, want, withoutIDs(s.simulator.Snapshot()))
	s.rollback(t.Context(), "undo second", second, record.UndoOptions{})
	s.rollback(t.Context(), "undo first", first, record.UndoOptions{})
	if row == freshUser || !p.lost {
		compareSnapshots(t, withoutIDs(start), withoutIDs(s.simulator.Snapshot()))
	}
}

// Whatever a lost answer hides, the part is made once.
func TestPartsWhoseAnswersAreLost(t *testing.T) {
	for _, fault := range []cupitest.Fault{cupitest.CutAfterCommit, cupitest.ErrorAfterCommit} {
		t.Run(string(fault), func(t *testing.T) {
			eachPart(t, func(t *testing.T, s *site, p partCase) {
				for i, row := range []string{freshUser + p.set, presentUser + p.set} {
					struck := false
					s.simulator.Fault = func(r *http.Request) cupitest.Fault {
						if struck || r.Method == "GET" || r.URL.Path == "/vmrest/users" {
							return cupitest.NoFault
						}
						struck = true
						return fault
					}
					_, history := s.run(t.Context(), fmt.Sprint("run", i), p.file(row), options(""), 1)
					if got := only(t, history); got.Status != record.Created && got.Status != record.Updated || !struck {
						t.Errorf("%s: %+v", row, got)
					}
					s.simulator.Fault = nil
					s.unlost(history)
					s.rollback(t.Context(), fmt.Sprint("undo", i), history, record.UndoOptions{})
				}
			})
		})
	}
}

// A run that is killed before it learns what became of a part goes on with it.
func TestPartsAreResumed(t *testing.T) {
	for _, fault := range []cupitest.Fault{cupitest.CutAfterCommit, cupitest.Forbidden} {
		t.Run(string(fault), func(t *testing.T) {
			eachPart(t, func(t *testing.T, s *site, p partCase) {
				for i, row := range []string{freshUser + p.set, presentUser + p.set} {
					history := s.killedAt(2-i, fmt.Sprint("run", i), p.file(row), options(""), fault) // the first change of a part: of a new user, the second
					in, err := history.SourceInput()
					if err != nil {
						t.Fatal(err)
					}
					if _, err := batch.Resume(t.Context(), s.server(1), history, in, options(""), s.recorderIn(history.Folder)); err != nil {
						t.Fatal(err)
					}
					resumed := s.history(history.Folder)
					if got := only(t, resumed); got.Status != record.Created && got.Status != record.Updated || !strings.HasSuffix(strings.Join(got.StepsDone, " "), p.step) {
						t.Errorf("%s: %+v", row, got)
					}
					s.unlost(resumed)
					if _, of := s.rollback(t.Context(), fmt.Sprint("undo", i), resumed, record.UndoOptions{}); i == 0 && only(t, of).Status != record.Deleted {
						t.Errorf("rollback: %+v", only(t, of))
					}
				}
			})
		})
	}
}
