package batch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// place is where something can refer to a user: the field of an object, and what people call it.
type place struct {
	path, root, prefix string // prefix of the target's fields; "recipient": the user is one of messages
	told               string
}

// places are all that the vendor's documents name and CUPI lets one change, of a fresh server.
func (s *site) places() []place {
	o := s.other()
	first := func(c cupi.Collection) string {
		return o.do(cupi.List(c, cupi.Query{}, 1, 5)).Page.Items[0]["ObjectId"]
	}
	template := o.do(cupi.Request{Method: http.MethodPost, Path: cupi.UserTemplates.Path, Query: "templateAlias=voicemailusertemplate", Root: "UserTemplate", Fields: cupi.Object{"Alias": "another", "DisplayName": "Another"}}).ObjectID
	handler, ofCalls, primary := s.operatorHandler(), first(cupi.CallHandlerTemplates), o.do(cupi.GetUserTemplate(template)).Object["CallHandlerObjectId"]
	owner := s.simulator.UserByAlias("user00001")
	var all []place
	add := func(path, root, prefix, told string) { all = append(all, place{path, root, prefix, told}) }
	for _, of := range []struct {
		handlers cupi.Collection
		id, root string
	}{{cupi.CallHandlers, handler, "Callhandler"}, {cupi.CallHandlers, owner["CallHandlerObjectId"], "Callhandler"}, {cupi.CallHandlerTemplates, ofCalls, "CallhandlerTemplate"}, {cupi.CallHandlerPrimaryTemplates, primary, "CallhandlerPrimaryTemplate"}} {
		add(of.handlers.Path+"/"+of.id, of.root, "AfterMessage", "after the message")
		keys, greetings := cupi.KeysIn(of.handlers, of.id), cupi.GreetingsIn(of.handlers, of.id)
		for _, key := range []string{"3", "*", "#"} {
			add(cupi.Get(keys, key).Path, keys.Element, "", "caller input key "+key)
		}
		for _, greeting := range []string{"Off Hours", "Standard"} {
			add(cupi.Get(greetings, greeting).Path, greetings.Element, "AfterGreeting", "after the greeting "+greeting)
		}
	}
	add(cupi.CallHandlers.Path+"/"+handler, "Callhandler", "recipient", "recipient of its messages")
	add(cupi.Users.Path+"/"+owner["ObjectId"], "User", "Exit", "(exit)")
	add(cupi.UserTemplates.Path+"/"+template, "UserTemplate", "Exit", "(exit)")
	interview := o.do(cupi.Create(cupi.InterviewHandlers, cupi.Object{"DisplayName": "Survey", "RecipientSubscriberObjectId": owner["ObjectId"]})).ObjectID
	add(cupi.InterviewHandlers.Path+"/"+interview, "InterviewHandler", "recipient", "recipient of its messages")
	add(cupi.InterviewHandlers.Path+"/"+interview, "InterviewHandler", "AfterMessage", "after the message")
	for _, prefix := range []string{"Exit", "NoInput", "NoSelection", "Zero"} {
		add(cupi.DirectoryHandlers.Path+"/"+first(cupi.DirectoryHandlers), "DirectoryHandler", prefix, map[string]string{"Exit": "(exit)"}[prefix])
	}
	return all
}

// fields are those by which the place refers to a user.
func (p place) fields(user map[string]string) cupi.Object {
	if p.prefix == "recipient" {
		return cupi.Object{"RecipientSubscriberObjectId": user["ObjectId"]}
	}
	return cupi.Object{p.prefix + "Action": "2", p.prefix + "TargetConversation": "PHTransfer", p.prefix + "TargetHandlerObjectId": user["CallHandlerObjectId"]}
}

// refer lets places refer to users, each to the next one from the second on, and gives how many
// users are referred to.
func (s *site) refer(places []place) {
	o := s.other()
	for i, p := range places {
		o.do(cupi.Request{Method: http.MethodPut, Path: p.path, Root: p.root, Fields: p.fields(s.simulator.UserByAlias(leaverAt(i)))})
	}
}

func leaverAt(i int) string { return fmt.Sprintf("user%05d", i+10) }

// refersTo fails the test for each place that does not refer to the user that it should.
func (s *site) refersTo(places []place, whom func(i int) string) {
	s.t.Helper()
	o := s.other()
	for i, p := range places {
		shown := o.do(cupi.Request{Method: http.MethodGet, Path: p.path, Root: p.root}).Object
		for name, want := range p.fields(s.simulator.UserByAlias(whom(i))) {
			if shown[name] != want {
				s.t.Errorf("%s %s is %q, want %q of %s", p.path, name, shown[name], want, whom(i))
			}
		}
	}
}

// A leavers' file is named, handed over, deleted and rolled back, whatever refers to whom; the
// forecast says what the run does and costs, and a rollback leaves the server as it was.
func TestLeavers(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		leavers := map[cupi.Wire]int{cupi.JSON: 100, cupi.XML: 35}[wire]
		simulator := &cupitest.Server{OwnDependencyIDs: wire == cupi.XML}
		simulator.AddUsers(leavers + 20)
		s := newSite(t, simulator)
		s.wire = wire
		places := s.places()
		s.refer(places)
		before := withoutIDs(simulator.Snapshot())
		text := "Alias\n"
		for i := range leavers {
			text += leaverAt(i) + "\n"
		}
		unnamed, problems := s.preflight(s.recorder("named"), text, options("delete"))
		if got := strings.Count(problems, "referenced"); len(places) < 30 || got != len(places) {
			t.Errorf("%d rows are in conflict, and %d places refer to users", got, len(places))
		}
		for i, preview := range previews(t, unnamed)[:len(places)] {
			if !strings.Contains(preview.Message, places[i].told) {
				t.Errorf("row %d does not name %q: %s", i+1, places[i].told, preview.Message)
			}
		}
		o := options("delete")
		o.ReassignTo = "user00002"
		recorder := s.recorder("run")
		p, err := batch.Preflight(t.Context(), s.server(4), s.prepare(recorder, text, o), func(p validate.Problem) { t.Error(p) })
		if err != nil {
			t.Fatal(err)
		}
		foretold := previews(t, p)
		if _, err := p.Run(t.Context(), recorder); err != nil {
			t.Fatal(err)
		}
		history := s.history(recorder.Folder)
		for i, result := range results(t, history) {
			requests := 0
			for _, n := range foretold[i].Requests {
				requests += n
			}
			if foretold[i].Status != record.Deleted || result.Status != record.Deleted || !simulator.OwnDependencyIDs && requests != result.Requests {
				t.Errorf("row %d is %s (%s) with %d requests, foretold %s with %d (%s)", i+1, result.Status, result.Message, result.Requests, foretold[i].Status, requests, foretold[i].Message)
			}
			if i < len(places) && (len(foretold[i].Changes) == 0 || !strings.Contains(foretold[i].Changes[0].Field, places[i].told) || foretold[i].Changes[0].NewName != "user00002" || !strings.Contains(result.Message, places[i].told)) {
				t.Errorf("row %d does not tell what is handed over at %s: %v, then %s", i+1, places[i].told, foretold[i].Changes, result.Message)
			}
		}
		s.refersTo(places, func(int) string { return "user00002" })
		if _, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{}); t.Failed() || strings.Count(statuses(t, undone), "recreated") != leavers {
			t.Errorf("the rollback's rows are %s", statuses(t, undone))
		}
		s.refersTo(places, leaverAt)
		compareSnapshots(t, before, withoutIDs(simulator.Snapshot()))
	})
}

func previews(t *testing.T, p *batch.Preparation) []batch.Preview {
	t.Helper()
	var all []batch.Preview
	for preview, err := range p.Previews(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, preview)
	}
	return all
}
