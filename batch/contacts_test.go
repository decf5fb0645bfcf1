package batch_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/audio"
	"cucbulk/cupi/cupitest"
	"cucbulk/reports"
	"cucbulk/validate"
)

// contactOptions are those of a run of contacts.
func contactOptions(operation validate.Operation) record.Options {
	o := options(operation)
	o.Object, o.Template = validate.Contacts.Object, ""
	return o
}

// newContacts has each of BAT's documented headings.
const newContacts = `Alias,Extension,ContactTemplateAlias,AltFirstNames,AltLastNames,AltFirstName,AltLastName,DisplayName,FirstName,LastName,ListInDirectory,RemoteMailAddress,TransferEnabled,TransferExtension,TransferRings,TransferType,DeliveryLocationDisplayName,PartitionDisplayName,SmtpProxyAddresses,DialableWorkPhone,DialableHomePhone,DialableMobilePhone,City,Department
vendor,5000,systemcontacttemplate,Ven;V,Dor;D,Ven,Dor,Vendor One,V,One,1,v1@example.org,1,95551234,4,1,cuc1,cuc1 Partition,"v@example.org,w@example.org",9011,9012,9013#,Oslo,Sales
plain,,,,,,,,,,,,,,,,,,,,,,,
branch,5000,,,,,,Branch,,,0,,0,,,0,,Branch Partition,,,,,,
`

// A contact is made, changed, deleted, and each of that is taken back whole.
func TestContacts(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		simulator := &cupitest.Server{ContactFields: true}
		simulator.AddUsers(1)
		s := newSite(t, simulator)
		s.wire = wire
		fresh := withoutIDs(simulator.Snapshot())
		_, made := s.run(t.Context(), "create", newContacts, contactOptions(validate.Create), 2)
		if got := statuses(t, made); got != "created, created, created" {
			t.Fatalf("%s: %s", got, messages(t, made))
		}
		s.unlost(made)
		_, again := s.run(t.Context(), "again", newContacts, contactOptions(validate.Upsert), 2)
		if got := statuses(t, again); got != "unchanged, unchanged, unchanged" {
			t.Fatalf("%s: %s", got, messages(t, again))
		}
		before := withoutIDs(simulator.Snapshot())
		_, changed := s.run(t.Context(), "update", "Alias,Extension,City,AltFirstNames,AltLastNames,SmtpProxyAddresses,TransferType,Department\n"+
			"VENDOR,5001,Bergen,V,D,w@example.org,release,%null%\nplain,5000,Moss,,,p@example.org,supervised,\n", contactOptions(validate.Update), 2)
		if got := statuses(t, changed); got != "updated, updated" {
			t.Fatalf("%s: %s", got, messages(t, changed))
		}
		s.unlost(changed)
		s.rollback(t.Context(), "undo update", changed, record.UndoOptions{})
		compareSnapshots(t, before, withoutIDs(simulator.Snapshot()))

		o := s.other()
		o.do(cupi.Create(cupi.MembersOf(contacts), cupi.Object{"MemberContactObjectId": s.contact("vendor")}))
		before = withoutIDs(simulator.Snapshot())
		_, deleted := s.run(t.Context(), "delete", "Alias\nvendor\nplain\nbranch\nnobody\n", contactOptions(validate.Delete), 2)
		if got := statuses(t, deleted); got != "deleted, deleted, deleted, unchanged already-absent" {
			t.Fatalf("%s: %s", got, messages(t, deleted))
		}
		s.unlost(deleted)
		compareSnapshots(t, fresh, withoutIDs(simulator.Snapshot()))
		_, undone := s.rollback(t.Context(), "undo delete", deleted, record.UndoOptions{})
		if got := statuses(t, undone); got != "recreated, recreated, recreated" {
			t.Errorf("%s: %s", got, messages(t, undone))
		}
		compareSnapshots(t, before, withoutIDs(simulator.Snapshot()))
	})
}

// contact is the ObjectId of a contact.
func (s *site) contact(alias string) string {
	s.t.Helper()
	for path, object := range s.simulator.Snapshot() {
		if object["Alias"] == alias && strings.HasPrefix(path, "contacts/") && strings.Count(path, "/") == 1 {
			return object["ObjectId"]
		}
	}
	s.t.Fatalf("there is no contact %s", alias)
	return ""
}

// contactSite is a server with two contacts, of whom one has names and is in lists.
func contactSite(t *testing.T, wire cupi.Wire) *site {
	t.Helper()
	s := newSite(t, &cupitest.Server{ContactFields: true})
	s.wire = wire
	o := s.other()
	for alias, extension := range map[string]string{"there": "5000", "leaver": "5001"} {
		o.do(cupi.CreateContact("systemcontacttemplate", cupi.Object{"Alias": alias, "DtmfAccessId": extension, "City": "Oslo"}))
	}
	leaver := s.contact("leaver")
	o.do(cupi.Create(cupi.AlternateNames, cupi.Object{"FirstName": "Other", "LastName": "Leaver", "ContactObjectId": leaver}))
	o.do(cupi.Create(cupi.SmtpProxyAddresses, cupi.Object{"SmtpAddress": "l@example.org", "ObjectGlobalUserObjectId": leaver}))
	o.do(cupi.Create(cupi.MembersOf(contacts), cupi.Object{"MemberContactObjectId": leaver}))
	o.sendTo("RecipientContactObjectId", leaver, cupi.CallHandlers, cupi.CallHandlerTemplates)
	return s
}

// What the forecast of a contact says is what its run sends.
func TestContactsCostWhatTheForecastSays(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{ContactFields: true})
	for i, test := range []struct {
		operation validate.Operation
		text      string
	}{
		{validate.Create, newContacts},
		{validate.Update, "Alias,DisplayName,City,SmtpProxyAddresses\nvendor,Vendor 2,Oslo,w@example.org\nplain,,Moss,\nbranch,Branch,,b@example.org\n"},
	} {
		_, more := s.asForetold(fmt.Sprint("run", i), test.text, contactOptions(test.operation))
		for method, left := range more {
			if left != 0 {
				t.Errorf("%s: the forecast said %d %s more than were sent", test.operation, left, method)
			}
		}
	}
}

// What only BAT is known to have, a server may refuse, or take and not keep: it is left out then, and each row says
// so. Whose row asks for nothing else is unchanged.
func TestContactsGoWithoutWhatTheServerLacks(t *testing.T) {
	const update = "Alias,City,SmtpProxyAddresses\nvendor,Bergen,v@example.org\nplain,Oslo,\nbranch,Moss,\n"
	for name, simulator := range map[string]func() *cupitest.Server{
		"refuses": func() *cupitest.Server { return &cupitest.Server{} }, "passes over": func() *cupitest.Server { return &cupitest.Server{PassOverFields: true} }} {
		t.Run(name, func(t *testing.T) {
			inBothWires(t, func(t *testing.T, wire cupi.Wire) {
				s := newSite(t, simulator())
				s.wire = wire
				before := withoutIDs(s.simulator.Snapshot())
				o := contactOptions(validate.Create)
				o.Canary = 1
				file := newContacts + "last,5009,,,,,,,L,Last,,,,,,,,,,,,,Moss,\n"
				_, made := s.run(t.Context(), "create", file, o, 1)
				if got := statuses(t, made); got != "created left-out, created, created left-out, created left-out" || made.Exit() != record.ExitDone {
					t.Fatalf("%s: %s", got, messages(t, made))
				}
				if name == "refuses" {
					s.unlost(made)
				}
				first, last := results(t, made)[0], results(t, made)[3]
				for _, name := range []string{"City", "DtmfAccessId", "DeliveryLocationObjectId", "the SMTP proxy address v@example.org"} {
					if !strings.Contains(first.Message, name) {
						t.Errorf("%s is not named: %s", name, first.Message)
					}
				}
				if last.Message != "left out, because the server does not take it of a contact: City, DtmfAccessId" || last.DtmfAccessID != "" || last.Requests != 1 {
					t.Errorf("what the server lacks was asked of it once more: %+v", last)
				}
				contact := s.simulator.Snapshot()["contacts/"+s.contact("vendor")]
				if contact["LastName"] != "One" || contact["TransferExtension"] != "95551234" || contact["City"] != "" {
					t.Errorf("the contact is %v", contact)
				}
				if got := reports.Summarize(made); got.WentWithout != 3 || !slices.Contains(got.LeftOut, "SMTP proxy addresses") {
					t.Errorf("the summary tells of %d rows and %v", got.WentWithout, got.LeftOut)
				}
				_, changed := s.run(t.Context(), "update", update, contactOptions(validate.Update), 1)
				if got := statuses(t, changed); got != "unchanged left-out, unchanged left-out, unchanged left-out" {
					t.Errorf("%s: %s", got, messages(t, changed))
				}
				if got := results(t, changed)[2]; got.Requests != 0 {
					t.Errorf("a row that wants nothing that the server has: %+v", got)
				}
				s.rollback(t.Context(), "undo update", changed, record.UndoOptions{})
				_, undone := s.rollback(t.Context(), "undo", made, record.UndoOptions{})
				if got := statuses(t, undone); got != "deleted, deleted, deleted, deleted" {
					t.Errorf("%s: %s", got, messages(t, undone))
				}
				compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
			})
		})
	}
}

// With --strict a row fails that wants what the server does not have.
func TestContactsStrictly(t *testing.T) {
	t.Parallel()
	const file = "Alias,City,LastName,AltFirstNames,AltLastNames\nvendor,Oslo,One,V,O\n"
	o := contactOptions(validate.Create)
	o.Strict = true
	passing := newSite(t, &cupitest.Server{PassOverFields: true})
	_, made := passing.run(t.Context(), "create", file, o, 1)
	got := only(t, made)
	if got.Status != record.Partial || got.Code != "not-kept" || !strings.Contains(got.Message, "City") || len(got.StepsDone) != 2 {
		t.Errorf("%+v", got)
	}
	_, undone := passing.rollback(t.Context(), "undo", made, record.UndoOptions{})
	if got := statuses(t, undone); got != "deleted" {
		t.Errorf("%s: %s", got, messages(t, undone))
	}
	refusing := newSite(t, &cupitest.Server{})
	_, made = refusing.run(t.Context(), "create", file, o, 1)
	if got := only(t, made); got.Status != record.Failed || !strings.Contains(got.Message, "call such a column Junk") {
		t.Errorf("%+v", got)
	}
	_, made = refusing.run(t.Context(), "again", "Alias,SmtpProxyAddresses\nvendor,v@example.org\n", o, 1)
	if got := only(t, made); got.Status != record.Partial || !strings.Contains(got.Message, "ObjectGlobalUserObjectId") {
		t.Errorf("%+v", got)
	}
	kept := newSite(t, &cupitest.Server{FixedListPartition: true})
	_, made = kept.run(t.Context(), "list", "Alias,PartitionName\nbranch,Branch Partition\n", listOptions(validate.Create), 1)
	if got := only(t, made); got.Status != record.Created || got.Requests != 2 {
		t.Errorf("%+v", got)
	}
}

// A value that the server refuses of a field that it has is no field that it lacks: the row is told, and the next
// one gets its own.
func TestContactsWhoseValuesAreRefused(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		simulator := &cupitest.Server{ContactFields: true}
		simulator.AddUsers(1)
		s := newSite(t, simulator)
		s.wire = wire
		o := s.other()
		o.do(cupi.Create(cupi.AlternateExtensionsOf(o.id("user00001")), cupi.Object{"IdIndex": "1", "DtmfAccessId": "5000",
			"PartitionObjectId": s.simulator.Snapshot()["users/"+o.id("user00001")]["PartitionObjectId"]}))
		options := contactOptions(validate.Create)
		options.Canary = 0
		_, made := s.run(t.Context(), "create", "Alias,Extension,City\nfirst,5000,Oslo\nsecond,5001,Moss\n", options, 1)
		if got := results(t, made); got[0].Status != record.Partial || !strings.Contains(got[0].Message, "DtmfAccessId is in use") || got[1].Status != record.Created || got[1].Message != "" {
			t.Errorf("%s: %s", statuses(t, made), messages(t, made))
		}
		if got := s.simulator.Snapshot()["contacts/"+s.contact("second")]; got["DtmfAccessId"] != "5001" || got["City"] != "Moss" {
			t.Errorf("the contact is %v", got)
		}
	})
}

// A run that dies while it finds out what the server lacks goes on, and says the same.
func TestContactsGoWithoutAfterAResume(t *testing.T) {
	t.Parallel()
	const file = "Alias,Extension,City,LastName\nvendor,5000,Oslo,One\nnext,5001,Moss,Two\n"
	for change := range 5 {
		s := newSite(t, &cupitest.Server{})
		before := withoutIDs(s.simulator.Snapshot())
		killed := s.killedAt(change+1, fmt.Sprint("run", change), file, contactOptions(validate.Create), cupitest.NoFault)
		_, resumed := s.resume(t.Context(), killed, contactOptions(validate.Create))
		if got := statuses(t, resumed); got != "created left-out, created left-out" {
			t.Errorf("%d: %s: %s", change, got, messages(t, resumed))
		}
		s.rollback(t.Context(), fmt.Sprint("undo", change), resumed, record.UndoOptions{})
		compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
	}
}

// The forecast says that it can't know which fields the server has.
func TestTheForecastOfWhatIsUnconfirmed(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	for file, want := range map[string]bool{"Alias,City,LastName\nvendor,Oslo,One\n": true, "Alias,LastName\nvendor,One\n": false} {
		preparation, _ := s.preflight(s.recorder(fmt.Sprint(want)), file, contactOptions(validate.Create))
		told := strings.Join(preparation.Forecast().NotChecked, "; ")
		if strings.Contains(told, "whether the server has of a contact: City") != want {
			t.Errorf("%s: not checked is %s", file, told)
		}
	}
}

// What a contact can't be is told before anything is sent; that its template is not there, no list tells.
func TestContactsThatCannotBe(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{ContactFields: true}
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	s.other().do(cupi.CreateContact("systemcontacttemplate", cupi.Object{"Alias": "there", "DtmfAccessId": "5000"}))
	for i, test := range []struct {
		options    record.Options
		text, want string
	}{
		{contactOptions(validate.Create), "Alias\nTHERE\n", "2 Alias alias-taken"},
		{contactOptions(validate.Create), "Alias,Extension,PartitionName\nx,10001,cuc1 Partition\n", "2 DtmfAccessId extension-taken"},
		{contactOptions(validate.Update), "Alias,Extension\nthere,99991\n", "2 DtmfAccessId extension-taken"},
		{contactOptions(validate.Update), "Alias,City\nnobody,X\n", "2 Alias no-such-user"},
		{contactOptions(validate.Create), "Alias,DeliveryLocationDisplayName\nx,Nowhere\n", "2 DeliveryLocationDisplayName unknown-name"},
		{options(validate.Update), "Alias,Extension\nuser00001,5000\n", "2 DtmfAccessId extension-taken"},
		{listOptions(validate.Create), "Alias,Extension,PartitionName\nx,5000,cuc1 Partition\n", "2 DtmfAccessId extension-taken"},
	} {
		if _, problems := s.preflight(s.recorder(fmt.Sprint("run", i)), test.text, test.options); problems != test.want {
			t.Errorf("%s: got %q, want %q", test.text, problems, test.want)
		}
	}
	o := contactOptions(validate.Create)
	o.Template = "nosuchtemplate"
	preparation, _ := s.preflight(s.recorder("template"), "Alias\nx\n", o)
	if unchecked := strings.Join(preparation.Forecast().NotChecked, "; "); !strings.Contains(unchecked, "the contact template nosuchtemplate") {
		t.Errorf("not checked is %s", unchecked)
	}
	if _, history := s.run(t.Context(), "run", "Alias\nx\n", o, 1); only(t, history).Status != record.Failed || !strings.Contains(messages(t, history), "template") {
		t.Errorf("%+v", only(t, history))
	}
}

// Contacts can hand extensions round, and a row that is left with a temporary one says whose it is.
func TestContactsHandExtensionsRound(t *testing.T) {
	t.Parallel()
	s := contactSite(t, cupi.JSON)
	before := s.simulator.Snapshot()
	const file = "Alias,Extension\nthere,5001\nleaver,5000\n"
	_, history := s.run(t.Context(), "swap", file, contactOptions(validate.Update), 2)
	if got := statuses(t, history); got != "updated, updated" {
		t.Fatalf("%s: %s", got, messages(t, history))
	}
	s.unlost(history)
	s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	compareSnapshots(t, before, s.simulator.Snapshot())
	cut := s.killedAt(2, "cut", file, contactOptions(validate.Update), cupitest.Reset)
	if told := messages(t, cut); !strings.Contains(told, "contact") || strings.Contains(told, "the user") {
		t.Errorf("the rows say %s", told)
	}
}

// The recorded name of a contact and of a list comes back where everything was recorded.
func TestRecordedNamesComeBack(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		site    func(*testing.T, cupi.Wire) *site
		path    func(*site) string
		alias   string
		options record.Options
	}{
		{contactSite, func(s *site) string { return "contacts/" + s.contact("leaver") }, "leaver", contactOptions(validate.Delete)},
		{memberSite, func(s *site) string { return "distributionlists/" + s.list("outer") }, "outer", listOptions(validate.Delete)},
	} {
		s := test.site(t, cupi.JSON)
		s.audio = new(audio.Store)
		s.plant(test.path(s)+"/voicename", "leaver")
		before, sound := withoutIDs(s.simulator.Snapshot()), s.plays(test.path(s)+"/voicename")
		o := test.options
		o.PreImage = send.PreImageFull
		_, deleted := s.run(t.Context(), "delete", "Alias\n"+test.alias+"\n", o, 1)
		_, undone := s.rollback(t.Context(), "undo", deleted, record.UndoOptions{})
		if got := statuses(t, undone); got != "recreated" || strings.Contains(messages(t, undone), "recorded name") {
			t.Errorf("%s: %s: %s", test.alias, got, messages(t, undone))
		}
		compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
		if again := s.plays(test.path(s) + "/voicename"); sound == "" || again != sound {
			t.Errorf("%s: the server plays %s, and played %s", test.alias, again, sound)
		}
	}
}

// What another server of the network has, and this one only lists, is left alone.
func TestTargetsOfOtherServers(t *testing.T) {
	t.Parallel()
	s := listSite(t, cupi.JSON)
	ours := s.other().do(cupi.Get(cupi.DistributionLists, s.list("inner"))).Object["LocationObjectId"]
	s.frontOf("/distributionlists", func(text string) string {
		return strings.ReplaceAll(text, ours, "7d3c1a52-11aa-4d3b-9f27-3a1c52b7e0f4")
	})
	for operation, file := range map[validate.Operation]string{validate.Update: "Alias,DisplayName\ninner,New\n", validate.Delete: "Alias\ninner\n"} {
		if _, problems := s.preflight(s.recorder(string(operation)), file, listOptions(operation)); problems != "2  other-location" {
			t.Errorf("%s: %s", operation, problems)
		}
	}
}

// No directory owns a contact, so the server is not asked for whom one does; and nobody is told of users.
func TestContactsBelongToNoDirectory(t *testing.T) {
	t.Parallel()
	s := contactSite(t, cupi.JSON)
	before := s.simulator.Requests()["GET contacts"]
	preparation, _ := s.preflight(s.recorder("check"), "Alias,FirstName\nthere,New\n", contactOptions(validate.Update))
	if told := strings.Join(preparation.Forecast().NotChecked, "; "); strings.Contains(told, "LdapType") {
		t.Errorf("not checked is %s, after %d requests", told, s.simulator.Requests()["GET contacts"]-before)
	}
	_, history := s.run(t.Context(), "run", "Operation,Alias\ncreate,fresh\ndelete,fresh\n", contactOptions(""), 1)
	_, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if told := messages(t, undone); strings.Contains(told, "user") {
		t.Error(told)
	}
}

// No public source says what the listing of contacts shows: an export reads each where it lacks what a column needs.
func TestContactsOfAThinListingAreExported(t *testing.T) {
	t.Parallel()
	s := contactSite(t, cupi.JSON)
	s.other().do(cupi.Update(cupi.Contacts, s.contact("there"), cupi.Object{"FirstName": "Tom"}))
	write := func() string {
		var out bytes.Buffer
		if _, err := export.Write(t.Context(), s.server(2), export.Options{Table: validate.Contacts}, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	want := write()
	s.frontOf("/contacts", func(text string) string {
		return regexp.MustCompile(`"(FirstName|PartitionObjectId)":"[^"]*",`).ReplaceAllString(text, "")
	})
	if got := write(); got != want || !strings.Contains(got, "Tom") {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A template that the listing has among the contacts is none: it is neither exported, nor changed or deleted.
func TestContactTemplatesAreNoContacts(t *testing.T) {
	t.Parallel()
	s := contactSite(t, cupi.JSON)
	s.frontOf("/contacts", func(text string) string {
		return strings.ReplaceAll(text, `"IsTemplate":"false"`, `"IsTemplate":"true"`)
	})
	var out bytes.Buffer
	if _, err := export.Write(t.Context(), s.server(2), export.Options{Table: validate.Contacts}, &out); err != nil || strings.Contains(out.String(), "there") {
		t.Errorf("%v: %s", err, out.String())
	}
	for operation, file := range map[validate.Operation]string{validate.Update: "Alias,FirstName\nthere,New\n", validate.Delete: "Alias\nthere\n"} {
		if _, problems := s.preflight(s.recorder(string(operation)), file, contactOptions(operation)); problems != "2  is-template" {
			t.Errorf("%s: %s", operation, problems)
		}
	}
}

// Of two contacts whose SMTP proxy addresses were refused, and none that has some, the third is not asked for its own.
func TestContactsWithoutProxyAddresses(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	_, made := s.run(t.Context(), "create", "Alias,SmtpProxyAddresses\na,a@x.org\nb,\"b@x.org,b2@x.org\"\nc,c@x.org\n", contactOptions(validate.Create), 1)
	var requests []int
	for _, result := range results(t, made) {
		requests = append(requests, result.Requests)
	}
	if got := statuses(t, made); got != "created left-out, created left-out, created left-out" || requests[2] != 1 || requests[1] == 1 {
		t.Errorf("%s, %v requests: %s", got, requests, messages(t, made))
	}
}
