package batch_test

import (
	"net/http"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/batch/verify"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// refusing lets every change below a path fail until it is told to stop.
func refusing(simulator *cupitest.Server, part string) {
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method != "GET" && strings.Contains(r.URL.Path, part) {
			return cupitest.Forbidden
		}
		return cupitest.NoFault
	}
}

// What a person mends in a row whose user is there is sent as an update, foretold by
// the dry run, kept by the server, and taken back by the rollback of that run; then the
// rollback of the first one takes back the rest.
func TestMendedCellsOfAPartialRow(t *testing.T) {
	t.Parallel()
	const heading = "Operation,Alias,DtmfAccessId,DisplayName,Extension_Alt1,TemplateAlias,ScheduleSetName\n"
	for name, test := range map[string]struct {
		operation    validate.Operation
		first, later string
		status       string
		want         map[string]string
		alternate    string
		puts         int // that the dry run foretells
	}{
		"nothing":      {"create", "pr001,5921,Right Name,,", "pr001,5921,Right Name,,", "created", map[string]string{"DisplayName": "Right Name"}, "", 1},
		"the name":     {"create", "pr001,5921,Nmae Wrong,,", "pr001,5921,Right Name,,", "created", map[string]string{"DisplayName": "Right Name", "DtmfAccessId": "5921"}, "", 2},
		"an extension": {"create", "pr001,5921,Right Name,,", "pr001,5931,Right Name,,", "created", map[string]string{"DtmfAccessId": "5931"}, "", 2},
		"an upsert":    {"upsert", "pr001,5921,Nmae Wrong,,", "PR001,5931,Right Name,,", "created", map[string]string{"DisplayName": "Right Name", "DtmfAccessId": "5931"}, "", 2},
		"an alternate": {"create", "pr001,5921,Right Name,6921,", "pr001,5921,Right Name,6931,", "created", map[string]string{"DtmfAccessId": "5921"}, "6931", 2},
		"an import":    {"import-ldap", "person,5921,,,", "person,5931,,,", "created imported", map[string]string{"DtmfAccessId": "5931"}, "", 2},
		"an update":    {"update", "user00001,,Nmae Wrong,,", "user00001,,Right Name,,", "updated", map[string]string{"DisplayName": "Right Name"}, "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(3)
			if _, err := simulator.AddDirectoryUser(map[string]string{"alias": "person", "firstName": "Per", "lastName": "Son"}); err != nil {
				t.Fatal(err)
			}
			s := newSite(t, simulator)
			before := byAlias(simulator.Snapshot())
			refusing(simulator, "callhandlers")
			row := func(cells string) string {
				return heading + string(test.operation) + "," + cells + "voicemailusertemplate,Weekdays\n"
			}
			_, first := s.run(t.Context(), "first", row(test.first), options(""), 1)
			if got := statuses(t, first); got != "partial forbidden" {
				t.Fatalf("the first run: %s\n%s", got, messages(t, first))
			}
			simulator.Fault = nil
			again := options("")
			again.Continues = first.Folder
			recorder := s.recorder("second")
			p, problems := s.preflight(recorder, row(test.later), again)
			if problems != "" {
				t.Errorf("the pre-flight says %s", problems)
			}
			for preview, err := range p.Previews(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				if preview.Requests["PUT"] != test.puts || preview.Requests["POST"] > 0 {
					t.Errorf("foretold: %+v, want %d PUT", preview, test.puts)
				}
			}
			if _, err := p.Run(t.Context(), recorder); err != nil {
				t.Fatal(err)
			}
			second := s.history(recorder.Folder)
			if got := statuses(t, second); got != test.status {
				t.Errorf("the second run: %s\n%s", got, messages(t, second))
			}
			alias := strings.ToLower(strings.Split(test.later, ",")[0])
			user := simulator.UserByAlias(alias)
			for field, want := range test.want {
				if user[field] != want {
					t.Errorf("%s is %q, want %q", field, user[field], want)
				}
			}
			if result := results(t, second)[0]; result.DtmfAccessID != "" && result.DtmfAccessID != user["DtmfAccessId"] {
				t.Errorf("the result has extension %s, the server %s", result.DtmfAccessID, user["DtmfAccessId"])
			}
			if test.alternate != "" && !strings.Contains(s.alternatesOf(user["ObjectId"]), test.alternate) {
				t.Errorf("the alternate extensions are %s", s.alternatesOf(user["ObjectId"]))
			}
			s.verified(second)
			if _, undone := s.rollback(t.Context(), "undo second", second, record.UndoOptions{}); statuses(t, undone) != "restored" {
				t.Errorf("rollback of the second run: %s\n%s", statuses(t, undone), messages(t, undone))
			}
			if summary, undone := s.rollback(t.Context(), "undo first", first, record.UndoOptions{}); summary.Exit != record.ExitDone {
				t.Errorf("rollback of the first run: %s\n%s", statuses(t, undone), messages(t, undone))
			}
			compareSnapshots(t, before, byAlias(simulator.Snapshot()))
		})
	}
}

// A resume ends whose journal has no order of the rows, and whose row takes what somebody
// took meanwhile: the row was begun, so the server says what becomes of it.
func TestAResumeOfAMendedRowEnds(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	refusing(simulator, "callhandlers")
	const heading = "Operation,Alias,DtmfAccessId,TemplateAlias,ScheduleSetName\n"
	_, first := s.run(t.Context(), "first", heading+"create,pr001,5921,voicemailusertemplate,Weekdays\n", options(""), 1)
	if got := statuses(t, first); got != "partial forbidden" {
		t.Fatalf("the first run: %s\n%s", got, messages(t, first))
	}
	again := options("")
	again.Continues = first.Folder
	killed := s.killedAt(1, "second", heading+"create,pr001,5931,voicemailusertemplate,Weekdays\n", again, cupitest.Forbidden)
	asAnEarlierVersion(t, killed.Folder)
	s.other().do(cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": "stranger", "DtmfAccessId": "5931"}))
	_, second := s.resume(t.Context(), s.history(killed.Folder), options(""))
	if got := statuses(t, second); got != "partial DATA_EXCEPTION" {
		t.Errorf("the second run: %s\n%s", got, messages(t, second))
	}
	if got := simulator.UserByAlias("pr001")["DtmfAccessId"]; got != "5921" {
		t.Errorf("the user has extension %s", got)
	}
}

func (s *site) alternatesOf(userID string) string {
	s.t.Helper()
	answer, err := s.server(1).Client.Do(s.t.Context(), cupi.List(cupi.AlternateExtensionsOf(userID), cupi.Query{}, 0, 0))
	if err != nil {
		s.t.Fatal(err)
	}
	var list []string
	for _, member := range answer.Page.Items {
		list = append(list, member["DtmfAccessId"])
	}
	return strings.Join(list, " ")
}

// verified makes sure that the server has what a run wrote.
func (s *site) verified(history *record.History) {
	s.t.Helper()
	objects, err := verify.ReadBack(s.t.Context(), s.server(1), history)
	if err != nil {
		s.t.Fatal(err)
	}
	for object, err := range objects {
		if err != nil || !object.Kept {
			s.t.Errorf("verify: %+v, %v", object, err)
		}
	}
}

// An Alias that was mended would make a second user of the person: it is refused. So
// is an extension that somebody has, and a PIN that was set is told.
func TestMendedCellsThatAreNotDone(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ later, want string }{
		"another alias":      {"create,pr002,5921,938174\n", "2 Alias alias-mended"},
		"a person more":      {"create,pr001,5921,938174\ncreate,pr009,5929,938174\n", "2 PIN already-set"},
		"a taken extension":  {"create,pr001,10001,938174\n", "2 DtmfAccessId extension-taken"},
		"a PIN that was set": {"create,pr001,5921,648291\n", "2 PIN already-set"},
		"the row and more":   {"create,pr001,5921,938174\nupdate,pr001,5922,\n", "2 PIN already-set"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(3)
			s := newSite(t, simulator)
			refusing(simulator, "callhandlers")
			_, first := s.run(t.Context(), "first", "Operation,Alias,DtmfAccessId,PIN,ScheduleSetName\ncreate,pr001,5921,938174,Weekdays\n", options(""), 1)
			if got := statuses(t, first); got != "partial forbidden" {
				t.Fatalf("the first run: %s\n%s", got, messages(t, first))
			}
			simulator.Fault = nil
			again := options("")
			again.Continues = first.Folder
			recorder := s.recorder("second")
			p, problems := s.preflight(recorder, "Operation,Alias,DtmfAccessId,PIN\n"+test.later, again)
			if problems != test.want {
				t.Errorf("the pre-flight says %q, want %q", problems, test.want)
			}
			if _, err := p.Run(t.Context(), recorder); err != nil {
				t.Fatal(err)
			}
			if simulator.UserByAlias("pr002")["ObjectId"] != "" {
				t.Error("there is a second user")
			}
			if test.later == "create,pr001,5921,938174\nupdate,pr001,5922,\n" && simulator.UserByAlias("pr001")["DtmfAccessId"] != "5922" {
				t.Errorf("the second row was not done: %s", statuses(t, s.history(recorder.Folder)))
			}
		})
	}
}

// Rejects of rejects: what the first run made is known to the third.
func TestRejectsOfRejects(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	refusing(simulator, "callhandlers")
	const file = "Operation,Alias,DtmfAccessId,DisplayName,ScheduleSetName\ncreate,pr001,5921,NAME,Weekdays\n"
	o, folder := options(""), ""
	for run, name := range []string{"Wrong", "Wrong", "Right"} {
		o.Continues = folder
		if run == 2 {
			simulator.Fault = nil
		}
		_, history := s.run(t.Context(), name+strings.Repeat("i", run), strings.ReplaceAll(file, "NAME", name), o, 1)
		if got, want := statuses(t, history), []string{"partial forbidden", "partial forbidden", "created"}[run]; got != want {
			t.Fatalf("run %d: %s, want %s\n%s", run, got, want, messages(t, history))
		}
		folder = history.Folder
	}
	if got := simulator.UserByAlias("pr001")["DisplayName"]; got != "Right" {
		t.Errorf("the name is %q", got)
	}
}
