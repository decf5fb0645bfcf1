package batch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// Before a run the server is asked how it is licensed, where rows make users, and who has their names on
// other clusters, where rows take some: in few requests, of which a server may answer none.
func TestLookAround(t *testing.T) {
	t.Parallel()
	const news = "Operation,Alias,NewAlias,DtmfAccessId\ncreate,anna,,4001\ncreate,munich00002,,4002\ncreate,bert,,700003\n"
	const changes = "update,user00001,MUNICH00001,\nupdate,user00002,,700002\nupdate,user00003,,10002\ndelete,user00004,,\n"
	gone := func(paths ...string) func(*cupitest.Server) {
		return func(s *cupitest.Server) {
			s.Fault = func(r *http.Request) cupitest.Fault {
				for _, path := range paths {
					if r.URL.Path == "/vmrest/"+path {
						return cupitest.NotFound
					}
				}
				return cupitest.NoFault
			}
		}
	}
	for _, test := range []struct {
		name, file string
		site       func(*cupitest.Server)
		problems   string
		codes      string // of warnings that are no row's
		licences   string
		unchecked  string // of what it can't find out
		requests   int
	}{
		{"nothing that matters", "Operation,Alias,Title\nupdate,user00001,Boss\ndelete,user00002,\n", nil, "", "", "", "", 0},
		{"a server that is alone", news, nil, "", "", "in its evaluation, 87 days left", "licences", 2},
		{"names of others", news + changes, func(s *cupitest.Server) { s.Elsewhere = 3 },
			"3 Alias alias-elsewhere, 4 DtmfAccessId extension-elsewhere, 5 NewAlias alias-elsewhere, 6 DtmfAccessId extension-elsewhere", "", "in its evaluation", "licences", 3},
		{"asked one by one", "Operation,Alias,NewAlias,DtmfAccessId\n" + changes, func(s *cupitest.Server) { s.Elsewhere = 500 },
			"2 NewAlias alias-elsewhere, 3 DtmfAccessId extension-elsewhere", "", "", "", 4},
		{"one name", "Operation,Alias,DtmfAccessId\nupdate,user00001,700500\n", func(s *cupitest.Server) { s.Elsewhere = 500 }, "2 DtmfAccessId extension-elsewhere", "", "", "", 2},
		{"a server that passes over queries", "Operation,Alias,DtmfAccessId\nupdate,user00001,700500\n", func(s *cupitest.Server) { s.Elsewhere, s.PassOverQueries = 500, true }, "", "", "", "clusters", 2},
		{"a server that does not tell of others", news, func(s *cupitest.Server) { s.Elsewhere = 3; gone("globalusers")(s) }, "", "", "in its evaluation", "licences clusters", 3},
		{"and not of clusters", news, gone("locations/connectionlocations"), "", "", "in its evaluation", "licences clusters", 2},
		{"an earlier release", news, gone("smartlicense/licensedetails"), "", "", "20 CUC_BasicMessaging in use", "licences order", 2},
		{"no licences told", news, gone("smartlicense/licensedetails", "licensestatuscounts"), "", "", "", "order", 2},
		{"too few", news, func(s *cupitest.Server) { s.Licence = "out-of-compliance" }, "", "licences", "OutOfCompliance", "licences", 2},
		{"the evaluation is over", news, func(s *cupitest.Server) { s.Licence = "over" }, "", "licences", "in its evaluation, 0 days left", "licences", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			if test.site != nil {
				test.site(simulator)
			}
			simulator.AddUsers(20)
			s := newSite(t, simulator)
			server := s.server(2)
			p, err := batch.Preflight(t.Context(), server, s.prepare(s.recorder("run"), test.file, options("")), func(p validate.Problem) { t.Log(p) })
			if err != nil {
				t.Fatal(err)
			}
			before, counted := server.Client.Counts()[http.MethodGet], p.Requests
			var problems, codes []string
			if err := p.LookAround(t.Context(), func(p validate.Problem) {
				problems = append(problems, fmt.Sprint(p.Line, " ", p.Column, " ", p.Code))
			}); err != nil {
				t.Fatal(err)
			}
			if got := server.Client.Counts()[http.MethodGet] - before; got != test.requests || p.Requests != counted+got {
				t.Errorf("%d requests, %d counted, want %d", got, p.Requests-counted, test.requests)
			}
			p.CheckSurroundings(t.Context()) // which has no more to say of this server, but for the licences in use
			forecast := p.Forecast()
			for _, w := range forecast.Warnings {
				codes = append(codes, string(w.Code))
			}
			if got := strings.Join(problems, ", "); got != test.problems {
				t.Errorf("got %s, want %s", got, test.problems)
			}
			if got := strings.Join(codes, ", "); got != test.codes {
				t.Errorf("warned of %s, want %s: %v", got, test.codes, forecast.Warnings)
			}
			if licences := forecast.Licences; (licences == nil) != (test.licences == "") || licences != nil && (!strings.Contains(licences.String(), test.licences) || licences.Adds != 3) {
				t.Errorf("the licences are %+v, want %q", licences, test.licences)
			}
			said := fmt.Sprint(forecast.NotChecked)
			for _, word := range []string{"licences", "clusters", "order"} {
				if want := strings.Contains(test.unchecked, word) || word == "licences" && test.unchecked == "order"; strings.Contains(said, word) != want {
					t.Errorf("not checked: %s; want of these only %s", said, test.unchecked)
				}
			}
		})
	}
}

// What a server says of itself may repeat the password of the account, and is told without it.
func TestWhatAServerSaysOfItselfTellsNoSecret(t *testing.T) {
	t.Parallel()
	nodes := []string{"cuc1", "my-secret-node"} // the password is "secret"
	s := newSite(t, &cupitest.Server{Nodes: nodes, NodeState: "split-brain"})
	p, _ := s.preflight(s.recorder("run"), "Operation,Alias,DtmfAccessId\ncreate,anna,4001\n", options(""))
	p.CheckSurroundings(t.Context())
	said := fmt.Sprint(p.Forecast().Warnings, p.Forecast().NotChecked)
	if strings.Contains(said, "secret") || !strings.Contains(said, "split brain") {
		t.Errorf("it says %s", said)
	}
}

// What needs a later release than the server's is told, and what is not known of it.
func TestReleases(t *testing.T) {
	t.Parallel()
	for release, want := range map[string]string{"10.5.2.11900-3": "release", "11.5.1.10000-4": "", "12.0": "", "9": "release", "11": "?", "unknown": "?"} {
		s := newSite(t, &cupitest.Server{Release: release})
		o := options("update")
		o.Match = "emailaddress"
		p, _ := s.preflight(s.recorder("run"), "EmailAddress,Title\nsomebody@example.com,Boss\n", o)
		if err := p.LookAround(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, w := range p.Forecast().Warnings {
			got += string(w.Code)
		}
		if strings.Contains(fmt.Sprint(p.Forecast().NotChecked), "needs release 11.5(1)") {
			got += "?"
		}
		if got != want {
			t.Errorf("release %s: got %q, want %q", release, got, want)
		}
	}
}
