package batch_test

import (
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// Each column of a sub-resource has a case, so that none can be added whose field nothing
// compares with the vendor's.
func TestEachColumnOfASubresourceHasACase(t *testing.T) {
	t.Parallel()
	cases := map[string]int{}
	for _, c := range columnCases() {
		cases[c.column]++
	}
	for _, column := range validate.Users.Columns() {
		sent := column.Type != validate.File && column.Step != "" && // files have TestEachFileOfSound
			column.Step != validate.StepUser && (column.Access == validate.ReadWrite || column.Access == validate.CreateOnly)
		if n := cases[column.Name]; sent && n != 1 || !sent && n > 0 {
			t.Errorf("%s, of the step %q, has %d cases in columnCases", column.Name, column.Step, n)
		}
		delete(cases, column.Name)
	}
	for name := range cases {
		t.Errorf("there is a case for %s, and no such column", name)
	}
}

// A run sets each column of a sub-resource, each of another user. The simulator takes only
// fields that it knows, and shows each afterwards as the vendor's pages call it.
func TestEachColumnOfASubresourceArrives(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s, sent, run := columnSite(t, wire, columnCases())
		for i, c := range columnCases() {
			path, shows := s.place(c.path, numbered(i)), s.place(c.shows, numbered(i))
			switch {
			case c.shows != "" && !s.shown(path, shows):
				t.Errorf("%s: %s does not show %s", c.column, path, shows)
			case c.sends != "" && !sent.has(path, c.sends):
				t.Errorf("%s: no request to %s sent %s", c.column, path, c.sends)
			}
		}
		s.goesBack(t, run)
	})
}

// goesBack makes sure that the same file finds its users as it wants them, and that a rollback leaves
// the server as it was: but for PINs and passwords, which nobody can read, and the numbers of keys,
// which a server does not empty.
func (s *site) goesBack(t *testing.T, run columnRun) {
	t.Helper()
	cases := columnCases()
	_, again := s.run(t.Context(), "again", run.text, options(""), 8)
	for i, result := range results(t, again) {
		if c := cases[i]; result.Status != record.Unchanged && c.sends == "" {
			t.Errorf("%s once more: %s %s: %s", c.column, result.Status, result.Code, result.Message)
		}
	}
	_, undone := s.rollback(t.Context(), "undo", run.history, record.UndoOptions{})
	for _, result := range results(t, undone) {
		if c := cases[result.Row-1]; result.Status != record.Restored && c.sends == "" {
			t.Errorf("%s taken back: %s %s: %s", c.column, result.Status, result.Code, result.Message)
		}
	}
	after := withoutIDs(s.simulator.Snapshot())
	maps.DeleteFunc(after, func(path string, object map[string]string) bool {
		return strings.Contains(path, "/menuentries/") && len(object) == 2 && object["TransferNumber"] != "" && run.before[path] == nil
	})
	compareSnapshots(t, run.before, after)
}

// What a cleared cell deletes comes back by a rollback with all that a column can set of it.
func TestEachColumnOfADeletedPartComesBack(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		cases := slices.DeleteFunc(columnCases(), func(c columnCase) bool { return c.clear == "" || c.shows == "" })
		s, _, _ := columnSite(t, wire, cases)
		_, history := s.run(t.Context(), "clear", rowsOf(cases, func(c columnCase) string { return c.clear }), options(""), 8)
		for i, c := range cases {
			if path, shows := s.place(c.path, numbered(i)), s.place(c.shows, numbered(i)); s.shown(path, shows) {
				t.Errorf("%s: %s still shows %s after %s", c.column, path, shows, c.clear)
			}
		}
		s.rollback(t.Context(), "back", history, record.UndoOptions{})
		for i, c := range cases {
			if path, shows := s.place(c.path, numbered(i)), s.place(c.shows, numbered(i)); !s.shown(path, shows) {
				t.Errorf("%s: after the rollback %s does not show %s", c.column, path, shows)
			}
		}
	})
}

// columnSite is a site on which a run has set what the cases say, a user for each.
func columnSite(t *testing.T, wire cupi.Wire, cases []columnCase) (*site, *changes, columnRun) {
	t.Helper()
	simulator := &cupitest.Server{Slots: 20}
	simulator.AddUsers(len(cases))
	s := newSite(t, simulator)
	s.wire = wire
	sent := s.recordChanges()
	for i, c := range cases {
		path, shows := s.place(c.path, numbered(i)), s.place(c.shows, numbered(i))
		if c.before != "" {
			s.guard.Exempt(http.MethodPut, "/vmrest/"+path)
			s.ask(http.MethodPut, path, c.before)
		}
		if c.shows != "" && s.shown(path, shows) {
			t.Errorf("%s: %s shows %s before the run: the case can't fail", c.column, path, shows)
		}
	}
	run := columnRun{before: withoutIDs(s.simulator.Snapshot())}
	run.text = rowsOfEach(cases, func(i int, c columnCase) string { return c.column + "=" + s.place(c.cell, numbered(i)) + "; " + c.with })
	_, run.history = s.run(t.Context(), "run", run.text, options(""), 8)
	for i, result := range results(t, run.history) {
		if result.Status != record.Updated {
			t.Errorf("%s: %s %s: %s", cases[i].column, result.Status, result.Code, result.Message)
		}
	}
	return s, sent, run
}

// columnRun is the run that has set what the cases say.
type columnRun struct {
	before  map[string]map[string]string // the server, but for ids
	text    string                       // its file
	history *record.History
}

func numbered(i int) string { return fmt.Sprintf("user%05d", i+1) }

// rowsOf is a file with a row for each case, in which only the case's cells are filled.
func rowsOf(cases []columnCase, cells func(columnCase) string) string {
	return rowsOfEach(cases, func(_ int, c columnCase) string { return cells(c) })
}

func rowsOfEach(cases []columnCase, cells func(int, columnCase) string) string {
	headings := []string{"Operation", "Alias"}
	var rows []map[string]string
	for i, c := range cases {
		row := map[string]string{"Operation": "update", "Alias": numbered(i)}
		for pair := range fieldsOf(cells(i, c)) {
			column, cell := cutField(pair)
			row[column] = cell
			if !slices.Contains(headings, column) {
				headings = append(headings, column)
			}
		}
		rows = append(rows, row)
	}
	var text strings.Builder
	text.WriteString(strings.Join(headings, ",") + "\n")
	for _, row := range rows {
		for i, heading := range headings {
			if i > 0 {
				text.WriteByte(',')
			}
			text.WriteString(row[heading])
		}
		text.WriteByte('\n')
	}
	return text.String()
}

// fieldsOf takes "a=b; c=d" apart.
func fieldsOf(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for pair := range strings.SplitSeq(text, "; ") {
			if pair != "" && !yield(pair) {
				return
			}
		}
	}
}

func cutField(pair string) (field, value string) {
	field, value, _ = strings.Cut(pair, "=")
	return field, value
}
