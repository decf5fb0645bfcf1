package batch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

func TestSwappedExtensions(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(120)
	s := newSite(t, simulator)
	before := byAlias(simulator.Snapshot())
	var text strings.Builder
	text.WriteString("Alias,DtmfAccessId\n")
	want := map[string]string{}
	move := func(from, to int) {
		alias := fmt.Sprintf("user%05d", from)
		want[alias] = before[fmt.Sprintf("user%05d", to)]["DtmfAccessId"]
		fmt.Fprintf(&text, "%s,%s\n", alias, want[alias])
	}
	for pair := 1; pair <= 100; pair += 2 { // 50 pairs swap
		move(pair, pair+1)
		move(pair+1, pair)
	}
	for i := range 10 { // ten hand theirs round
		move(101+i, 101+(i+1)%10)
	}
	summary, history := s.run(t.Context(), "run", text.String(), options(validate.Update), 4)
	if summary.Counts[record.Updated] != 110 {
		t.Fatalf("counts %v: %s", summary.Counts, statuses(t, history))
	}
	after := byAlias(simulator.Snapshot())
	for alias, extension := range want {
		if got := after[alias]["DtmfAccessId"]; got != extension {
			t.Errorf("%s has extension %s, want %s", alias, got, extension)
		}
	}
	undone, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if undone.Counts[record.Restored] != 110 || undone.Exit != record.ExitDone {
		t.Errorf("rollback: exit %d, %v: %s", undone.Exit, undone.Counts, statuses(t, of))
	}
	compareSnapshots(t, before, byAlias(simulator.Snapshot()))
}

// Of two rows that swap extensions, only a user that is there already can be moved out of
// the way first; one that the file makes is not there yet.
func TestUsersThatAFileMakesSwapExtensions(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, want string }{
		"a new user and one that is there": {"create,fresh,4711\nupdate,fresh,EXT\nupdate,user00001,4711\n", "created, updated, updated"},
		"a user made again and another":    {"delete,user00002,\ncreate,user00002,4711\nupdate,user00002,EXT\nupdate,user00001,4711\n", "deleted, created, updated, updated"},
		"two new users": {"create,one,4711\ncreate,two,4712\nupdate,one,4712\nupdate,two,4711\n",
			"created, created, invalid rows-in-a-circle, invalid rows-in-a-circle"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(2)
			s := newSite(t, simulator)
			extension := byAlias(simulator.Snapshot())["user00001"]["DtmfAccessId"]
			file := strings.ReplaceAll("Operation,Alias,DtmfAccessId\n"+test.file, "EXT", extension)
			_, history := s.run(t.Context(), "run", file, options(""), 2)
			if got := statuses(t, history); got != test.want {
				t.Errorf("statuses\n got %s\nwant %s\n%s", got, test.want, messages(t, history))
			}
		})
	}
}

func TestWhatIsFreedIsTakenAfterwards(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(4)
	s := newSite(t, simulator)
	before := byAlias(simulator.Snapshot())
	extension := func(n int) string { return before[fmt.Sprintf("user%05d", n)]["DtmfAccessId"] }
	text := fmt.Sprintf(`Operation,Alias,DtmfAccessId,NewAlias
create,first,%s,
update,user00001,%s,
update,user00002,%s,
delete,user00003,,
create,user00004,4711,
update,user00004,,moved
create,taken,%s,
`, extension(1), extension(2), extension(3), extension(4))
	_, history := s.run(t.Context(), "run", text, options(""), 4)
	want := "created, updated, updated, deleted, created, updated, invalid extension-taken"
	if got := statuses(t, history); got != want {
		t.Errorf("statuses\n got %s\nwant %s\n%+v", got, want, results(t, history))
	}
	undone, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if undone.Exit != record.ExitDone {
		t.Errorf("rollback: %s: %+v", statuses(t, of), results(t, of))
	}
	compareSnapshots(t, before, byAlias(simulator.Snapshot()))
}

// Rows that hand on aliases go in the order that frees each before it is taken; in
// a cycle there is none, and all its rows are named.
func TestHandedOnAliases(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text, want string
		alias            map[string]string // alias before -> after
	}{
		{"a chain", "Alias,NewAlias\nuser00001,user00002\nuser00002,user00003\nuser00003,moved\n", "updated, updated, updated",
			map[string]string{"user00001": "user00002", "user00002": "user00003", "user00003": "moved"}},
		{"a swap", "Alias,NewAlias\nuser00001,user00002\nuser00002,user00001\n", "invalid rows-in-a-circle, invalid rows-in-a-circle", nil},
		{"a rotation, and a row beside it", "Alias,NewAlias\nuser00001,user00002\nuser00003,user00001\nuser00002,user00003\nuser00004,moved\n",
			"invalid rows-in-a-circle, invalid rows-in-a-circle, invalid rows-in-a-circle, updated", map[string]string{"user00004": "moved"}},
		{"a swap of aliases and extensions", "Alias,NewAlias,DtmfAccessId\nuser00001,user00002,10001\nuser00002,user00001,10000\n",
			"invalid rows-in-a-circle, invalid rows-in-a-circle", nil},
		{"what nobody frees", "Alias,NewAlias\nuser00001,user00002\n", "invalid alias-taken", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(4)
			s := newSite(t, simulator)
			before := byAlias(simulator.Snapshot())
			_, history := s.run(t.Context(), "run", test.text, options(validate.Update), 4)
			if got := statuses(t, history); got != test.want {
				t.Errorf("%s, want %s\n%s", got, test.want, messages(t, history))
			}
			if strings.Contains(test.name, "a rotation") && !strings.Contains(messages(t, history), "rows 1, 2, 3 (line 2, line 3, line 4) each take what another one frees") {
				t.Errorf("the rows are not named: %s", messages(t, history))
			}
			after := byAlias(simulator.Snapshot())
			for was, is := range test.alias {
				if got, want := after[is]["DtmfAccessId"], before[was]["DtmfAccessId"]; got != want {
					t.Errorf("%s has extension %q, want %q, that of the former %s", is, got, want, was)
				}
			}
			s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			compareSnapshots(t, before, byAlias(simulator.Snapshot()))
		})
	}
}

func TestConflictsFoundBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	text := `Operation,Alias,DtmfAccessId,CosDisplayName,TemplateAlias,NewAlias,Inactive,PartitionObjectId,TimeZone
create,user00001,4711,,voicemailusertemplate,,,,
create,fresh,10001,,voicemailusertemplate,,,,
create,fresh2,4712,Voice Mail User CO,voicemailusertemplate,,,,
create,fresh3,4713,,voicemailusertemplat,,,,
create,fresh4,4714,,administratortemplate,,,,
update,nobody,4715,,,,,,
update,user00001,,,,user00002,,,
create,fresh5,0,,voicemailusertemplate,,,,
update,user00003,,,,,true,,
create,fresh6,4716,,voicemailusertemplate,,,00000000-1111-2222-3333-444444444444,
create,fresh7,4717,,voicemailusertemplate,,,,1234
`
	recorder := s.recorder("run")
	checked := s.prepare(recorder, text, options(""))
	var got []string
	_, err := batch.Preflight(t.Context(), s.server(4), checked, func(p validate.Problem) { got = append(got, fmt.Sprint(p.Row, " ", p.Code)) })
	if err != nil {
		t.Fatal(err)
	}
	want := "1 alias-taken,3 unknown-name,4 unknown-template,5 administrator-template,6 no-such-user,2 extension-taken,7 alias-taken,8 extension-taken,9 inactive-only-true-to-false,10 unknown-id,11 unknown-id"
	for _, w := range strings.Split(want, ",") {
		found := false
		for _, g := range got {
			found = found || g == w
		}
		if !found {
			t.Errorf("no conflict %s in %q", w, got)
		}
	}
	for what, n := range simulator.Requests() {
		if !strings.HasPrefix(what, "GET ") {
			t.Errorf("the pre-flight sent %d %s", n, what)
		}
	}
}

// Alternate extensions of other users are looked at only where it is asked for,
// because that costs a request a user.
func TestDeepPreflightFindsAlternateExtensions(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	server := s.server(2)
	holder := simulator.UserByAlias("user00002")
	simulator.OnChange = nil
	if _, err := server.Client.Do(t.Context(), cupi.Create(cupi.AlternateExtensionsOf(holder["ObjectId"]), cupi.Object{"IdIndex": "1", "DtmfAccessId": "4711", "PartitionObjectId": holder["PartitionObjectId"]})); err != nil {
		t.Fatal(err)
	}
	for _, deep := range []bool{false, true} {
		options := options(validate.Create)
		options.Deep = deep
		recorder := s.recorder(fmt.Sprint("run deep ", deep))
		checked := s.prepare(recorder, "Alias,DtmfAccessId\nfresh,4711\n", options)
		var codes []string
		p, err := batch.Preflight(t.Context(), s.server(2), checked, func(p validate.Problem) { codes = append(codes, string(p.Code)) })
		if err != nil {
			t.Fatal(err)
		}
		if found := fmt.Sprint(codes) == "[extension-taken]"; found != deep {
			t.Errorf("deep %t: problems %v", deep, codes)
		}
		if said := strings.Contains(fmt.Sprint(p.Forecast().NotChecked), "alternate extensions"); said == deep {
			t.Errorf("deep %t: not checked: %v", deep, p.Forecast().NotChecked)
		}
	}
}

// A row that only shares its alias with one that goes through a temporary extension
// waits until that one is done, not only until it has left its extension.
func TestParkingKeepsTheRowsOfOneAliasInOrder(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3) // with the extensions 10000, 10001 and 10002
	s := newSite(t, simulator)
	before := simulator.Snapshot()
	_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId,City\n"+
		"update,user00002,10002,Oslo\n"+
		"delete,user00002,,\n"+
		"update,user00003,10001,Bergen\n", options(""), 4)
	if got := statuses(t, history); got != "updated, deleted, updated" {
		t.Fatalf("got %s", got)
	}
	undone, _ := s.rollback(t.Context(), "undo", history, record.UndoOptions{Template: "voicemailusertemplate"})
	if undone.Exit != record.ExitDone {
		t.Errorf("rollback: exit %d", undone.Exit)
	}
	if diff := cmp.Diff(byAlias(before), byAlias(simulator.Snapshot())); diff != "" {
		t.Error(diff)
	}
}

func TestAnExtensionOfADistributionListIsTaken(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	request := httptest.NewRequest(http.MethodPost, "/vmrest/distributionlists", strings.NewReader(`{"Alias":"all-of-us","DisplayName":"All of us","DtmfAccessId":"4711"}`))
	request.SetBasicAuth("admin", "secret")
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	if simulator.ServeHTTP(answer, request); answer.Code != http.StatusCreated {
		t.Fatalf("status %d: %s", answer.Code, answer.Body)
	}
	s := newSite(t, simulator)
	for i, file := range []string{
		"Operation,Alias,DtmfAccessId,TemplateAlias\ncreate,fresh,4711,voicemailusertemplate\ncreate,other,4712,voicemailusertemplate\n",
		"Operation,Alias,DtmfAccessId,TemplateAlias,DistributionLists\ncreate,fresh,4711,voicemailusertemplate,\ncreate,third,4713,voicemailusertemplate,all-of-us\n",
	} {
		_, history := s.run(t.Context(), fmt.Sprint("run", i), file, options(""), 2)
		if got := statuses(t, history); got != "invalid extension-taken, created" {
			t.Errorf("got %s", got)
		}
		if read := simulator.Requests()["GET /vmrest/distributionlists"]; read != i+1 {
			t.Errorf("after %d runs the distribution lists were read %d times, want once a run", i+1, read)
		}
	}
}
