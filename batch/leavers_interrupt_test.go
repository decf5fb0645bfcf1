package batch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

const leaving = "Alias,ReassignTo\nuser00010,user00002\n"

// referred is a server on which a key and a handler lead to a user, who is in a list.
func referred(t *testing.T) (*site, []place) {
	simulator := &cupitest.Server{}
	simulator.AddUsers(12)
	s := newSite(t, simulator)
	list := s.other().do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "sales"})).ObjectID
	s.other().join("user00010", list)
	handler := s.operatorHandler()
	places := []place{{cupi.Get(cupi.KeysIn(cupi.CallHandlers, handler), "3").Path, "MenuEntry", "", ""}, {cupi.CallHandlers.Path + "/" + handler, "Callhandler", "recipient", ""}}
	for _, p := range places {
		s.other().do(cupi.Request{Method: http.MethodPut, Path: p.path, Root: p.root, Fields: p.fields(simulator.UserByAlias("user00010"))})
	}
	return s, places
}

// A row that hands over and deletes dies at each of its changes, which reached the server or did
// not, and goes on: everything is handed over once, and a rollback brings all of it back.
func TestAHandoverInterruptedAnywhereGoesOn(t *testing.T) {
	t.Parallel()
	for change := 1; change <= 4; change++ {
		for _, fault := range []cupitest.Fault{cupitest.NoFault, cupitest.Forbidden} {
			t.Run(fmt.Sprint(change, " ", fault), func(t *testing.T) {
				t.Parallel()
				s, places := referred(t)
				before := withoutIDs(s.simulator.Snapshot())
				history := s.killedAt(change, "run", leaving, options("delete"), fault)
				_, history = s.resume(t.Context(), history, options("delete"))
				if got := statuses(t, history); got != "deleted" {
					t.Fatalf("the row is %s: %s", got, messages(t, history))
				}
				s.refersTo(places, func(int) string { return "user00002" })
				_, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
				if got := statuses(t, undone); got != "recreated" {
					t.Errorf("the rollback's row is %s: %s", got, messages(t, undone))
				}
				s.refersTo(places, func(int) string { return "user00010" })
				compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
			})
		}
	}
}

// So does its rollback.
func TestARollbackOfAHandoverInterruptedAnywhereGoesOn(t *testing.T) {
	t.Parallel()
	for at := 1; ; at += 3 { // so that answers are recorded and lost in turn
		s, places := referred(t)
		before := withoutIDs(s.simulator.Snapshot())
		_, history := s.run(t.Context(), "run", leaving, options("delete"), 1)
		if !s.interrupt(t, history, at, at%2 == 0) {
			break
		}
		if of := s.goOn(t, history, at); statuses(t, of) != "recreated" {
			t.Errorf("ended at sync %d: %s: %s", at, statuses(t, of), messages(t, of))
		}
		s.refersTo(places, func(int) string { return "user00010" })
		if compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot())); t.Failed() {
			return
		}
	}
}

// What somebody lets refer to another meanwhile is kept; who is not back is not referred to; and
// a routing rule keeps its user from being deleted, whoever takes over.
func TestWhatIsNotHandedOver(t *testing.T) {
	t.Parallel()
	s, places := referred(t)
	o := s.other()
	_, history := s.run(t.Context(), "run", leaving, options("delete"), 1)
	o.do(cupi.Request{Method: http.MethodPut, Path: places[1].path, Root: places[1].root, Fields: places[1].fields(s.simulator.UserByAlias("user00003"))})
	_, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if got := statuses(t, undone); got != "kept changed-since" {
		t.Errorf("the rollback's row is %s: %s", got, messages(t, undone))
	}
	s.refersTo(places, func(i int) string { return []string{"user00010", "user00003"}[i] })
	_, again := s.rollback(t.Context(), "undo again", history, record.UndoOptions{})
	if got := messages(t, again); !strings.Contains(got, "still refers to the successor") {
		t.Errorf("a second rollback says %s", got)
	}

	rule := o.do(cupi.Request{Method: http.MethodPost, Path: "/vmrest/routingrules", Root: "RoutingRule", Fields: cupi.Object{"DisplayName": "Night"}}).ObjectID
	o.do(cupi.Request{Method: http.MethodPut, Path: "/vmrest/routingrules/" + rule, Root: "RoutingRule", Fields: cupi.Object{"RouteAction": "2", "RouteTargetConversation": "PHTransfer", "RouteTargetHandlerObjectId": s.simulator.UserByAlias("user00004")["CallHandlerObjectId"]}})
	_, refused := s.run(t.Context(), "ruled", "Alias,ReassignTo\nuser00004,user00002\n", options("delete"), 1)
	if got := results(t, refused)[0]; got.Status != record.Invalid || got.Code != "referenced" || !strings.Contains(got.Message, "call routing rule") {
		t.Errorf("the row is %s %s: %s", got.Status, got.Code, got.Message)
	}
}

// What refers to a leaver goes with its own user where that one leaves too: the one goes first, in
// whatever order the rows are. Of two who lead to each other none can go without a successor.
func TestLeaversWhoLeadToEachOther(t *testing.T) {
	t.Parallel()
	for successor, want := range map[string]string{
		"":          "deleted, deleted, deleted, invalid referenced, invalid referenced, deleted",
		"user00002": "deleted, deleted, deleted, deleted, deleted, deleted",
	} {
		simulator := &cupitest.Server{}
		simulator.AddUsers(12)
		s := newSite(t, simulator)
		for from, to := range map[string]string{"user00005": "user00004", "user00006": "user00005", "user00007": "user00008", "user00008": "user00007"} {
			key := cupi.Get(cupi.MenuEntriesOf(simulator.UserByAlias(from)["CallHandlerObjectId"]), "3")
			s.other().do(cupi.Request{Method: http.MethodPut, Path: key.Path, Root: "MenuEntry", Fields: place{}.fields(simulator.UserByAlias(to))})
		}
		o := options("delete")
		o.ReassignTo = successor
		_, history := s.run(t.Context(), "run", "Alias\nuser00004\nuser00005\nuser00006\nuser00007\nuser00008\nuser00009\n", o, 4)
		if got := statuses(t, history); got != want {
			t.Errorf("handed over to %q: the rows are %s, want %s\n%s", successor, got, want, messages(t, history))
		}
	}
}

// What is to be handed over and is deleted with its own user, between the look and the change, is nobody's any more:
// the leaver goes.
func TestWhatIsDeletedMeanwhileIsNotHandedOver(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		simulator := &cupitest.Server{}
		simulator.AddUsers(12)
		s := newSite(t, simulator)
		s.wire = wire
		owner := simulator.UserByAlias("user00007")
		key := cupi.Get(cupi.MenuEntriesOf(owner["CallHandlerObjectId"]), "3").Path
		s.other().do(cupi.Request{Method: http.MethodPut, Path: key, Root: "MenuEntry", Fields: place{}.fields(simulator.UserByAlias("user00010"))})
		deleted := false
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut && r.URL.Path == key && !deleted {
				deleted = true
				s.guard.Exempt(http.MethodDelete, "/vmrest/users/"+owner["ObjectId"])
				gone := httptest.NewRequest(http.MethodDelete, "/vmrest/users/"+owner["ObjectId"], nil)
				gone.SetBasicAuth("another", "administrator")
				simulator.ServeHTTP(httptest.NewRecorder(), gone)
			}
			simulator.ServeHTTP(w, r)
		}))
		defer front.Close()
		s.url = front.URL
		_, history := s.run(t.Context(), "run", leaving, options("delete"), 1)
		if got := statuses(t, history); !deleted || got != "deleted" {
			t.Errorf("the row is %s: %s", got, messages(t, history))
		}
	})
}
