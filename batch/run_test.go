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
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

func TestEveryOperationAndItsUndo(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		simulator := &cupitest.Server{}
		simulator.AddUsers(5)
		s := newSite(t, simulator)
		s.wire = wire
		before := byAlias(simulator.Snapshot())

		summary, history := s.run(t.Context(), "run", `Operation,Alias,DtmfAccessId,DisplayName,Title,ScheduleSetObjectId
create,newone,4711,New One,Engineer,
create,newtwo,4712,New Two,,9a4b2b52-8a65-4d14-9c1a-5d4f0e6b7c22
update,user00001,,Changed Name,Boss,
update,user00002,,,,9a4b2b52-8a65-4d14-9c1a-5d4f0e6b7c22
update,user00003,,User 3,,
delete,user00004,,,,
upsert,user00005,,Upserted,,
upsert,newthree,4713,New Three,,
update,nobody,,X,,
create,user00001,4714,X,,
delete,operator,,,,
delete,nobodyelse,,,,
`, options(""), 4)
		got := statuses(t, history)
		want := "created, created, updated, updated, updated, deleted, updated, created, invalid no-such-user, invalid alias-taken, invalid undeletable, unchanged already-absent"
		if got != want {
			t.Errorf("statuses\n got %s\nwant %s", got, want)
		}
		if summary.Exit != record.ExitIncomplete {
			t.Errorf("exit %d, want %d", summary.Exit, record.ExitIncomplete)
		}
		if user := simulator.UserByAlias("newone"); user["Title"] != "Engineer" {
			t.Errorf("newone has Title %q", user["Title"])
		}

		undone, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		t.Log(statuses(t, of))
		if undone.Exit != record.ExitDone {
			t.Errorf("rollback: exit %d, want 0; %v", undone.Exit, results(t, of))
		}
		compareSnapshots(t, before, byAlias(simulator.Snapshot()))
	})
}

func TestUnchangedSendsNothing(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	text := creates(20)
	if _, history := s.run(t.Context(), "first", text, options(validate.Upsert), 4); history.Counts()[record.Created] != 20 {
		t.Fatalf("counts %v", history.Counts())
	}
	before := simulator.Requests()
	_, history := s.run(t.Context(), "second", text, options(validate.Upsert), 4)
	if got := history.Counts()[record.Unchanged]; got != 20 {
		t.Errorf("%d rows unchanged, want 20: %s", got, statuses(t, history))
	}
	after := simulator.Requests()
	for _, what := range []string{"POST /vmrest/users", "PUT /vmrest/users/{id}"} {
		if after[what] != before[what] {
			t.Errorf("%d more %s", after[what]-before[what], what)
		}
	}
}

func TestRowsOfOneAliasKeepTheirOrder(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	before := byAlias(simulator.Snapshot())
	_, history := s.run(t.Context(), "run", `Operation,Alias,DtmfAccessId,DisplayName,NewAlias
create,alpha,4711,Alpha,
update,alpha,,Alpha Changed,
delete,user00001,,,
create,user00001,4712,Made Again,
update,user00002,,,renamed
upsert,renamed,4713,After Renaming,
delete,alpha,,,
`, options(""), 4)
	want := "created, updated, deleted, created, updated, updated, deleted"
	if got := statuses(t, history); got != want {
		t.Errorf("statuses\n got %s\nwant %s", got, want)
	}
	if user := simulator.UserByAlias("alpha"); user != nil {
		t.Errorf("alpha is still there: %v", user)
	}
	if user := simulator.UserByAlias("renamed"); user["DisplayName"] != "After Renaming" {
		t.Errorf("renamed has DisplayName %q", user["DisplayName"])
	}
	undone, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if undone.Exit != record.ExitDone {
		t.Errorf("rollback: exit %d: %s; %v", undone.Exit, statuses(t, of), results(t, of))
	}
	compareSnapshots(t, before, byAlias(simulator.Snapshot()))
}

func TestRequestsOfALargeFileOfCreates(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(1000)
	s := newSite(t, simulator)
	summary, history := s.run(t.Context(), "run", creates(1000), options(validate.Create), 5)
	if summary.Exit != record.ExitDone || summary.Counts[record.Created] != 1000 {
		t.Fatalf("exit %d, counts %v", summary.Exit, summary.Counts)
	}
	requests := simulator.Requests()
	if posts := requests["POST /vmrest/users"]; posts != 1000 {
		t.Errorf("%d POSTs, want 1000", posts)
	}
	if others := simulator.Total() - 1000; others > 20 {
		t.Errorf("%d other requests, want at most 20: %v", others, requests)
	}
	if most := simulator.MaxInFlight(); most > 5 {
		t.Errorf("%d requests in flight, want at most 5", most)
	}
	for i, r := range results(t, history) {
		if r.Row != i+1 || r.Requests != 1 || r.Attempts != 1 {
			t.Fatalf("result %d: %+v", i, r)
		}
	}
}

// CUPI User API, Update Language and TimeZone: every row of the table, and back.
func TestLanguageAndTimeZoneComeBack(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ headings, first, second string }{
		{"TimeZone", "175", "190"},
		{"UseDefaultTimeZone,TimeZone", "false,175", "true,"},
		{"Language", "1033", "1034"},
		{"UseCallLanguage,UseDefaultLanguage,Language", "false,false,1034", "false,true,"},
		{"UseCallLanguage,UseDefaultLanguage,Language", "false,false,1034", "true,true,"},
		{"UseCallLanguage,UseDefaultLanguage,Language", "false,true,", "true,false,1034"},
	} {
		t.Run(test.headings+" "+test.first+" "+test.second, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(1)
			s := newSite(t, simulator)
			heading := "Alias," + test.headings + "\nuser00001,"
			if _, history := s.run(t.Context(), "first", heading+test.first+"\n", options(validate.Update), 1); history.Exit() != record.ExitDone {
				t.Fatalf("first: %+v", results(t, history))
			}
			before := byAlias(simulator.Snapshot())
			_, history := s.run(t.Context(), "second", heading+test.second+"\n", options(validate.Update), 1)
			if statuses(t, history) != "updated" {
				t.Fatalf("second: %+v", results(t, history))
			}
			if _, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{}); statuses(t, of) != "restored" {
				t.Errorf("rollback: %+v", results(t, of))
			}
			compareSnapshots(t, before, byAlias(simulator.Snapshot()))
		})
	}
}

// A run that is interrupted while its last row is under way has nothing to resume, and says
// so: a script that resumes as long as the code is 6 must come to an end.
func TestInterruptedAtTheLastRow(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	ctx, cancel := context.WithCancel(t.Context())
	sent := 0
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == http.MethodPost {
			if sent++; sent == 3 {
				cancel()
			}
		}
		return cupitest.NoFault
	}
	summary, _ := s.run(ctx, "run", creates(3), options(validate.Create), 1)
	if summary.Exit != record.ExitDone || summary.Counts[record.Created] != 3 || summary.Stop != nil {
		t.Errorf("exit %d, stop %v, counts %v; want 3 created and exit 0", summary.Exit, summary.Stop, summary.Counts)
	}
}

// A file that changes between the check and the sending is not sent, however little.
func TestAFileThatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	recorder := s.recorder("run")
	checked := s.prepare(recorder, creates(3), options(validate.Create))
	p, err := batch.Preflight(t.Context(), s.server(2), checked, func(validate.Problem) {})
	if err != nil {
		t.Fatal(err)
	}
	before := simulator.Total()
	path := filepath.Join(recorder.Folder, record.InputFile)
	text, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, append(text, '\n'), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(t.Context(), recorder); err == nil || !strings.Contains(err.Error(), "is not the file that was checked") {
		t.Errorf("got error %v, want that the file is another now", err)
	}
	if sent := simulator.Total() - before; sent != 0 {
		t.Errorf("%d requests were sent of a file that is not the one that was checked", sent)
	}
}
