package validate

import (
	"slices"
	"strings"
)

// slot is where the text of one column comes from: a cell, a --set, or both.
type slot struct {
	column *Column
	cell   int    // index of the cell; -1: there is no such heading
	preset string // for rows that leave the cell empty

	presetReading reading // of the preset

	finds    bool // a delete looks at it: it steers the row or finds its user
	sentAsIs bool // its text is sent as it is, so that blanks around it matter
	glance   *glance
	mapping  *Mapping // what a cell may mean instead; nil: it means itself
}

func (t *Table) slot(column *Column, cell int, preset string) slot {
	text, is := column.read(preset)
	return slot{column: column, cell: cell, preset: text, presetReading: is, glance: glanceAt(column),
		finds:    column.Access == Control || slices.Contains(t.match, column.Name) || t.Member != nil && t.Member.Column == column.Name,
		sentAsIs: column.Type == String && (column.Step != "" || column.Name == "NewAlias") && column.Collection == ""}
}

// slots are the columns of a file in the order of its headings, then those that
// only --set gives. Columns that are never sent are not among them, but for
// ObjectId, which may find a user.
type slots []slot

func newSlots(h *Header, o Options) slots {
	var s slots
	for i, column := range h.Columns {
		if column != nil && (column.Access != ReadOnly || column.Name == "ObjectId") {
			one := o.table().slot(column, i, "")
			if o.Map.maps(column) {
				one.mapping = o.Map
			}
			s = append(s, one)
		}
	}
	for _, setting := range o.Set {
		column, known := o.table().byHeading[fold(strings.TrimSpace(setting.Column))]
		if !known || column.Access == PassedOver || column.Access == ReadOnly || column.Access == Unsupported {
			continue
		}
		if i := s.index(column.Name); i >= 0 {
			if s[i].preset == "" {
				s[i].preset, s[i].presetReading = column.read(setting.Value)
			}
			continue
		}
		s = append(s, o.table().slot(column, -1, setting.Value))
	}
	for _, n := range o.Map.keepsIn() {
		if column, known := o.table().byHeading[fold(alternateColumn(n))]; known && !s.has(column.Name) {
			s = append(s, o.table().slot(column, -1, ""))
		}
	}
	return s
}

// index finds a column by its name; -1 when the file has none.
func (s slots) index(column string) int {
	return slices.IndexFunc(s, func(one slot) bool { return one.column.Name == column })
}

func (s slots) has(column string) bool { return s.index(column) >= 0 }

// firstOf returns the first of these columns that the file has, or "".
func (s slots) firstOf(columns []string) string {
	for _, column := range columns {
		if s.has(column) {
			return column
		}
	}
	return ""
}

// operation returns the operation that all rows share; same is false when the
// rows have a column of their own for it.
func (s slots) operation(o Options) (operation Operation, same bool) {
	if i := s.index("Operation"); i >= 0 && s[i].cell >= 0 {
		return "", false
	} else if i >= 0 {
		operation, _ := o.table().ParseOperation(s[i].preset)
		return operation, true
	}
	return o.Operation, true
}

// fill takes the text of each slot from a row, without blanks around it. It reports
// whether there were any, and whether a text was marked: see [Column.read].
func (s slots) fill(values []string, r Row) (blanks, marks bool) {
	for i := range s {
		slot := &s[i]
		text := ""
		if slot.cell >= 0 && slot.cell < len(r.Cells) {
			cell := r.Cells[slot.cell]
			if text = cell; !startsAndEndsVisibly(cell) { // asked in place: to call trimmed for each cell takes time
				text = strings.TrimSpace(cell)
				blanks = blanks || len(text) != len(cell)
			}
			if text != "" && marked[text[0]] {
				text, _ = slot.column.read(cell)
				marks = true
			}
			if slot.mapping != nil && text != "" {
				text = slot.mapping.mapped(slot.column, text)
			}
		}
		if text == "" {
			text = slot.preset
			marks = marks || slot.presetReading != asItIs
		}
		values[i] = text
	}
	return blanks, marks
}
