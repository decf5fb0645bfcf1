package batch_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// Each limit acts before the next request, leaves a run that can be resumed, and
// says its name.
func TestRailsStopTheRun(t *testing.T) {
	t.Parallel()
	deletes := "Operation,Alias\ndelete,user00001\ndelete,user00002\ndelete,user00003\n"
	updates := "Operation,Alias,Title\nupdate,user00001,A\nupdate,user00002,B\nupdate,user00003,C\nupdate,user00004,D\n"
	doomed := "Operation,Alias,DtmfAccessId,Title\nupdate,user00001,,A\n" + strings.Repeat("create,xUNIQUE,UNIQUE,\n", 30)
	for _, test := range []struct {
		name, file string
		limit      func(*record.Options)
		code       string
		changes    int // requests that changed, or were to change, something
	}{
		{"max-deletes", deletes, func(o *record.Options) { o.MaxDeletes = record.Limit{Rows: 2} }, "max-deletes", 0},
		{"max-changes of deletes", deletes, func(o *record.Options) { o.MaxChanges = &record.Limit{Rows: 2} }, "max-changes", 0},
		{"max-changes of updates", updates, func(o *record.Options) { o.MaxChanges = &record.Limit{Rows: 3} }, "max-changes", 3},
		{"canary", doomed, func(o *record.Options) { o.Canary = 1 }, "canary", 2},
		{"max-failures", doomed, func(o *record.Options) { o.MaxFailures = record.Limit{Rows: 4} }, "max-failures", 6},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(5)
			s := newSite(t, simulator)
			var aliases []string
			file := test.file
			for i := 0; strings.Contains(file, "UNIQUE"); i++ {
				aliases = append(aliases, fmt.Sprintf("person%02d", i))
				file = strings.Replace(file, "xUNIQUE,UNIQUE", fmt.Sprintf("person%02d,47%02d", i, i), 1)
			}
			options := options("")
			options.DoubtWindow = 0
			test.limit(&options)
			recorder := s.recorder("run")
			checked := s.prepare(recorder, file, options)
			p, err := batch.Preflight(t.Context(), s.server(1), checked, func(validate.Problem) {})
			if err != nil {
				t.Fatal(err)
			}
			for i, alias := range aliases { // somebody else is faster
				if _, err := simulator.AddUser(map[string]string{"Alias": alias, "DtmfAccessId": fmt.Sprint(9000 + i)}); err != nil {
					t.Fatal(err)
				}
			}
			summary, err := p.Run(t.Context(), recorder)
			if err != nil {
				t.Fatal(err)
			}
			if summary.Exit != record.ExitRail || summary.Stop == nil || string(summary.Stop.Code) != test.code || !strings.Contains(summary.Stop.Reason, "--"+test.code) {
				t.Fatalf("exit %d, stop %v; want the rail %s", summary.Exit, summary.Stop, test.code)
			}
			sent := 0
			for what, n := range simulator.Requests() {
				if !strings.HasPrefix(what, "GET ") {
					sent += n
				}
			}
			if sent != test.changes {
				t.Errorf("%d requests to change something, want %d", sent, test.changes)
			}
			if summary.Counts.Total() != checked.Rows || summary.Counts[record.Pending] == 0 {
				t.Errorf("counts %v: they must add up, with rows left to resume", summary.Counts)
			}
			if s.history(recorder.Folder).Finished() {
				t.Error("nothing is left to resume")
			}
		})
	}
}

// An export holds the account that wrote it, and run again as it is it changes nobody: what the
// listing does not show is read, and only a row that would change the account is refused.
func TestAnExportWithTheRunsOwnAccountChangesNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want, foretold string }{
		"as the listing shows it": {"Alias,DisplayName\nadmin,Administrator\nuser00001,\n", "unchanged, unchanged", "unchanged"},
		"as it is":                {"Alias,DisplayName,Title\nadmin,Administrator,Chief\nuser00001,,\n", "unchanged, unchanged", "unchanged"},
		"a name":                  {"Alias,DisplayName\nadmin,Boss\nuser00001,\n", "invalid own-account, unchanged", ""},
		"another title":           {"Alias,Title\nadmin,Clerk\nuser00001,Clerk\n", "invalid own-account, updated", "invalid"},
		"an alternate extension":  {"Alias,Extension_Alt1\nadmin,5001\n", "invalid own-account", "invalid"},
		"a PIN":                   {"Alias,PIN\nadmin,829374\n", "invalid own-account", ""},
		"another alias":           {"Alias,NewAlias\nadmin,boss\n", "invalid own-account", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(1)
			if _, err := simulator.AddUser(map[string]string{"Alias": "Admin", "DtmfAccessId": "4711", "DisplayName": "Administrator", "Title": "Chief"}); err != nil {
				t.Fatal(err)
			}
			s := newSite(t, simulator)
			before := simulator.UserByAlias("admin")
			_, history := s.run(t.Context(), "run", test.text, options(validate.Update), 1)
			if got := statuses(t, history); got != test.want {
				t.Errorf("got %s, want %s: %s", got, test.want, messages(t, history))
			}
			if first := results(t, history)[0]; first.Requests > 1 {
				t.Errorf("it took %d requests", first.Requests)
			}
			if test.foretold == "" {
				return // it is refused before there is a forecast
			}
			if first := s.previewsOf("foretold", test.text, options(validate.Update))[0]; string(first.Status) != test.foretold {
				t.Errorf("foretold %s, want %s", first.Status, test.foretold)
			}
			if after := simulator.UserByAlias("admin"); !maps.Equal(before, after) {
				t.Errorf("it was %v and is %v", before, after)
			}
		})
	}
}

func TestTheRunsOwnAccountIsLeftAlone(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	if _, err := simulator.AddUser(map[string]string{"Alias": "Admin", "DtmfAccessId": "4711", "DisplayName": "The Administrator"}); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, simulator)
	_, history := s.run(t.Context(), "run", "Operation,Alias,DisplayName\nupdate,admin,Changed\n", options(""), 1)
	_, second := s.run(t.Context(), "second", "Operation,Alias\ndelete,ADMIN\n", options(""), 1)
	for _, h := range []*record.History{history, second} {
		if got := statuses(t, h); got != "invalid own-account" {
			t.Errorf("got %s, want invalid own-account", got)
		}
	}
}
