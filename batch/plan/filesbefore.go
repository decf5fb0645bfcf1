package plan

import (
	"slices"
	"strings"

	"cucbulk/batch/model"
)

// Where several files are one run, a later one finds what those before it leave. Until they have run, only their
// plans tell. The pre-flight of a file takes in the rows before that touch what its own rows name, as if they stood
// above its first row: what they make, rename, delete, free and take is then known as it is of the file's own.
// When the file's turn comes it is prepared anew, by what the server shows by then, and nothing of this is needed.

// filesBefore is what the files that run before do to what the rows name.
type filesBefore struct {
	rows []rowBefore
	told map[int]string // by the number that a row has here, what people call it
}

// rowBefore is a row of a file before. Its number is below 1, so that it is no own row's; they are in the order
// in which the rows go.
type rowBefore struct {
	plan Plan
	use  resourceUse
}

// asTheyGo puts the rows of a file behind those that go first. after gives these.
func asTheyGo[T any](rows []T, number func(T) int, after func(row int) []int) []T {
	byRow := map[int]T{}
	for _, row := range rows {
		byRow[number(row)] = row
	}
	var ordered []T
	var visit func(number int)
	visit = func(number int) {
		row, waits := byRow[number]
		if !waits {
			return
		}
		delete(byRow, number)
		for _, before := range after(number) {
			visit(before)
		}
		ordered = append(ordered, row)
	}
	for _, row := range rows {
		visit(number(row))
	}
	return ordered
}

// madeBy is the row that makes whom a plan is about; 0: nobody makes anybody.
func (p Plan) madeBy() int {
	if p.Operation.MakesUsers() {
		return p.Row
	}
	return p.maker
}

// ofAnotherFile lets a use speak of what two files have in common. Extensions are one name space over all objects,
// aliases only over those of one kind.
func (c *resourceUse) ofAnotherFile(its, own *model.Object) {
	c.sharedNames, c.movesFrom = nil, ""
	if its == own {
		return
	}
	takes, columns, places := c.takes, c.columns, c.places
	c.takes, c.columns, c.places = nil, nil, nil
	for i, key := range takes {
		if !strings.HasPrefix(key, "alias ") {
			c.take(key, columns[i], places[i])
		}
	}
	c.frees = slices.DeleteFunc(slices.Clone(c.frees), func(key string) bool { return strings.HasPrefix(key, "alias ") })
}

// touchedBy reports whether a row before does something to what some own row names.
func (n *RowIndex) touchedBy(row rowBefore) bool {
	if row.plan.About == n.About && (n.sharesKeys(row.plan.Record) || n.RowsNaming(row.plan.Alias) > 1) {
		return true
	}
	for _, key := range slices.Concat(row.use.frees, row.use.takes) {
		switch kind, rest, _ := strings.Cut(key, " "); {
		case kind == "extension":
			extension, _, _ := strings.Cut(rest, " ")
			if n.SetsExtension(extension) {
				return true
			}
		case isMember(key):
			if n.members.has(n.hash("", key)) {
				return true
			}
		}
	}
	return false
}

// expectBefore lets the rows find what those before leave.
func (w *State) expectBefore(f filesBefore) {
	w.told = f.told
	for _, row := range f.rows {
		if row.plan.About == w.snapshot.About {
			w.expect(row.plan)
		}
	}
}
