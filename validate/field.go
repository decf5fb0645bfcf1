package validate

import (
	"maps"
	"slices"
	"strings"

	"cucbulk/cupi"
)

// byField finds the column that tells most about a CUPI field: the one that is
// called as the field is, else one that takes its value, else one that takes a name.
var byField = func() map[string]*Column {
	found := make(map[string]*Column, len(table))
	rank := func(c *Column) int {
		switch {
		case c.Name == c.Field:
			return 0
		case c.Collection == "":
			return 1
		}
		return 2
	}
	for _, t := range tables {
		for i := range t.columns {
			column := &t.columns[i]
			if best := found[column.Field]; column.Field != "" && (best == nil || rank(column) < rank(best)) {
				found[column.Field] = column
			}
		}
	}
	return found
}()

// ColumnOfField finds a column that sets a CUPI field, given as CUPI spells it.
// What it tells of the values (type, default, secret) holds for the field on every
// resource: CUPI gives no name to two things.
func ColumnOfField(field string) (Column, bool) {
	column, ok := byField[field]
	if !ok {
		return Column{}, false
	}
	return *column, true
}

// place is what a column sets.
type place struct{ step, field string }

// byPlace finds the column that sets a field of a step: one that takes its value, else
// one that takes a name.
var byPlace = func() map[place]*Column {
	found := make(map[place]*Column, len(table))
	for _, t := range tables {
		for i := range t.columns {
			column := &t.columns[i]
			at := place{column.Step, column.Field}
			if best := found[at]; column.Field != "" && (best == nil || best.Collection != "" && column.Collection == "") {
				found[at] = column
			}
		}
	}
	return found
}()

// ColumnOfStep finds the column that sets a field of a step, by its value where there is
// such a column, else by a name.
func ColumnOfStep(step, field string) (Column, bool) {
	column, ok := byPlace[place{step, field}]
	if last := strings.LastIndexByte(step, '/'); !ok && strings.Count(step, "/") > 1 { // in a language that the cell names
		column, ok = byPlace[place{step[:last], field}]
	}
	if !ok {
		return Column{}, false
	}
	return *column, true
}

// ColumnFor finds the column by which a file sets a field of a step: its own, or the one whose
// cells are words for it and others.
func ColumnFor(step, field string) (Column, bool) {
	if column, ok := ColumnOfStep(step, field); ok {
		return column, true
	}
	for _, column := range table { // only users have such columns
		if column.Step == step && column.Destination != nil {
			return column, true
		}
	}
	return Column{}, false
}

// ShownBy lists the fields that tell what a cell of the column would say.
func (c Column) ShownBy() []string {
	names := []string{c.Field}
	if c.Destination != nil {
		names = c.Destination.Fields()
	}
	if off := c.TurnsOff(); off != "" {
		names = append(names, off)
	}
	for _, with := range c.With {
		names = slices.AppendSeq(names, maps.Keys(with))
	}
	return names
}

// GoesWith gives the fields that a value brings with it, unless the row gives them.
func (c Column) GoesWith(sent string) cupi.Object {
	fields, known := c.With[sent]
	if !known && sent != "" {
		fields = c.With[anyValue]
	}
	return fields
}

// ColumnByHeading finds a column that a heading names in a file of any object: whether it is
// one at all, and whether its cells are secrets or files, is so in all of them.
func ColumnByHeading(heading string) (column Column, known bool) {
	for _, t := range tables {
		if column, known = t.Column(heading); known {
			break
		}
	}
	return column, known
}
