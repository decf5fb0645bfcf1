package batch_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// What an export writes of a part, a run takes as it is and changes nothing.
func TestPartsAreExported(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	all := map[string]bool{}
	for i, p := range partCases() {
		if p.step == "alternateextensions/9" {
			p.set = "777009,Branch Partition"
		}
		s.run(t.Context(), fmt.Sprint("set", i), p.file(presentUser+p.set), options(""), 1)
		for _, column := range strings.Split(p.columns, ",") {
			if _, err := (export.Options{Columns: []string{column}}).Layout(); err == nil {
				all[column] = true
			}
		}
	}
	columns := slices.Sorted(maps.Keys(all))
	layout, err := export.Options{Columns: columns}.Layout()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	exported, err := export.Write(t.Context(), s.server(2), export.Options{Columns: columns}, &text)
	if err != nil {
		t.Fatal(err)
	}
	if want := 1 + layout.Requests*exported.Users + len(layout.Lists); exported.Requests > want-2*exported.Users {
		t.Errorf("%d requests, and it said %d at most, of which lists of everybody's spare some", exported.Requests, want)
	}
	for _, want := range []string{"777001", `"a@x.org,b@x.org"`, "Bob;Rob", "At home", "r@x.org", "Friends", "4096000"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the export lacks %s:\n%s", want, text.String())
		}
	}
	changes := sent(simulator)
	_, history := s.run(t.Context(), "again", text.String(), options(validate.Update), 2)
	for _, result := range results(t, history) {
		if result.Status != record.Unchanged && result.Alias == "user00001" {
			t.Errorf("%+v", result)
		}
	}
	if n := sent(simulator) - changes; n != 0 {
		t.Errorf("running the export again changed %d things: %s\n%s", n, statuses(t, history), text.String())
	}
}
