package batch_test

import (
	"net/http"
	"strings"
	"testing"

	"cucbulk/batch/record"
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
