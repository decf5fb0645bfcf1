package batch_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// A rollback that goes on leaves alone what somebody has changed since its first start wrote it, and says so.
func TestARollbackThatGoesOnKeepsWhatPeopleChanged(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	o := s.other()
	gone := simulator.UserByAlias("user00001")
	o.do(cupi.Update(cupi.CallHandlers, gone["CallHandlerObjectId"], cupi.Object{"MaxMsgLen": "120", "EditMsg": "false"}))
	o.set("user00001", "Department", "Sales")
	_, history := s.run(t.Context(), "run", "Alias\nuser00001\n", s.fullOptions(), 1)

	ctx, cancel := context.WithCancel(t.Context())
	var wrote atomic.Bool
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		switch {
		case r.Method == "PUT" && strings.HasPrefix(r.URL.Path, "/vmrest/handlers/callhandlers/"):
			wrote.Store(true)
		case wrote.Load():
			cancel()
		}
		return cupitest.NoFault
	}
	undo, _ := s.undoing(history)
	recorder := s.recorder("undo")
	if _, err := rollback.Run(ctx, undo, s.server(1), recorder, nil); err != nil {
		t.Fatal(err)
	}
	simulator.Fault = nil
	user := simulator.UserByAlias("user00001")
	o.do(cupi.Update(cupi.CallHandlers, user["CallHandlerObjectId"], cupi.Object{"MaxMsgLen": "77"}))
	o.set("user00001", "Department", "Law")

	undo, own := s.undoing(history)
	summary, err := rollback.Run(t.Context(), undo, s.server(1), recorder, own)
	if err != nil {
		t.Fatal(err)
	}
	said := messages(t, s.history(recorder.Folder))
	if summary.Exit != record.ExitIncomplete || !strings.Contains(said, "MaxMsgLen") || !strings.Contains(said, "Department") {
		t.Errorf("exit %d: %s", summary.Exit, said)
	}
	handler := o.do(cupi.Get(cupi.CallHandlers, user["CallHandlerObjectId"])).Object
	if handler["MaxMsgLen"] != "77" || handler["EditMsg"] != "false" {
		t.Errorf("MaxMsgLen is %s, EditMsg %s", handler["MaxMsgLen"], handler["EditMsg"])
	}
	if now := simulator.UserByAlias("user00001")["Department"]; now != "Law" {
		t.Errorf("Department is %s", now)
	}
}
