package batch_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// A mailbox that is kept in place of deleting its user is in no directory, transfers no calls,
// has its note and another PIN, which is in the sealed file alone. A rollback puts back the rest.
func TestKeptMailboxes(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	handler := cupi.TransferOptionsOf(simulator.UserByAlias("user00001")["CallHandlerObjectId"])
	s.other().do(cupi.Update(handler, "Alternate", cupi.Object{"Enabled": "true", "TimeExpires": "", "Action": "1"}))
	before := withoutIDs(simulator.Snapshot())
	o := options("delete")
	o.KeptPINLength, o.SealTo, o.KeepNotes = 8, "age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z", []validate.Setting{{Column: "Title", Value: "left"}}
	const file = "Alias\nuser00001\nuser00002\nnobody\noperator\n"
	summary, history := s.run(t.Context(), "run", file, o, 2)
	if got, want := statuses(t, history), "updated, updated, unchanged already-absent, invalid undeletable"; got != want {
		t.Fatalf("the rows are %s, want %s (exit %d)", got, want, summary.Exit)
	}
	user := simulator.UserByAlias("user00001")
	if user["ListInDirectory"] != "false" || user["Title"] != "left" {
		t.Errorf("the user is listed: %q, with the title %q", user["ListInDirectory"], user["Title"])
	}
	transfers := map[string]string{}
	for _, rule := range s.other().do(cupi.List(handler, cupi.Query{}, 1, 9)).Page.Items {
		transfers[rule["TransferOptionType"]] = rule["Action"]
	}
	if transfers["Standard"] != "0" || transfers["Alternate"] != "0" {
		t.Errorf("calls are transferred by %v", transfers)
	}
	if changes := simulator.Requests()[http.MethodDelete+" /vmrest/users/{id}"]; changes != 0 {
		t.Errorf("%d users were deleted", changes)
	}
	if _, err := os.Stat(filepath.Join(history.Folder, record.PINsFile)); err != nil {
		t.Error(err)
	}
	if message := results(t, history)[0].Message; !strings.Contains(message, "the mailbox is kept") {
		t.Errorf("the result says %q", message)
	}
	_, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if got := statuses(t, undone); !strings.HasPrefix(got, "restored write-only, restored write-only") && !strings.HasPrefix(got, "restored") {
		t.Errorf("the rollback's rows are %s", got)
	}
	compareSnapshots(t, before, withoutIDs(simulator.Snapshot()))
}

// A rename leaves the former alias as an address, and says so; a rollback takes away what its own
// rename leaves.
func TestAddressesOfRenames(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{KeepOldAlias: true}
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	addresses := func() string {
		var all []string
		for _, address := range s.other().do(cupi.List(cupi.SmtpProxyAddresses, cupi.Query{}, 1, 9)).Page.Items {
			local, _, _ := strings.Cut(address["SmtpAddress"], "@")
			all = append(all, local)
		}
		return strings.Join(all, " ")
	}
	_, history := s.run(t.Context(), "run", "Alias,NewAlias\nuser00001,moved\n", options("update"), 1)
	if got := results(t, history)[0]; got.Status != record.Updated || !strings.Contains(got.Message, `"user00001" as an SMTP proxy address`) || addresses() != "user00001" {
		t.Errorf("%s: %s; the addresses are %s", got.Status, got.Message, addresses())
	}
	_, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if got := results(t, undone)[0]; got.Status != record.Restored || !strings.Contains(got.Message, "is taken away again") || addresses() != "user00001" {
		t.Errorf("%s: %s; the addresses are %s", got.Status, got.Message, addresses())
	}
}

// A rollback of a rename that ends at any moment, and goes on, takes the address away or names it.
func TestAddressesOfARenameThatIsCutOff(t *testing.T) {
	t.Parallel()
	named := false
	for at := 1; ; at++ {
		simulator := &cupitest.Server{KeepOldAlias: true}
		simulator.AddUsers(2)
		s := newSite(t, simulator)
		_, history := s.run(t.Context(), "run", "Alias,NewAlias\nuser00001,moved\n", options("update"), 1)
		if !s.interrupt(t, history, at, at%2 == 0) {
			if !named {
				t.Error("no start ended where the address stays")
			}
			return
		}
		of := s.goOn(t, history, at)
		stays := false
		for _, address := range s.other().do(cupi.List(cupi.SmtpProxyAddresses, cupi.Query{}, 1, 9)).Page.Items {
			stays = stays || strings.HasPrefix(address["SmtpAddress"], "moved@")
		}
		told := strings.Contains(messages(t, of), "look whether it is wanted")
		if named = named || told; stays != told || statuses(t, of) != "restored" && !strings.HasPrefix(statuses(t, of), "restored ") {
			t.Errorf("ended at sync %d: %s: %s", at, statuses(t, of), messages(t, of))
		}
	}
}

// Who is tied to the LDAP directory by LdapType is looked for there, and only a row that ties
// somebody is.
func TestUsersTiedToTheDirectory(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	if _, err := simulator.AddDirectoryUser(map[string]string{"alias": "user00001", "lastName": "Davis"}); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, simulator)
	s.other().set("user00003", "LdapType", "3")
	_, problems := s.preflight(s.recorder("tie"), "Alias,LdapType\nuser00001,3\nuser00002,3\nuser00003,3\n", options("update"))
	if problems != "3 LdapType ldap-type-unproven" {
		t.Errorf("problems %q", problems)
	}
}
