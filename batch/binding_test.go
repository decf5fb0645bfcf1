package batch_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// matched are options by which rows find their users by a column.
func matched(operation validate.Operation, match string) record.Options {
	o := options(operation)
	o.Match = match
	return o
}

// withBoss is a simulator with a user whose key another row's user gets too, or whom
// rows name by mistake.
func withBoss(t *testing.T) *cupitest.Server {
	t.Helper()
	simulator := &cupitest.Server{}
	simulator.AddUsers(2)
	for _, user := range []map[string]string{
		{"Alias": "boss", "DtmfAccessId": "9001", "EmployeeId": "E1", "EmailAddress": "e1@example.com", "DisplayName": "Big Boss"},
		{"Alias": "jane", "DtmfAccessId": "9002", "EmployeeId": "E2", "DisplayName": "Jane Doe"},
	} {
		if _, err := simulator.AddUser(user); err != nil {
			t.Fatal(err)
		}
	}
	return simulator
}

// A row makes a user with a key that somebody has: the rows after it that find their
// user by that key find two, and the pre-flight says so.
func TestKeyThatARowGivesToASecondPerson(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ match, file, want string }{
		"delete":             {"EmployeeId", "create,jdoe,4711,E1\ndelete,jdoe,,E1\n", "created, invalid several-users"},
		"delete, no alias":   {"EmployeeId", "create,jdoe,4711,E1\ndelete,,,E1\n", "created, invalid several-users"},
		"update":             {"EmployeeId", "create,jdoe,4711,E1\nupdate,jdoe,4712,E1\n", "created, invalid several-users"},
		"in other letters":   {"employeeid", "create,jdoe,4711,e1\ndelete,JDOE,,E1\n", "created, invalid several-users"},
		"upsert":             {"EmployeeId", "create,jdoe,4711,E1\nupsert,jdoe,4712,E1\n", "created, invalid several-users"},
		"address":            {"EmailAddress", "create,jdoe,4711,E1@example.com\ndelete,,,e1@example.com\n", "created, invalid several-users"},
		"nobody has it":      {"EmployeeId", "create,jdoe,4711,E7\nupdate,,4712,E7\ndelete,,,E7\n", "created, updated, deleted"},
		"the other is freed": {"EmployeeId", "delete,boss,,E1\ncreate,jdoe,4711,E1\nupdate,jdoe,4712,E1\n", "deleted, created, updated"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := withBoss(t)
			s := newSite(t, simulator)
			boss := simulator.UserByAlias("boss")
			heading := map[string]string{"EmployeeId": "EmployeeId", "employeeid": "EmployeeId", "EmailAddress": "EmailAddress"}[test.match]
			_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId,"+heading+"\n"+test.file, matched("", test.match), 4)
			if got := statuses(t, history); got != test.want {
				t.Errorf("got %s, want %s\n%s", got, test.want, messages(t, history))
			}
			if !strings.HasPrefix(test.file, "delete,boss") {
				compareObjects(t, boss, simulator.UserByAlias("boss"))
			}
		})
	}
}

func compareObjects(t *testing.T, want, got map[string]string) {
	t.Helper()
	compareSnapshots(t, map[string]map[string]string{"": want}, map[string]map[string]string{"": got})
}

// A row is about one user. Where its key finds one and its Alias names another, or
// nobody, nothing is done to either; only NewAlias renames.
func TestRowThatNamesTwoUsers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ match, heading, row, want string }{
		"update":                 {"EmployeeId", "Operation,Alias,EmployeeId,Title", "update,jane,E1,Chief", "invalid different-users"},
		"delete":                 {"EmployeeId", "Operation,Alias,EmployeeId,Title", "delete,jane,E1,", "invalid different-users"},
		"upsert":                 {"EmployeeId", "Operation,Alias,EmployeeId,Title", "upsert,jane,E1,Chief", "invalid different-users"},
		"upsert, a new alias":    {"EmployeeId", "Operation,Alias,EmployeeId,Title", "upsert,renamed,E1,Chief", "invalid different-users"},
		"upsert, a taken alias":  {"EmployeeId", "Operation,Alias,DtmfAccessId,EmployeeId", "upsert,jane,4711,E9", "invalid alias-taken"},
		"delete by ObjectId":     {"ObjectId", "Operation,Alias,ObjectId,Title", "delete,jane,ID,", "invalid different-users"},
		"update by ObjectId":     {"ObjectId", "Operation,Alias,ObjectId,Title", "update,jane,ID,Chief", "invalid different-users"},
		"upsert by ObjectId":     {"ObjectId", "Operation,Alias,ObjectId,Title", "upsert,jane,ID,Chief", "invalid different-users"},
		"by address":             {"EmailAddress", "Operation,Alias,EmailAddress,Title", "delete,jane,e1@example.com,", "invalid different-users"},
		"by extension":           {"DtmfAccessId", "Operation,Alias,DtmfAccessId,Title", "delete,jane,9001,", "invalid different-users"},
		"Alias and ObjectId":     {"Alias", "Operation,Alias,ObjectId,Title", "delete,jane,ID,", "invalid different-users"},
		"in other letters":       {"EmployeeId", "Operation,Alias,EmployeeId,Title", "update,BOSS,e1,Chief", "updated"},
		"renamed":                {"EmployeeId", "Operation,Alias,EmployeeId,NewAlias", "update,boss,E1,chief", "updated"},
		"delete, another by now": {"Alias", "Operation,Alias,ObjectId,Title", "delete,boss,11111111-1111-1111-1111-111111111111,", "invalid different-users"},
		"an id of other servers": {"Alias", "Operation,Alias,ObjectId,Title", "update,boss,11111111-1111-1111-1111-111111111111,Chief", "updated"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := withBoss(t)
			s := newSite(t, simulator)
			before := byAlias(simulator.Snapshot())
			row := strings.ReplaceAll(test.row, "ID,", simulator.UserByAlias("boss")["ObjectId"]+",")
			_, history := s.run(t.Context(), "run", test.heading+"\n"+row+"\n", matched("", test.match), 2)
			if got := statuses(t, history); got != test.want {
				t.Errorf("got %s, want %s\n%s", got, test.want, messages(t, history))
			}
			if test.want == "updated" {
				return
			}
			compareSnapshots(t, before, byAlias(simulator.Snapshot()))
			if text := messages(t, history); strings.Contains(test.want, "different") && test.match != "Alias" && (!strings.Contains(text, "Big Boss") || !strings.Contains(text, "jane") && !strings.Contains(text, "renamed")) {
				t.Errorf("the users are not named: %s", text)
			}
			if text := messages(t, history); strings.Contains(test.want, "different") && strings.Contains(text, "NewAlias") == strings.HasPrefix(test.row, "delete") {
				t.Errorf("who is deleted needs no new alias, and all others may: %s", text)
			}
		})
	}
}

// The user whom a row finds in the listing is compared with the Alias where the server
// is asked by queries too, at no request more for rows that are right.
func TestAliasThatNobodyAskedFor(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]string{"boss,E1": "updated", "jane,E1": "invalid different-users"} {
		simulator := withBoss(t)
		simulator.AddUsers(400)
		s := newSite(t, simulator)
		recorder := s.recorder("run " + row)
		p, _ := s.preflight(recorder, "Operation,Alias,EmployeeId,Title\nupdate,"+row+",Chief\n", matched("", "EmployeeId"))
		if want == "updated" {
			plain, _ := s.preflight(s.recorder("plain"), "Operation,EmployeeId,Title\nupdate,E1,Chief\n", matched("", "EmployeeId"))
			if p.Requests != plain.Requests {
				t.Errorf("%s: %d requests, want %d", row, p.Requests, plain.Requests)
			}
		}
		if _, err := p.Run(t.Context(), recorder); err != nil {
			t.Fatal(err)
		}
		history := s.history(recorder.Folder)
		if got := statuses(t, history); got != want {
			t.Errorf("%s: got %s, want %s", row, got, want)
		}
		if text := messages(t, history); want != "updated" && (!strings.Contains(text, "Big Boss") || !strings.Contains(text, "Jane Doe")) {
			t.Errorf("the users are not named: %s", text)
		}
	}
}

// Somebody else comes to have a late row's key, or takes the place of the user that a
// row before it was to make: the row is bound to the user that its own file made.
func TestLateRowIsBoundToItsOwnUser(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		match, file, want string
		replace           bool // the user that it made is replaced by a stranger's
		alias, employee   string
	}{
		"a second of its key":     {match: "EmployeeId", file: "create,jdoe,4711,E7\ndelete,jdoe,,E7\n", alias: "stranger", employee: "E7", want: "created, invalid several-users"},
		"an update":               {match: "EmployeeId", file: "create,jdoe,4711,E7\nupdate,jdoe,4712,E7\n", alias: "stranger", employee: "E7", want: "created, invalid several-users"},
		"in the place of one":     {match: "Alias", file: "create,jdoe,4711,E7\ndelete,jdoe,,\n", replace: true, alias: "jdoe", want: "created, invalid other-user"},
		"a key in place":          {match: "EmployeeId", file: "create,jdoe,4711,E7\nupdate,,4712,E7\n", replace: true, alias: "jdoe", employee: "E7", want: "created, invalid other-user"},
		"nobody is there":         {match: "Alias", file: "create,jdoe,4711,E7\nupsert,jdoe,,E8\n", replace: true, alias: "stranger", want: "created, failed required"},
		"of one that was deleted": {match: "Alias", file: "delete,jane,,\nupsert,jane,4712,\n", alias: "jane", want: "deleted, invalid other-user"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := withBoss(t)
			s := newSite(t, simulator)
			var stranger map[string]string
			come := func() {
				if test.replace {
					s.deleteUser("jdoe")
				}
				id, err := simulator.AddUser(map[string]string{"Alias": test.alias, "DtmfAccessId": "9100", "EmployeeId": test.employee, "DisplayName": "A Stranger"})
				if err != nil {
					t.Error(err)
				}
				stranger = simulator.User(id)
			}
			recorder := s.recorder("run")
			checked := s.prepare(recorder, "Operation,Alias,DtmfAccessId,EmployeeId\n"+test.file, matched("", test.match))
			p, err := batch.Preflight(t.Context(), s.server(2), checked, func(p validate.Problem) { t.Log(p) })
			if err != nil {
				t.Fatal(err)
			}
			recorder.Result = func(r record.Result) {
				if r.Row == 1 {
					come()
				}
			}
			if _, err := p.Run(t.Context(), recorder); err != nil {
				t.Fatal(err)
			}
			history := s.history(recorder.Folder)
			if got := statuses(t, history); got != test.want {
				t.Errorf("got %s, want %s\n%s", got, test.want, messages(t, history))
			}
			compareObjects(t, stranger, simulator.User(stranger["ObjectId"]))
		})
	}
}

// A run ends between two rows of one user, and somebody else's takes the user's place:
// after the resume the second row is bound to what the journal says of the first.
func TestBindingComesFromTheJournal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ match, file, gone, alias, want string }{
		"made, then deleted":          {"Alias", "create,jdoe,4711,E7,\ndelete,jdoe,,,\n", "jdoe", "jdoe", "created, invalid other-user"},
		"made, then changed by a key": {"EmployeeId", "create,jdoe,4711,E7,\nupdate,,4712,E7,\n", "jdoe", "jdoe", "created, invalid other-user"},
		"deleted, then made":          {"Alias", "delete,jane,,,\nupsert,jane,4712,,\n", "", "jane", "deleted, invalid other-user"},
		"renamed, then changed":       {"Alias", "update,jane,,,janet\nupdate,janet,4712,,\n", "janet", "janet", "updated, invalid other-user"},
		"renamed, then the old alias": {"Alias", "update,jane,,,janet\nupsert,jane,4712,,\n", "", "jane", "updated, invalid other-user"},
		"nobody came, made":           {"Alias", "create,jdoe,4711,E7,\ndelete,jdoe,,,\n", "", "", "created, deleted"},
		"nobody came, by a key":       {"EmployeeId", "create,jdoe,4711,E7,\nupdate,,4712,E7,\n", "", "", "created, updated"},
		"nobody came, deleted":        {"Alias", "delete,jane,,,\nupsert,jane,4712,,\n", "", "", "deleted, created"},
		"nobody came, renamed":        {"Alias", "update,jane,,,janet\nupsert,janet,4712,,\n", "", "", "updated, updated"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := withBoss(t)
			s := newSite(t, simulator)
			recorder := s.recorder("run")
			asked := matched("", test.match)
			checked := s.prepare(recorder, "Operation,Alias,DtmfAccessId,EmployeeId,NewAlias\n"+test.file, asked)
			p, err := batch.Preflight(t.Context(), s.server(2), checked, func(p validate.Problem) { t.Log(p) })
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			recorder.Result = func(record.Result) { cancel() }
			if _, err := p.Run(ctx, recorder); err != nil {
				t.Fatal(err)
			}
			if got := statuses(t, s.history(recorder.Folder)); !strings.HasSuffix(got, "pending") {
				t.Fatalf("the run ended with %s", got)
			}
			var stranger map[string]string
			if test.alias != "" {
				if test.gone != "" {
					s.deleteUser(test.gone)
				}
				id, err := simulator.AddUser(map[string]string{"Alias": test.alias, "DtmfAccessId": "9100", "EmployeeId": "E7", "DisplayName": "A Stranger"})
				if err != nil {
					t.Fatal(err)
				}
				stranger = simulator.User(id)
			}
			_, history := s.resume(t.Context(), s.history(recorder.Folder), asked)
			if got := statuses(t, history); got != test.want {
				t.Errorf("got %s, want %s\n%s", got, test.want, messages(t, history))
			}
			compareObjects(t, stranger, simulator.User(stranger["ObjectId"]))
		})
	}
}

// A run ends after the first part of a row, whose path does not name the user, and somebody
// else gets the alias: the rest of the row is done to the user that it was begun with.
func TestABegunRowStaysWithItsUser(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ begins, file string }{
		"an address": {"/smtpproxyaddresses", "SmtpProxyAddresses,UserRoles\njane,jane@example.com,Help Desk Administrator\n"},
		"a greeting": {"/greetings/Busy", "Greeting_Busy_Enabled,UserRoles\njane,true,Help Desk Administrator\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := withBoss(t)
			s := newSite(t, simulator)
			jane := simulator.UserByAlias("jane")["ObjectId"]
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			simulator.Fault = func(r *http.Request) cupitest.Fault {
				if r.Method != "GET" && strings.HasSuffix(r.URL.Path, test.begins) {
					cancel()
				}
				return cupitest.NoFault
			}
			recorder, asked := s.recorder("run"), options(validate.Update)
			p, err := batch.Preflight(t.Context(), s.server(2), s.prepare(recorder, "Alias,"+test.file, asked), func(p validate.Problem) { t.Log(p) })
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Run(ctx, recorder); err != nil {
				t.Fatal(err)
			}
			if got, want := statuses(t, s.history(recorder.Folder)), "partial interrupted"; got != want {
				t.Fatalf("the run ended with %s, want %s", got, want)
			}
			s.other().do(cupi.UpdateUser(jane, cupi.Object{"Alias": "janet"}))
			stranger, err := simulator.AddUser(map[string]string{"Alias": "jane", "DtmfAccessId": "9100", "DisplayName": "A Stranger"})
			if err != nil {
				t.Fatal(err)
			}
			_, history := s.resume(t.Context(), s.history(recorder.Folder), asked)
			if got := statuses(t, history); got != "updated" {
				t.Errorf("got %s, want updated\n%s", got, messages(t, history))
			}
			roles := map[string]int{}
			for path := range simulator.Snapshot() {
				if user, _, is := strings.Cut(strings.TrimPrefix(path, "users/"), "/userroles/"); is {
					roles[user]++
				}
			}
			if roles[jane] != 1 || roles[stranger] != 0 {
				t.Errorf("the user has %d roles and the stranger %d, want 1 and 0", roles[jane], roles[stranger])
			}
		})
	}
}

// deleteUser deletes a user as another administrator does.
func (s *site) deleteUser(alias string) {
	s.t.Helper()
	guard := s.simulator.OnChange
	s.simulator.OnChange = nil
	defer func() { s.simulator.OnChange = guard }()
	client := s.server(1).Client
	if _, err := client.Do(context.Background(), cupi.DeleteUser(s.simulator.UserByAlias(alias)["ObjectId"])); err != nil {
		s.t.Error(err)
	}
}
