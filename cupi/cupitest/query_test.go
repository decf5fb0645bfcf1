package cupitest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestQueries(t *testing.T) {
	t.Parallel()
	inBoth(t, func() *Server { s := &Server{}; s.AddUsers(20); return s }, func(t *testing.T, s *Server, c *client) {
		for _, user := range []map[string]string{
			{"Alias": "jdoe", "FirstName": "Jeff", "LastName": "Lind", "DtmfAccessId": "700"},
			{"Alias": "jlow", "FirstName": "jeff", "LastName": "Low", "DtmfAccessId": "700", "PartitionObjectId": branchID, "ListInDirectory": "false"},
		} {
			if _, err := s.AddUser(user); err != nil {
				t.Fatal(err)
			}
		}
		cases := []struct {
			query string
			want  string // total, or "" where the query is refused
		}{
			{"", "24"},
			{"query=(alias is JDOE)", "1"},
			{"query=(ALIAS IS jdoe)", "1"},
			{"query=(alias startswith user0000)", "9"},
			{"query=(alias startswith USER)", "20"},
			{"query=(dtmfaccessid is 700)", "2"},
			{"query=(DtmfAccessId startswith 70)", "2"},
			{"query=(objectid is " + operatorID + ")", "1"},
			{"query=(firstname is jeff)", "2"},
			{"query=(firstname is jeff %26 lastname startswith l)", "2"},
			{"query=(firstname is jeff %26 lastname is low)", "1"},
			{"query=(listindirectory is 0)", "3"},
			{"query=(listindirectory is false)", "3"},
			{"query=(usedefaulttimezone is 1)", "24"},
			{"query=(partitionobjectid is " + branchID + ")", "1"},
			{"query=(displayname is jeff lind)", "1"},
			{"query=(displayname+is+jeff+lind)", "1"},
			{"query=%28alias%20is%20jdoe%29", "1"},
			{"query=(employeeid isnotnull)", "20"},
			{"query=(tenantobjectid isnull)", "22"},
			{"query=(smtpaddress is x)", ""},
			{"query=(nosuchcolumn is x)", ""},
			{"query=(alias contains x)", ""},
			{"query=(alias is)", ""},
			{"query=(alias isnull x)", ""},
			{"query=alias is jdoe", ""},
			{"query=(alias is a %26 b)", ""},
			{"query=(alias is %zz)", ""},
			{"query=(alias is a%26alias is a%26alias is a%26alias is a%26alias is a%26alias is a)", ""},
			{"rowsPerPage=x", ""},
			{"pageNumber=-1", ""},
			{"sort=(nosuchcolumn asc)", ""},
			{"sort=(alias up)", ""},
			{"query=(alias is jdoe)&sort=(displayname asc)", ""},
			{"query=(alias startswith j)&sort=(alias desc)", "2"},
		}
		for _, test := range cases {
			status := 200
			if test.want == "" {
				status = 400
			}
			answer := c.expect(status, "GET", "/vmrest/users?"+test.query, "")
			if test.want != "" {
				if got := answer.total(t); got != test.want {
					t.Errorf("%s: got total %s, want %s", test.query, got, test.want)
				}
			}
		}
	})
}

func TestOneClauseQueries(t *testing.T) {
	t.Parallel()
	c := serve(t, &Server{OneClauseQueries: true}, jsonType)
	c.expect(200, "GET", "/vmrest/users?query=(alias is operator)", "")
	answer := c.expect(200, "GET", "/vmrest/users?query=(alias is operator %26 alias is operator)", "")
	if got := answer.total(t); got != "0" {
		t.Errorf("got %s users, want none: the second clause is part of the value", got)
	}
}

func TestServersThatAnswerListsInTheirOwnWay(t *testing.T) {
	t.Parallel()
	s := &Server{PassOverQueries: true, MaxRows: 4}
	s.AddUsers(3)
	c := serve(t, s, xmlType)
	for params, rows := range map[string]int{"query=(alias is operator)": 4, "rowsPerPage=100": 4, "rowsPerPage=2&pageNumber=2": 2, "pageNumber=2": 1, "rowsPerPage=0": 0} {
		answer := c.expect(200, "GET", "/vmrest/users?"+params, "")
		if got := len(found(answer.body, "Alias")); got != rows || answer.total(t) != "5" {
			t.Errorf("%s: got %d users of %s, want %d of 5", params, got, answer.total(t), rows)
		}
	}
	c.expect(400, "GET", "/vmrest/users?query=(nonsense is operator)", "")
}

// Scripts put addresses together by hand.
func TestAddressesAsScriptsWriteThem(t *testing.T) {
	t.Parallel()
	s := &Server{}
	s.AddUsers(3)
	c := serve(t, s, jsonType)
	for _, address := range []string{"/vmrest//users?rowsPerPage=0", "//vmrest/users/?RowsPerPage=0", "/vmrest/users?ROWSPERPAGE=1&PAGENUMBER=0", "/vmrest/users?Query=(ALIAS STARTSWITH U)"} {
		want := "5"
		if strings.Contains(address, "Query") {
			want = "4" // with undeliverablemessagesmailbox
		}
		if got := c.expect(200, "GET", address, "").total(t); got != want {
			t.Errorf("%s: total %s, want %s", address, got, want)
		}
	}
	c.expect(201, "POST", "/vmrest//users?templatealias=voicemailusertemplate", `{"Alias":"byhand","DtmfAccessId":"4001"}`)
}

// found is the text of every element of that name, in order.
func found(body, element string) []string {
	var texts []string
	for {
		_, after, more := strings.Cut(body, "<"+element+">")
		if !more {
			return texts
		}
		text, rest, _ := strings.Cut(after, "</"+element+">")
		texts = append(texts, text)
		body = rest
	}
}

func TestPaging(t *testing.T) {
	t.Parallel()
	s := &Server{}
	s.AddUsers(23)
	c := serve(t, s, xmlType)
	for _, test := range []struct {
		params string
		rows   int
	}{
		{"rowsPerPage=10", 10}, {"rowsPerPage=10&pageNumber=1", 10}, {"rowsPerPage=10&pageNumber=3", 5}, {"rowsPerPage=10&pageNumber=4", 0},
		{"rowsPerPage=10&pageNumber=0", 0}, {"rowsPerPage=0", 0}, {"rowsPerPage=0&pageNumber=1", 0}, {"rowsPerPage=2000", 25}, {"pageNumber=2", 0},
	} {
		answer := c.expect(200, "GET", "/vmrest/users?"+test.params, "")
		if got := len(found(answer.body, "Alias")); got != test.rows || answer.total(t) != "25" {
			t.Errorf("%s: got %d users of %s, want %d of 25", test.params, got, answer.total(t), test.rows)
		}
	}
	var walked []string
	for number := 1; number <= 4; number++ {
		walked = append(walked, found(c.expect(200, "GET", fmt.Sprintf("/vmrest/users?rowsPerPage=7&pageNumber=%d", number), "").body, "Alias")...)
	}
	if want := s.Aliases(); !slices.Equal(walked, want) {
		t.Errorf("the pages hold\n%v, want\n%v", walked, want)
	}
	backwards := found(c.expect(200, "GET", "/vmrest/users?sort=(alias desc)", "").body, "Alias")
	slices.Reverse(backwards)
	if !slices.Equal(backwards, walked) {
		t.Errorf("sorted down the list is %v", backwards)
	}
}
