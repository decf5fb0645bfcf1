package batch_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// What a spreadsheet made of codes is told beside what the server has, before anything is
// sent; what is meant is said so and left alone.
func TestCodesBesideTheServer(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	for _, user := range []map[string]string{
		{"Alias": "00881", "DtmfAccessId": "0610", "EmployeeId": "007710", "DisplayName": "Zoe", "PostalCode": "02110"}, {"Alias": "00882", "DtmfAccessId": "0611", "EmployeeId": "007711"},
		{"Alias": "00883", "DtmfAccessId": "0612", "EmployeeId": "+49 30 1"}, {"Alias": "jdoe", "DtmfAccessId": "0613", "EmployeeId": "12"}, {"Alias": "near1", "DtmfAccessId": "0694"}, {"Alias": "near2", "DtmfAccessId": "0695"},
	} {
		if _, err := simulator.AddUser(user); err != nil {
			t.Fatal(err)
		}
	}
	s.run(t.Context(), "parts", "Operation,Alias,Extension_Alt1\nupdate,00881,01881\n", options(""), 1)
	for _, test := range []struct {
		name, text, match string
		allow             bool
		want              string // codes with the line, ! before a warning
		statuses          string
	}{
		{"an extension without its zero", "Operation,Alias,Extension\nupdate,00881,610\n", "", false, "2 near-value", "invalid near-value"},
		{"and an id", "Operation,Alias,EmployeeId\nupdate,00881,7710\nupdate,00883,49301\n", "", false, "2 near-value 3 near-value", "invalid near-value, invalid near-value"},
		{"a zero more", "Operation,Alias,Extension\nupdate,00882,00611\n", "", false, "!2 near-value", "updated"},
		{"what the listing does not show", "Operation,Alias,PostalCode\nupdate,00881,2110\n", "", false, "", "failed near-value"},
		{"a part of a user", "Operation,Alias,Extension_Alt1\nupdate,00881,1881\n", "", false, "", "failed near-value"},
		{"what it has is meant", "Operation,Alias,PostalCode\nupdate,00881,%text%2110\n", "", false, "", "updated"},
		{"both are meant", "Operation,Alias,Extension\nupdate,00881,%text%611\n", "", false, "", "updated"},
		{"another extension", "Operation,Alias,Extension\nupdate,jdoe,6613\n", "", false, "", "updated"},
		{"leavers whom nobody finds", "Operation,Alias\ndelete,881\ndelete,882\ndelete,jdoe\n", "", false, "1 nobody-found 2 nobody-found 3 nobody-found", "invalid nobody-found, invalid nobody-found, deleted"},
		{"and that is meant", "Operation,Alias\ndelete,881\ndelete,882\n", "", true, "!1 nobody-found !2 nearly-there !3 nearly-there", "unchanged already-absent, unchanged already-absent"},
		{"updates of nobody, which is meant", "Operation,Alias,Title\nupdate,nobody,Boss\nupdate,00882,Boss\n", "", true, "", "skipped no-such-user, updated"},
		{"most of them", "Operation,Alias,Title\nupdate,nobody,Boss\nupdate,882,Boss\n", "", true, "!1 nobody-found !3 nearly-there", "skipped no-such-user, skipped no-such-user"},
		{"most of them, which nobody said", "Operation,Alias,Title\nupdate,nobody,Boss\nupdate,882,Boss\n", "", false, "1 nobody-found 2 no-such-user 3 no-such-user", "invalid no-such-user, invalid no-such-user"},
		{"by another key", "Operation,EmployeeId,Title\nupdate,7711,Boss\n", "EmployeeId", false, "2 no-such-user", "invalid no-such-user"},
		{"one leaver of two", "Operation,Alias\ndelete,nobody\ndelete,00882\n", "", false, "", "unchanged already-absent, deleted"},
		{"no second person unasked", "Operation,Alias,Extension,TemplateAlias\nupsert,881,7881,voicemailusertemplate\n", "", false, "2 nearly-there", "invalid nearly-there"},
		{"one who is asked for", "Operation,Alias,Extension,TemplateAlias\nupsert,%text%881,7881,voicemailusertemplate\n", "", false, "", "created"},
		{"an extension that lacks a digit of its neighbours", "Operation,Alias,Extension,TemplateAlias\ncreate,new1,069,voicemailusertemplate\ncreate,new2,0699,voicemailusertemplate\n", "", false, "!2 extension-length", "created, created"},
		{"a create", "Operation,Alias,Extension,TemplateAlias\ncreate,0883,7883,voicemailusertemplate\n", "", false, "!2 nearly-there", "created"},
	} {
		o := options("")
		o.AllowMissing, o.SkipInvalid, o.Match = test.allow, true, orAlias(test.match)
		var told []string
		path := filepath.Join(t.TempDir(), "users.csv")
		if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		checked := checkInput(t, path, o)
		if _, err := batch.Preflight(t.Context(), s.server(2), checked, func(p validate.Problem) {
			mark := map[bool]string{true: "!"}[p.Warning]
			told = append(told, fmt.Sprintf("%s%d %s", mark, p.Line, p.Code))
			if p.Code == "near-value" && !strings.Contains(p.Message, "on the server") {
				t.Errorf("%s: %s", test.name, p)
			}
		}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(told, " "); got != test.want {
			t.Errorf("%s: told %q, want %q", test.name, got, test.want)
		}
		_, history := s.run(t.Context(), test.name, test.text, o, 2)
		if got := statuses(t, history); got != test.statuses {
			t.Errorf("%s: got %s, want %s", test.name, got, test.statuses)
		}
	}
}

func orAlias(match string) string {
	if match == "" {
		return "Alias"
	}
	return match
}

// So are users who are asked for one by one, because the server has many and the file is
// short: one request finds who has a zero in front.
func TestCodesBesideUsersWhoAreAskedFor(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(450)
	if _, err := simulator.AddUser(map[string]string{"Alias": "00771", "DtmfAccessId": "5771", "EmployeeId": "0042"}); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, simulator)
	for _, test := range []struct {
		text, match, want string
		requests          int
	}{
		{"Operation,Alias,Extension,TemplateAlias\nupsert,771,5772,voicemailusertemplate\n", "Alias", "invalid nearly-there", 1},
		{"Operation,EmployeeId,Title\nupdate,42,Boss\n", "EmployeeId", "invalid no-such-user", 1},
		{"Operation,Alias,Title\nupdate,user00002,Boss\n", "Alias", "updated", 0},
		{"Operation,Alias,Extension,TemplateAlias\nupsert,jdoe,5773,voicemailusertemplate\n", "Alias", "created", 0},
	} {
		o := options("")
		o.Match = test.match
		beside := 0
		simulator.Fault = func(r *http.Request) cupitest.Fault {
			if strings.Contains(r.URL.RawQuery, "startswith") {
				beside++
			}
			return cupitest.NoFault
		}
		_, history := s.run(t.Context(), test.match+fmt.Sprint(len(test.text)), test.text, o, 1)
		got := only(t, history)
		if status := strings.TrimSpace(fmt.Sprint(got.Status, " ", got.Code)); status != test.want || beside != test.requests {
			t.Errorf("%s: got %s with %d requests, want %s with %d: %s", test.text, status, beside, test.want, test.requests, got.Message)
		}
		if got.Status == record.Invalid && !strings.Contains(got.Message, `"00`) {
			t.Errorf("%s: %s", test.text, got.Message)
		}
	}
}
