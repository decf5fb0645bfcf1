package batch_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// The extension of a transfer rule counts while the user's own is not used: the server is told both, and
// never of an extension beside a true UsePrimaryExtension.
func TestAnExtensionInPlaceOfTheUsers(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		simulator := &cupitest.Server{}
		simulator.AddUsers(1)
		s := newSite(t, simulator)
		s.wire = wire
		sent := s.recordChanges()
		option := s.place("handlers/callhandlers/HANDLER/transferoptions/Alternate", "user00001")
		shows := func(when, want string) {
			t.Helper()
			if !s.shown(option, want) {
				t.Errorf("%s: not %s", when, want)
			}
		}
		const own = "UsePrimaryExtension=true; Extension=10000"
		shows("before", own)
		_, first := s.run(t.Context(), "first", "Alias,TransferExtension\nuser00001,4711\n", options("update"), 1)
		shows("after an update", "UsePrimaryExtension=false; Extension=4711")
		_, again := s.run(t.Context(), "again", "Alias,TransferExtension\nuser00001,4711\n", options("update"), 1)
		if got := statuses(t, again); got != "unchanged" {
			t.Errorf("the same again: %s", got)
		}
		_, second := s.run(t.Context(), "second", "Alias,TransferExtension\nuser00001,4712\n", options("update"), 1)
		shows("after another", "UsePrimaryExtension=false; Extension=4712")
		_, cleared := s.run(t.Context(), "cleared", "Alias,DtmfAccessId,TransferExtension\nuser00001,10077,%null%\n", options("update"), 1)
		shows("after it was cleared", "UsePrimaryExtension=true; Extension=10077")
		for _, undone := range []struct {
			history *record.History
			want    string
		}{{cleared, "UsePrimaryExtension=false; Extension=4712"}, {second, "UsePrimaryExtension=false; Extension=4711"}, {first, own}} {
			_, back := s.rollback(t.Context(), "back to "+undone.want, undone.history, record.UndoOptions{})
			if got := statuses(t, back); got != "restored" {
				t.Errorf("the rollback to %s: %s", undone.want, got)
			}
			shows("after a rollback", undone.want)
		}

		// What somebody else has put there since stays.
		_, third := s.run(t.Context(), "third", "Alias,TransferExtension\nuser00001,4713\n", options("update"), 1)
		body, _ := json.Marshal(map[string]string{"UsePrimaryExtension": "false", "Extension": "4800"})
		s.guard.Exempt("PUT", "/vmrest/"+option)
		s.ask("PUT", option, string(body))
		_, kept := s.rollback(t.Context(), "kept", third, record.UndoOptions{})
		if got := statuses(t, kept); got != "kept changed-since" {
			t.Errorf("what somebody changed: %s", got)
		}
		shows("after somebody changed it", "UsePrimaryExtension=false; Extension=4800")
		for _, one := range sent.all {
			_, extension := one.Fields["Extension"]
			if primary := one.Fields["UsePrimaryExtension"]; one.Path == "/vmrest/"+option && (extension == (primary == "true") || primary == "") {
				t.Errorf("sent %v", one.Fields)
			}
		}
	})
}

// An export leaves out what is only the user's own extension, so that a run of it changes nothing.
func TestAnExportOfTheUsersOwnExtension(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(1)
	s := newSite(t, simulator)
	var text strings.Builder
	if _, err := export.Write(t.Context(), s.server(2), export.Options{Columns: []string{"TransferExtension"}}, &text); err != nil || !strings.Contains(text.String(), "user00001,\n") {
		t.Errorf("got %s, %v", text.String(), err)
	}
}

// Clearing the extension of a transfer rule lets calls go to the primary one, and the forecast
// names the one that is lost by it.
// A server lists two or three of the transfer rules, and has all of them: one that is not listed is
// read by its name and changed, never made. One that is not there fails its row, and no other.
func TestATransferRuleThatIsNotListed(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	s.frontOf("/transferoptions", withoutAlternate)
	option := s.place("handlers/callhandlers/HANDLER/transferoptions/Alternate", "user00001")
	const file = "Alias,TransferExtension\nuser00001,4711\n"
	if foretold := s.previewsOf("foretold", file, options("update")); foretold[0].Status != record.Updated || foretold[0].Requests["PUT"] != 1 || foretold[0].Requests["POST"] != 0 {
		t.Errorf("foretold %+v", foretold[0])
	}
	_, history := s.run(t.Context(), "run", file, options("update"), 1)
	if got := statuses(t, history); got != "updated" || !s.shown(option, "UsePrimaryExtension=false; Extension=4711") {
		t.Errorf("%s: %s", got, messages(t, history))
	}
	s.verified(history)
	_, again := s.run(t.Context(), "again", file, options("update"), 1)
	_, back := s.rollback(t.Context(), "back", history, record.UndoOptions{})
	if got := statuses(t, again) + ", " + statuses(t, back); got != "unchanged, restored" || !s.shown(option, "UsePrimaryExtension=true; Extension=10000") {
		t.Errorf("%s: %s", got, messages(t, back))
	}
}

// It comes back with a user who was deleted, as the others do.
func TestATransferRuleThatIsNotListedComesBack(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	s.frontOf("/transferoptions", withoutAlternate)
	s.run(t.Context(), "run", "Alias,TransferExtension\nuser00001,4711\n", options("update"), 1)
	o := options("delete")
	o.PreImage = send.PreImageFull
	_, history := s.run(t.Context(), "delete", "Alias\nuser00001\n", o, 1)
	_, back := s.rollback(t.Context(), "back", history, record.UndoOptions{})
	option := s.place("handlers/callhandlers/HANDLER/transferoptions/Alternate", "user00001")
	if got := statuses(t, back); got != "recreated" || !s.shown(option, "UsePrimaryExtension=false; Extension=4711") {
		t.Errorf("%s: %s", got, messages(t, back))
	}
}

func TestATransferRuleThatIsNotThereFailsItsRowAlone(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(2)
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if strings.HasSuffix(r.URL.Path, "/Alternate") {
			return cupitest.NotFound
		}
		return cupitest.NoFault
	}
	s := newSite(t, simulator)
	s.frontOf("/transferoptions", withoutAlternate)
	summary, history := s.run(t.Context(), "run", "Alias,TransferExtension,City\nuser00001,4711,\nuser00002,,Bonn\n", options("update"), 1)
	if got := statuses(t, history); got != "failed not-there, updated" || summary.Stop != nil {
		t.Errorf("%s, stop %v: %s", got, summary.Stop, messages(t, history))
	}
}

// withoutAlternate takes a transfer rule out of a list.
func withoutAlternate(text string) string {
	text = regexp.MustCompile(`\{[^{}]*"TransferOptionType":"Alternate"[^{}]*\},?`).ReplaceAllString(text, "")
	return strings.NewReplacer("},]", "}]", `"@total":"3"`, `"@total":"2"`).Replace(text)
}

func TestAClearedTransferExtensionIsNamed(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(1)
	s := newSite(t, simulator)
	for _, column := range []string{"TransferExtension", "StandardTransferExtension"} {
		s.run(t.Context(), "set"+column, "Alias,"+column+"\nuser00001,4711\n", options("update"), 1)
		said := s.previewsOf("look"+column, "Alias,"+column+"\nuser00001,%null%\n", options("update"))
		var texts []string
		for _, change := range said[0].Changes {
			texts = append(texts, fmt.Sprintf("%s %s -> %s", change.Field, change.Old, change.New))
		}
		if got := strings.Join(texts, ", "); got != "Extension 4711 -> , UsePrimaryExtension false -> true" {
			t.Errorf("%s: %s", column, got)
		}
		again := s.previewsOf("again"+column, "Alias,"+column+"\nuser00001,4712\n", options("update"))
		if n := len(again[0].Changes); n != 2 { // both are sent
			t.Errorf("%s: %+v", column, again[0].Changes)
		}
	}
}
