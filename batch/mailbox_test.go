package batch_test

import (
	"net/http"
	"testing"

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
