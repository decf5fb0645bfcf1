package roster_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cucbulk/batch/record"
	"cucbulk/batch/roster"
	"cucbulk/cupi/cupitest"
	"cucbulk/internal/codes"
)

func TestAliasRules(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ rule, problem string }{
		{"{first:1}{last}", ""}, {"hr-{EmployeeId}", ""}, {"{First}.{LAST:4}", ""},
		{"jdoe", "would give everybody one alias"}, {"{first", "no closing one"}, {"{firts}", "is no part of a row"},
		{"{first:0}", "how many letters"}, {"{PIN}", "is no part of a row"}, {"", "would give everybody one alias"},
	} {
		_, err := roster.ParseAliasRule(test.rule)
		if test.problem == "" && err != nil || test.problem != "" && (err == nil || !strings.Contains(err.Error(), test.problem)) {
			t.Errorf("%q: %v, want %q", test.rule, err, test.problem)
		}
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	for text, problem := range map[string]string{"7000-7999,8100-8199": "", "0700-0799": "", "7000": "", "7999-7000": "no range", "700-7999": "no range", "a-b": "no range", "": "no range", "7000-7100,": "no range"} {
		if _, err := roster.ParseRanges(text); problem == "" && err != nil || problem != "" && (err == nil || !strings.Contains(err.Error(), problem)) {
			t.Errorf("%q: %v, want %q", text, err, problem)
		}
	}
}

// New people get aliases that nobody has, folded to ASCII, and extensions that nothing on the server
// has; a number that the server refuses is not given again.
func TestNewPeople(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{ContactFields: true}
	s := newSite(t, t.TempDir(), simulator)
	for alias, extension := range map[string]string{"jdoe": "7001", "JDOE2": "9001"} {
		if _, err := simulator.AddUser(map[string]string{"Alias": alias, "DtmfAccessId": extension}); err != nil {
			t.Fatal(err)
		}
	}
	s.post(t, "/vmrest/distributionlists", `{"Alias":"alist","DisplayName":"A list","DtmfAccessId":"7002"}`)
	s.post(t, "/vmrest/users/"+simulator.UserByAlias("jdoe")["ObjectId"]+"/alternateextensions", `{"IdIndex":"1","DtmfAccessId":"7003","PartitionObjectId":"`+simulator.UserByAlias("jdoe")["PartitionObjectId"]+`"}`)
	s.post(t, "/vmrest/contacts?templateAlias=systemcontacttemplate", `{"Alias":"vkontakt","DisplayName":"Vera Kontakt","DtmfAccessId":"7005"}`)
	s.options.Sync.Alias, s.options.Sync.Extensions = "{first:1}{last}", "7001-7009"
	const file = "EmployeeId,FirstName,LastName,Department,Extension\n" +
		"1,Jane,Doe,HR,\n2,Jörg,Weiß-Łoś,HR,7004\n3,李,王,HR,\n8,Vera,Kontakt,HR,\n4,John,Doe,HR,\n5,A,List,HR,\n"
	people, history, err := s.night(t, file)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := codesOf(people), "no-alias-made"; got != want {
		t.Errorf("warnings %s, want %s", got, want)
	}
	for id, want := range map[string]string{"1": "", "2": "jweiss-los 7004", "4": "jdoe4 7007", "5": "alist2 7008", "8": "vkontakt2 7006"} {
		user := find(simulator, id)
		if got := strings.TrimSpace(user["Alias"] + " " + user["DtmfAccessId"]); got != want {
			t.Errorf("%s is %q, want %q: %v", id, got, want, results(t, history))
		}
	}
	// The server refused 7003, which is an alternate extension. The next night takes another.
	s.now = s.now.Add(24 * time.Hour)
	s.options.Sync.Extensions = "7001-7011"
	people, history, err = s.night(t, file)
	if err != nil {
		t.Fatal(err)
	}
	if user := find(simulator, "1"); user["Alias"] != "jdoe3" || user["DtmfAccessId"] != "7009" {
		t.Errorf("Jane is %s %s: %v, %v", user["Alias"], user["DtmfAccessId"], people.Refused, results(t, history))
	}
	// None is left.
	s.options.Sync.Extensions = "7001-7006"
	people, history, err = s.night(t, file+"6,Carl,Cox,HR,\n7,Dora,Dell,HR,\n")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := codesOf(people), "no-alias-made, extensions-used-up"; got != want {
		t.Errorf("warnings %s, want %s; %v", got, want, results(t, history))
	}
}

// New people of a tenant get aliases that nobody on the server has, and extensions that are free in the tenant's partition.
func TestNewPeopleOfATenant(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, t.TempDir(), simulator)
	if _, err := simulator.AddUser(map[string]string{"Alias": "jdoe", "DtmfAccessId": "7001"}); err != nil {
		t.Fatal(err)
	}
	s.post(t, "/vmrest/distributionlists", `{"Alias":"jdoe2"}`)
	s.post(t, "/vmrest/usertemplates?templateAlias=voicemailusertemplate", `{"Alias":"branchtemplate","PartitionObjectId":"30c21994-bd80-4992-97ce-601ca93bf3da"}`)
	s.options.Sync.Alias, s.options.Sync.Extensions = "{first:1}{last}", "7001-7009"
	s.options.Tenant, s.options.Template = "branch", "voicemailusertemplate" // which is not the tenant's
	const file = "EmployeeId,FirstName,LastName,Department\n1,Jane,Doe,HR\n"
	if _, history, err := s.night(t, file); err != nil || !strings.Contains(strings.Join(results(t, history), ""), "unknown-template") {
		t.Errorf("another's template is taken: %v: %v", results(t, history), err)
	}
	s.options.Template = "branchtemplate"
	_, history, err := s.night(t, file)
	if err != nil {
		t.Fatal(err)
	}
	if user := find(simulator, "1"); user["Alias"] != "jdoe3" || user["DtmfAccessId"] != "7001" {
		t.Errorf("Jane is %q %q: %v", user["Alias"], user["DtmfAccessId"], results(t, history))
	}
	for result, err := range history.Results() { // the first of a template is read back, to see whose it is
		if err != nil || result.Requests != 2 {
			t.Errorf("Jane took %d requests, want 2: %v", result.Requests, err)
		}
	}
}

func codesOf(people *roster.Roster) string {
	var list []string
	for _, problem := range people.Problems {
		list = append(list, string(problem.Code))
	}
	return strings.Join(list, ", ")
}

func results(t *testing.T, history *record.History) (lines []string) {
	t.Helper()
	for result, err := range history.Results() {
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprint(result.Row, " ", result.Operation, " ", result.Alias, " ", result.Status, " ", result.Code, " ", result.Message))
	}
	return lines
}

// A server that passes over a query makes nobody a leaver.
func TestAServerThatPassesOverTheScope(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, scope string
		server      *cupitest.Server
		code        codes.Code
		due         int
	}{
		{"the listing tells", "Department=HR", &cupitest.Server{PassOverQueries: true}, "", 1},
		{"a query of what the listing shows", "(department startswith hr)", &cupitest.Server{PassOverQueries: true}, "", 1},
		{"only a query tells", "(IsSetForVmEnrollment is 0)", &cupitest.Server{PassOverQueries: true}, codes.Scope, 0},
		{"and the server does not answer it", "Building=North", &cupitest.Server{}, codes.Refused, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, t.TempDir(), test.server)
			test.server.AddUsers(20)
			if _, err := test.server.AddUser(map[string]string{"Alias": "left", "DtmfAccessId": "7001", "EmployeeId": "77", "Department": "HR"}); err != nil {
				t.Fatal(err)
			}
			s.options.Sync.Scope = test.scope
			people, _, err := s.night(t, "EmployeeId,Alias,DtmfAccessId,Department\n1,anna,7002,HR\n")
			var stop *record.Stop
			switch {
			case test.code != "" && (!errors.As(err, &stop) || stop.Code != test.code):
				t.Errorf("%v, want %s", err, test.code)
			case test.code == "" && (err != nil || len(people.Told().Aliases) != test.due):
				t.Errorf("%v: %v", err, people)
			}
		})
	}
}

// Who would not be noticed to leave is told.
func TestRowsOutsideTheScope(t *testing.T) {
	t.Parallel()
	s := newSite(t, t.TempDir(), &cupitest.Server{})
	for _, test := range []struct{ scope, file, want string }{
		{"Department=HR", "EmployeeId,Alias,DtmfAccessId,Department\n1,anna,7001,hr\n2,bert,7002,Sales\n", "outside-scope"},
		{"Department=HR", "EmployeeId,Alias,DtmfAccessId\n3,carl,7003\n4,dora,7004\n", "outside-scope"},
		{"(department startswith h)", "EmployeeId,Alias,DtmfAccessId,Department\n5,eve,7005,Human Resources\n", ""},
		{"CosDisplayName=Voice Mail User COS", "EmployeeId,Alias,DtmfAccessId,CosDisplayName\n6,finn,7006,Voice Mail User COS\n7,gus,7007,System\n", "outside-scope"},
		{"all", "EmployeeId,Alias,DtmfAccessId\n8,hans,7008\n", ""},
	} {
		s.options.Sync.Scope, s.options.Sync.Leavers = test.scope, record.LeaversReport
		people, _, err := s.night(t, test.file)
		if err != nil {
			t.Fatal(err)
		}
		if got := codesOf(people); got != test.want {
			t.Errorf("%s: %v, want %s", test.scope, people.Problems, test.want)
		}
	}
}

// A night that finds everything as it should be costs the listing, once.
func TestNobodyIsListedTwice(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(250)
	s := newSite(t, t.TempDir(), simulator)
	s.options.Sync.Scope = roster.Everybody
	file := "EmployeeId,LastName\n"
	for _, alias := range simulator.Aliases() {
		if user := simulator.UserByAlias(alias); user["EmployeeId"] != "" {
			file += user["EmployeeId"] + "," + user["LastName"] + "\n"
		}
	}
	_, history, err := s.night(t, file)
	if err != nil {
		t.Fatal(err)
	}
	if n := history.Counts()[record.Unchanged]; n != 250 {
		t.Errorf("%v, want 250 unchanged", history.Counts())
	}
	if got, pages := simulator.Total(), 3; got > pages+2 { // the version, and the state of the servers
		t.Errorf("%d requests, want the %d pages of the listing and 2 more: %v", got, pages, simulator.Requests())
	}
}

// Who is not in the file, and is no leaver all the same.
func TestWhoIsNoLeaver(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, t.TempDir(), simulator)
	for i, user := range []map[string]string{
		{"Alias": "admin", "EmployeeId": "1"},                      // the account of the run
		{"Alias": "nokey"},                                         // nobody knows whether the file has them
		{"Alias": "another", "EmployeeId": "3"},                    // whose alias the file has with another EmployeeId
		{"Alias": "zeros", "EmployeeId": "0004"},                   // of which a spreadsheet took the zeros
		{"Alias": "outside", "EmployeeId": "5", "Department": "x"}, // not in the scope
		{"Alias": "there", "EmployeeId": "6"},
		{"Alias": "left", "EmployeeId": "7"},
	} {
		user["DtmfAccessId"] = fmt.Sprint(7100 + i)
		if user["Department"] == "" {
			user["Department"] = "HR"
		}
		if _, err := simulator.AddUser(user); err != nil {
			t.Fatal(err)
		}
	}
	operator := simulator.UserByAlias("operator")["ObjectId"] // who can't be deleted
	s.byHand(t, "PUT", operator, `{"Department":"HR","EmployeeId":"8"}`)
	people, history, err := s.night(t, "EmployeeId,Alias,Department\n6,there,HR\n30,another,HR\n4,,HR\n")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, l := range people.Leavers {
		told = append(told, l.State+" "+l.Alias)
	}
	slices.Sort(told)
	if got, want := strings.Join(told, ", "), "doubtful another, doubtful zeros, due left"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if people.InScope != 7 || people.NoKey != 1 || people.Own != 2 {
		t.Errorf("%d in the scope, %d without a key, %d of their own; want 7, 1, 2", people.InScope, people.NoKey, people.Own)
	}
	for _, alias := range []string{"admin", "nokey", "another", "zeros", "outside", "there", "operator"} {
		if simulator.UserByAlias(alias) == nil {
			t.Errorf("%s is gone: %v", alias, results(t, history))
		}
	}
	if simulator.UserByAlias("left") != nil {
		t.Errorf("left is there still: %v", results(t, history))
	}
}

// A listing that can't be read whole makes nobody a leaver, and nobody new.
func TestAListingThatMoves(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{Faults: cupitest.Faults{RepeatPage: 1}}
	simulator.AddUsers(250)
	s := newSite(t, t.TempDir(), simulator)
	s.options.Sync.Scope = roster.Everybody
	_, _, err := s.night(t, "EmployeeId,Alias,DtmfAccessId\n1,anna,7002\n")
	var stop *record.Stop
	if !errors.As(err, &stop) || stop.Code != codes.ListingIncomplete {
		t.Errorf("%v, want %s", err, codes.ListingIncomplete)
	}
}

// What a file says of PINs is for those whom the run makes: a night never sets them back.
func TestCredentialsAreForNewPeople(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, t.TempDir(), simulator)
	const file = "EmployeeId,Alias,DtmfAccessId,Department,PIN,PIN_CredMustChange,MailboxStore\n1,anna,7001,HR,482915,true,Unity Messaging Database -1\n"
	_, history, err := s.night(t, file)
	if err != nil || history.Counts()[record.Created] != 1 {
		t.Fatal(err, results(t, history))
	}
	before := simulator.Requests()
	s.now = s.now.Add(24 * time.Hour)
	_, history, err = s.night(t, file)
	if err != nil || history.Counts()[record.Unchanged] != 1 {
		t.Fatal(err, results(t, history))
	}
	for request, n := range simulator.Requests() {
		if strings.Contains(request, "credential") && n != before[request] || strings.HasPrefix(request, "PUT") && n != before[request] {
			t.Errorf("the second night sent %s", request)
		}
	}
	s.options.ResetCredentials = true
	_, history, err = s.night(t, strings.Replace(file, "482915", "592816", 1))
	if err != nil || history.Counts()[record.Updated] != 1 {
		t.Errorf("with --reset-credentials: %v, %v", err, results(t, history))
	}
}

// Who is not within the scope any more is nobody's leaver, whether the file or somebody by hand said so.
func TestWhoLeftTheScope(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, t.TempDir(), simulator)
	s.options.Sync.Grace, s.options.Sync.MaxShrink = 24*time.Hour, record.Limit{Percent: 100}
	night := func(rows string) *roster.Roster {
		t.Helper()
		s.now = s.now.Add(24 * time.Hour)
		people, history, err := s.night(t, "EmployeeId,Alias,DtmfAccessId,Department\n1,anna,7001,HR\n"+rows)
		if err != nil {
			t.Fatal(err)
		}
		if counts := history.Counts(); counts[record.Deleted] > 0 {
			t.Errorf("deleted: %v", results(t, history))
		}
		return people
	}
	night("2,bert,7002,HR\n3,carl,7003,HR\n")
	night("2,bert,7002,Sales\n") // bert moves, and carl is not named
	s.byHand(t, "PUT", find(simulator, "3")["ObjectId"], `{"Department":"Support"}`)
	people := night("")
	if len(people.Leavers) > 0 || people.InScope != 1 {
		t.Errorf("%+v", people.Leavers)
	}
	s.byHand(t, "PUT", find(simulator, "3")["ObjectId"], `{"Department":"HR"}`) // back in the scope: the grace begins anew
	if people := night(""); len(people.Leavers) != 1 || people.Leavers[0].State != roster.Marked {
		t.Errorf("%+v", people.Leavers)
	}
}
