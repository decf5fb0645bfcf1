package batch_test

import (
	"fmt"
	"strings"
	"testing"

	"cucbulk/cupi/cupitest"
)

// An SMTP proxy address is one user's: what somebody has, or another row takes, is found before
// anything is sent, and rows of one file hand it on in the right order.
func TestAddressesThatAreTaken(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, rows, want, conflicts string }{
		{"a new user", "create,fresh,4711,A1@x.org", "invalid", "2 SmtpProxyAddresses address-taken"},
		{"one that is there", "update,user00002,,a1@x.org;b@x.org", "invalid", "2 SmtpProxyAddresses address-taken"},
		{"its own", "update,user00001,,A1@X.org", "unchanged", ""},
		{"one that nobody has", "update,user00002,,new@x.org", "updated", ""},
		{"a later row frees it", "update,user00002,,a1@x.org\nupdate,user00001,,%null%", "updated, updated", ""},
		{"an earlier row frees it", "update,user00001,,other@x.org\nupsert,user00002,,a1@x.org", "updated, updated", ""},
		{"a delete frees it", "create,fresh,4711,a1@x.org\ndelete,user00001,,", "created, deleted", ""},
		{"a chain", "update,user00003,,a2@x.org\nupdate,user00002,,a1@x.org\nupdate,user00001,,new@x.org", "updated, updated, updated", ""},
		{"a swap", "update,user00001,,a2@x.org\nupdate,user00002,,a1@x.org\nupdate,user00003,,new@x.org", "invalid, invalid, updated",
			"2  rows-in-a-circle, 3  rows-in-a-circle"},
		{"a user whom the file makes", "create,fresh,4711,new@x.org\nupsert,fresh,,\nupdate,user00002,,a1@x.org", "created, unchanged, invalid", "4 SmtpProxyAddresses address-taken"},
		{"taken and given away", "update,user00003,,a1@x.org\nupdate,user00001,,%null%\nupsert,user00001,,new@x.org", "updated, updated, updated", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(4)
			s := newSite(t, simulator)
			o := s.other()
			o.giveAddress("user00001", "a1@x.org")
			o.giveAddress("user00002", "a2@x.org")
			text := "Operation,Alias,DtmfAccessId,SmtpProxyAddresses,TemplateAlias\n" + strings.ReplaceAll(test.rows, "\n", ",voicemailusertemplate\n") + ",voicemailusertemplate\n"
			if _, problems := s.preflight(s.recorder("look"), text, options("")); problems != test.conflicts {
				t.Errorf("found %q, want %q", problems, test.conflicts)
			}
			if got := s.comparesForecast(t, text, true); got != test.want {
				t.Errorf("foretold %s, want %s", got, test.want)
			}
		})
	}
}

// Who has them costs a list or a query for each, whichever is fewer; a file without addresses asks
// nothing.
func TestWhatItCostsToKnowWhoHasAddresses(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	o := s.other()
	for i := range 250 {
		o.giveAddress("user00003", fmt.Sprintf("many%d@x.org", i))
	}
	without := 0 // requests of a look that needs none for addresses
	for i, test := range []struct {
		rows string
		want int
	}{
		{"update,user00001,", 0},
		{"update,user00001,%null%", 0},
		{"update,user00001,a@x.org", 1},
		{"update,user00001,a@x.org;b@x.org", 3},
		{"update,user00001,a@x.org;b@x.org;c@x.org;d@x.org", 3},
		{"update,user00001,many1@x.org", 2}, // and who user00003 is, to name him
	} {
		before := s.simulator.Total()
		s.preflight(s.recorder(fmt.Sprint("run", i)), "Operation,Alias,SmtpProxyAddresses\n"+test.rows+"\n", options(""))
		asked := s.simulator.Total() - before
		if i == 0 {
			without = asked
		}
		asked -= without
		if asked != test.want {
			t.Errorf("%s: %d requests for addresses, want %d", test.rows, asked, test.want)
		}
	}
}
