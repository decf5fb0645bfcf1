package batch_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

func TestDeletedUsersComeBackWithAllThatWentWithThem(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s, o := wellEquipped(t, wire)
		store := o.do(cupi.List(cupi.MailboxStores, cupi.Query{}, 0, 0)).Page.Items[1]["ObjectId"]
		o.do(cupi.CreateUser("voicemailusertemplate", store, cupi.Object{"Alias": "second", "DtmfAccessId": "4711"})) // its template is in a list
		before := byAlias(s.simulator.Snapshot())
		_, history := s.run(t.Context(), "run", "Operation,Alias\ndelete,user00001\ndelete,user00002\ndelete,user00003\ndelete,second\n", options(""), 4)
		for _, row := range results(t, history) {
			if row.Status != record.Deleted || row.Requests != 4 {
				t.Errorf("row %d: %s with %d requests, want deleted with 4", row.Row, row.Status, row.Requests)
			}
		}
		for what, want := range map[string]int{"GET /vmrest/distributionlists": 1, "GET /vmrest/distributionlists/{id}/distributionlistmembers": 3} {
			if got := s.simulator.Requests()[what]; got != want {
				t.Errorf("%s: %d requests for four deletes, want %d", what, got, want)
			}
		}
		var lost []string
		undo, err := record.PlanUndo(history, record.UndoOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for line, err := range undo.Irreversible() {
			if err != nil {
				t.Fatal(err)
			}
			lost = append(lost, line.Alias+": "+line.Note)
		}
		if len(lost) != 4 || !strings.Contains(lost[0], "messages, places in private lists") || !strings.Contains(lost[0], "not recorded (--pre-image full") || strings.Contains(lost[0], "alternate extensions") {
			t.Errorf("said before the rollback: %q", lost)
		}
		summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if got := statuses(t, of); got != "recreated, recreated, recreated, recreated" || summary.Exit != record.ExitDone {
			t.Errorf("exit %d: %s\n%s", summary.Exit, got, messages(t, of))
		}
		compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
	})
}

func TestAnUndeleteThatIsNotWhole(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		preImage string
		fault    func(*http.Request) cupitest.Fault // during the run
		meantime func(*other)
		want     string
		says     string
	}{
		{"an extension was taken", "", nil, func(o *other) { o.set("user00004", "DtmfAccessId", "999341") },
			"recreated partly-recreated", "missing: the alternate extension 999341 (POST"},
		{"an address was taken", "", nil, func(o *other) { o.giveAddress("user00004", "first@example.com") },
			"recreated partly-recreated", "missing: the SMTP proxy address first@example.com (POST"},
		{"lists that are not shown", "", forbid("/distributionlists"), func(*other) {},
			"recreated", "ObjectId did not come back; list memberships, rules"},
		{"extensions that are not shown", "", forbid("/alternateextensions"), func(*other) {},
			"recreated", "ObjectId did not come back; alternate extensions, rules"},
		{"the user only", send.PreImageUser, nil, func(*other) {},
			"recreated", "ObjectId did not come back; alternate extensions, SMTP proxy addresses, list memberships, rules"},
		{"greetings that are not shown", send.PreImageFull, forbid("/greetings"), func(*other) {},
			"recreated", "ObjectId did not come back; recordings, greetings did not come back, because they were not recorded"},
		{"a PIN that is not shown", send.PreImageFull, forbid("/pin"), func(*other) {},
			"recreated", "ObjectId did not come back; rules for PIN and password did not come back, because they were not recorded"},
		{"the alias was taken", "", nil, func(o *other) { o.set("user00004", "Alias", "user00001") }, "kept alias-taken", "can't be made again"},
		{"the first extension was taken", "", nil, func(o *other) { o.set("user00004", "DtmfAccessId", "10000") }, "failed DATA_EXCEPTION", "in use"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, o := wellEquipped(t, cupi.JSON)
			s.simulator.Fault = test.fault
			options := options("")
			options.PreImage = test.preImage
			_, history := s.run(t.Context(), "run", "Operation,Alias\ndelete,user00001\n", options, 1)
			if row := results(t, history)[0]; row.Status != record.Deleted || (test.preImage == send.PreImageUser && row.Requests != 2) {
				t.Fatalf("%+v", row)
			}
			s.simulator.Fault = nil
			test.meantime(o)
			summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			if got := statuses(t, of); got != test.want || !strings.Contains(messages(t, of), test.says) {
				t.Errorf("%s, want %s: %s", got, test.want, messages(t, of))
			}
			// What was never recorded is no failure; what was, and did not come back, is.
			exit := map[bool]int{true: record.ExitDone, false: record.ExitIncomplete}[test.want == "recreated"]
			if summary.Exit != exit {
				t.Errorf("exit %d, want %d", summary.Exit, exit)
			}
		})
	}
}

// The store of a deleted mailbox is gone when the user comes back: the mailbox goes
// into the default one, and the row says so.
func TestTheMailboxStoreIsGone(t *testing.T) {
	t.Parallel()
	s, o := wellEquipped(t, cupi.JSON)
	store := o.do(cupi.List(cupi.MailboxStores, cupi.Query{}, 0, 0)).Page.Items[1]["ObjectId"]
	o.do(cupi.CreateUser("voicemailusertemplate", store, cupi.Object{"Alias": "second", "DtmfAccessId": "4711"}))
	var gone atomic.Bool
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if gone.Load() && r.URL.Path == cupi.MailboxStores.Path {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"@total":"0"}`)
			return
		}
		s.simulator.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	s.url = web.URL
	_, history := s.run(t.Context(), "run", "Operation,Alias\ndelete,second\n", options(""), 1)
	gone.Store(true)
	_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	const says = `the mailbox store "Unity Messaging Database -2" (it is gone, so the mailbox is in the default one)`
	if got := statuses(t, of); got != "recreated partly-recreated" || !strings.Contains(messages(t, of), says) {
		t.Errorf("%s, want recreated partly-recreated that says %s: %s", got, says, messages(t, of))
	}
	if got := s.simulator.UserByAlias("second")["MailboxStoreName"]; got != "Unity Messaging Database -1" {
		t.Errorf("the mailbox is in %q, want the default store", got)
	}
}

// A template that shows hardly anything makes nobody out of the texts that a server fills by itself; what a person
// fills in still tells.
func TestATemplateThatShowsLittle(t *testing.T) {
	t.Parallel()
	for city, want := range map[string]string{"": "deleted", "Oslo": "kept changed-since"} {
		s := newSite(t, &cupitest.Server{})
		front := httptest.NewServer(rewriting(s.simulator, func(r *http.Request, body []byte) []byte {
			var whole map[string]any
			if !strings.HasPrefix(r.URL.Path, "/vmrest/usertemplates/") || strings.Count(r.URL.Path, "/") > 3 || json.Unmarshal(body, &whole) != nil {
				return body
			}
			little, _ := json.Marshal(map[string]any{"ObjectId": whole["ObjectId"], "Alias": whole["Alias"], "DisplayName": whole["DisplayName"]})
			return little
		}))
		defer front.Close()
		s.url = front.URL
		_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId\nfresh,4711\n", options("create"), 1)
		if city != "" {
			s.other().set("fresh", "City", city)
		}
		_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if got := statuses(t, of); got != want {
			t.Errorf("with the city %q the rollback is %s, want %s: %s", city, got, want, messages(t, of))
		}
	}
}

func TestUsersThatAreInUseAreKept(t *testing.T) {
	t.Parallel()
	const file = "Operation,Alias,DtmfAccessId,Title,DisplayName\ncreate,fresh,4711,Boss,Fresh\n"
	for _, test := range []struct {
		name     string
		template string
		file     string
		fault    cupitest.Faults
		meantime func(*other)
		want     string // "deleted" or "kept …"
		says     string
	}{
		{"untouched", "", file, cupitest.Faults{}, func(*other) {}, "deleted", ""},
		{"untouched, of another template", "executivetemplate", file, cupitest.Faults{}, func(*other) {}, "deleted", ""},
		{"already gone", "", file, cupitest.Faults{}, func(o *other) { o.do(cupi.DeleteUser(o.id("fresh"))) }, "deleted nothing-to-undo", "already gone"},
		{"enrolled", "", file, cupitest.Faults{}, func(o *other) { o.set("fresh", "IsVmEnrolled", "false") }, "kept enrolled", "IsVmEnrolled was true and is false"},
		{"enrolled, of another template", "executivetemplate", file, cupitest.Faults{}, func(o *other) { o.set("fresh", "IsVmEnrolled", "true") }, "kept enrolled", ""},
		{"enrolled as the row said", "", "Operation,Alias,DtmfAccessId,IsVmEnrolled\ncreate,fresh,4711,false\n", cupitest.Faults{}, func(*other) {}, "deleted", ""},
		{"messages", "", file, cupitest.Faults{}, func(o *other) { o.putMessages("fresh", 2, 2048) }, "kept has-messages", "messages: 2, bytes: 2048"},
		{"bytes alone", "", file, cupitest.Faults{}, func(o *other) { o.putMessages("fresh", 0, 1) }, "kept has-messages", ""},
		{"a field that was sent", "", file, cupitest.Faults{}, func(o *other) { o.set("fresh", "Title", "Queen") }, "kept changed-since", "changed Title"},
		{"a text that was not sent", "", file, cupitest.Faults{}, func(o *other) { o.set("fresh", "City", "Oslo") }, "kept changed-since", "changed City"},
		{"a flag that was not sent", "", file, cupitest.Faults{}, func(o *other) { o.set("fresh", "SayTotalNew", "true") }, "kept changed-since", "changed SayTotalNew"},
		{"a number that was not sent", "", file, cupitest.Faults{}, func(o *other) { o.set("fresh", "Speed", "125") }, "kept changed-since", "changed Speed"},
		{"an alternate extension", "", file, cupitest.Faults{}, func(o *other) { o.giveExtension("fresh", "12", "999341") }, "kept changed-since", "alternate extensions"},
		{"another's proxy address", "", file, cupitest.Faults{}, func(o *other) { o.giveAddress("fresh", "boss@example.com") }, "kept changed-since", "proxy addresses"},
		{"its own proxy address", "", file, cupitest.Faults{}, func(o *other) { o.giveAddress("fresh", "fresh@cuc1.example.com") }, "deleted", ""},
		{"a list", "", file, cupitest.Faults{}, func(o *other) { o.join("fresh", contacts) }, "deleted", ""},
		{"a server that does not keep Title", "", file, cupitest.Faults{IgnoreTitle: 1}, func(*other) {}, "deleted", ""},
		{"a mailbox that is not shown", "", file, cupitest.Faults{}, func(o *other) { o.s.simulator.Fault = forbid("/mailboxattributes") }, "deleted", "not checked: whether the mailbox holds messages"},
		{"a template that is not shown", "", file, cupitest.Faults{}, func(o *other) { o.s.simulator.Fault = forbid("/usertemplates") }, "deleted", "not checked: whether somebody enrolled"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, &cupitest.Server{Faults: test.fault})
			o := s.other()
			options := options("")
			if test.template != "" {
				options.Template = test.template
			}
			before := byAlias(s.simulator.Snapshot())
			_, history := s.run(t.Context(), "run", test.file, options, 1)
			if got := statuses(t, history); got != "created" {
				t.Fatalf("%s: %s", got, messages(t, history))
			}
			test.meantime(o)
			there := byAlias(s.simulator.Snapshot())
			for _, name := range []string{"undo", "again"} {
				_, of := s.rollback(t.Context(), name, history, record.UndoOptions{})
				want := test.want
				if name == "again" && want == "deleted" {
					want = "deleted nothing-to-undo"
				}
				if got := statuses(t, of); got != want || (name == "undo" && !strings.Contains(messages(t, of), test.says)) {
					t.Errorf("%s: %s, want %s: %s", name, got, want, messages(t, of))
				}
			}
			if strings.HasPrefix(test.want, "kept") {
				compareSnapshots(t, there, byAlias(s.simulator.Snapshot()))
				if _, of := s.rollback(t.Context(), "forced", history, record.UndoOptions{Force: true}); statuses(t, of) != "deleted" {
					t.Errorf("forced: %s: %s", statuses(t, of), messages(t, of))
				}
			}
			compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
		})
	}
}

func TestRestoringLeavesWhatOthersChanged(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	o := s.other()
	o.set("user00001", "Title", "Clerk")
	before := simulator.UserByAlias("user00001")
	_, history := s.run(t.Context(), "run", "Operation,Alias,Title,City,TimeZone,ScheduleSetName\n"+
		"update,user00001,Boss,Oslo,175,Weekdays\nupdate,user00002,Boss,Oslo,175,\nupdate,user00003,Boss,,,\n", options(""), 1)
	o.set("user00001", "Title", "Queen")
	o.set("user00002", "TimeZone", "35")
	o.do(cupi.DeleteUser(o.id("user00003")))
	summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if got := statuses(t, of); got != "kept changed-since, kept changed-since, kept target-gone" || summary.Exit != record.ExitIncomplete {
		t.Errorf("exit %d: %s", summary.Exit, got)
	}
	for _, want := range []string{`Title since the run: it was "Clerk", the run wrote "Boss", and now it is "Queen"`, `TimeZone since the run: it was "190", the run wrote "175", and now it is "35"`} {
		if !strings.Contains(messages(t, of), want) {
			t.Errorf("%s\ndoes not say %s", messages(t, of), want)
		}
	}
	after := simulator.UserByAlias("user00001")
	for name, want := range map[string]string{"Title": "Queen", "City": before["City"], "TimeZone": before["TimeZone"], "UseDefaultTimeZone": before["UseDefaultTimeZone"]} {
		if after[name] != want {
			t.Errorf("user00001: %s is %q, want %q", name, after[name], want)
		}
	}
	if after := simulator.UserByAlias("user00002"); after["TimeZone"] != "35" || after["UseDefaultTimeZone"] != "false" || after["Title"] != "" {
		t.Errorf("user00002: TimeZone %s, UseDefaultTimeZone %s, Title %q", after["TimeZone"], after["UseDefaultTimeZone"], after["Title"])
	}
	if set := simulator.Snapshot()["handlers/callhandlers/"+after["CallHandlerObjectId"]]["ScheduleSetObjectId"]; set != "30d9c0df-1c4f-4b0e-9b3b-7a6a3e0f8a11" {
		t.Errorf("user00001 has the schedule set %s", set)
	}
	changes := s.guard.Changes()
	if _, of := s.rollback(t.Context(), "again", history, record.UndoOptions{}); statuses(t, of) != "kept changed-since, kept changed-since, kept target-gone" {
		t.Errorf("again: %s", statuses(t, of))
	}
	if got := s.guard.Changes(); got != changes {
		t.Errorf("the second rollback changed %d things", got-changes)
	}
}

// A rollback of some rows, then of all, then of all again: each row says what there
// was to do, and the last changes nothing.
func TestRollbackTwice(t *testing.T) {
	t.Parallel()
	s, _ := wellEquipped(t, cupi.JSON)
	before := byAlias(s.simulator.Snapshot())
	_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId,Title\ncreate,fresh,4711,Boss\nupdate,user00003,,Boss\ndelete,user00001,,\n", options(""), 2)
	_, of := s.rollback(t.Context(), "some", history, record.UndoOptions{Only: onlyAlias("user00003")})
	if got := statuses(t, of); got != "restored" {
		t.Errorf("only one: %s", got)
	}
	if s.simulator.UserByAlias("fresh") == nil || s.simulator.UserByAlias("user00001") != nil {
		t.Error("rows were undone that were not chosen")
	}
	_, of = s.rollback(t.Context(), "all", history, record.UndoOptions{})
	if got := statuses(t, of); got != "deleted, restored nothing-to-undo, recreated" {
		t.Errorf("all: %s", got)
	}
	compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
	changes := s.guard.Changes()
	_, of = s.rollback(t.Context(), "again", history, record.UndoOptions{})
	if got := statuses(t, of); got != "deleted nothing-to-undo, restored nothing-to-undo, recreated nothing-to-undo" {
		t.Errorf("again: %s", got)
	}
	for i, want := range []string{"already gone", "nothing was left to restore", "is there already"} {
		if got := results(t, of)[i]; !strings.Contains(got.Message, want) || len(got.StepsDone) > 0 {
			t.Errorf("again, row %d: %q with steps %v, want %q", i+1, got.Message, got.StepsDone, want)
		}
	}
	if got := s.guard.Changes(); got != changes {
		t.Errorf("the second rollback changed %d things", got-changes)
	}
}

// The server commits the rollback's own POST late: it is found again, and not sent
// twice.
func TestALateCommitOfARecreation(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/vmrest/users", "/vmrest/smtpproxyaddresses", "/vmrest/distributionlists"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			s, _ := wellEquipped(t, cupi.JSON)
			s.simulator.LateBy = 50 * time.Millisecond
			before := byAlias(s.simulator.Snapshot())
			_, history := s.run(t.Context(), "run", "Operation,Alias\ndelete,user00001\n", options(""), 1)
			s.simulator.Fault = once(cupitest.LateCommit, "POST", path)
			s.doubt = 500 * time.Millisecond
			_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			s.simulator.Wait()
			if got := statuses(t, of); got != "recreated" {
				t.Errorf("%s: %s", got, messages(t, of))
			}
			compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
		})
	}
}

// The code of a row that is back but for its PIN is one that the table explains for such a row.
func TestARowThatIsBackButForItsPIN(t *testing.T) {
	t.Parallel()
	s := handsOn(t)
	_, history := s.run(t.Context(), "run", "Operation,Alias,City,PIN\nupdate,user00001,Oslo,739166\nupdate,user00002,,739166\n", options(""), 1)
	_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if got := statuses(t, of); got != "restored write-only, kept write-only" {
		t.Errorf("%s: %s", got, messages(t, of))
	}
}

// A rollback that can't read all that it is to take back takes nothing back.
func TestARollbackOfADamagedJournalSendsNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	s.simulator.AddUsers(2)
	_, history := s.run(t.Context(), "run", "Operation,Alias\ndelete,user00001\ndelete,user00002\n", options(""), 1)
	undo, err := record.PlanUndo(history, record.UndoOptions{Patience: record.Patience{MaxOutage: time.Minute}})
	if err != nil || len(undo.Rows) != 2 {
		t.Fatalf("rows %v, error %v", undo.Rows, err)
	}
	path := filepath.Join(history.Folder, record.JournalFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	intent := bytes.Index(text, []byte(`"type":"intent"`)) // of the row that is taken back last
	text[bytes.LastIndexByte(text[:intent], '\n')+1] ^= 1
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	left := len(s.simulator.Snapshot())
	if summary, err := rollback.Run(t.Context(), undo, s.server(1), s.recorder("undo"), nil); err == nil {
		t.Errorf("no error, and %+v", summary)
	}
	if now := len(s.simulator.Snapshot()); now != left {
		t.Errorf("%d objects, and %d before", now, left)
	}
}
