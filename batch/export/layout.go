package export

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/internal/shell"
	"cucbulk/validate"
)

// Options says which users to export, and what of them.
type Options struct {
	Table   *validate.Table // what to export; nil: users
	Query   cupi.Query      // zero: every user
	Aliases map[string]bool // folded; nil: every user that the query finds
	Columns []string        // headings of columns; nil: those that cost least, or with BAT all that BAT has
	Tenant  string          // alias of the tenant whose are exported; "": all
	BAT     bool            // write as BAT reads it: its headings, 1 and 0
	BOM     bool            // begin with a byte order mark, for spreadsheets that want one
}

// about is what to export.
func (o Options) about() *model.Object { return model.ObjectOf(cmp.Or(o.Table, validate.Users)) }

// Layout is what an export writes, and what that costs.
type Layout struct {
	Headings []string // as they are written
	Unlisted int      // columns that the listing does not show
	Requests int      // that each user costs for them
	// Of these: those for what a list of everybody shows too, which is read where it has no more
	// pages than there are users.
	Shared int
	Lists  []string // collections whose names stand for ids; each is read once

	table   *validate.Table
	columns []validate.Column
	whole   bool // the user itself is read, because the listing does not show enough
}

// Layout finds the columns of an export: Alias first, and with TimeZone or Language
// also those that say whether they count. BAT has no such columns.
func (o Options) Layout() (Layout, error) {
	names := o.Columns
	if names == nil {
		names = o.defaultColumns()
	}
	table := o.about().Table
	l := Layout{table: table}
	l.add("Alias")
	for _, name := range names {
		column, known := table.Column(name)
		switch {
		case !known:
			near := ""
			if nearest := table.NearestHeading(name); nearest != "" {
				near = fmt.Sprintf("; did you mean %s?", nearest)
			}
			return Layout{}, fmt.Errorf("there is no column %q%s", name, near)
		case column.Name != "ObjectId" && !l.shows(column) || column.Name == "ObjectId" && table.Member != nil:
			return Layout{}, fmt.Errorf("the column %s can't be exported: no request shows it, or no run can write it; see %s",
				column.Name, ForObject(shell.New("fields"), table).Word(column.Name))
		case o.BAT && column.BATHeading() == "":
			return Layout{}, fmt.Errorf("BAT has no column for %s: leave it out, or export without --bat", column.Name)
		}
		if !o.BAT {
			l.add(partners(column)...)
		}
		l.add(column.Name)
	}
	for _, column := range l.columns {
		l.count(column, o.BAT)
	}
	if table.Member != nil {
		l.Requests, l.Unlisted, l.whole = 1, len(l.columns)-1, false // a list of each owner's
		return l, nil
	}
	l.Requests, l.Shared = partRequests(l.columns), len(l.sharedKinds())+max(0, len(l.mixedKinds())-1)
	if l.whole {
		l.Requests++
	}
	return l, nil
}

// ForObject is a command that is about the objects of a table: users, where nothing is said.
func ForObject(c shell.Command, table *validate.Table) shell.Command {
	if table == validate.Users {
		return c
	}
	return c.Flag("object", table.Object)
}

// defaultColumns are those of BAT that can be filled; else those that a run reads and
// the listing shows, so that they cost no request a user. TimeZone and Language are
// not among the latter: without the columns that say whether they count, running the
// export would change them.
func (o Options) defaultColumns() []string {
	var names []string
	table := o.about().Table
	l := Layout{table: table}
	if o.BAT {
		for _, heading := range table.BATHeadings() {
			if column, _ := table.Column(heading); l.shows(column) {
				names = append(names, column.Name)
			}
		}
		return names
	}
	for _, column := range table.Columns() {
		if table.Member != nil {
			if l.shows(column) {
				names = append(names, column.Name)
			}
			continue
		}
		if column.Listed && exportable(column) && !checkedAgainst(column.Name) && column.Name != "CallHandlerObjectId" {
			names = append(names, column.Name)
		}
	}
	return names
}

// add adds columns that are not there yet.
func (l *Layout) add(names ...string) {
	for _, name := range names {
		if !slices.ContainsFunc(l.columns, func(column validate.Column) bool { return column.Name == name }) {
			column, _ := l.table.Column(name)
			l.columns = append(l.columns, column)
		}
	}
}

// count adds a column's heading, and what it costs.
func (l *Layout) count(column validate.Column, bat bool) {
	heading := column.Name
	if bat {
		heading = column.BATHeading()
	}
	l.Headings = append(l.Headings, heading)
	if column.Collection != "" && !slices.Contains(l.Lists, column.Collection) {
		l.Lists = append(l.Lists, column.Collection)
	}
	if column.Destination != nil {
		for _, name := range validate.DestinationLists() {
			if !slices.Contains(l.Lists, name) {
				l.Lists = append(l.Lists, name)
			}
		}
	}
	shown, _ := l.table.Column(column.Field)
	switch {
	case exportablePart(column):
		l.Unlisted++
	case !shown.Listed || bat && column.TurnsOff() != "":
		l.Unlisted++
		l.whole = true
	}
}

// partRequests is how many requests a user the parts cost: one for each object and
// one for each list.
func partRequests(columns []validate.Column) int {
	var reads []string
	for _, column := range columns {
		if !exportablePart(column) {
			continue
		}
		read := column.Step
		if kind := model.KindOf(column.Step); kind.Shape != model.Single {
			read = kind.Name
		}
		if !slices.Contains(reads, read) {
			reads = append(reads, read)
		}
	}
	return len(reads)
}

// tellsKinds reports whether a column says of what kind a member is.
func (l Layout) tellsKinds() bool {
	return slices.ContainsFunc(l.columns, func(column validate.Column) bool { return column.Name == l.table.Member.Among })
}

// memberKind is a kind whose collection has the members.
func (l Layout) memberKind() *model.StepKind {
	column, _ := l.table.Column(l.table.Member.Column)
	return model.KindOf(column.Step)
}

// shows reports whether a column can be exported.
func (l Layout) shows(column validate.Column) bool {
	if l.table.Member == nil {
		return exportable(column) || exportablePart(column)
	}
	return slices.Contains([]validate.Access{validate.ReadWrite, validate.Control}, column.Access) &&
		(column.Step != "" || column.Name == l.table.Member.Among) && !column.Secret
}

// mixedKinds are those of the parts that columns are about, of which one list shows several.
func (l Layout) mixedKinds() []*model.StepKind {
	return l.kinds(func(kind *model.StepKind) bool { return kind.Mixed != nil })
}

// sharedKinds are those of which a list shows everybody's.
func (l Layout) sharedKinds() []*model.StepKind { return l.kinds((*model.StepKind).OfEverybody) }

// kinds are those of the parts that columns are about.
func (l Layout) kinds(are func(*model.StepKind) bool) []*model.StepKind {
	var kinds []*model.StepKind
	for _, column := range l.columns {
		if kind := model.KindOf(column.Step); are(kind) && exportablePart(column) && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// fieldsOf lists the fields of which the columns show what a kind's members hold.
func (l Layout) fieldsOf(kind string) []string {
	var names []string
	for _, column := range l.columns {
		if name, _, _ := strings.Cut(column.Step, "/"); name == kind && exportablePart(column) {
			names = append(names, column.ShownBy()...)
		}
	}
	return names
}
