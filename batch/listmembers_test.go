package batch_test

import (
	"bytes"
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/batch/verify"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// memberOptions are those of a run about list members.
func memberOptions(operation validate.Operation) record.Options {
	o := options(operation)
	o.Object, o.Template = validate.ListMembers.Object, ""
	return o
}

// memberSite is a server with users, a contact, and three lists: inner, outer, which holds it, and closed, which
// takes no contacts.
func memberSite(t *testing.T, wire cupi.Wire) *site {
	t.Helper()
	simulator := &cupitest.Server{}
	simulator.AddUsers(6)
	s := newSite(t, simulator)
	s.wire = wire
	o := s.other()
	for _, alias := range []string{"inner", "outer", "closed"} {
		o.do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": alias, "AllowContacts": fmt.Sprint(alias != "closed")}))
		o.join("user00001", s.list(alias))
	}
	o.contact("vendor")
	o.do(cupi.Create(cupi.MembersOf(s.list("outer")), cupi.Object{"MemberDistributionListObjectId": s.list("inner")}))
	return s
}

// Where the server does not show who is in a list, nothing of it is known, so nothing is sent.
func TestAListWhoseMembersAreNotShown(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{Fault: func(r *http.Request) cupitest.Fault {
		if r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/distributionlistmembers") {
			return cupitest.NotFound
		}
		return cupitest.NoFault
	}}
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	s.other().do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "inner"}))
	_, history := s.run(t.Context(), "add", "DLAlias,MemberAlias\ninner,user00002\n", memberOptions(validate.Create), 1)
	if got := statuses(t, history); got != "invalid not-shown" {
		t.Errorf("%s: %s", got, messages(t, history))
	}
}

// contact makes a contact.
func (o *other) contact(alias string) string {
	o.s.t.Helper()
	request := cupi.Create(cupi.Contacts, cupi.Object{"Alias": alias})
	request.Query = "templateAlias=systemcontacttemplate"
	return o.do(request).ObjectID
}

// members are the aliases of those in a list.
func (s *site) members(list string) string {
	s.t.Helper()
	var aliases []string
	for _, member := range s.other().do(cupi.List(cupi.MembersOf(s.list(list)), cupi.Query{}, 1, 1000)).Page.Items {
		aliases = append(aliases, member["Alias"])
	}
	slices.Sort(aliases)
	return strings.Join(aliases, " ")
}

// Members of several lists are added and taken out by BAT's headings, and each of that is taken back whole.
func TestListMembers(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s := memberSite(t, wire)
		s.other().do(cupi.Create(cupi.MembersOf(s.list("inner")), cupi.Object{"MemberContactObjectId": s.other().contact("buyer")}))
		before := withoutIDs(s.simulator.Snapshot())
		const file = "DLAlias,MemberAlias,LocationNames\nINNER,user00002,here\ninner,User00003,\ninner,vendor,\nouter,user00002,\nclosed,inner,\ninner,user00001,\n"
		o := memberOptions(validate.Create)
		_, made := s.run(t.Context(), "create", file, o, 2)
		if got, want := statuses(t, made), "created, created, created, created, created, unchanged"; got != want {
			t.Fatalf("got %s, want %s: %s", got, want, messages(t, made))
		}
		if got, want := s.members("inner")+"|"+s.members("outer")+"|"+s.members("closed"), "buyer user00001 user00002 user00003 vendor|inner user00001 user00002|inner user00001"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got := results(t, made)[2]; got.Operation != validate.Create || got.Alias != "inner" || got.Message != "the contact vendor" || got.Reversible != record.FullyReversible {
			t.Errorf("the result is %+v", got)
		}
		s.unlost(made)
		_, again := s.run(t.Context(), "again", file, o, 2)
		if got, want := statuses(t, again), "unchanged, unchanged, unchanged, unchanged, unchanged, unchanged"; got != want {
			t.Fatalf("got %s, want %s: %s", got, want, messages(t, again))
		}
		after := withoutIDs(s.simulator.Snapshot())
		_, deleted := s.run(t.Context(), "delete", "DLAlias,MemberAlias\ninner,user00001\ninner,buyer\nouter,inner\nouter,user00005\nnowhere,user00001\n", memberOptions(validate.Delete), 2)
		if got, want := statuses(t, deleted), "deleted, deleted, deleted, unchanged already-absent, unchanged already-absent"; got != want {
			t.Fatalf("got %s, want %s: %s", got, want, messages(t, deleted))
		}
		s.unlost(deleted)
		if got, want := s.members("inner")+"|"+s.members("outer"), "user00002 user00003 vendor|user00001 user00002"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		_, undone := s.rollback(t.Context(), "undo delete", deleted, record.UndoOptions{})
		if got := statuses(t, undone); got != "restored, restored, restored" {
			t.Errorf("%s: %s", got, messages(t, undone))
		}
		compareSnapshots(t, after, withoutIDs(s.simulator.Snapshot()))
		_, undone = s.rollback(t.Context(), "undo create", made, record.UndoOptions{})
		if got := statuses(t, undone); got != "restored, restored, restored, restored, restored" {
			t.Errorf("%s: %s", got, messages(t, undone))
		}
		compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
	})
}

// What can't be is told before anything is sent: in the file, and on the server.
func TestListMembersThatCannotBe(t *testing.T) {
	t.Parallel()
	s := memberSite(t, cupi.JSON)
	o := s.other()
	o.contact("user00004")
	o.do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "third"}))
	for i, test := range []struct {
		operation  validate.Operation
		text, want string
	}{
		{validate.Create, "DLAlias,MemberAlias\nnowhere,user00002\n", "2 Alias no-such-user"},
		{validate.Create, "DLAlias,MemberAlias\ninner,nobody\n", "2 MemberAlias unknown-name"},
		{validate.Create, "DLAlias,MemberAlias\ninner,user00004\n", "2 MemberAlias several-users"},
		{validate.Create, "DLAlias,MemberAlias,MemberType\ninner,user00004,contact\ninner,user00004,user\n", ""},
		{validate.Create, "DLAlias,MemberAlias,MemberType\ninner,vendor,user\n", "2 MemberAlias unknown-name"},
		{validate.Create, "DLAlias,MemberAlias\nclosed,vendor\n", "2 MemberAlias member-not-taken"},
		{validate.Create, "DLAlias,MemberAlias\ninner,inner\n", "2 MemberAlias list-circle"},
		{validate.Create, "DLAlias,MemberAlias\ninner,outer\n", "2 MemberAlias list-circle"},
		{validate.Create, "DLAlias,MemberAlias\nthird,outer\ninner,closed\nclosed,third\n", "4 MemberAlias list-circle"},
	} {
		_, problems := s.preflight(s.recorder(fmt.Sprint("run", i)), test.text, memberOptions(test.operation))
		if problems != test.want {
			t.Errorf("%s: got %q, want %q", test.text, problems, test.want)
		}
	}
}

// A list that was deleted since, and made again, is another: it is not said that it is as before.
func TestMembersOfAListThatWasMadeAgain(t *testing.T) {
	t.Parallel()
	s := memberSite(t, cupi.JSON)
	_, made := s.run(t.Context(), "add", "DLAlias,MemberAlias\ninner,user00002\n", memberOptions(validate.Create), 1)
	_, deleted := s.run(t.Context(), "delete", "Alias\ninner\n", listOptions(validate.Delete), 1)
	s.rollback(t.Context(), "again", deleted, record.UndoOptions{})
	_, undone := s.rollback(t.Context(), "undo", made, record.UndoOptions{})
	if got := statuses(t, undone); got != "kept target-gone" || s.members("inner") != "user00001 user00002" {
		t.Errorf("%s, and %s: %s", got, s.members("inner"), messages(t, undone))
	}
}

// A file can turn round which list holds which: the row that takes the one out comes first, and where that can't be done the
// other is not begun.
func TestListsAreTurnedRound(t *testing.T) {
	t.Parallel()
	const file = "Operation,DLAlias,MemberAlias\ndelete,outer,inner\ncreate,inner,closed\ncreate,closed,outer\ncreate,inner,user00002\n"
	for refused, want := range map[bool]string{false: "deleted, created, created, created", true: "failed forbidden, created, failed list-circle, created"} {
		s := memberSite(t, cupi.JSON)
		before := withoutIDs(s.simulator.Snapshot())
		o := memberOptions("")
		o.Canary = 0
		s.simulator.Fault = func(r *http.Request) cupitest.Fault {
			if r.Method == "DELETE" && refused {
				return cupitest.Forbidden
			}
			return cupitest.NoFault
		}
		_, history := s.run(t.Context(), "run", file, o, 4)
		if got := statuses(t, history); got != want {
			t.Fatalf("refused %t: got %s, want %s: %s", refused, got, want, messages(t, history))
		}
		if refused {
			continue
		}
		s.unlost(history)
		s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
	}
	s := memberSite(t, cupi.JSON)
	_, killed := s.resume(t.Context(), s.killedAt(1, "killed", file, memberOptions(""), cupitest.CutAfterCommit), memberOptions(""))
	if got := statuses(t, killed); got != "deleted, created, created, created" {
		t.Errorf("resumed: %s: %s", got, messages(t, killed))
	}
	if _, problems := s.preflight(s.recorder("behind"), "Operation,DLAlias,MemberAlias\ncreate,outer,inner\ndelete,inner,closed\n", memberOptions("")); problems != "2 MemberAlias list-circle" {
		t.Errorf("the row that opens the circle comes behind: %s", problems)
	}
}

// Whoever is in a list that the file names, and whom it does not name, leaves with --exact: it is foretold, counted
// by --max-deletes, and taken back.
func TestListMembersAreMadeExact(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s := memberSite(t, wire)
		for _, alias := range []string{"user00002", "user00003", "user00004"} {
			s.other().join(alias, s.list("inner"))
		}
		before := withoutIDs(s.simulator.Snapshot())
		const file = "DLAlias,MemberAlias\ninner,user00002\nouter,user00003\ninner,user00005\nouter,inner\n"
		o := memberOptions(validate.Create)
		o.Exact, o.MaxDeletes = true, record.Limit{Rows: 3}
		stopped, _ := s.run(t.Context(), "stopped", file, o, 2)
		if stopped.Exit != record.ExitRail || stopped.Stop == nil || !strings.Contains(stopped.Stop.Reason, "list members to delete: 4, allowed: 3") {
			t.Fatalf("the run ended with %+v", stopped)
		}
		o.MaxDeletes.Rows = 4
		preparation, _ := s.preflight(s.recorder("plan"), file, o)
		var removed []string
		for preview, err := range preparation.Previews(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			for _, removal := range preview.Removed {
				removed = append(removed, fmt.Sprint(preview.Row, " ", removal.Fields["Alias"]))
			}
		}
		if got, want := strings.Join(removed, ", "), "3 user00001, 3 user00003, 3 user00004, 4 user00001"; got != want {
			t.Errorf("the forecast takes out %s, want %s", got, want)
		}
		_, history := s.run(t.Context(), "exact", file, o, 2)
		if got, want := statuses(t, history), "unchanged, created, created, updated"; got != want {
			t.Fatalf("got %s, want %s: %s", got, want, messages(t, history))
		}
		if got, want := s.members("inner")+"|"+s.members("outer")+"|"+s.members("closed"), "user00002 user00005|inner user00003|user00001"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		s.unlost(history)
		s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
	})
}

// While one row of a file can't be done, nobody leaves a list because no row names him.
func TestNobodyLeavesForAFileWithMistakes(t *testing.T) {
	t.Parallel()
	s := memberSite(t, cupi.JSON)
	o := memberOptions(validate.Create)
	o.Exact, o.SkipInvalid, o.MaxDeletes = true, true, record.Limit{Rows: 9}
	_, history := s.run(t.Context(), "run", "DLAlias,MemberAlias\ninner,usre00001\ninner,user00002\nouter,user00002\n", o, 2)
	if got := s.members("inner") + "|" + s.members("outer"); got != "user00001 user00002|inner user00001 user00002" {
		t.Errorf("%s: %s: %s", got, statuses(t, history), messages(t, history))
	}
}

// While one row of a run is not done nobody leaves a list, also after a resume; of the last rows of lists each is only in the
// way of its own. The whole file,
// run again, is made exact.
func TestNobodyLeavesWhileARowIsNotDone(t *testing.T) {
	t.Parallel()
	const file = "DLAlias,MemberAlias\nclosed,user00003\ninner,user00004\ninner,user00005\nclosed,user00002\n"
	for _, test := range []struct {
		refused, canary   int
		want, members     string
		resumed, messages string
	}{
		{1, 1, "failed forbidden, pending, pending, pending", "user00001|user00001", "failed forbidden, created, created, created",
			"nobody leaves the distribution list, because 1 of the file's rows are not done: when they are, run the whole file again"},
		{2, 0, "created, failed forbidden, created, created", "user00001 user00002 user00003|user00001 user00005", "", "nobody leaves the distribution list, because 1"},
		{5, 0, "created, created, created, failed forbidden", "user00001 user00003|user00004 user00005", "", "so nobody leaves the distribution list whom the file does not name"},
	} {
		s := memberSite(t, cupi.JSON)
		var changes atomic.Int64
		s.simulator.Fault = func(r *http.Request) cupitest.Fault {
			if r.Method != "GET" && changes.Add(1) == int64(test.refused) {
				return cupitest.Forbidden
			}
			return cupitest.NoFault
		}
		o := memberOptions(validate.Create)
		o.Exact, o.Canary = true, test.canary
		_, history := s.run(t.Context(), "run", file, o, 1)
		for _, result := range results(t, history) {
			if result.Operation != validate.Create {
				t.Errorf("the operation is %s: %+v", result.Operation, result)
			}
		}
		if got, members := statuses(t, history), s.members("closed")+"|"+s.members("inner"); got != test.want || members != test.members {
			t.Errorf("refused %d: got %s and %s, want %s and %s", test.refused, got, members, test.want, test.members)
		}
		if test.resumed != "" {
			o.Canary = 0
			if _, history = s.resume(t.Context(), history, o); statuses(t, history) != test.resumed || s.members("closed") != "user00001 user00002" {
				t.Errorf("resumed: %s and %s", statuses(t, history), s.members("closed"))
			}
		}
		if got := messages(t, history); !strings.Contains(got, test.messages) {
			t.Errorf("refused %d: %s", test.refused, got)
		}
		s.run(t.Context(), "again", file, o, 2)
		if got := s.members("closed") + "|" + s.members("inner"); got != "user00002 user00003|user00004 user00005" {
			t.Errorf("refused %d, and run again: %s", test.refused, got)
		}
	}
}

// Of two who have one name, the one leaves whom the file does not name. Whoever can't be named by a file stays, which is told; and
// so do all those of a list into which the file lets nobody.
func TestMembersLeaveByWhoTheyAre(t *testing.T) {
	t.Parallel()
	s := memberSite(t, cupi.JSON)
	o := s.other()
	o.do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "user00002"}))
	o.do(cupi.Create(cupi.MembersOf(s.list("inner")), cupi.Object{"MemberDistributionListObjectId": s.list("user00002")}))
	o.join("user00002", s.list("inner"))
	o.join("user00003", s.list("inner"))
	stranger := o.id("user00003")
	s.frontOf("/distributionlistmembers", func(text string) string {
		return strings.ReplaceAll(text, fmt.Sprintf(`"MemberUserObjectId":%q,`, stranger), "")
	})
	exact := memberOptions("")
	exact.Exact = true
	_, history := s.run(t.Context(), "run", "Operation,DLAlias,MemberAlias,MemberType\ncreate,inner,user00002,user\ncreate,inner,user00001,\ndelete,outer,inner,\n", exact, 2)
	if got, members := statuses(t, history), s.members("inner")+"|"+s.members("outer"); got != "unchanged, updated, deleted" || members != "user00001 user00002 user00003|user00001" {
		t.Errorf("%s, and %s are left", got, members)
	}
	if got := messages(t, history); !strings.Contains(got, "1 whom the file does not name leave the distribution list: user00002; 1 in the distribution list stay, who are no user, list or contact of this server") {
		t.Error(got)
	}
}

// A run that dies while somebody leaves is gone on with, and ends as it would have: each of its changes is made once.
func TestWhoeverLeavesDoesWhenARunIsResumed(t *testing.T) {
	t.Parallel()
	for change := 1; change <= 4; change++ {
		s := memberSite(t, cupi.JSON)
		s.other().join("user00002", s.list("inner"))
		before := withoutIDs(s.simulator.Snapshot())
		o := memberOptions(validate.Create)
		o.Exact, o.MaxDeletes = true, record.Limit{Rows: 9}
		history := s.killedAt(change, fmt.Sprint("run", change), "DLAlias,MemberAlias\ninner,user00004\nclosed,user00005\n", o, cupitest.CutAfterCommit)
		_, history = s.resume(t.Context(), history, o)
		if got := messages(t, history); !strings.Contains(got, "; 2 whom the file does not name leave the distribution list") || !strings.Contains(got, "; 1 whom") {
			t.Errorf("killed at %d: %s", change, got)
		}
		if got, members := statuses(t, history), s.members("inner")+"|"+s.members("closed"); got != "created, created" || members != "user00004|user00005" {
			t.Errorf("killed at %d: %s, and %s: %s", change, got, members, messages(t, history))
		}
		s.unlost(history)
		s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
	}
}

// manyMembers makes of a test one of 5,000 members in 20 lists.
var manyMembers = flag.Bool("many-members", false, "5,000 list members in 20 lists, and print what they cost")

// A run costs a request for each member that changes, the pages of the lists that are named, and those in which
// members are looked up: however many rows a list has.
func TestListMembersCostWhatChanges(t *testing.T) {
	t.Parallel()
	lists, each, apart := 4, 60, 1
	if *manyMembers {
		lists, each, apart = 20, 250, 250
	}
	pages := func(n int) int { return (n + send.ListingRows - 1) / send.ListingRows }
	users := max(150, each+(lists-1)*apart)
	simulator := &cupitest.Server{}
	simulator.AddUsers(users)
	s := newSite(t, simulator)
	o := s.other()
	var create, remove strings.Builder
	create.WriteString("DLAlias,MemberAlias\n")
	remove.WriteString("DLAlias,MemberAlias\n")
	for list := range lists {
		alias := fmt.Sprint("list", list)
		o.do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": alias}))
		for i := 1; i <= each; i++ {
			fmt.Fprintf(&create, "%s,user%05d\n", alias, i+list*apart)
			if i%3 == 0 {
				fmt.Fprintf(&remove, "%s,user%05d\n", alias, i+list*apart)
			}
		}
	}
	const builtIn = 2 // users that the server comes with
	const signIn = 4  // the lists, the users' first, the version, and the state of the servers
	for i, test := range []struct {
		file           string
		operation      validate.Operation
		changes, reads int
	}{
		{create.String(), validate.Create, lists * each, signIn + lists + pages(users+builtIn) + 1 + 1}, // the lists are empty; pages of users, one of lists, one of contacts
		{create.String(), validate.Create, 0, signIn + lists*pages(each)},
		{remove.String(), validate.Delete, lists * (each / 3), signIn + lists*pages(each)},
	} {
		before := simulator.Requests()
		_, history := s.run(t.Context(), fmt.Sprint("run", i), test.file, memberOptions(test.operation), 4)
		changes, reads := 0, 0
		spent := map[string]int{}
		for what, n := range simulator.Requests() {
			if n -= before[what]; strings.HasPrefix(what, "GET") {
				reads += n
			} else {
				changes += n
			}
			if n > 0 {
				spent[what] = n
			}
		}
		if changes != test.changes || reads > test.reads {
			t.Errorf("%s: %d changes and %d reads, want %d and %d: %v: %s", test.operation, changes, reads, test.changes, test.reads, spent, statuses(t, history)[:60])
		}
		if *manyMembers {
			t.Logf("%s: %d rows, %d changes and %d reads: %v", test.operation, strings.Count(test.file, "\n")-1, changes, reads, spent)
			continue
		}
		s.unlost(history)
	}
}

// A forecast says what its run sends and does.
func TestListMembersCostWhatTheForecastSays(t *testing.T) {
	t.Parallel()
	s := memberSite(t, cupi.JSON)
	history, more := s.asForetold("run", "Operation,DLAlias,MemberAlias\ncreate,inner,user00002\ndelete,inner,user00001\ncreate,outer,vendor\n"+
		"create,outer,user00001\ndelete,outer,user00006\n", memberOptions(""))
	if got := statuses(t, history); got != "created, deleted, created, unchanged, unchanged already-absent" {
		t.Errorf("%s: %s", got, messages(t, history))
	}
	if more["GET"] != 0 || more["POST"] != 0 || more["DELETE"] != 0 {
		t.Errorf("the forecast said %v more than were sent", more)
	}
}

// An export of the members runs and changes nothing, and makes the lists again what they were.
func TestListMembersAreExported(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s := memberSite(t, wire)
		o := s.other()
		o.do(cupi.Create(cupi.MembersOf(s.list("outer")), cupi.Object{"MemberContactObjectId": o.contact("buyer")}))
		for bat, want := range map[bool]string{
			false: "Alias,MemberAlias,MemberType\ninner,user00001,user\nouter,user00001,user\nouter,inner,list\nouter,buyer,contact\n",
			true:  "DLAlias,MemberAlias\ninner,user00001\nouter,user00001\nouter,inner\nouter,buyer\n",
		} {
			var out bytes.Buffer
			if _, err := export.Write(t.Context(), s.server(2), export.Options{Table: validate.ListMembers, BAT: bat, Aliases: map[string]bool{"inner": true, "outer": true}}, &out); err != nil {
				t.Fatal(err)
			}
			if out.String() != want {
				t.Errorf("got\n%s\nwant\n%s", out.String(), want)
			}
			exact := memberOptions(validate.Create)
			exact.Exact = true
			_, history := s.run(t.Context(), fmt.Sprint("again ", bat), out.String(), exact, 2)
			if got := statuses(t, history); got != "unchanged, unchanged, unchanged, unchanged" {
				t.Errorf("%s: %s", got, messages(t, history))
			}
		}
	})
}

// Members whom no row can name are left out of an export, and counted; so are those whom BAT's columns don't tell apart.
func TestListMembersThatAFileCannotName(t *testing.T) {
	t.Parallel()
	s := memberSite(t, cupi.JSON)
	o := s.other()
	o.do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "user00001"}))
	o.do(cupi.Create(cupi.MembersOf(s.list("inner")), cupi.Object{"MemberDistributionListObjectId": s.list("user00001")}))
	o.join("user00003", s.list("inner"))
	stranger := o.id("user00003")
	s.frontOf("/distributionlistmembers", func(text string) string {
		return strings.ReplaceAll(text, fmt.Sprintf(`"MemberUserObjectId":%q,`, stranger), "")
	})
	for bat, want := range map[bool]export.Exported{false: {Users: 2, Strangers: 1}, true: {Users: 2, Strangers: 1, Alike: 2}} {
		var out bytes.Buffer
		found, err := export.Write(t.Context(), s.server(2), export.Options{Table: validate.ListMembers, BAT: bat, Aliases: map[string]bool{"inner": true}}, &out)
		if found.Requests = 0; err != nil || found != want || strings.Contains(out.String(), "user00003") {
			t.Errorf("got %+v, want %+v: %v\n%s", found, want, err, out.String())
		}
	}
}

// What somebody did to the members since is nobody's of the run: who left by another's hand is not there, and who was added
// meanwhile by another stays.
func TestListMembersOfOthersAreLeft(t *testing.T) {
	t.Parallel()
	s := memberSite(t, cupi.JSON)
	_, made := s.run(t.Context(), "run", "DLAlias,MemberAlias\ninner,user00002\ninner,user00003\n", memberOptions(validate.Create), 1)
	o := s.other()
	for path, member := range s.simulator.Snapshot() {
		if strings.Contains(path, "/distributionlistmembers/") && member["MemberUserObjectId"] == o.id("user00002") {
			o.do(cupi.Delete(cupi.MembersOf(s.list("inner")), member["ObjectId"]))
		}
	}
	o.join("user00002", s.list("inner"))
	found, err := verify.ReadBack(t.Context(), s.server(1), made)
	if err != nil {
		t.Fatal(err)
	}
	var kept []bool
	for result, err := range found {
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, result.Kept)
	}
	if fmt.Sprint(kept) != "[false true]" {
		t.Errorf("verify found %v", kept)
	}
	_, gone := s.run(t.Context(), "delete", "DLAlias,MemberAlias\nouter,user00001\nouter,inner\n", memberOptions(validate.Delete), 1)
	o.join("user00001", s.list("outer"))
	if got := s.readBack(gone); got != "it was taken out of the list, and is in it" {
		t.Errorf("verify found %s", got)
	}
	_, undone := s.rollback(t.Context(), "undo", made, record.UndoOptions{})
	if got := statuses(t, undone); got != "kept changed-since, restored" || s.members("inner") != "user00001 user00002" {
		t.Errorf("%s, and %s are left: %s", got, s.members("inner"), messages(t, undone))
	}
}

// A row that adds somebody to its list and takes others out does both in one go, so that an interruption leaves as few
// half made as of other rows.
func TestFewListsAreHalfMadeExact(t *testing.T) {
	t.Parallel()
	s := memberSite(t, cupi.JSON)
	file := "DLAlias,MemberAlias\n"
	for i := range 6 {
		alias := fmt.Sprint("list", i)
		s.other().do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": alias}))
		s.other().join("user00001", s.list(alias))
		file += alias + ",user00002\n"
	}
	o := memberOptions(validate.Create)
	o.Exact, o.MaxDeletes = true, record.Limit{Rows: 9}
	_, history := s.run(t.Context(), "run", file, o, 2)
	if err := s.guard.HalfMade(); err != nil || s.members("list5") != "user00002" {
		t.Errorf("%v: %s", err, messages(t, history))
	}
}
