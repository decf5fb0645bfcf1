package validate

import (
	"cmp"
	"slices"
	"strings"
)

// Table is what the rows of a file are about: the columns that its headings can name, and what
// each operation asks of a row. Nothing changes one.
type Table struct {
	Object    string // what it is called on the command line: "users"
	One, Many string // what people call one, and several
	Main      string // the step of what a row is about, and of none of its parts

	// Member says that a row is about one member of what hangs on its owner, which the key finds. Nil: it is
	// about what the key finds.
	Member *Member

	columns    []Column
	template   string             // see [Table.UsualTemplate]
	byHeading  map[string]*Column // by any of its headings, folded
	match      []string           // columns by which a row may find its own; the first is the usual one
	operations []Operation
	required   map[Operation][]string // what a row of each operation needs besides its match column
	wanted     map[Operation][]string // and what only if it turns out that it must make its own
	bat        []string               // BAT's headings: first those that its export writes too, in its order and case
	batExports []string               // headings that only its export writes
	usual      []string               // the headings of a new file
}

// Member says how a row tells which member of its owner's it is about.
type Member struct {
	Owner, Owners string // what people call one owner, and several

	Column  string // that tells one member of an owner from the others
	Among   string // column that says what kind of member is meant, where the other means several; "": there is none
	Tells   string // column that says which is meant of several; "": none does
	Cleared string // field that a delete clears, and without which there is no such member
}

// indexed is a table that finds its columns.
func indexed(t *Table) *Table {
	t.byHeading = make(map[string]*Column, 2*len(t.columns))
	for i := range t.columns {
		column := &t.columns[i]
		t.byHeading[fold(column.Name)] = column
		for _, name := range column.Also {
			t.byHeading[fold(name)] = column
		}
	}
	for _, heading := range slices.Concat(t.bat, t.batExports) {
		if column, known := t.byHeading[fold(heading)]; known {
			column.bat = heading
		}
	}
	return t
}

// Columns returns every column, in the order in which `fields` lists them.
func (t *Table) Columns() []Column { return slices.Clone(t.columns) }

// Column finds the column that a heading names: its own name or a BAT name, in any case, with
// blanks around it.
func (t *Table) Column(heading string) (Column, bool) {
	column, ok := t.byHeading[fold(strings.TrimSpace(heading))]
	if !ok {
		return Column{}, false
	}
	return *column, true
}

// Operations returns what rows can ask for.
func (t *Table) Operations() []Operation { return slices.Clone(t.operations) }

// OperationsText names them in a sentence.
func (t *Table) OperationsText() string {
	names := make([]string, len(t.operations))
	for i, operation := range t.operations {
		names[i] = string(operation)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// ParseOperation reads one of them in any case, with blanks around it.
func (t *Table) ParseOperation(text string) (Operation, bool) {
	operation := Operation(strings.ToLower(strings.TrimSpace(text)))
	if strings.ContainsAny(text, " _") {
		operation = Operation(joinParts(string(operation)))
	}
	return operation, slices.Contains(t.operations, operation)
}

// NeededToMake lists the columns without which an upsert can't make what it does not find.
func (t *Table) NeededToMake() []string { return slices.Clone(t.wanted[Upsert]) }

// MatchColumns returns the columns by which a row may find what it is about. The first is
// the one used when nothing else is said.
func (t *Table) MatchColumns() []string { return slices.Clone(t.match) }

// MatchColumn is the column of them that a match means, in our spelling: the first for
// none, "" for one that rows can't be matched by.
func (t *Table) MatchColumn(match string) string {
	for _, column := range t.match {
		if strings.EqualFold(column, cmp.Or(match, t.match[0])) {
			return column
		}
	}
	return ""
}

// UsualTemplate is what a new one is made of where nothing is said; "": that must be said, or it is made of none.
func (t *Table) UsualTemplate() string { return t.template }

// Usual gives the headings of a new file.
func (t *Table) Usual() []string { return slices.Clone(t.usual) }

// knows reports whether all of these headings are of columns.
func (t *Table) knows(headings []string) bool {
	return !slices.ContainsFunc(headings, func(heading string) bool {
		_, known := t.Column(heading)
		return !known && strings.TrimSpace(heading) != ""
	})
}

// BATHeadings gives the headings that Cisco's Bulk Administration Tool documents for such a
// file: first those that its export writes too, in its order and case.
func (t *Table) BATHeadings() []string { return slices.Clone(t.bat) }
