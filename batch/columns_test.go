package batch_test

import (
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch"
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
	for _, column := range validate.Columns() {
		sent := column.Step != "" && column.Step != validate.StepUser && (column.Access == validate.ReadWrite || column.Access == validate.CreateOnly)
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
		cases := columnCases()
		simulator := &cupitest.Server{Slots: 20}
		simulator.AddUsers(len(cases))
		s := newSite(t, simulator)
		s.wire = wire
		sent := s.recordChanges()
		for i, c := range cases {
			path, shows := s.place(c, numbered(i)), s.place(columnCase{path: c.shows}, numbered(i))
			if c.before != "" {
				s.guard.Exempt(http.MethodPut, "/vmrest/"+path)
				s.ask(http.MethodPut, path, c.before)
			}
			if c.shows != "" && s.shown(path, shows) {
				t.Errorf("%s: %s shows %s before the run: the case can't fail", c.column, path, shows)
			}
		}
		_, history := s.run(t.Context(), "run", columnFile(cases), options(""), 8)
		for i, result := range results(t, history) {
			c := cases[i]
			path, shows := s.place(c, numbered(i)), s.place(columnCase{path: c.shows}, numbered(i))
			switch {
			case result.Status != batch.Updated:
				t.Errorf("%s: %s %s: %s", c.column, result.Status, result.Code, result.Message)
			case c.shows != "" && !s.shown(path, shows):
				t.Errorf("%s: %s does not show %s", c.column, path, shows)
			case c.sends != "" && !sent.has(path, c.sends):
				t.Errorf("%s: no request to %s sent %s", c.column, path, c.sends)
			}
		}
	})
}

func numbered(i int) string { return fmt.Sprintf("user%05d", i+1) }

// columnFile has a row for each case, in which only the case's cells are filled.
func columnFile(cases []columnCase) string {
	headings := []string{"Operation", "Alias"}
	var rows []map[string]string
	for i, c := range cases {
		row := map[string]string{"Operation": "update", "Alias": numbered(i), c.column: c.cell}
		for pair := range fieldsOf(c.with) {
			column, cell := cutField(pair)
			row[column] = cell
		}
		rows = append(rows, row)
		for _, heading := range slices.Sorted(maps.Keys(row)) {
			if !slices.Contains(headings, heading) {
				headings = append(headings, heading)
			}
		}
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
