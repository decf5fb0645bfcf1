package batch_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/batch/verify"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

func TestAnExportRunAgainChangesNothing(t *testing.T) {
	t.Parallel()
	for _, columns := range [][]string{nil, {"Title", "TimeZone", "Language", "DisplayName", "SayTotalNew"}} {
		t.Run(strings.Join(columns, " "), func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(250)
			s := newSite(t, simulator)
			var text bytes.Buffer
			exported, err := export.Write(t.Context(), s.server(4), export.Options{Columns: columns}, &text)
			if err != nil {
				t.Fatal(err)
			}
			if exported.Users != 252 {
				t.Errorf("%d users, want 250 and the two that every server has", exported.Users)
			}
			if columns == nil && exported.Requests != 3 {
				t.Errorf("%d requests, want 3: the listing shows the default columns", exported.Requests)
			}
			summary, history := s.run(t.Context(), "run", text.String(), options(validate.Update), 4)
			if summary.Counts[record.Unchanged] != 252 {
				t.Errorf("counts %v: %s", summary.Counts, statuses(t, history))
			}
		})
	}
}

func TestExportChoosesUsers(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(700)
	s := newSite(t, simulator)
	for _, test := range []struct {
		options  export.Options
		users    int
		requests int
	}{
		{export.Options{Query: cupi.Query{Column: "Alias", Op: cupi.StartsWith, Value: "user0000"}}, 9, 1},
		{export.Options{Aliases: map[string]bool{"user00007": true, "user00650": true, "nobody": true}}, 2, 4},
	} {
		var text bytes.Buffer
		exported, err := export.Write(t.Context(), s.server(4), test.options, &text)
		if err != nil {
			t.Fatal(err)
		}
		if exported.Users != test.users || exported.Requests != test.requests {
			t.Errorf("%+v: %+v, want %d users and %d requests\n%s", test.options, exported, test.users, test.requests, text.String())
		}
	}
	if _, err := export.Write(t.Context(), s.server(4), export.Options{Columns: []string{"DisplayNam"}}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "DisplayName") {
		t.Errorf("error %v, want one that names DisplayName", err)
	}
}

// The requests that rows cost, as the contract promises them.
func TestRequestsOfANightlyUpdate(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(998) // and the two that every server has
	s := newSite(t, simulator)
	var exported bytes.Buffer
	if _, err := export.Write(t.Context(), s.server(4), export.Options{Columns: []string{"DtmfAccessId", "FirstName", "LastName", "DisplayName", "Department"}}, &exported); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(exported.String()), "\n")
	text := strings.Builder{}
	text.WriteString(lines[0] + "\n")
	for i, line := range lines[1:951] {
		if i < 100 {
			line = line[:strings.LastIndex(line, ",")] + ",Moved"
		}
		text.WriteString(line + "\n")
	}
	for i := range 50 {
		fmt.Fprintf(&text, "fresh%03d,%d,Fresh,User,Fresh User,New\n", i, 47000+i)
	}
	before := simulator.Total()
	summary, history := s.run(t.Context(), "first", text.String(), options(validate.Upsert), 4)
	if summary.Counts[record.Unchanged] != 850 || summary.Counts[record.Updated] != 100 || summary.Counts[record.Created] != 50 {
		t.Fatalf("counts %v: %s", summary.Counts, statuses(t, history))
	}
	if cost := simulator.Total() - before; cost > 175 {
		t.Errorf("1000 upserts, 100 changed and 50 new, cost %d requests; want at most 175", cost)
	} else {
		t.Logf("1000 upserts, 100 changed and 50 new, cost %d requests", cost)
	}
	before = simulator.Total()
	summary, history = s.run(t.Context(), "second", text.String(), options(validate.Upsert), 4)
	if summary.Counts[record.Unchanged] != 1000 {
		t.Fatalf("counts %v: %s", summary.Counts, statuses(t, history))
	}
	if cost := simulator.Total() - before; cost > 15 {
		t.Errorf("the same file again cost %d requests; want at most 15", cost)
	} else {
		t.Logf("the same file again cost %d requests", cost)
	}
}

func TestRequestsOfOneRow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file string
		want       string // requests of the row
	}{
		{"create", "Operation,Alias,DtmfAccessId\ncreate,fresh,4711\n", "1"},
		{"update of listed fields", "Operation,Alias,DisplayName\nupdate,user00001,New Name\n", "1"},
		{"update of other fields", "Operation,Alias,Title\nupdate,user00001,New Title\n", "2"},
		{"unchanged by the listing", "Operation,Alias,DtmfAccessId\nupdate,user00001,10000\n", "0"},
		{"unchanged by a look", "Operation,Alias,Title\nupdate,user00001,%null%\n", "1"},
		{"delete", "Operation,Alias\ndelete,user00001\n", "4"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(3)
			s := newSite(t, simulator)
			_, history := s.run(t.Context(), "run", test.file, options(""), 4)
			row := results(t, history)[0]
			if !row.Status.Done() || fmt.Sprint(row.Requests) != test.want {
				t.Errorf("%+v, want %s requests", row, test.want)
			}
		})
	}
}

func TestVerifyTellsWhatTheServerDidNotKeep(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	simulator.Faults.IgnoreTitle = 1
	_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId,DisplayName,Title\ncreate,fresh,4711,Fresh,Boss\nupdate,user00001,,Changed,\ndelete,user00002,,,\n", options(""), 4)
	verify := func() (kept int, lost []string) {
		verified, err := verify.ReadBack(t.Context(), s.server(4), history)
		if err != nil {
			t.Fatal(err)
		}
		for v, err := range verified {
			if err != nil {
				t.Fatal(err)
			}
			if v.Kept {
				kept++
			}
			for _, f := range v.Lost {
				lost = append(lost, fmt.Sprintf("%s %s: %q, not %q", v.Alias, f.Field, f.Old, f.New))
			}
		}
		return kept, lost
	}
	if kept, lost := verify(); kept != 2 || fmt.Sprint(lost) != `[fresh Title: "", not "Boss"]` {
		t.Errorf("%d kept, lost %q", kept, lost)
	}
}
