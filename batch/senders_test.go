package batch_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// sendTo lets the first of some handlers that are nobody's send their messages to a list or a contact.
func (o *other) sendTo(field, id string, handlers ...cupi.Collection) {
	for _, of := range handlers {
		first := o.do(cupi.List(of, cupi.Query{Column: "IsPrimary", Op: cupi.Is, Value: "0"}, 1, 1)).Page.Items[0]["ObjectId"]
		o.do(cupi.Update(of, first, cupi.Object{field: id}))
	}
}

const (
	sentTo = "recipient-deleted"
	noMore = "Alias\nouter\ninner\n"
)

// What sends messages to a list that a run deletes is told before, and sends them to the one that a rollback makes again,
// whatever the server did with the recipient. Where the run was killed before it saw what that was, one that has another
// recipient keeps it.
func TestWhatSendsMessagesSendsThemAgain(t *testing.T) {
	t.Parallel()
	for gone, want := range map[string]struct{ done, undone string }{
		"empties":  {"deleted, deleted", "recreated, recreated"},
		"keeps":    {"deleted, deleted", "recreated, recreated"},
		"replaces": {"deleted, deleted", "recreated, recreated"},
		"refuses":  {"failed DATA_EXCEPTION, failed DATA_EXCEPTION", ""},
	} {
		t.Run(gone, func(t *testing.T) {
			t.Parallel()
			s := listsOn(t, cupi.JSON, &cupitest.Server{RecipientGone: gone})
			before := withoutIDs(s.simulator.Snapshot())
			p, problems := s.preflight(s.recorder("dry"), noMore, listOptions(validate.Delete))
			if problems != "2  "+sentTo+", 3  "+sentTo {
				t.Errorf("told: %s", problems)
			}
			foretold := previews(t, p)
			_, history := s.run(t.Context(), "run", noMore, listOptions(validate.Delete), 1)
			if got := statuses(t, history); got != want.done {
				t.Fatalf("%s: %s", got, messages(t, history))
			}
			for i, result := range results(t, history) {
				if costs := foretold[i].Requests; want.undone != "" && costs["GET"]+costs["DELETE"] != result.Requests {
					t.Errorf("row %d cost %d requests, and was to cost %v", result.Row, result.Requests, costs)
				}
			}
			if want.undone == "" {
				compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
				return
			}
			_, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			if got := statuses(t, undone); got != want.undone {
				t.Errorf("%s: %s", got, messages(t, undone))
			}
			s.unlost(undone)
			compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
		})
	}
}

// A run that is killed before it sees whom the server made the recipient can't tell that from what somebody did: that
// recipient stays, and is told.
func TestARecipientThatTheServerChoseUnseenStays(t *testing.T) {
	t.Parallel()
	s := listsOn(t, cupi.JSON, &cupitest.Server{RecipientGone: "replaces"})
	options := listOptions(validate.Delete)
	options.DoubtWindow = time.Minute // however slow this computer is, the resume comes soon after
	_, history := s.resume(t.Context(), s.killedAt(1, "run", noMore, options, cupitest.NoFault), options)
	_, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if got := statuses(t, undone); got != "recreated partly-recreated, recreated" || !strings.Contains(messages(t, undone), `they go to "undeliverablemessages" by now`) {
		t.Errorf("%s: %s", got, messages(t, undone))
	}
}

// Whom somebody made the recipient since stays, and what is gone is told. A recipient that is gone itself is nobody's
// choice: the list that an earlier rollback made again, say, and that somebody deleted.
func TestARecipientThatSomebodyChoseStays(t *testing.T) {
	t.Parallel()
	s := listsOn(t, cupi.JSON, &cupitest.Server{RecipientGone: "keeps"})
	_, history := s.run(t.Context(), "run", noMore, listOptions(validate.Delete), 1)
	o := s.other()
	o.sendTo("RecipientSubscriberObjectId", s.simulator.UserByAlias("user00002")["ObjectId"], cupi.CallHandlers)
	o.do(cupi.Delete(cupi.InterviewHandlers, o.do(cupi.List(cupi.InterviewHandlers, cupi.Query{}, 1, 1)).Page.Items[0]["ObjectId"]))
	_, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	again := withoutIDs(s.simulator.Snapshot())
	for _, alias := range []string{"outer", "inner"} {
		o.do(cupi.Delete(cupi.DistributionLists, s.list(alias)))
	}
	_, twice := s.rollback(t.Context(), "undo again", history, record.UndoOptions{})
	for _, of := range []*record.History{undone, twice} {
		if got := statuses(t, of); got != "recreated partly-recreated, recreated partly-recreated" {
			t.Errorf("%s: %s", got, messages(t, of))
		}
		for _, want := range []string{`missing: the messages of the call handler "Goodbye" (they go to "user00002" by now`, `missing: the messages of the interview handler "Survey" (it is no longer there)`} {
			if !strings.Contains(messages(t, of), want) {
				t.Errorf("%s\nlacks: %s", messages(t, of), want)
			}
		}
	}
	compareSnapshots(t, again, withoutIDs(s.simulator.Snapshot()))
}

// What is not recorded of them is told: with --pre-image user nobody asks, and a server may not show them.
func TestSendersThatAreNotRecorded(t *testing.T) {
	t.Parallel()
	var refuse atomic.Bool
	var asked atomic.Int32
	s := listsOn(t, cupi.JSON, &cupitest.Server{Fault: func(r *http.Request) cupitest.Fault {
		if !strings.HasSuffix(r.URL.Path, "handlers") {
			return cupitest.NoFault
		}
		asked.Add(1)
		return map[bool]cupitest.Fault{true: cupitest.Forbidden}[refuse.Load()]
	}})
	before := asked.Load()
	alone := listOptions(validate.Delete)
	alone.PreImage = send.PreImageUser
	_, history := s.run(t.Context(), "alone", "Alias\ninner\n", alone, 1)
	if asked.Load() != before {
		t.Error("the server was asked what sends messages to the list")
	}
	_, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if got := only(t, undone); !strings.Contains(got.Message, "what sends messages to them, recordings did not come back, because they were not recorded") {
		t.Error(got.Message)
	}
	refuse.Store(true)
	p, problems := s.preflight(s.recorder("dry"), noMore, listOptions(validate.Delete))
	said := strings.Join(p.Forecast().NotChecked, "\n")
	if problems != "2  "+sentTo || !strings.Contains(said, "which interview handlers send messages to distribution lists that are deleted") { // a template does
		t.Errorf("%s\n%s", problems, said)
	}
	_, history = s.run(t.Context(), "run", "Alias\nouter\n", listOptions(validate.Delete), 1)
	if got := only(t, history); !strings.HasSuffix(got.Message, "the server does not show it: which call handlers send messages to it, which interview handlers send messages to it") {
		t.Error(got.Message)
	}
}

// Of a server that has many users, their call handlers are read only where all is to be recorded; or where the server
// does not answer the query that leaves them out.
func TestSendersAmongManyUsers(t *testing.T) {
	t.Parallel()
	var refuse atomic.Bool
	s := newSite(t, &cupitest.Server{Fault: func(r *http.Request) cupitest.Fault {
		return map[bool]cupitest.Fault{true: cupitest.Forbidden}[refuse.Load() && r.URL.Query().Get("query") != "" && strings.HasSuffix(r.URL.Path, "callhandlers")]
	}})
	s.simulator.AddUsers(1001)
	o := s.other()
	o.do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "sales"}))
	for _, id := range []string{s.simulator.UserByAlias("user00001")["CallHandlerObjectId"], s.operatorHandler()} {
		o.do(cupi.Update(cupi.CallHandlers, id, cupi.Object{"RecipientDistributionListObjectId": s.list("sales")}))
	}
	for _, test := range []struct {
		image   string
		refuses bool
		told    string
	}{
		{send.PreImageUsual, false, `this distribution list gets the messages of the call handler "Operator"; they`},
		{send.PreImageUsual, true, `the messages of the call handler "Bruno Almeida" and the messages of the call handler "Operator"; they`},
		{send.PreImageFull, false, `the messages of the call handler "Bruno Almeida" and the messages of the call handler "Operator"; they`},
	} {
		refuse.Store(test.refuses)
		options, told := listOptions(validate.Delete), ""
		options.PreImage = test.image
		checked := s.prepare(s.recorder(test.image+map[bool]string{true: " refused"}[test.refuses]), "Alias\nsales\n", options)
		p, err := batch.Preflight(t.Context(), s.server(2), checked, func(p validate.Problem) { told += p.Message })
		if err != nil {
			t.Fatal(err)
		}
		unchecked := strings.Join(p.Forecast().NotChecked, "\n")
		if strings.Contains(unchecked, plan.UncheckedAlternates) {
			t.Errorf("rows that only delete take no extension, yet others' count as unchecked: %s", unchecked)
		}
		left := strings.Contains(unchecked, "which call handlers of users send")
		if !strings.Contains(told, test.told) || left != (test.image == send.PreImageUsual && !test.refuses) {
			t.Errorf("%+v: %s", test, told)
		}
	}
}
