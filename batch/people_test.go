package batch_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"cucbulk/batch"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// People are found by queries or page by page, whichever is fewer requests.
func TestFindingPeopleCostsFewRequests(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		rows  []int // numbers of the people
		deaf  bool  // the server does not answer queries
		lists int   // GETs of the directory
	}{
		{"one is asked for", []int{4000}, false, 1},
		{"two by a query each, after a page", []int{1, 4100}, false, 2},
		{"several on the first page", []int{1, 2, 3, 4}, false, 1},
		{"many on all pages", []int{1, 2, 3, 2001, 2002, 2003, 4099, 4100}, false, 3},
		{"nobody", []int{5000}, false, 1},
		{"one, of a server that is deaf to queries", []int{4000}, true, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddDirectoryUsers(4100)
			s := newSite(t, simulator)
			if test.deaf {
				simulator.Fault = func(r *http.Request) cupitest.Fault {
					if r.URL.Path == importPath && r.URL.Query().Has("query") {
						return cupitest.Forbidden
					}
					return cupitest.NoFault
				}
			}
			file := "Alias,DtmfAccessId\n"
			for i, number := range test.rows {
				file += fmt.Sprintf("ldap%05d,%d\n", number, 7000+i)
			}
			_, history := s.run(t.Context(), "run", file, options(validate.ImportLDAP), 4)
			for _, r := range results(t, history) {
				if want := map[bool]batch.Status{true: batch.Invalid, false: batch.Created}[r.Alias == "ldap05000"]; r.Status != want {
					t.Errorf("%+v", r)
				}
			}
			if got := simulator.Requests()["GET "+importPath]; got != test.lists {
				t.Errorf("%d requests to the directory, want %d", got, test.lists)
			}
		})
	}
}

// Whom a list skips that changes while it is read is asked for.
func TestFindingPeopleInAListThatChanges(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddDirectoryUsers(4100)
	s := newSite(t, simulator)
	o := s.other()
	var once sync.Once
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.URL.Query().Get("offset") == "2000" {
			once.Do(func() {
				for i, person := range o.do(cupi.ListDirectoryUsers(cupi.Query{}, 0, 3)).Page.Items {
					o.do(cupi.ImportUser("voicemailusertemplate", person, fmt.Sprint(6001+i)))
				}
			})
		}
		return cupitest.NoFault
	}
	_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId\nldap02001,7001\nldap02002,7002\nldap02003,7003\nldap02004,7004\nldap04100,7005\n", options(validate.ImportLDAP), 2)
	if got, want := statuses(t, history), strings.Repeat("created imported, ", 4)+"created imported"; got != want {
		t.Errorf("got  %s\nwant %s\n%s", got, want, messages(t, history))
	}
}
