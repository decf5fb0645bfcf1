package batch_test

import (
	"net/http"
	"strings"
	"testing"

	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// The settings of the phone menu and of sending messages are the user's own fields: all of
// them are one PUT, words are sent as their numbers, and a rollback puts all back.
func TestPhoneMenuIsOnePut(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(1)
	s := newSite(t, simulator)
	before := s.simulator.Snapshot()
	const file = "Alias,ExitAction,PromptSpeed,PromptVolume,AddressMode,SendMessageOnHangup,CommandDigitTimeout,RepeatMenu,EnableSaveDraft,RetainUrgentMessageFlag,ConversationTui,ExitTargetConversation,ExitTargetHandlerObjectId\n" +
		"user00001,go-to,fast,high,extension,draft,2000,3,true,yes,SubMenuOpt1,SubSignIn,\n"
	_, history := s.run(t.Context(), "run", file, options("update"), 1)
	if got := only(t, history); got.Status != record.Updated || got.Requests != 2 || got.Reversible != record.FullyReversible {
		t.Fatalf("%+v", got)
	}
	if path, shows := s.place("users/USER", "user00001"), "ExitAction=2; PromptSpeed=150; PromptVolume=100; AddressMode=1; SendMessageOnHangup=2; "+
		"CommandDigitTimeout=2000; RepeatMenu=3; EnableSaveDraft=true; RetainUrgentMessageFlag=true; ConversationTui=SubMenuOpt1; ExitTargetConversation=SubSignIn"; !s.shown(path, shows) {
		t.Errorf("%s does not show %s", path, shows)
	}
	s.unlost(history)
	_, again := s.run(t.Context(), "again", file, options("update"), 1)
	if got := only(t, again); got.Status != record.Unchanged {
		t.Errorf("again: %+v", got)
	}
	s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	compareSnapshots(t, before, s.simulator.Snapshot())
	if n := s.simulator.Requests()[http.MethodPut+" /vmrest/users/{id}"]; n > 2 {
		t.Errorf("%d PUTs of the user, want 2", n)
	}
}

// Keys, and where calls go else, are told in words. The names are looked up once a run, the keys
// of a user are read once, and only those that differ are sent.
func TestKeysInWords(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	const rowOf = "user00001,user:user00002,greeting:USER00003,handler:Operator,handler-greeting:Operator,directory:System Directory Handler,hangup,ignore,signin,restart,user:user00003,greeting:user00001,message\n"
	const file = "Alias,Key_1,Key_2,Key_3,Key_4,Key_5,Key_6,Key_0,Key_Star,Key_Pound,Exit,AfterMessage,Greeting_Busy_AfterGreeting\n" + rowOf
	before := s.simulator.Snapshot()
	_, history := s.run(t.Context(), "run", file, options("update"), 1)
	got := only(t, history)
	if got.Status != record.Updated || got.Reversible != record.FullyReversible {
		t.Fatalf("%+v", got)
	}
	// the user, its handler, the keys, the greetings: each is read once; of nine keys one is as it should be, and so is the greeting
	if changes := sent(s.simulator); got.Requests != 4+changes || changes != 10 {
		t.Errorf("%d requests, of which %d change something", got.Requests, changes)
	}
	second, third := s.simulator.UserByAlias("user00002")["CallHandlerObjectId"], s.simulator.UserByAlias("user00003")["CallHandlerObjectId"]
	for path, shows := range map[string]string{
		"/menuentries/1":   "Action=2; TargetConversation=PHTransfer; TargetHandlerObjectId=" + second,
		"/menuentries/2":   "Action=2; TargetConversation=PHGreeting; TargetHandlerObjectId=" + third,
		"/menuentries/6":   "Action=1",
		"/menuentries/*":   "Action=2; TargetConversation=SubSignIn",
		"/menuentries/%23": "Action=6",
		"":                 "AfterMessageAction=2; AfterMessageTargetConversation=PHGreeting; AfterMessageTargetHandlerObjectId=HANDLER",
		"/greetings/Busy":  "AfterGreetingAction=4",
	} {
		if path, shows := s.place("handlers/callhandlers/HANDLER"+path, "user00001"), s.place(shows, "user00001"); !s.shown(path, shows) {
			t.Errorf("%s does not show %s", path, shows)
		}
	}
	s.unlost(history)
	_, again := s.run(t.Context(), "again", file, options("update"), 1)
	if got := only(t, again); got.Status != record.Unchanged {
		t.Errorf("again: %+v", got)
	}
	var text strings.Builder
	exported := export.Options{Columns: strings.Split("Alias,Key_1,Key_2,Key_3,Key_4,Key_5,Key_6,Key_0,Key_Star,Key_Pound,Exit,AfterMessage,Greeting_Busy_AfterGreeting", ",")}
	if _, err := export.Write(t.Context(), s.server(2), exported, &text); err != nil {
		t.Fatal(err)
	}
	if want := "handler:Operator,handler-greeting:Operator,directory:System Directory Handler,hangup,ignore,signin,restart"; !strings.Contains(text.String(), want) {
		t.Errorf("the export lacks %s:\n%s", want, text.String())
	}
	_, again = s.run(t.Context(), "exported", text.String(), options("update"), 2)
	if got, want := statuses(t, again), strings.Repeat(", unchanged", 5)[2:]; got != want {
		t.Errorf("the export, run again: %s: %s\n%s", got, messages(t, again), text.String())
	}
	s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	compareSnapshots(t, withoutEmpty(before), withoutEmpty(s.simulator.Snapshot()))

	_, history = s.run(t.Context(), "unknown", "Alias,Key_1,Key_2\nuser00001,user:nobody,\nuser00002,,handler:Operater\n", options("update"), 1)
	if got, want := statuses(t, history), "invalid unknown-name, invalid unknown-name"; got != want {
		t.Errorf("got %s, want %s: %s", got, want, messages(t, history))
	}
}

// withoutEmpty leaves out fields that hold nothing, which are as good as none.
func withoutEmpty(snapshot map[string]map[string]string) map[string]map[string]string {
	for _, object := range snapshot {
		for name, value := range object {
			if value == "" {
				delete(object, name)
			}
		}
	}
	return snapshot
}

// A number that a key has can be changed and not emptied: said before the run, and after it.
func TestTheNumberOfAKeyStays(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(1)
	s := newSite(t, simulator)
	const file = "Alias,Key_3,Key_3_TransferType\nuser00001,number:9011,supervised\n"
	preview := s.previewsOf("dry", file, options("update"))
	if len(preview) != 1 || preview[0].Reversible != record.PartlyReversible || len(preview[0].Lost) != 1 {
		t.Errorf("the dry run says %+v", preview)
	}
	_, history := s.run(t.Context(), "run", file, options("update"), 1)
	if got := only(t, history); got.Status != record.Updated || got.Reversible != record.PartlyReversible {
		t.Fatalf("%+v", got)
	}
	_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if got := only(t, of); got.Status != record.Restored || !strings.Contains(got.Message, "never empties") {
		t.Errorf("rollback: %+v", got)
	}
	if path, shows := s.place("handlers/callhandlers/HANDLER/menuentries/3", "user00001"), "Action=0; TransferNumber=9011; TransferType=0"; !s.shown(path, shows) {
		t.Errorf("%s does not show %s", path, shows)
	}
}
