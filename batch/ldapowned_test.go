package batch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// Fields that the LDAP directory owns are left out with a warning, or make the row
// invalid; a server that does not tell whose they are is said not to have told.
func TestFieldsThatTheDirectoryOwns(t *testing.T) {
	t.Parallel()
	const file = "Operation,Alias,FirstName,DisplayName,City\nupdate,fromldap,New,New Name,Oslo\nupdate,user00001,New,New Name,Oslo\nupdate,unchanged,Same,,\n"
	for _, test := range []struct {
		rule, statuses, problems string
	}{
		{record.OwnedSkip, "updated, updated, unchanged", "2 FirstName ldap-owned, 2 DisplayName ldap-owned"},
		{record.OwnedError, "invalid ldap-owned, updated, unchanged", "2  ldap-owned"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(1)
			for i, alias := range []string{"fromldap", "unchanged"} {
				if _, err := simulator.AddUser(map[string]string{"Alias": alias, "DtmfAccessId": fmt.Sprint(4711 + i), "FirstName": "Same", "LdapType": "3"}); err != nil {
					t.Fatal(err)
				}
			}
			s := newSite(t, simulator)
			options := options("")
			options.LdapOwned = test.rule
			recorder := s.recorder("run")
			p, problems := s.preflight(recorder, file, options)
			if problems != test.problems {
				t.Errorf("problems %q, want %q", problems, test.problems)
			}
			if _, err := p.Run(t.Context(), recorder); err != nil {
				t.Fatal(err)
			}
			if got := statuses(t, s.history(recorder.Folder)); got != test.statuses {
				t.Errorf("statuses %s, want %s", got, test.statuses)
			}
			user := simulator.UserByAlias("fromldap")
			if user["FirstName"] != "Same" || (user["City"] == "Oslo") != (test.rule == record.OwnedSkip) {
				t.Errorf("the directory's user has FirstName %q and City %q", user["FirstName"], user["City"])
			}
		})
	}
}

// The alias of a user whom the LDAP directory owns is not changed, however it is asked for: nothing of it is
// sent, and it is told.
func TestAUserOfTheDirectoryIsNotRenamed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ rule, file, want, problems string }{
		{record.OwnedSkip, "Alias,NewAlias\nfromldap,other\n", "unchanged", "2 NewAlias ldap-owned"},
		{record.OwnedError, "Alias,NewAlias\nfromldap,other\n", "invalid ldap-owned", "2  ldap-owned"},
	} {
		simulator := &cupitest.Server{}
		simulator.AddUsers(1)
		if _, err := simulator.AddUser(map[string]string{"Alias": "fromldap", "DtmfAccessId": "4711", "LdapType": "3"}); err != nil {
			t.Fatal(err)
		}
		s := newSite(t, simulator)
		o := options("update")
		o.LdapOwned = test.rule
		recorder := s.recorder("run")
		p, problems := s.preflight(recorder, test.file, o)
		if _, err := p.Run(t.Context(), recorder); err != nil {
			t.Fatal(err)
		}
		if got := statuses(t, s.history(recorder.Folder)); got != test.want || problems != test.problems || simulator.UserByAlias("fromldap") == nil {
			t.Errorf("%s %q: %s, and said %q", test.rule, test.file, got, problems)
		}
	}
}

// A server that passes over queries gives all users and all call handlers. So neither
// are all users undeletable or the directory's because the first of them is, nor do
// users' own call handlers stand in the way of a move.
func TestAServerThatPassesOverQueries(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{PassOverQueries: true, MaxRows: 3}
	simulator.AddUsers(4) // with the extensions 10000 to 10003
	first := simulator.UserByAlias(simulator.Aliases()[0])
	request := httptest.NewRequest(http.MethodPut, "/vmrest/users/"+first["ObjectId"], strings.NewReader(`{"LdapType":"3"}`))
	request.SetBasicAuth("admin", "secret")
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	if simulator.ServeHTTP(answer, request); answer.Code != http.StatusNoContent || first["Undeletable"] != "true" {
		t.Fatalf("status %d: %s, and the first user is %v", answer.Code, answer.Body, first)
	}
	simulator.Fault = func(r *http.Request) cupitest.Fault { // a handler refers to operator, which is not the matter here
		if strings.HasSuffix(r.URL.Path, "/subscriberdependencies") {
			return cupitest.NotFound
		}
		return cupitest.NoFault
	}
	s := newSite(t, simulator)
	recorder := s.recorder("run")
	p, _ := s.preflight(recorder, "Operation,Alias,DtmfAccessId,FirstName\n"+
		"delete,user00001,,\nupdate,user00002,10009,New\nupdate,user00003,10001,\ndelete,operator,,\n", options(""))
	for _, which := range []string{"LdapType 3", "Undeletable 1"} {
		if untold := "which users have " + which + ": the server does not tell"; !slices.Contains(p.Snapshot.NotChecked, untold) {
			t.Errorf("not told: %s; but %q", untold, p.Snapshot.NotChecked)
		}
	}
	if _, err := p.Run(t.Context(), recorder); err != nil {
		t.Fatal(err)
	}
	if got, want := statuses(t, s.history(recorder.Folder)), "deleted, updated, updated, failed undeletable"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := simulator.UserByAlias("user00002")["FirstName"]; got != "New" {
		t.Errorf("FirstName is %q", got)
	}
}

// Where the server does not list who is of the directory, a row that would change what a directory owns
// looks at its user itself: what the directory owns is left as it is, and told, in the forecast too.
func TestTheDirectorysFieldsWhereItsUsersAreNotListed(t *testing.T) {
	t.Parallel()
	const file = "Alias,FirstName,City\nfromldap,New,Oslo\nuser00001,New,Oslo\nunchanged,New,\nonlycity,,Oslo\n"
	for rule, want := range map[string]string{
		record.OwnedSkip:  "updated ldap-owned, updated, unchanged ldap-owned, updated",
		record.OwnedError: "failed ldap-owned, updated, failed ldap-owned, updated",
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(1)
			for i, alias := range []string{"fromldap", "unchanged", "onlycity"} {
				if _, err := simulator.AddUser(map[string]string{"Alias": alias, "DtmfAccessId": fmt.Sprint(4711 + i), "FirstName": "Same", "LdapType": "3"}); err != nil {
					t.Fatal(err)
				}
			}
			simulator.Fault = func(r *http.Request) cupitest.Fault {
				if strings.Contains(r.URL.RawQuery, "LdapType") {
					return cupitest.RefusedAfter
				}
				return cupitest.NoFault
			}
			s := newSite(t, simulator)
			options := options(validate.Update)
			options.LdapOwned = rule
			var foretold []string
			for _, preview := range s.previewsOf("foretold", file, options) {
				foretold = append(foretold, strings.TrimSpace(string(preview.Status)+" "+string(preview.Code)))
			}
			_, history := s.run(t.Context(), "run", file, options, 1)
			if got := statuses(t, history); got != want || strings.Join(foretold, ", ") != want {
				t.Errorf("foretold %s, got %s, want %s", foretold, got, want)
			}
			for i, most := range []int{2, 2, 1, 1} {
				if n := results(t, history)[i].Requests; n > most {
					t.Errorf("row %d took %d requests", i+1, n)
				}
			}
			if user := simulator.UserByAlias("fromldap"); user["FirstName"] != "Same" || (user["City"] == "Oslo") != (rule == record.OwnedSkip) {
				t.Errorf("the directory's user has FirstName %q and City %q", user["FirstName"], user["City"])
			}
			if user := simulator.UserByAlias("user00001"); user["FirstName"] != "New" {
				t.Errorf("nobody's user has FirstName %q", user["FirstName"])
			}
		})
	}
}
