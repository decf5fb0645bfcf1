package batch_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/audio"
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

// exitsTo sends who leaves somebody's mailbox to another one's.
func (o *other) exitsTo(alias, other string) {
	o.s.t.Helper()
	o.do(cupi.UpdateUser(o.id(alias), cupi.Object{"ExitAction": "2", "ExitTargetConversation": "PHGreeting",
		"ExitTargetHandlerObjectId": o.s.simulator.UserByAlias(other)["CallHandlerObjectId"]}))
}

// Whose exit leads to somebody who is made again at the same time waits for that, whatever was recorded.
func TestAnExitToSomebodyElseComesBack(t *testing.T) {
	t.Parallel()
	for _, preImage := range []string{send.PreImageUsual, send.PreImageFull} {
		simulator := &cupitest.Server{}
		simulator.AddUsers(3)
		s := newSite(t, simulator)
		s.other().exitsTo("user00002", "user00001")
		before := s.whole()
		o := s.fullOptions()
		o.PreImage = preImage
		_, history := s.run(t.Context(), "run", "Alias\nuser00001\nuser00002\n", o, 2)
		simulator.Fault = func(r *http.Request) cupitest.Fault {
			if r.Method == "POST" && r.URL.Path == "/vmrest/users" {
				time.Sleep(50 * time.Millisecond)
			}
			return cupitest.NoFault
		}
		summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if summary.Exit != record.ExitDone {
			t.Errorf("%s: exit %d: %s", preImage, summary.Exit, messages(t, of))
		}
		s.sameAs(before, nil)
		target := simulator.UserByAlias("user00002")["ExitTargetHandlerObjectId"]
		if target != simulator.UserByAlias("user00001")["CallHandlerObjectId"] {
			t.Errorf("%s: the exit leads to %s", preImage, target)
		}
	}
}

// Whose exit led to somebody who comes back later gets that back with them, and keeps what else
// somebody has changed since.
func TestAnExitToSomebodyWhoComesBackLaterComesBack(t *testing.T) {
	t.Parallel()
	for _, preImage := range []string{send.PreImageUsual, send.PreImageFull} {
		s, history := exitedLater(t, preImage)
		summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if summary.Exit != record.ExitDone {
			t.Errorf("%s: exit %d: %s", preImage, summary.Exit, messages(t, of))
		}
		target := s.simulator.UserByAlias("user00002")["ExitTargetHandlerObjectId"]
		if target != s.simulator.UserByAlias("user00001")["CallHandlerObjectId"] {
			t.Errorf("%s: the exit leads to %s: %s", preImage, target, messages(t, of))
		}
	}
}

// exitedLater is a run that deleted user00001 and then user00002, whose exit led to the first when it was read.
func exitedLater(t *testing.T, preImage string) (*site, *record.History) {
	t.Helper()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	other := s.other()
	other.exitsTo("user00002", "user00001")
	first, second := "/vmrest/users/"+other.id("user00001"), "/vmrest/users/"+other.id("user00002")
	read := make(chan struct{})
	var once sync.Once
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		switch {
		case strings.HasSuffix(r.URL.Path, "/subscriberdependencies"): // else who refers goes first
			return cupitest.Forbidden
		case r.Method == "GET" && r.URL.Path == second:
			once.Do(func() { close(read) })
		case r.Method == "DELETE" && r.URL.Path == first:
			select {
			case <-read:
			case <-time.After(3 * time.Second):
				t.Error("user00002 is not read")
			}
			other.exitsTo("user00002", "user00003")
		case r.URL.Path == second+"/alternateextensions": // it was read, and goes later
			for range 200 {
				if simulator.UserByAlias("user00001") == nil {
					break
				}
				time.Sleep(5 * time.Millisecond)
			}
		}
		return cupitest.NoFault
	}
	o := s.fullOptions()
	o.PreImage = preImage
	_, history := s.run(t.Context(), "run", "Alias\nuser00001\nuser00002\n", o, team)
	simulator.Fault = nil
	if got := statuses(t, history); got != "deleted, deleted" {
		t.Fatal(got, messages(t, history))
	}
	return s, history
}

// Where somebody else has the alias of whom an exit led to, nobody is made again, and the row says who lacks that.
func TestWhatLedToSomebodyWhoDoesNotComeBackIsMissing(t *testing.T) {
	t.Parallel()
	s, history := exitedLater(t, send.PreImageUsual)
	s.simulator.Fault = nil
	s.other().do(cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": "user00001", "DtmfAccessId": "88123"}))
	summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if said := messages(t, of); summary.Exit != record.ExitIncomplete || !strings.Contains(said, "what user00002 had of this user") {
		t.Errorf("exit %d: %s: %s", summary.Exit, statuses(t, of), said)
	}
}

// What fails of somebody else's is missing, and no failure of the row whose user it names.
func TestWhatFailsOfAnothersIsMissing(t *testing.T) {
	t.Parallel()
	for _, fault := range []cupitest.Fault{cupitest.Forbidden, cupitest.NotFound} {
		s, history := exitedLater(t, send.PreImageUsual)
		var mutex sync.Mutex
		posts := 0
		s.simulator.Fault = func(r *http.Request) cupitest.Fault {
			mutex.Lock()
			defer mutex.Unlock()
			if r.Method == "POST" && r.URL.Path == "/vmrest/users" {
				posts++
			}
			if user := s.simulator.UserByAlias("user00002"); posts == 2 && r.Method == "GET" && user != nil && r.URL.Path == "/vmrest/users/"+user["ObjectId"] {
				return fault
			}
			return cupitest.NoFault
		}
		_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		said, told := messages(t, of), strings.Contains(messages(t, of), "missing: of user00002: ")
		if got := statuses(t, of); !strings.HasPrefix(got, "recreated") || strings.Contains(got, "failed") || told != (fault == cupitest.Forbidden) {
			t.Errorf("%s: %s: %s", fault, got, said)
		}
	}
}

// What was empty, and the template fills for ever, is not as it was: that is missing.
func TestWhatCannotBeEmptiedAgainIsMissing(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	s.audio = new(audio.Store)
	_, history := s.run(t.Context(), "run", "Alias\nuser00001\n", s.fullOptions(), 1)
	var once sync.Once
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/voicename") {
			once.Do(func() { s.plant(strings.TrimPrefix(r.URL.Path, "/vmrest/"), "name by the template") })
		}
		return cupitest.NoFault
	}
	summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if said := messages(t, of); summary.Exit != record.ExitIncomplete || !strings.Contains(said, "missing: the empty ") || !strings.Contains(said, "never empties it") {
		t.Errorf("exit %d: %s", summary.Exit, said)
	}
}

// What the server does not show of a user is not recorded: the row says so, and the rest comes back.
func TestWhatCannotBeRecordedIsSaid(t *testing.T) {
	t.Parallel()
	for _, fault := range []cupitest.Fault{cupitest.Forbidden, cupitest.NotFound} {
		simulator := &cupitest.Server{}
		simulator.AddUsers(2)
		s := newSite(t, simulator)
		user := simulator.UserByAlias("user00001")
		s.other().do(cupi.Update(cupi.CallHandlers, user["CallHandlerObjectId"], cupi.Object{"MaxMsgLen": "120"}))
		simulator.Fault = func(r *http.Request) cupitest.Fault {
			if r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/userroles") {
				return fault
			}
			return cupitest.NoFault
		}
		_, history := s.run(t.Context(), "run", "Alias\nuser00001\n", s.fullOptions(), 1)
		if said := messages(t, history); statuses(t, history) != "deleted" || said != "not recorded, because the server does not show it: roles" {
			t.Errorf("%s: %s: %s", fault, statuses(t, history), said)
		}
		s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if now := s.other().do(cupi.Get(cupi.CallHandlers, simulator.UserByAlias("user00001")["CallHandlerObjectId"])).Object["MaxMsgLen"]; now != "120" {
			t.Errorf("%s: MaxMsgLen is %s", fault, now)
		}
	}
}

// What names somebody who comes back later is given back then, and nothing else of the earlier one is touched.
func TestADebtTouchesOnlyWhatNamesTheOther(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	s.audio = new(audio.Store)
	o := s.other()
	owner := o.id("user00002")
	members := func(owner string) cupi.Collection {
		lists := o.do(cupi.List(cupi.PrivateListsOf(owner), cupi.Query{}, 0, 0)).Page.Items
		return cupi.PrivateListMembers(cupi.Get(cupi.PrivateListsOf(owner), lists[0]["ObjectId"]).Path)
	}
	o.do(cupi.Create(cupi.PrivateListsOf(owner), cupi.Object{"NumericId": "7", "DisplayName": "Colleagues"}))
	for _, alias := range []string{"user00001", "user00003"} {
		o.do(cupi.Create(members(owner), cupi.Object{"MemberSubscriberObjectId": o.id(alias)}))
	}
	first, read := "/vmrest/users/"+o.id("user00001"), make(chan struct{})
	var once sync.Once
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		switch {
		case strings.HasPrefix(r.URL.Path, "/vmrest/users/"+owner+"/privatelists/") && strings.HasSuffix(r.URL.Path, "/voicename"):
			once.Do(func() { close(read) }) // the members were read
			for end := time.Now().Add(3 * time.Second); simulator.UserByAlias("user00001") != nil && time.Now().Before(end); {
				time.Sleep(5 * time.Millisecond)
			}
		case r.Method == "DELETE" && r.URL.Path == first:
			select {
			case <-read:
			case <-time.After(3 * time.Second):
				t.Error("the list is not read")
			}
		}
		return cupitest.NoFault
	}
	_, history := s.run(t.Context(), "run", "Alias\nuser00001\nuser00002\n", s.fullOptions(), team)
	var removed sync.Once
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == "POST" && r.URL.Path == "/vmrest/users" && simulator.UserByAlias("user00002") != nil {
			removed.Do(func() { // somebody takes the other one out before the debt is settled
				in := members(o.id("user00002"))
				for _, member := range o.do(cupi.List(in, cupi.Query{}, 0, 0)).Page.Items {
					o.do(cupi.Delete(in, member["ObjectId"]))
				}
			})
		}
		return cupitest.NoFault
	}
	_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	simulator.Fault = nil
	now := o.do(cupi.List(members(o.id("user00002")), cupi.Query{}, 0, 0)).Page.Items
	if len(now) != 1 || now[0]["MemberSubscriberObjectId"] != o.id("user00001") {
		t.Errorf("the list has %v: %s", now, messages(t, of))
	}
}
