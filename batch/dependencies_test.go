package batch_test

import (
	"net/http"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// operatorHandler is the id of a call handler that every server comes with.
func (s *site) operatorHandler() string {
	s.t.Helper()
	found := s.other().do(cupi.List(cupi.CallHandlers, cupi.Query{Column: "DisplayName", Op: cupi.Is, Value: "Operator"}, 1, 2))
	for _, handler := range found.Page.Items {
		if handler["IsPrimary"] == "false" { // the other one is a user's
			return handler["ObjectId"]
		}
	}
	s.t.Fatal("no call handler is called Operator")
	return ""
}

// changeHandler sets a field of the Operator call handler, or of a part of it.
func (s *site) changeHandler(part string, fields cupi.Object) {
	s.t.Helper()
	s.other().do(cupi.Request{Method: http.MethodPut, Path: cupi.CallHandlers.Path + "/" + s.operatorHandler() + part, Root: "Callhandler", Fields: fields})
}

// Who is referred to is not deleted: the pre-flight names what refers to the user and where,
// for one request, and the other rows go on.
func TestReferencedUsersAreNotDeleted(t *testing.T) {
	t.Parallel()
	for _, habit := range []string{"keep", "delete"} {
		t.Run(habit, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{DeleteReferenced: habit == "delete"}
			simulator.AddUsers(4)
			s := newSite(t, simulator)
			id, handler := simulator.UserByAlias("user00001")["ObjectId"], simulator.UserByAlias("user00002")["CallHandlerObjectId"]
			s.changeHandler("", cupi.Object{"RecipientSubscriberObjectId": id})
			s.changeHandler("", cupi.Object{"AfterMessageAction": "2", "AfterMessageTargetConversation": "PHTransfer", "AfterMessageTargetHandlerObjectId": handler})
			s.changeHandler("/menuentries/3", cupi.Object{"Action": "2", "TargetConversation": "PHTransfer", "TargetHandlerObjectId": handler})
			s.changeHandler("/greetings/Standard", cupi.Object{"AfterGreetingAction": "2", "AfterGreetingTargetConversation": "PHTransfer", "AfterGreetingTargetHandlerObjectId": handler})
			asked := func() int { return simulator.Requests()[http.MethodGet+" /vmrest/subscriberdependencies"] }
			o := options("delete")
			o.SkipInvalid = true
			_, history := s.run(t.Context(), "run", "Alias\nuser00001\nuser00002\nuser00003\n", o, 2)
			if got, want := statuses(t, history), "invalid referenced, invalid referenced, deleted"; got != want {
				t.Errorf("the rows are %s, want %s", got, want)
			}
			for row, places := range [][]string{{"recipient of its messages"}, {"after the message", "caller input key 3", "after the greeting Standard"}} {
				for _, place := range append(places, `"Operator"`) {
					if message := results(t, history)[row].Message; !strings.Contains(message, place) {
						t.Errorf("row %d does not name %s: %s", row+1, place, message)
					}
				}
			}
			if asked() != 1 {
				t.Errorf("%d requests for what refers to users, want 1", asked())
			}
			if simulator.UserByAlias("user00001") == nil || simulator.UserByAlias("user00002") == nil {
				t.Error("a user to whom a handler refers was deleted")
			}
			s.run(t.Context(), "update", "Alias,Title\nuser00004,Boss\n", options("update"), 1)
			if asked() != 1 {
				t.Error("a file without deletes asks what refers to users")
			}
		})
	}
}

// A server without the resource is told of, and the rows go on: its refusal is the row's end.
func TestUntoldReferencesGoOn(t *testing.T) {
	t.Parallel()
	for _, fault := range []cupitest.Fault{cupitest.NotFound, cupitest.Forbidden} {
		simulator := &cupitest.Server{}
		simulator.AddUsers(2)
		s := newSite(t, simulator)
		s.changeHandler("", cupi.Object{"RecipientSubscriberObjectId": simulator.UserByAlias("user00001")["ObjectId"]})
		simulator.Fault = func(r *http.Request) cupitest.Fault {
			if strings.HasSuffix(r.URL.Path, "/subscriberdependencies") {
				return fault
			}
			return cupitest.NoFault
		}
		const file = "Alias\nuser00001\nuser00002\n"
		p, _ := s.preflight(s.recorder("look"), file, options("delete"))
		if told := strings.Join(p.Forecast().NotChecked, "\n"); strings.Count(told, "what refers to the users") != 1 {
			t.Errorf("not told once: %s", told)
		}
		_, history := s.run(t.Context(), "run", file, options("delete"), 1)
		if got := results(t, history); got[0].Status != record.Failed || got[1].Status != record.Deleted {
			t.Errorf("%s", statuses(t, history))
		}
	}
}
