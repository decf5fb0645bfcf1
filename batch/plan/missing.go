package plan

import (
	"slices"

	"cucbulk/batch/model"
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
