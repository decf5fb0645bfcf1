package batch_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// accountOptions are those of a run about unified messaging accounts.
func accountOptions(operation validate.Operation) record.Options {
	o := options(operation)
	o.Object, o.Template = validate.ServiceAccounts.Object, ""
	return o
}

// accountSite is a server on which user00001 has an account with Office 365, and user00002 one with Exchange.
func accountSite(t *testing.T, wire cupi.Wire) *site {
	t.Helper()
	simulator := &cupitest.Server{}
	simulator.AddUsers(4)
	s := newSite(t, simulator)
	s.wire = wire
	o := s.other()
	for alias, service := range map[string]string{"user00001": "Office 365", "user00002": "Exchange"} {
		o.do(cupi.Create(cupi.ExternalServiceAccountsOf(o.id(alias)), cupi.Object{"ExternalServiceObjectId": o.service(service),
			"EmailAddress": alias + "@x.org", "EnableCalendarCapability": "true", "UserPassword": "secret of old"}))
	}
	return s
}

// service is the ObjectId of a unified messaging service.
func (o *other) service(name string) string {
	o.s.t.Helper()
	return o.do(cupi.List(cupi.ExternalServices, cupi.Query{Column: "DisplayName", Op: cupi.Is, Value: name}, 1, 100)).Page.Items[0]["ObjectId"]
}

// account is that of a user with a service, as the server shows it; nil if there is none.
func (s *site) account(alias, service string) cupi.Object {
	s.t.Helper()
	o := s.other()
	for _, account := range o.do(cupi.List(cupi.ExternalServiceAccountsOf(o.id(alias)), cupi.Query{}, 1, 100)).Page.Items {
		if account["ExternalServiceObjectId"] == o.service(service) {
			return account
		}
	}
	return nil
}

// Accounts are made, changed and deleted by BAT's headings, and each of that is taken back.
func TestServiceAccounts(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s := accountSite(t, wire)
		before := withoutIDs(s.simulator.Snapshot())
		const bat = "subscriberAlias,serviceDisplayName,OptionalServiceAccountID,UMEmailAddress,emailAddressUseCorp,enableCalendar,enableMeeting,enableMbxSynch,isPrimaryMeetingService,loginType,userId\n" +
			"USER00003,office 365,,u3@x.org,,1,0,1,0,1,u3\nuser00003,Exchange,7,,1,0,1,0,1,0,\nuser00001,Exchange,,u1@x.org,,,,,,,\nuser00001,Office 365,,user00001@x.org,,1,,,,,\n"
		_, made := s.run(t.Context(), "create", bat, accountOptions(validate.Create), 2)
		if got := statuses(t, made); got != "created, created, created, unchanged" {
			t.Fatalf("%s: %s", got, messages(t, made))
		}
		s.unlost(made)
		if got := s.account("user00003", "Office 365"); got["EmailAddress"] != "u3@x.org" || got["EmailAddressUseCorp"] != "false" || got["EnableMailboxSynchCapability"] != "true" || got["LoginType"] != "1" || got["UserId"] != "u3" {
			t.Errorf("the account is %v", got)
		}
		if got := results(t, made)[0]; got.Message != "the unified messaging account office 365" || got.Alias != "user00003" || got.Reversible != record.FullyReversible {
			t.Errorf("the result is %+v", got)
		}
		_, again := s.run(t.Context(), "again", bat, accountOptions(validate.Upsert), 2)
		if got := statuses(t, again); got != "unchanged, unchanged, unchanged, unchanged" {
			t.Errorf("%s: %s", got, messages(t, again))
		}
		_, changed := s.run(t.Context(), "change", "Operation,subscriberAlias,serviceDisplayName,UMEmailAddress,enableCalendar\nupdate,user00001,Office 365,new@x.org,0\n"+
			"upsert,user00002,Office 365,u2@x.org,1\nupsert,user00002,Exchange,other@x.org,\ndelete,user00003,Exchange,,\ndelete,user00004,Exchange,,\ndelete,nobody,Exchange,,\n", accountOptions(""), 2)
		if got := statuses(t, changed); got != "updated, created, updated, deleted, unchanged, unchanged already-absent" {
			t.Fatalf("%s: %s", got, messages(t, changed))
		}
		if got := results(t, changed)[1]; got.Operation != validate.Create {
			t.Errorf("an upsert that makes an account is told as %s", got.Operation)
		}
		s.unlost(changed)
		_, undone := s.rollback(t.Context(), "undo change", changed, record.UndoOptions{})
		if got := statuses(t, undone); got != "restored, restored, restored, restored" {
			t.Errorf("%s: %s", got, messages(t, undone))
		}
		s.other().do(cupi.Delete(cupi.ExternalServiceAccountsOf(s.other().id("user00003")), s.account("user00003", "Exchange")["ObjectId"])) // made again by the rollback
		_, undone = s.rollback(t.Context(), "undo create", made, record.UndoOptions{})
		if got := statuses(t, undone); strings.Contains(got, "kept") {
			t.Errorf("%s: %s", got, messages(t, undone))
		}
		compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
	})
}

// What an account can't be is told, by the forecast and by the run.
func TestServiceAccountsThatCannotBe(t *testing.T) {
	t.Parallel()
	s := accountSite(t, cupi.JSON)
	for i, test := range []struct {
		operation  validate.Operation
		text, want string
	}{
		{validate.Create, "subscriberAlias,serviceDisplayName\nnobody,Exchange\n", "2 Alias no-such-user"},
		{validate.Create, "subscriberAlias,serviceDisplayName,emailAddressUseCorp\nuser00001,Nowhere,1\n", "2 ServiceDisplayName unknown-name"},
		{validate.Update, "subscriberAlias,serviceDisplayName\nnobody,Exchange\n", "2 Alias no-such-user"},
		{validate.Delete, "subscriberAlias,serviceDisplayName\nuser00001,Nowhere\n", "2 ServiceDisplayName unknown-name"},
	} {
		if _, problems := s.preflight(s.recorder(fmt.Sprint("run", i)), test.text, accountOptions(test.operation)); problems != test.want {
			t.Errorf("%s: got %q, want %q", test.text, problems, test.want)
		}
	}
	const file = "Operation,subscriberAlias,serviceDisplayName,UMEmailAddress\ncreate,user00001,Office 365,other@x.org\nupdate,user00003,Exchange,u3@x.org\n"
	o := accountOptions("")
	o.Canary = 0
	preparation, _ := s.preflight(s.recorder("forecast"), file, o)
	var foreseen []string
	for preview, err := range preparation.Previews(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		foreseen = append(foreseen, fmt.Sprint(preview.Status, " ", preview.Code))
	}
	_, history := s.run(t.Context(), "run", file, o, 1)
	if got := statuses(t, history); got != "failed member-there, failed not-there" || got != strings.Join(foreseen, ", ") {
		t.Errorf("%s, foreseen %s: %s", got, strings.Join(foreseen, ", "), messages(t, history))
	}
}

// A password goes to an account that is made, and to one that is there only where that is asked for; it is in no
// journal, and who loses one is told.
func TestServiceAccountPasswords(t *testing.T) {
	t.Parallel()
	s := accountSite(t, cupi.JSON)
	const row = "subscriberAlias,serviceDisplayName,UMEmailAddress,UserPassword\nuser00001,Office 365,user00001@x.org,Tr0ub4dor&3x\n"
	for i, test := range []struct {
		operation  validate.Operation
		reset      bool
		row        string
		want       string
		reversible record.Reversible
	}{
		{validate.Create, false, row, "unchanged", record.FullyReversible},
		{validate.Upsert, false, row, "unchanged", record.FullyReversible},
		{validate.Upsert, true, row, "updated", record.NotReversible},
		{validate.Update, false, row, "updated", record.NotReversible},
		{validate.Create, false, strings.ReplaceAll(row, "user00001", "user00004"), "created", record.FullyReversible},
		{validate.Delete, false, row, "deleted", record.PartlyReversible},
	} {
		o := accountOptions(test.operation)
		o.ResetCredentials = test.reset
		_, history := s.run(t.Context(), fmt.Sprint("run", i), test.row, o, 1)
		if got := only(t, history); string(got.Status) != test.want || got.Reversible != test.reversible {
			t.Errorf("%s %t: %+v", test.operation, test.reset, got)
		}
		undo, err := record.PlanUndo(history, record.UndoOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for line, err := range undo.Lines() {
			if err != nil || test.operation == validate.Create && line.Reversible != record.FullyReversible {
				t.Errorf("%s: undoing it is %+v: %v", test.operation, line, err)
			}
		}
	}
}

// An export of the accounts runs and changes nothing.
func TestServiceAccountsAreExported(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s := accountSite(t, wire)
		for bat, want := range map[bool]string{
			false: "Alias,ServiceDisplayName,EmailAddress,EmailAddressUseCorp,EnableCalendarCapability,EnableMeetingCapability,EnableMailboxSynchCapability,EnableTtsOfEmailCapability,IsPrimaryMeetingService,LoginType,UserId\n" +
				"user00001,Office 365,user00001@x.org,false,true,false,false,false,false,0,\nuser00002,Exchange,user00002@x.org,false,true,false,false,false,false,0,\n",
			true: "subscriberAlias,serviceDisplayName,UMEmailAddress,emailAddressUseCorp,enableCalendar,enableMeeting,enableMbxSynch,isPrimaryMeetingService,loginType,userId\n" +
				"user00001,Office 365,user00001@x.org,0,1,0,0,0,0,\nuser00002,Exchange,user00002@x.org,0,1,0,0,0,0,\n",
		} {
			var out bytes.Buffer
			if _, err := export.Write(t.Context(), s.server(2), export.Options{Table: validate.ServiceAccounts, BAT: bat}, &out); err != nil {
				t.Fatal(err)
			}
			if out.String() != want {
				t.Errorf("got\n%s\nwant\n%s", out.String(), want)
			}
			_, history := s.run(t.Context(), fmt.Sprint("again ", bat), out.String(), accountOptions(validate.Upsert), 2)
			if got := statuses(t, history); got != "unchanged, unchanged" {
				t.Errorf("%s: %s", got, messages(t, history))
			}
		}
	})
}

// The lines of a rollback say which account each is about, and a user who has several has a line for each.
func TestTheRollbackNamesServiceAccounts(t *testing.T) {
	t.Parallel()
	s := accountSite(t, cupi.JSON)
	_, made := s.run(t.Context(), "create", "subscriberAlias,serviceDisplayName,UMEmailAddress\nuser00003,Exchange,u3@x.org\nuser00003,Office 365,u3@x.org\n", accountOptions(validate.Create), 1)
	undo, err := record.PlanUndo(made, record.UndoOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var notes []string
	for line, err := range undo.Lines() {
		if err != nil {
			t.Fatal(err)
		}
		notes = append(notes, line.Note)
	}
	if got := strings.Join(notes, "\n"); got != "the unified messaging account Office 365; umaccounts is taken away again\nthe unified messaging account Exchange; umaccounts is taken away again" {
		t.Error(got)
	}
}

// Of two accounts of one user with one service that have one address too, no row says which it means: neither is changed or
// deleted.
func TestServiceAccountsOfOneService(t *testing.T) {
	t.Parallel()
	s := accountSite(t, cupi.JSON)
	before := s.simulator.Snapshot()
	s.frontOf("/externalserviceaccounts", func(text string) string {
		account := strings.TrimSuffix(strings.SplitAfterN(text, `"ExternalServiceAccount":`, 2)[1], "}")
		return `{"@total":"2","ExternalServiceAccount":[` + account + `,` + regexp.MustCompile(`"ObjectId":"[^"]{8}`).ReplaceAllString(account, `"ObjectId":"aaaaaaaa`) + `]}`
	})
	for i, operation := range []validate.Operation{validate.Create, validate.Update, validate.Upsert, validate.Delete} {
		_, history := s.run(t.Context(), fmt.Sprint("run", i), "Alias,ServiceDisplayName,EmailAddress\nuser00001,Office 365,new@x.org\n", accountOptions(operation), 1)
		if got := only(t, history); operation == validate.Delete && got.Code == "already-absent" {
			continue // it has another address
		} else if got.Status != record.Failed || got.Code != "several" || !strings.Contains(got.Message, "has 2 unified messaging accounts") {
			t.Errorf("%s: %+v", operation, got)
		}
	}
	compareSnapshots(t, before, s.simulator.Snapshot())
}

// Of several accounts of one user with one service, a row means the one that has its address; and a row that deletes and
// has an address means no other, also when the file is run again.
func TestTheAddressTellsServiceAccountsApart(t *testing.T) {
	t.Parallel()
	s := accountSite(t, cupi.JSON)
	o := s.other()
	// The simulator has one account of a service. This one is shown as another of the same.
	o.do(cupi.Create(cupi.ExternalServiceAccountsOf(o.id("user00001")), cupi.Object{"ExternalServiceObjectId": o.service("Exchange"),
		"EmailAddress": "second@x.org", "EnableCalendarCapability": "true"}))
	exchange, office := o.service("Exchange"), o.service("Office 365")
	s.frontOf("/externalserviceaccounts", func(text string) string { return strings.ReplaceAll(text, exchange, office) })
	addresses := func() string {
		var list []string
		for _, account := range o.do(cupi.List(cupi.ExternalServiceAccountsOf(o.id("user00001")), cupi.Query{}, 1, 100)).Page.Items {
			list = append(list, account["EmailAddress"]+" "+account["EnableCalendarCapability"])
		}
		slices.Sort(list)
		return strings.Join(list, ", ")
	}
	const heading = "Alias,ServiceDisplayName,EmailAddress,EnableCalendarCapability\nuser00001,Office 365,"
	both, first := "second@x.org true, user00001@x.org true", "user00001@x.org true"
	for i, test := range []struct {
		operation       validate.Operation
		cells, want, is string
	}{
		{validate.Update, ",false", "failed several", both},
		{validate.Update, "third@x.org,false", "failed several", both},
		{validate.Update, "second@x.org,false", "updated", "second@x.org false, " + first},
		{validate.Upsert, "second@x.org,true", "updated", both},
		{validate.Create, "second@x.org,true", "unchanged", both},
		{validate.Delete, ",", "failed several", both},
		{validate.Delete, "third@x.org,", "unchanged already-absent", both},
		{validate.Delete, "SECOND@x.org,", "deleted", first},
		{validate.Delete, "second@x.org,", "unchanged already-absent", first},
		{validate.Delete, "user00001@x.org,", "deleted", ""},
	} {
		_, history := s.run(t.Context(), fmt.Sprint("run", i), heading+test.cells+"\n", accountOptions(test.operation), 1)
		if got := statuses(t, history); got != test.want || addresses() != test.is {
			t.Errorf("%s %q: %s, and the accounts are %s; want %s and %s\n%s", test.operation, test.cells, got, addresses(), test.want, test.is,
				messages(t, history))
		}
	}
}
