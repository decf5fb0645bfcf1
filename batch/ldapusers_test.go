package batch_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
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
		{"nobody, of a server that is deaf to queries", []int{5000}, true, 7}, // a query, and the list twice
		{"many on all pages, and one who is nowhere", []int{1, 2, 3, 2001, 2002, 2003, 4099, 5000}, false, 4},
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
				if want := map[bool]record.Status{true: record.Invalid, false: record.Created}[r.Alias == "ldap05000"]; r.Status != want {
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

// A directory that never ends, shows the same page again or other letters: whoever is
// there is imported, and of nobody it is said that he is not there who is.
func TestFindingPeopleInOddLists(t *testing.T) {
	t.Parallel()
	for fault, want := range map[cupitest.Fault]string{cupitest.EndlessList: "unreadable []", cupitest.CapitalIDs: " [not-in-directory]", cupitest.HugeTotal: "unreadable []"} {
		for _, deaf := range []bool{true, false} {
			t.Run(fmt.Sprint(fault, " ", deaf), func(t *testing.T) {
				t.Parallel()
				simulator := &cupitest.Server{}
				simulator.AddDirectoryUsers(4100)
				s := newSite(t, simulator)
				simulator.Fault = func(r *http.Request) cupitest.Fault {
					switch {
					case r.URL.Path != importPath, r.Method != "GET":
						return cupitest.NoFault
					case !r.URL.Query().Has("query"):
						return fault
					case deaf:
						return cupitest.Forbidden
					}
					return cupitest.NoFault
				}
				file := "Alias,DtmfAccessId\nldap05000,7001\nldap04100,7002\n"
				checked := s.prepare(s.recorder("run"), file, options(validate.ImportLDAP))
				var found []string
				_, err := batch.Preflight(t.Context(), s.server(2), checked, func(p validate.Problem) { found = append(found, string(p.Code)) })
				stop := &record.Stop{}
				errors.As(err, &stop)
				if got := fmt.Sprint(stop.Code, " ", found); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				if n := simulator.Requests()["GET "+importPath]; n > 8 {
					t.Errorf("%d requests to the directory", n)
				}
			})
		}
	}
}
