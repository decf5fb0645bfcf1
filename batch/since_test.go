package batch_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// since are options that leave out what is as in a run.
func since(run string, among string) record.Options {
	o := options(validate.Upsert)
	o.Since = &record.Since{Run: run, Among: []string{among}}
	return o
}

// nightly is a file of so many rows, of which some have another title.
func nightly(n int, title func(i int) string) string {
	var b strings.Builder
	b.WriteString("Alias,DtmfAccessId,Title,Address\n")
	for i := range n {
		fmt.Fprintf(&b, "night%04d,%d,%s,Street %d\n", i, 30000+i, title(i), i)
	}
	return b.String()
}

func TestRowsAsInTheLastRunCostNothing(t *testing.T) {
	simulator := &cupitest.Server{}
	simulator.AddUsers(900) // so that the listing costs more than a query for each row that changed
	s := newSite(t, simulator)
	const rows, changed = 120, 4
	same := func(int) string { return "Clerk" }
	s.run(t.Context(), "first", nightly(rows, same), since(record.SinceLast, s.folder), 4)

	before := simulator.Total()
	title := func(i int) string {
		if i%(rows/changed) == 0 {
			return "Buyer"
		}
		return "Clerk"
	}
	summary, history := s.run(t.Context(), "second", nightly(rows, title), since(record.SinceLast, s.folder), 4)
	sent := simulator.Total() - before
	if summary.Counts[record.Unchanged] != rows-changed || summary.Counts[record.Updated] != changed || summary.Exit != record.ExitDone {
		t.Errorf("ended as %v, exit %d", summary.Counts, summary.Exit)
	}
	if n := history.Rows.AsLastRun(); n != rows-changed {
		t.Errorf("%d rows as in the last run, want %d", n, rows-changed)
	}
	if most := changed*3 + 10; sent > most {
		t.Errorf("%d requests, want at most %d: a query, a GET and a PUT for each row that changed, and 10", sent, most)
	}
	t.Logf("%d requests for %d rows of which %d changed", sent, rows, changed)
	for row, result := range byRow(t, history) {
		if result.Code == codes.AsLastRun && (result.Requests != 0 || result.ObjectID == "" || result.LookedAt.IsZero()) {
			t.Errorf("row %d: %+v", row, result)
		}
	}

	// A run that used it is the next one's, with what it changed and what it did not.
	before = simulator.Total()
	_, history = s.run(t.Context(), "third", nightly(rows, title), since(record.SinceLast, s.folder), 4)
	if n := history.Rows.AsLastRun(); n != rows {
		t.Errorf("the third run: %d rows as in the last, want %d", n, rows)
	}
	if sent := simulator.Total() - before; sent > 5 {
		t.Errorf("the third run sent %d requests", sent)
	}
	if got, want := history.Header.Options.Since.Run, filepath.Join(s.folder, "second"); got != want {
		t.Errorf("the last run is %s, want %s", got, want)
	}
}

// byRow gives results by row.
func byRow(t *testing.T, history *record.History) map[int]record.Result {
	t.Helper()
	rows := map[int]record.Result{}
	for result, err := range history.Results() {
		if err != nil {
			t.Fatal(err)
		}
		rows[result.Row] = result
	}
	return rows
}

// A row is looked at whenever it may not be as the last run left it.
// What a check of all files of a run found of a row stays, whatever the last run did for it.
func TestARejectedRowIsNotAsInTheLastRun(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	file := nightly(2, func(int) string { return "Clerk" })
	s.run(t.Context(), "first", file, since(record.SinceLast, s.folder), 2)
	recorder := s.recorder("second")
	checked := s.prepare(recorder, file, since(record.SinceLast, s.folder))
	checked.Reject(1, codes.ExtensionTaken, "a file before takes it")
	p, err := batch.Preflight(t.Context(), s.server(2), checked, func(validate.Problem) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(t.Context(), recorder); err != nil {
		t.Fatal(err)
	}
	if got := statuses(t, s.history(recorder.Folder)); got != "invalid extension-taken, unchanged as-last-run" {
		t.Error(got)
	}
}

// No row is trusted under headings that have errors, also those that look right by themselves.
func TestNoRowStandsUnderABadHeading(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	recorder := s.recorder("run")
	checked := s.prepare(recorder, "Alias,Alias,DtmfAccessId\njdoe,jdoe,4711\n", options(validate.Create))
	if _, err := batch.Refuse(checked, recorder); err != nil {
		t.Fatal(err)
	}
	if got := statuses(t, s.history(recorder.Folder)); got != "invalid bad-heading" {
		t.Error(got)
	}
}

func TestWhatIsLookedAtThoughItsCellsAreTheSame(t *testing.T) {
	const file = "Operation,Alias,DtmfAccessId,Title\nupsert,anna,31001,Clerk\nupsert,bert,31002,Clerk\ndelete,carl,,\n"
	for _, test := range []struct {
		name   string
		first  string                                  // the last run's file, "": the same
		second string                                  // this run's file, "": the same
		change func(*testing.T, *site)                 // between the two
		flags  func(now *record.Options)               // of the second run
		want   string                                  // statuses
		then   func(simulator *cupitest.Server) string // what must be true
	}{
		{name: "all is as it was", want: "unchanged as-last-run, unchanged as-last-run, unchanged as-last-run"},
		{name: "other spelling of a heading, and other columns that are passed over",
			second: "Junk,Operation,alias,Title,DtmfAccessId\nx,upsert,anna,Clerk,31001\n,upsert,bert,Clerk,31002\n,delete,carl,,\n", want: "unchanged as-last-run, unchanged as-last-run, unchanged as-last-run"},
		{name: "another run changed a user", change: func(t *testing.T, s *site) {
			s.run(t.Context(), "between", "Alias,Title\nbert,Boss\n", options(validate.Update), 2)
		}, want: "unchanged as-last-run, updated, unchanged as-last-run"},
		{name: "another run renamed a user", change: func(t *testing.T, s *site) {
			s.run(t.Context(), "between", "Alias,NewAlias\nbert,bertie\n", options(validate.Update), 2)
			s.run(t.Context(), "back", "Alias,NewAlias\nbertie,bert\n", options(validate.Update), 2)
		}, want: "unchanged as-last-run, unchanged, unchanged as-last-run"},
		{name: "another run made the deleted user again", change: func(t *testing.T, s *site) {
			s.run(t.Context(), "between", "Alias,DtmfAccessId\ncarl,31003\n", options(validate.Create), 2)
		}, want: "unchanged as-last-run, unchanged as-last-run, deleted"},
		{name: "the run was rolled back", change: func(t *testing.T, s *site) {
			s.rollback(t.Context(), "undo", s.history(filepath.Join(s.folder, "first")), record.UndoOptions{})
		}, want: "created, created, deleted"},
		{name: "a user is made again under the alias", first: "Operation,Alias,DtmfAccessId,Title\nupsert,anna,31001,Clerk\n", change: func(t *testing.T, s *site) {
			s.run(t.Context(), "gone", "Alias\nanna\n", options(validate.Delete), 2)
			s.run(t.Context(), "again", "Alias,DtmfAccessId\nanna,31001\n", options(validate.Create), 2)
		}, want: "updated, created, deleted"},
		{name: "a row names a user whose own row is looked at", first: "Operation,Alias,DtmfAccessId,Title,PrivateList1,PrivateList1_Members\nupsert,anna,31001,Clerk,,\nupsert,bert,31002,Clerk,Team,operator\nupsert,cleo,31004,Clerk,Team,carl\n",
			second: "Operation,Alias,DtmfAccessId,Title,PrivateList1,PrivateList1_Members\nupsert,anna,31001,Clerk,,\nupsert,bert,31002,Clerk,Team,operator\nupsert,cleo,31004,Clerk,Team,carl\nupdate,carl,,Boss,,\n", want: "unchanged as-last-run, unchanged as-last-run, unchanged, updated"},
		{name: "all rows name a user of no row, and one changed", first: "Operation,Alias,DtmfAccessId,Title,Key_1\nupsert,anna,31001,Clerk,user:operator\nupsert,bert,31002,Clerk,user:operator\n",
			second: "Operation,Alias,DtmfAccessId,Title,Key_1\nupsert,anna,31001,Clerk,user:operator\nupsert,bert,31002,Boss,user:operator\n", want: "unchanged as-last-run, updated"},
		{name: "other flags", flags: func(now *record.Options) { now.ResetCredentials = true }, want: "unchanged, unchanged, unchanged already-absent"},
		{name: "the row was about a user of two rows", second: "Operation,Alias,Title\nupdate,anna,Clerk\n", first: "Operation,Alias,DtmfAccessId,Title\nupsert,anna,31001,Boss\nupdate,anna,,Clerk\n", want: "unchanged"},
		{name: "two rows are about the user now", second: "Operation,Alias,DtmfAccessId,Title\nupsert,anna,31001,Clerk\nupsert,bert,31002,Clerk\ndelete,bert,,\n", want: "unchanged as-last-run, unchanged, deleted"},
		{name: "a PIN that is sent", first: "Operation,Alias,PIN\nupdate,operator,482915\n", second: "Operation,Alias,PIN\nupdate,operator,482915\n", want: "updated"},
		{name: "a PIN that is for new users", first: "Operation,Alias,DtmfAccessId,PIN\nupsert,anna,31001,482915\n", second: "Operation,Alias,DtmfAccessId,PIN\nupsert,anna,31001,592816\n", want: "unchanged as-last-run"},
		{name: "it failed", first: "Operation,Alias,DtmfAccessId,Title\nupsert,anna,31001,Clerk\nupdate,bert,,Boss\n", second: "Operation,Alias,DtmfAccessId,Title\nupsert,anna,31001,Clerk\nupdate,bert,,Boss\n", want: "unchanged as-last-run, invalid no-such-user"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			s := newSite(t, simulator)
			if _, err := simulator.AddUser(map[string]string{"Alias": "carl", "DtmfAccessId": "31003"}); err != nil {
				t.Fatal(err)
			}
			first, second := test.first, test.second
			if first == "" {
				first = file
			}
			if second == "" {
				second = file
			}
			s.run(t.Context(), "first", first, since(record.SinceLast, s.folder), 2)
			if test.change != nil {
				test.change(t, s)
			}
			o := since(record.SinceLast, s.folder)
			if test.flags != nil {
				test.flags(&o)
			}
			_, history := s.run(t.Context(), "second", second, o, 2)
			if got := statuses(t, history); got != test.want {
				t.Errorf("statuses\n got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestLookEvery(t *testing.T) {
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	file := nightly(3, func(int) string { return "Clerk" })
	o := since(record.SinceLast, s.folder)
	s.run(t.Context(), "first", file, o, 2)
	for _, night := range []string{"second", "third"} {
		_, history := s.run(t.Context(), night, file, o, 2)
		if n := history.Rows.AsLastRun(); n != 3 {
			t.Fatalf("%s: %d rows as in the last run", night, n)
		}
		first := s.history(filepath.Join(s.folder, "first")).Header.Started
		for _, result := range byRow(t, history) {
			if !result.LookedAt.Equal(first) {
				t.Errorf("%s: looked at %v, and the run that did it began %v", night, result.LookedAt, first)
			}
		}
	}
	week := record.Since{LookEvery: 7 * 24 * time.Hour}
	now := time.Now()
	for ago, recent := range map[time.Duration]bool{time.Hour: true, 6 * 24 * time.Hour: true, 7*24*time.Hour - time.Minute: false, 8 * 24 * time.Hour: false} {
		if week.Recent(now.Add(-ago), now) != recent {
			t.Errorf("looked at %v ago: recent is %v", ago, !recent)
		}
	}
	o.Since.LookEvery = time.Nanosecond
	_, history := s.run(t.Context(), "fourth", file, o, 2)
	if n := history.Rows.AsLastRun(); n != 0 {
		t.Errorf("%d rows were not looked at, though it is time", n)
	}
}

func TestARunSinceAnotherIsRefused(t *testing.T) {
	s := newSite(t, &cupitest.Server{})
	file := nightly(2, func(int) string { return "Clerk" })
	_, first := s.run(t.Context(), "first", file, options(validate.Upsert), 2)
	_, undone := s.rollback(t.Context(), "undo", first, record.UndoOptions{})
	elsewhere := newSite(t, &cupitest.Server{Location: "0d0c2b9e-6e3e-4c0f-9a53-6c1f0f8d2a11"})
	for want, change := range map[string]func(now *record.Options, account *string){
		"was run with other values of --template":                        func(now *record.Options, _ *string) { now.Template = "other" },
		"was run with other values of --ldap-owned, --reset-credentials": func(now *record.Options, _ *string) { now.LdapOwned, now.ResetCredentials = record.OwnedError, true },
		"was run as admin, and this is root":                             func(_ *record.Options, account *string) { *account = "root" },
		"this is not the server of the run":                              func(_ *record.Options, account *string) { *account = "elsewhere" },
		"is a rollback":                                                  func(now *record.Options, _ *string) { now.Since.Run = undone.Folder },
		"no run folder":                                                  func(now *record.Options, _ *string) { now.Since.Run = s.folder },
		"":                                                               func(*record.Options, *string) {},
	} {
		o, server := since(first.Folder, s.folder), s.server(2)
		if change(&o, &server.Account); server.Account == "elsewhere" {
			server = elsewhere.server(2)
		}
		checked := s.prepare(s.recorder(fmt.Sprintf("try %q", want[:min(len(want), 40)])), file, o)
		_, err := batch.Preflight(t.Context(), server, checked, func(validate.Problem) {})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

// A run that is cut off and resumed leaves out the same rows.
func TestResumeOfARunSinceAnother(t *testing.T) {
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	s.run(t.Context(), "first", nightly(30, func(int) string { return "Clerk" }), options(validate.Upsert), 2)
	file := nightly(30, func(i int) string {
		if i%2 == 0 {
			return "Buyer"
		}
		return "Clerk"
	})
	summary, history := s.interruptedAt(4, "second", file, since(record.SinceLast, s.folder), 1)
	if summary.Exit != record.ExitInterrupted {
		t.Fatalf("exit %d", summary.Exit)
	}
	_, history = s.resume(t.Context(), history, options(""))
	counts := history.Counts()
	if counts[record.Updated] != 15 || counts[record.Unchanged] != 15 || history.Rows.AsLastRun() != 15 {
		t.Errorf("%v, %d as in the last run", counts, history.Rows.AsLastRun())
	}
}
