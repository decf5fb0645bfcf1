package batch_test

import (
	"net/http"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// A row whose user was made and whose call handler was not: its line of
// rejects.csv, run again as it is, does just what is missing.
func TestRejectsOfAPartialRowAreCompleted(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	before := byAlias(simulator.Snapshot())
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == "PUT" && strings.Contains(r.URL.Path, "callhandlers") {
			return cupitest.Forbidden
		}
		return cupitest.NoFault
	}
	_, first := s.run(t.Context(), "first", "Operation,Alias,DtmfAccessId,TemplateAlias,ScheduleSetName\ncreate,fresh,4711,voicemailusertemplate,Weekdays\n", options(""), 1)
	if got := statuses(t, first); got != "partial forbidden" {
		t.Fatalf("first run: %s", got)
	}
	simulator.Fault = nil
	rejects := s.rejects(first)
	posts := simulator.Requests()["POST /vmrest/users"]
	again := options("")
	again.Continues = first.Folder
	summary, second := s.run(t.Context(), "second", rejects, again, 1)
	if summary.Exit != record.ExitDone || statuses(t, second) != "created" {
		t.Fatalf("second run: exit %d, %+v", summary.Exit, results(t, second))
	}
	if n := simulator.Requests()["POST /vmrest/users"]; n != posts {
		t.Errorf("%d more POSTs, want none", n-posts)
	}
	handler := simulator.Snapshot()["handlers/callhandlers/"+simulator.UserByAlias("fresh")["CallHandlerObjectId"]]
	if handler["ScheduleSetObjectId"] != "9a4b2b52-8a65-4d14-9c1a-5d4f0e6b7c22" {
		t.Errorf("the call handler has %v", handler)
	}
	if _, of := s.rollback(t.Context(), "undo second", second, record.UndoOptions{}); statuses(t, of) != "restored" {
		t.Errorf("rollback of the second run: %s", statuses(t, of))
	}
	if _, of := s.rollback(t.Context(), "undo first", first, record.UndoOptions{}); statuses(t, of) != "deleted" {
		t.Errorf("rollback of the first run: %+v", results(t, of))
	}
	compareSnapshots(t, before, byAlias(simulator.Snapshot()))
}

// A row whose user was made goes on with that user, whatever else has its alias and its extension by now: it
// takes them no more.
func TestARowThatWasBegunTakesNothingAgain(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == "PUT" && strings.Contains(r.URL.Path, "callhandlers") {
			return cupitest.Forbidden
		}
		return cupitest.NoFault
	}
	const file = "Operation,Alias,DtmfAccessId,TemplateAlias,ScheduleSetName\ncreate,fresh,4711,voicemailusertemplate,Weekdays\n"
	_, first := s.run(t.Context(), "first", file, options(""), 1)
	made := results(t, first)[0].ObjectID
	s.other().do(cupi.UpdateUser(made, cupi.Object{"Alias": "renamed", "DtmfAccessId": "4712"}))
	if _, err := simulator.AddUser(map[string]string{"Alias": "fresh", "DtmfAccessId": "4711"}); err != nil {
		t.Fatal(err)
	}
	again := options("")
	again.Continues = first.Folder
	p, problems := s.preflight(s.recorder("second"), file, again)
	if _, message, rejected := p.Rejection(1); rejected || problems != "" {
		t.Errorf("rejected: %s; problems %q", message, problems)
	}
}
