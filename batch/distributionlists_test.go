package batch_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/audio"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// listOptions are those of a run of distribution lists.
func listOptions(operation validate.Operation) record.Options {
	o := options(operation)
	o.Object, o.Template = validate.DistributionLists.Object, ""
	return o
}

const newLists = `Alias,DisplayName,Extension,AltNames,AllowContacts,PartitionName
sales,Sales,5000,Vendas;Ventes,true,
help,Help,,,0,
branch,Branch,5001,Filiale,,Branch Partition
`

// A list is made, changed, deleted, and each of that is taken back whole.
func TestDistributionLists(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		simulator := &cupitest.Server{}
		simulator.AddUsers(3)
		s := newSite(t, simulator)
		s.wire = wire
		fresh := simulator.Snapshot()
		_, made := s.run(t.Context(), "create", newLists, listOptions(validate.Create), 2)
		if got, want := statuses(t, made), "created, created, created"; got != want {
			t.Fatalf("got %s, want %s: %s", got, want, messages(t, made))
		}
		s.unlost(made)
		_, again := s.run(t.Context(), "again", newLists, listOptions(validate.Upsert), 2)
		if got, want := statuses(t, again), "unchanged, unchanged, unchanged"; got != want {
			t.Fatalf("got %s, want %s: %s", got, want, messages(t, again))
		}
		before := simulator.Snapshot()
		_, changed := s.run(t.Context(), "update", "Alias,DisplayName,Extension,AltNames,AllowForeignMessage\n"+
			"SALES,Sales EMEA,5002,Ventes;Verkauf,true\nhelp,,5000,,\nbranch,,,%null%,\n", listOptions(validate.Update), 2)
		if got, want := statuses(t, changed), "updated, updated, updated"; got != want {
			t.Fatalf("got %s, want %s: %s", got, want, messages(t, changed))
		}
		s.unlost(changed)
		s.rollback(t.Context(), "undo update", changed, record.UndoOptions{})
		compareSnapshots(t, withoutIDs(before), withoutIDs(simulator.Snapshot()))

		o := s.other()
		sales, help := s.list("sales"), s.list("help")
		o.join("user00001", sales)
		o.join("user00002", sales)
		o.do(cupi.Create(cupi.MembersOf(sales), cupi.Object{"MemberDistributionListObjectId": help}))
		before = simulator.Snapshot()
		_, deleted := s.run(t.Context(), "delete", "Alias\nsales\nhelp\nbranch\nnobody\n", listOptions(validate.Delete), 2)
		if got, want := statuses(t, deleted), "deleted, deleted, deleted, unchanged already-absent"; got != want {
			t.Fatalf("got %s, want %s: %s", got, want, messages(t, deleted))
		}
		s.unlost(deleted)
		_, undone := s.rollback(t.Context(), "undo delete", deleted, record.UndoOptions{})
		if got, want := statuses(t, undone), "recreated, recreated, recreated"; got != want {
			t.Errorf("got %s, want %s: %s", got, want, messages(t, undone))
		}
		compareSnapshots(t, withoutIDs(before), withoutIDs(simulator.Snapshot()))
		for _, list := range []string{"sales", "help", "branch"} { // as another administrator, so that the run's own are not in the way
			o.do(cupi.Delete(cupi.DistributionLists, s.list(list)))
		}
		compareSnapshots(t, withoutIDs(fresh), withoutIDs(simulator.Snapshot()))
	})
}

// list is the ObjectId of a distribution list.
func (s *site) list(alias string) string {
	s.t.Helper()
	for path, object := range s.simulator.Snapshot() {
		if object["Alias"] == alias && strings.HasPrefix(path, "distributionlists/") && strings.Count(path, "/") == 1 {
			return object["ObjectId"]
		}
	}
	s.t.Fatalf("there is no list %s", alias)
	return ""
}

// What the forecast of a list says is what its run sends and does.
func TestDistributionListsCostWhatTheForecastSays(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	for i, test := range []struct {
		operation validate.Operation
		text      string
	}{
		{validate.Create, newLists},
		{validate.Update, "Alias,DisplayName,AltNames,AllowContacts\nsales,Sales 2,Vendas,false\nhelp,Help 2,,\nbranch,Branch,Filiale,\n"},
		{validate.Delete, "Alias\nsales\nhelp\nbranch\n"},
	} {
		_, more := s.asForetold(fmt.Sprint("run", i), test.text, listOptions(test.operation))
		for method, left := range more {
			if left != 0 && (method != "GET" || test.operation != validate.Delete) {
				t.Errorf("%s: the forecast said %d %s more than were sent", test.operation, left, method)
			}
		}
	}
}

// What a list can't be is told before anything is sent.
func TestDistributionListsThatCannotBe(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	for i, test := range []struct {
		operation  validate.Operation
		text, want string
	}{
		{validate.Create, "Alias\nallvoicemailusers\n", "2 Alias alias-taken"},
		{validate.Create, "Alias,Extension,PartitionName\nsales,10001,cuc1 Partition\n", "2 DtmfAccessId extension-taken"},
		{validate.Update, "Alias,Extension\nundeliverablemessages,10001\n", "2 DtmfAccessId extension-taken"},
		{validate.Update, "Alias,Extension\nundeliverablemessages,99991\n", "2 DtmfAccessId extension-taken"},
		{validate.Update, "Alias,DisplayName\nnobody,X\n", "2 Alias no-such-user"},
		{validate.Delete, "Alias\nallvoicemailusers\n", "2  undeletable"},
		{validate.Create, "Alias,PartitionName\nsales,Nowhere\n", "2 PartitionName unknown-name"},
	} {
		_, problems := s.preflight(s.recorder(fmt.Sprint("run", i)), test.text, listOptions(test.operation))
		if problems != test.want {
			t.Errorf("%s: got %q, want %q", test.text, problems, test.want)
		}
	}
}

// Lists can hand their extensions round.
func TestDistributionListsHandExtensionsRound(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	s.run(t.Context(), "create", "Alias,Extension\na,5000\nb,5001\n", listOptions(validate.Create), 2)
	before := s.simulator.Snapshot()
	_, history := s.run(t.Context(), "swap", "Alias,Extension\na,5001\nb,5000\n", listOptions(validate.Update), 2)
	if got := statuses(t, history); got != "updated, updated" {
		t.Fatalf("%s: %s", got, messages(t, history))
	}
	s.unlost(history)
	s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	compareSnapshots(t, before, s.simulator.Snapshot())
}

// listSite is a server with two lists that have members and names, one within the other.
func listSite(t *testing.T, wire cupi.Wire) *site {
	t.Helper()
	return listsOn(t, wire, &cupitest.Server{})
}

// listsOn is such a site of a simulator. A call handler, a template of those and an interview handler send messages to the
// lists.
func listsOn(t *testing.T, wire cupi.Wire, simulator *cupitest.Server) *site {
	t.Helper()
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	s.wire = wire
	o := s.other()
	for alias, extension := range map[string]string{"inner": "5000", "outer": "5001"} {
		o.do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": alias, "DtmfAccessId": extension}))
		o.do(cupi.Create(cupi.AlternateNames, cupi.Object{"FirstName": "Other " + alias, "DistributionListObjectId": s.list(alias)}))
		o.join("user00001", s.list(alias))
	}
	o.do(cupi.Create(cupi.MembersOf(s.list("outer")), cupi.Object{"MemberDistributionListObjectId": s.list("inner")}))
	o.sendTo("RecipientDistributionListObjectId", s.list("outer"), cupi.CallHandlers, cupi.CallHandlerTemplates)
	o.do(cupi.Create(cupi.InterviewHandlers, cupi.Object{"DisplayName": "Survey", "RecipientDistributionListObjectId": s.list("inner")}))
	return s
}

// A list comes back in its partition where the server lets it, and else it is told.
func TestDistributionListsComeBackInTheirPartition(t *testing.T) {
	t.Parallel()
	for fixed, want := range map[bool]string{false: "recreated", true: "recreated partly-recreated"} {
		s := newSite(t, &cupitest.Server{FixedListPartition: fixed})
		s.run(t.Context(), "create", "Alias,PartitionName\nbranch,Branch Partition\n", listOptions(validate.Create), 1)
		before := s.simulator.Snapshot()
		_, deleted := s.run(t.Context(), "delete", "Alias\nbranch\n", listOptions(validate.Delete), 1)
		_, undone := s.rollback(t.Context(), "undo", deleted, record.UndoOptions{})
		if got := statuses(t, undone); got != want {
			t.Errorf("%s: %s", got, messages(t, undone))
		}
		if fixed {
			if got := only(t, undone); !strings.Contains(got.Message, "PartitionObjectId") {
				t.Error(got.Message)
			}
			continue
		}
		compareSnapshots(t, withoutIDs(before), withoutIDs(s.simulator.Snapshot()))
	}
}

// A resume does nothing to a list that somebody made of a pending row's alias meanwhile, though no list
// tells when it was made, and goes on with those that the run knew.
func TestAResumeTouchesNoListMadeSince(t *testing.T) {
	t.Parallel()
	for operation, ends := range map[string]string{"delete": "updated, invalid made-since, deleted", "update": "updated, invalid made-since, updated", "upsert": "updated, invalid made-since, updated"} {
		s := listSite(t, cupi.JSON)
		o := s.other()
		o.do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "sales"}))
		history := s.killedAt(1, "run", "Operation,Alias,DisplayName\nupdate,inner,New\n"+operation+",sales,New\n"+operation+",outer,New\n", listOptions(""), cupitest.NoFault)
		o.do(cupi.Delete(cupi.DistributionLists, s.list("sales")))
		o.do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "sales", "DisplayName": "Somebody's"}))
		_, history = s.resume(t.Context(), history, listOptions(""))
		if got := statuses(t, history); got != ends {
			t.Errorf("%s: %s, want %s: %s", operation, got, ends, messages(t, history))
		}
		if list := s.simulator.Snapshot()["distributionlists/"+s.list("sales")]; list["DisplayName"] != "Somebody's" {
			t.Errorf("%s: the list is %v", operation, list)
		}
	}
}

// A list that can't be made again is told as missing of the list that held it, in whatever order they go back.
func TestAMemberThatDoesNotComeBackIsTold(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"Alias\nouter\ninner\n": "recreated partly-recreated, kept alias-taken", // the inner one goes back first
		"Alias\ninner\nouter\n": "kept alias-taken, recreated",
	} {
		s := listSite(t, cupi.JSON)
		_, deleted := s.run(t.Context(), "delete", file, listOptions(validate.Delete), 1)
		s.other().do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "inner", "DisplayName": "Somebody's"}))
		_, undone := s.rollback(t.Context(), "undo", deleted, record.UndoOptions{})
		if got := statuses(t, undone); got != want {
			t.Errorf("%s, want %s: %s", got, want, messages(t, undone))
		}
	}
}

// A list that the run made and to which somebody gave an extension or a recorded name since is kept.
func TestAListThatSomebodyChangedIsKept(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	_, made := s.run(t.Context(), "create", "Alias,Extension\nnumbered,\nnamed,\nasked,\nown,5001\n", listOptions(validate.Create), 1)
	s.other().do(cupi.Update(cupi.DistributionLists, s.list("numbered"), cupi.Object{"DtmfAccessId": "5000"}))
	s.other().sendTo("RecipientDistributionListObjectId", s.list("asked"), cupi.CallHandlers)
	s.audio = new(audio.Store)
	s.plant("distributionlists/"+s.list("named")+"/voicename", "somebody")
	_, undone := s.rollback(t.Context(), "undo", made, record.UndoOptions{})
	if got := statuses(t, undone); got != "kept changed-since, kept changed-since, kept changed-since, deleted" ||
		!strings.Contains(messages(t, undone), "somebody changed DtmfAccessId") || !strings.Contains(messages(t, undone), "gets the messages of the call handler") {
		t.Errorf("%s: %s", got, messages(t, undone))
	}
}

// A list comes back to its partition with its extension, though another has that one in the default partition by now.
func TestAListComesBackWithItsExtensionInItsPartition(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	s.run(t.Context(), "create", "Alias,Extension,PartitionName\nbranch,5001,Branch Partition\n", listOptions(validate.Create), 1)
	before := s.simulator.Snapshot()["distributionlists/"+s.list("branch")]
	_, deleted := s.run(t.Context(), "delete", "Alias\nbranch\n", listOptions(validate.Delete), 1)
	s.other().do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "elsewhere", "DtmfAccessId": "5001"}))
	_, undone := s.rollback(t.Context(), "undo", deleted, record.UndoOptions{})
	if got := statuses(t, undone); got != "recreated" {
		t.Fatalf("%s: %s", got, messages(t, undone))
	}
	now := s.simulator.Snapshot()["distributionlists/"+s.list("branch")]
	for _, name := range []string{"DtmfAccessId", "PartitionObjectId"} {
		if now[name] != before[name] {
			t.Errorf("%s is %q and was %q", name, now[name], before[name])
		}
	}
}

// Where the server takes no partition, the extension comes back all the same.
func TestAListComesBackWithItsExtensionWithoutItsPartition(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{FixedListPartition: true})
	s.other().do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "branch", "DtmfAccessId": "5001", "PartitionObjectId": "30c21994-bd80-4992-97ce-601ca93bf3da"}))
	_, deleted := s.run(t.Context(), "delete", "Alias\nbranch\n", listOptions(validate.Delete), 1)
	_, undone := s.rollback(t.Context(), "undo", deleted, record.UndoOptions{})
	if list := s.simulator.Snapshot()["distributionlists/"+s.list("branch")]; statuses(t, undone) != "recreated partly-recreated" || list["DtmfAccessId"] != "5001" {
		t.Errorf("%s with the extension %q: %s", statuses(t, undone), list["DtmfAccessId"], messages(t, undone))
	}
}

// A file of users reads the lists whole, so that it knows each extension that is taken, also for users whom it
// moves to a temporary one.
func TestAFileOfUsersReadsTheListsWhole(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	s := newSite(t, &cupitest.Server{MaxRows: 1, Fault: func(r *http.Request) cupitest.Fault {
		if strings.HasSuffix(r.URL.Path, "/distributionlists") && strings.Contains(r.URL.RawQuery, "DtmfAccessId") {
			asked.Add(1)
		}
		return cupitest.NoFault
	}})
	_, made := s.run(t.Context(), "create", "Alias,Extension\njdoe,4001\n", options(validate.Create), 1)
	if got := statuses(t, made); got != "created" || asked.Load() > 0 {
		t.Errorf("%s, and the lists were asked for one extension %d times", got, asked.Load())
	}
}
