package export

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/shell"
	"cucbulk/validate"
)

// Layout is what an export writes, and what that costs.
type Layout struct {
	Headings []string // as they are written
	Unlisted int      // columns that the listing does not show
	Requests int      // that each user costs for them
	Shared   int      // of these: those for what a list of everybody shows too, which is read where it has no more pages than there are users
	Lists    []string // collections whose names stand for ids; each is read once

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
			return Layout{}, fmt.Errorf("the column %s can't be exported: no request shows it, or no run can write it; see %s", column.Name, ForObject(shell.New("fields"), table).Word(column.Name))
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

// exportable reports whether a column shows a field of the user, or the name of what
// an id in it stands for.
func exportable(column validate.Column) bool {
	return column.Access == validate.ReadWrite && model.IsMain(column.Step) && !column.Secret &&
		(column.Field == column.Name || column.Collection != "" || column.Destination != nil)
}

// checkedAgainst reports whether the server checks a field against others.
func checkedAgainst(name string) bool {
	return slices.ContainsFunc(model.Together(), func(group []string) bool { return slices.Contains(group, name) })
}

// partners are the columns without which a file with this one, run again, would change
// something. No answer shows UseCallLanguage.
func partners(column validate.Column) []string {
	if column.Collection != "" && column.TurnsOff() != "" {
		return []string{column.TurnsOff()}
	}
	var names []string
	for _, group := range model.Together() {
		if slices.Contains(group, column.Name) && column.Name != "UseCallLanguage" {
			names = slices.DeleteFunc(slices.Clone(group), func(name string) bool { return name == "UseCallLanguage" })
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

// cells writes what the columns show of a user.
func (e *exporter) cells(ctx context.Context, user cupi.Object) ([]string, error) {
	s, asking := e.subjectOf(user), &send.Requester{Session: e.Session}
	singles := map[string]cupi.Object{}
	cells := make([]string, len(e.layout.columns))
	for i, column := range e.layout.columns {
		objects := []cupi.Object{user}
		if exportablePart(column) {
			var err error
			if objects, err = e.shown(ctx, asking, s, column.Step, singles); err != nil {
				return nil, err
			}
		}
		value := e.cell(column, objects)
		var ok bool
		switch cells[i], ok = column.Cell(value); {
		case column.Name == "Alias" && (!ok || e.options.BAT): // without it the row would be nobody's
			cells[i] = value
		case !ok || e.options.BAT && cells[i] != value: // BAT knows no [validate.Literal]
			cells[i] = ""
			e.leftOut.Add(1)
		}
	}
	return cells, nil
}

// cell writes what objects hold of a column. A value that a run would not write so,
// because another field says that it does not count, is left out; and so is a list
// of which an item has no name, because a run would take the item away.
func (e *exporter) cell(column validate.Column, objects []cupi.Object) string {
	var items []string
	for _, object := range objects {
		value := model.Value(object, column.Field)
		if column.Destination != nil {
			items = append(items, column.DestinationOf(object, func(collection, id string) string { return e.names[collection][model.Fold(id)] }))
			continue
		}
		if column.Type != validate.String || column.Collection != "" {
			value = strings.TrimSpace(value)
		}
		if !model.Agrees(object, column.GoesWith(value)) {
			continue
		}
		if off := column.TurnsOff(); e.options.BAT && off != "" && (object[off] == "" || !model.Same(off, object[off], "false")) {
			continue
		}
		written := e.written(column, value)
		if column.List != "" && written == "" && value != "" {
			return ""
		}
		items = append(items, written)
	}
	switch {
	case column.List == validate.Commas:
		if slices.ContainsFunc(items, func(item string) bool { return strings.ContainsAny(item, ",;") }) {
			return ""
		}
		return strings.Join(items, ",")
	case column.List != "":
		return validate.JoinList(items)
	case len(items) == 0:
		return ""
	}
	return items[0]
}

// written is a value as the file has it.
func (e *exporter) written(column validate.Column, value string) string {
	switch {
	case column.Collection != "":
		return e.names[column.Collection][model.Fold(value)]
	case e.options.BAT && column.Type == validate.Boolean && value != "":
		return map[string]string{"true": "1", "false": "0"}[model.Boolean(value)]
	}
	return value
}
