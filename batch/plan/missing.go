package plan

import (
	"cmp"
	"maps"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// What rows name and the server does not have is told once a name, beside the problem of each row: who brings a
// file from another server mends it in one place.

// MissingName is a name that rows have and the server has not.
type MissingName struct {
	List    string   `json:"list"` // in which it was looked up: "coses"
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int      `json:"rows"`
	Instead string   `json:"instead,omitempty"` // the nearest that the server has, or what it has, as a message ends
}

// missingNames are those of a row, and then of all rows, by list and folded name.
type missingNames map[string]MissingName

// add takes one of a row.
func (m *missingNames) add(list, name, column, instead string) {
	if *m == nil {
		*m = missingNames{}
	}
	key := list + "\x00" + model.Fold(name)
	one, known := (*m)[key]
	if !known {
		one = MissingName{List: list, Name: name, Rows: 1, Instead: instead}
	}
	if !slices.Contains(one.Columns, column) {
		one.Columns = append(slices.Clip(one.Columns), column)
	}
	(*m)[key] = one
}

// addRow takes those of a row.
func (m *missingNames) addRow(row missingNames) {
	for _, one := range row {
		before := 0
		if *m != nil {
			before = (*m)[one.List+"\x00"+model.Fold(one.Name)].Rows
		}
		for _, column := range one.Columns {
			m.add(one.List, one.Name, column, one.Instead)
		}
		key := one.List + "\x00" + model.Fold(one.Name)
		sum := (*m)[key]
		sum.Rows = before + 1
		(*m)[key] = sum
	}
}

// Missing lists what rows name and the server does not have, by list and name.
func (p *Prepared) Missing() []MissingName {
	return slices.SortedFunc(maps.Values(p.missing), func(a, b MissingName) int {
		return cmp.Or(cmp.Compare(a.List, b.List), cmp.Compare(a.Name, b.Name))
	})
}

// and joins what else is wrong with a row: what else it names that the server does not have.
func (v verdict) and(other verdict) verdict {
	switch {
	case v.Status == "":
		return other
	case other.missing == nil:
		return v
	}
	v.Message += "; " + Told(other.Column, other.Message)
	joined := missingNames{}
	for _, names := range []missingNames{v.missing, other.missing} {
		maps.Copy(joined, names)
	}
	v.missing = joined
	return v
}

// lacks is the verdict of a row that names something which the server does not have.
func lacks(code codes.Code, list, name, column, instead, format string, values ...any) verdict {
	v := Invalid(code, format, values...).about(column)
	v.missing.add(list, name, column, instead)
	return v
}

// withWritten ends messages about cells that mean something else by a mapping with the cells as the file has
// them.
func (p *Prepared) withWritten(found []Conflict) error {
	if len(found) == 0 || !p.Options.Maps() {
		return nil
	}
	rows := map[int][]*Conflict{}
	for i := range found {
		rows[found[i].Row] = append(rows[found[i].Row], &found[i])
	}
	for record, err := range p.DecodedRows() {
		if err != nil {
			return err
		}
		for _, c := range rows[record.Row] {
			if text, is := record.Written[c.column]; is {
				c.Message += validate.AsWritten(text)
			}
		}
	}
	return nil
}
