package batch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// The pre-flight tells of the nodes, their state and the account's roles what the server tells,
// in five requests at most.
func TestCheckSurroundings(t *testing.T) {
	t.Parallel()
	const here = "127.0.0.1"
	for _, test := range []struct {
		name      string
		nodes     []string
		account   string
		role      string         // that the account is given
		query     bool           // too many users to be listed
		fault     cupitest.Fault // that strikes the list of servers with their numbers
		state     string         // of the last of the nodes
		codes     string
		unchecked string
		requests  int
	}{
		{"the only server, an administrator without a mailbox", nil, "admin", "", false, "", "", "", "", 3},
		{"the publisher", []string{here, "cuc2"}, "admin", "", false, "", "", "", "", 3},
		{"the subscriber", []string{"cuc1", here}, "admin", "", false, "", "", "subscriber", "", 3},
		{"an address that no node has", []string{"cuc1", "cuc2"}, "admin", "", false, "", "", "", "publisher", 3},
		{"the only server, told by the other list", nil, "admin", "", false, cupitest.NotFound, "", "", "initializing", 4},
		{"a list that the account may not see", nil, "admin", "", false, cupitest.Forbidden, "", "", "initializing", 4},
		{"one of two, by the list that does not number them", []string{here, "cuc2"}, "admin", "", false, cupitest.NotFound, "", "", "publisher cuc2 initializing", 4},
		{"a list that failed", nil, "admin", "", false, cupitest.Error, "", "", "publisher initializing", 3},
		{"the other one in a database sync", []string{here, "cuc2"}, "admin", "", false, "", "database-sync", "server-state", "", 3},
		{"the only one in split brain", nil, "admin", "", false, "", "split-brain", "server-state", "", 3},
		{"the other one down", []string{here, "cuc2"}, "admin", "", false, "", "down", "server-state", "", 3},
		{"a user with the role", nil, "user00007", "User Administrator", false, "", "", "", "", 2},
		{"a user with another role", nil, "user00007", "Help Desk Administrator", false, "", "", "role", "", 2},
		{"a user without a role", nil, "USER00007", "", false, "", "", "role", "", 2},
		{"nobody", nil, "nobody", "", false, "", "", "", "roles", 3},
		{"a user not read", nil, "user00190", "", true, "", "", "role", "", 4},
		{"a user not read, told by the other list", nil, "user00190", "", true, cupitest.NotFound, "", "role", "initializing", 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{Nodes: test.nodes, NodeState: test.state}
			simulator.Fault = func(r *http.Request) cupitest.Fault {
				if r.URL.Path == "/vmrest/vmsservers" {
					return test.fault
				}
				return cupitest.NoFault
			}
			simulator.AddUsers(20)
			file := "Operation,Alias,Title\nupdate,user00001,Boss\n"
			if test.query {
				simulator.AddUsers(380)
			}
			s := newSite(t, simulator)
			server := s.server(2)
			server.Account = test.account
			if test.role != "" {
				guarded := simulator.OnChange
				simulator.OnChange = nil
				giveRole(t, server.Client, test.account, test.role)
				simulator.OnChange = guarded
			}
			p, err := batch.Preflight(t.Context(), server, s.prepare(s.recorder("run"), file, options("")), func(validate.Problem) {})
			if err != nil {
				t.Fatal(err)
			}
			before := server.Client.Counts()[http.MethodGet]
			p.CheckSurroundings(t.Context())
			if got := server.Client.Counts()[http.MethodGet] - before; got != test.requests {
				t.Errorf("%d requests, want %d", got, test.requests)
			}
			forecast := p.Forecast()
			var codes []string
			for _, w := range forecast.Warnings {
				codes = append(codes, string(w.Code))
			}
			if got := strings.Join(codes, " "); got != test.codes {
				t.Errorf("warned of %q, want %q: %v", got, test.codes, forecast.Warnings)
			}
			said := fmt.Sprint(forecast.NotChecked)
			for _, word := range []string{"publisher", "cuc2", "roles", "initializing"} {
				if strings.Contains(said, word) != strings.Contains(test.unchecked, word) {
					t.Errorf("not checked: %s; want of these only %s", said, test.unchecked)
				}
			}
		})
	}
}

// giveRole gives a user a role, as an administrator does.
func giveRole(t *testing.T, client *cupi.Client, alias, role string) {
	t.Helper()
	one := func(c cupi.Collection, value string) string {
		answer, err := client.Do(t.Context(), cupi.List(c, cupi.Query{Column: c.NameField, Op: cupi.Is, Value: value}, 0, 0))
		if err != nil || len(answer.Page.Items) != 1 {
			t.Fatalf("%s %q: %v, %v", c.Name, value, answer.Page, err)
		}
		return answer.Page.Items[0]["ObjectId"]
	}
	id := one(cupi.Users, alias)
	if _, err := client.Do(t.Context(), cupi.Create(cupi.UserRolesOf(id), cupi.Object{"RoleObjectId": one(cupi.Roles, role)})); err != nil {
		t.Fatal(err)
	}
}
