package batch_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// adminOptions are those of a run of users without a mailbox.
func adminOptions(operation validate.Operation) record.Options {
	o := options(operation)
	o.Object, o.Template = validate.AdminUsers.Object, "administratortemplate"
	return o
}

// A user without a mailbox is made, changed, deleted, and each of that is taken back.
func TestUsersWithoutMailbox(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s := newSite(t, &cupitest.Server{})
		s.wire = wire
		fresh := withoutIDs(s.simulator.Snapshot())
		_, made := s.run(t.Context(), "create", "Alias,FirstName,Title,Password,UserRoles,TimeZone\n"+
			"jadmin,J,Boss,Zx8!kqW735291,Help Desk Administrator;Greeting Administrator,100\nkadmin,K,,,,\n", adminOptions(validate.Create), 2)
		if got := statuses(t, made); got != "created, created" {
			t.Fatalf("%s: %s", got, messages(t, made))
		}
		s.unlost(made)
		before := withoutIDs(s.simulator.Snapshot())
		_, changed := s.run(t.Context(), "update", "Alias,Title,UserRoles\nJADMIN,%null%,User Administrator\nkadmin,Deputy,\n", adminOptions(validate.Upsert), 2)
		if got := statuses(t, changed); got != "updated, updated" {
			t.Fatalf("%s: %s", got, messages(t, changed))
		}
		s.unlost(changed)
		s.rollback(t.Context(), "undo update", changed, record.UndoOptions{})
		compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
		_, deleted := s.run(t.Context(), "delete", "Alias\njadmin\nkadmin\n", adminOptions(validate.Delete), 2)
		if got := statuses(t, deleted); got != "deleted, deleted" {
			t.Fatalf("%s: %s", got, messages(t, deleted))
		}
		s.unlost(deleted)
		compareSnapshots(t, fresh, withoutIDs(s.simulator.Snapshot()))
		_, undone := s.rollback(t.Context(), "undo delete", deleted, record.UndoOptions{})
		if got := statuses(t, undone); got != "recreated, recreated" {
			t.Fatalf("%s: %s", got, messages(t, undone))
		}
		compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
	})
}

// What such a user can't be is told before anything is sent.
func TestUsersWithoutMailboxThatCannotBe(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(1)
	s := newSite(t, simulator)
	for name, test := range map[string]struct {
		operation      validate.Operation
		template, text string
		want           string
	}{
		"its own account":   {validate.Delete, "", "Alias\nadmin\n", "2  own-account"},
		"the server's":      {validate.Delete, "", "Alias\nreplication\n", "2  undeletable"},
		"a mailbox":         {validate.Create, "voicemailusertemplate", "Alias\nx\n", "2 TemplateAlias administrator-template"},
		"somebody there":    {validate.Create, "administratortemplate", "Alias\nreplication\n", "2 Alias alias-taken"},
		"who has a mailbox": {validate.Update, "", "Alias,Title\nuser00001,x\n", "2 Alias no-such-user"},
	} {
		o := adminOptions(test.operation)
		o.Template = test.template
		if _, problems := s.preflight(s.recorder(name), test.text, o); problems != test.want {
			t.Errorf("%s: got %q, want %q", name, problems, test.want)
		}
	}
}

// adminSite is a server with two users without a mailbox.
func adminSite(t *testing.T, wire cupi.Wire) *site {
	t.Helper()
	s := newSite(t, &cupitest.Server{})
	s.wire = wire
	o := s.other()
	for _, alias := range []string{"there", "leaver"} {
		made := o.do(cupi.CreateAdminUser("administratortemplate", cupi.Object{"Alias": alias, "Title": "Clerk"}))
		role := o.do(cupi.List(cupi.Roles, cupi.Query{Column: "RoleName", Op: cupi.Is, Value: "Help Desk Administrator"}, 1, 100)).Page.Items[0]["ObjectId"]
		o.do(cupi.Create(cupi.UserRolesOf(made.ObjectID), cupi.Object{"RoleObjectId": role}))
	}
	return s
}

// Who came from the LDAP directory and has no mailbox can't be imported: such a user is made of the
// template again, and it is told what that lacks.
func TestUsersWithoutMailboxOfTheDirectory(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{ExtensionOptional: true})
	if _, err := s.simulator.AddUser(map[string]string{"Alias": "jadmin", "TemplateAlias": "administratortemplate", "Title": "Boss", "LdapType": model.ImportedType}); err != nil {
		t.Fatal(err)
	}
	_, deleted := s.run(t.Context(), "delete", "Alias\njadmin\n", adminOptions(validate.Delete), 1)
	if got := statuses(t, deleted); got != "deleted" {
		t.Fatalf("%s: %s", got, messages(t, deleted))
	}
	_, undone := s.rollback(t.Context(), "undo", deleted, record.UndoOptions{})
	if got := statuses(t, undone); got != "recreated" || !strings.Contains(messages(t, undone), "the tie to the LDAP directory did not come back") {
		t.Errorf("%s: %s", got, messages(t, undone))
	}
	if user := s.simulator.UserByAlias("jadmin"); user["Title"] != "Boss" {
		t.Errorf("the user came back as %v", user)
	}
}

// Who has no mailbox enrolls nowhere: whatever a server shows of that keeps nobody.
func TestWhoHasNoMailboxDoesNotEnroll(t *testing.T) {
	t.Parallel()
	for _, shown := range []string{"true", "false"} {
		s := newSite(t, &cupitest.Server{})
		_, history := s.run(t.Context(), "run", "Alias\nfresh\n", adminOptions(validate.Create), 1)
		s.frontOf("/"+results(t, history)[0].ObjectID, func(text string) string {
			return strings.Replace(text, `"Alias":`, `"IsVmEnrolled":"`+shown+`","Alias":`, 1)
		})
		_, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if got := statuses(t, undone); got != "deleted" {
			t.Errorf("%s: %s: %s", shown, got, messages(t, undone))
		}
	}
}

// A rollback takes nothing back of the account that it signs in with.
func TestARollbackLeavesItsOwnAccount(t *testing.T) {
	t.Parallel()
	s := adminSite(t, cupi.JSON)
	_, history := s.run(t.Context(), "run", "Alias,Title,UserRoles\nthere,Deputy,User Administrator\nleaver,Deputy,\n", adminOptions(validate.Update), 1)
	undo, err := record.PlanUndo(history, record.UndoOptions{})
	if err != nil {
		t.Fatal(err)
	}
	recorder, server := s.recorder("undo"), s.server(1)
	server.Account = "THERE"
	if _, err := rollback.Run(t.Context(), undo, server, recorder, nil); err != nil {
		t.Fatal(err)
	}
	if got := statuses(t, s.history(recorder.Folder)); got != "kept own-account, restored" {
		t.Errorf("%s", got)
	}
	if user := s.simulator.UserByAlias("there"); user["Title"] != "Deputy" {
		t.Errorf("its own account has the Title %q", user["Title"])
	}
}

// Roles that a template gives are nobody's change, and who is made of it has those that the row names, or
// those that a deleted one had, and no others.
func TestRolesOfATemplate(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s := newSite(t, &cupitest.Server{})
		s.wire = wire
		_, made := s.run(t.Context(), "create", "Alias,UserRoles\njadmin,Help Desk Administrator\nkadmin,\n", adminOptions(validate.Create), 1)
		if got := statuses(t, made); got != "created, created" || s.roles("jadmin") != "Help Desk Administrator" || s.roles("kadmin") != "System Administrator" {
			t.Fatalf("%s: %q and %q: %s", got, s.roles("jadmin"), s.roles("kadmin"), messages(t, made))
		}
		_, deleted := s.run(t.Context(), "delete", "Alias\njadmin\n", adminOptions(validate.Delete), 1)
		if _, undone := s.rollback(t.Context(), "undo delete", deleted, record.UndoOptions{}); statuses(t, undone) != "recreated" || s.roles("jadmin") != "Help Desk Administrator" {
			t.Errorf("%s with %q: %s", statuses(t, undone), s.roles("jadmin"), messages(t, undone))
		}
		_, again := s.run(t.Context(), "again", "Alias\nladmin\n", adminOptions(validate.Create), 1)
		for _, history := range []*record.History{again, made} {
			if _, undone := s.rollback(t.Context(), "undo "+filepath.Base(history.Folder), history, record.UndoOptions{}); strings.Contains(statuses(t, undone), "kept") {
				t.Errorf("%s: %s", statuses(t, undone), messages(t, undone))
			}
		}
	})
}

// roles are the names of those that a user has.
func (s *site) roles(alias string) string {
	s.t.Helper()
	var names []string
	for _, role := range s.other().do(cupi.List(cupi.UserRolesOf(s.simulator.UserByAlias(alias)["ObjectId"]), cupi.Query{}, 1, 100)).Page.Items {
		names = append(names, role["RoleName"])
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
