package validate

import (
	"strings"
	"testing"
)

// A row about a member names an owner and a member, and no two name the same ones.
func TestListMemberRows(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		options Options
		file    string
		want    []string
	}{
		{Options{Operation: Create}, "DLAlias,MemberAlias,LocationNames;sales,jdoe,here;sales,adoe,;help,jdoe,", nil},
		{Options{Operation: Create}, "DLAlias,MemberAlias;sales,jdoe;help,jdoe;SALES,JDOE", []string{"MemberAlias:duplicate-key"}},
		{Options{}, "Operation,DLAlias,MemberAlias;create,sales,jdoe;delete,sales,jdoe", []string{"MemberAlias:duplicate-key"}},
		{Options{Operation: Create}, "DLAlias,MemberAlias,MemberType;sales,jdoe,user;sales,jdoe,contact;sales,jdoe,user", []string{"MemberAlias:duplicate-key"}},
		{Options{}, "Operation,DLAlias,MemberAlias,MemberType;create,sales,jdoe,;delete,sales,jdoe,user;create,help,jdoe,list;create,help,jdoe,;create,help,jdoe,contact;create,ops,jdoe,", []string{"MemberAlias:duplicate-key", "MemberAlias:duplicate-key", "MemberAlias:duplicate-key"}},
		{Options{Operation: Create}, "DLAlias,MemberAlias;,jdoe;sales,", []string{"Alias:required", "MemberAlias:required"}},
		{Options{Operation: Delete}, "DLAlias,MemberAlias;sales,", []string{"MemberAlias:required"}},
		{Options{Operation: Create}, "DLAlias,MemberAlias,MemberType;sales,jdoe,robot", []string{"MemberType:not-a-value"}},
		{Options{Operation: Update}, "DLAlias,MemberAlias;sales,jdoe", []string{"Operation:unknown-operation"}},
		{Options{Operation: Create, Match: "ObjectId"}, "DLAlias,MemberAlias;sales,jdoe", []string{":unknown-match"}},
		{Options{Operation: Create}, "DLAlias;sales", []string{"MemberAlias:required"}},
	} {
		lines := strings.Split(test.file, ";")
		var rows [][]string
		for _, line := range lines[1:] {
			rows = append(rows, strings.Split(line, ","))
		}
		test.options.Table = ListMembers
		_, problems := checkFile(test.options, strings.Split(lines[0], ","), rows...)
		wantShort(t, inShort(problems), test.want...)
	}
}

// BAT's number of an account is not looked at, which is told once where there are any, and a new account that has no
// address is told too: one for meetings needs none.
func TestServiceAccountRows(t *testing.T) {
	t.Parallel()
	options := Options{File: "accounts.csv", Table: ServiceAccounts, Operation: Create}
	headings := []string{"subscriberAlias", "serviceDisplayName", "OptionalServiceAccountID", "UMEmailAddress", "emailAddressUseCorp", "loginType"}
	header, _ := ParseHeader("accounts.csv", 1, headings, options)
	neighbours := NewNeighbours(header, options)
	neighbours.Add(Row{Number: 1, Line: 2, Cells: []string{"jdoe", "Exchange", "7", "j@x.org", "", ""}})
	wantShort(t, inShort(neighbours.Problems()), "OptionalServiceAccountID:not-looked-at?")
	for _, test := range []struct {
		operation Operation
		row       string
		want      []string
	}{
		{Create, "jdoe,Exchange,,,,", []string{"EmailAddress:needs-address?"}},
		{Create, "jdoe,Exchange,,,0,", []string{"EmailAddress:needs-address?"}},
		{Create, "jdoe,Exchange,,,1,", nil},
		{Create, "jdoe,Exchange,,j@x.org,,", nil},
		{Create, "jdoe,MeetingPlace,,,,alias", nil},
		{Create, "jdoe,MeetingPlace,,,,2", nil},
		{Create, "jdoe,MeetingPlace,,,,9", []string{"LoginType:not-a-value"}},
		{Update, "jdoe,Exchange,,,0,", nil},
	} {
		options.Operation = test.operation
		_, problems := checkFile(options, headings, strings.Split(test.row, ","))
		wantShort(t, inShort(problems), test.want...)
	}
}

// BAT's names of other locations are not looked at, which is told once where there are any.
func TestLocationsOfMembersAreTold(t *testing.T) {
	t.Parallel()
	options := Options{File: "members.csv", Table: ListMembers}
	header, _ := ParseHeader("members.csv", 1, []string{"DLAlias", "MemberAlias", " locationnames"}, options)
	neighbours := NewNeighbours(header, options)
	for i, location := range []string{" ", "", "Berlin", "Paris"} {
		neighbours.Add(Row{Number: i + 1, Line: i + 2, Cells: []string{"sales", "jdoe", location}})
	}
	neighbours.Add(Row{Number: 5, Line: 6, Cells: []string{"sales"}})
	problems := neighbours.Problems()
	wantShort(t, inShort(problems), "LocationNames:not-looked-at?")
	if len(problems) == 1 && (problems[0].Line != 4 || !problems[0].Warning || !strings.Contains(problems[0].Message, "rows that have one: 2")) {
		t.Errorf("got %+v", problems[0])
	}
}
