package roster

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// Everybody is the scope of all users of a server.
const Everybody = "all"

// Scope is about whom the file is the truth.
type Scope struct {
	everybody bool
	column    validate.Column // as the server has it, where it is known
	name      string          // by which a query asks for it
	heading   string          // as it was typed; "": name
	op        cupi.Op
	value     string
	ids       map[string]bool // folded, that the name in value stands for; nil: it is no name
}

// ParseScope reads "all", "Column=Value" or a query of one clause.
func ParseScope(text string) (Scope, error) {
	text = strings.TrimSpace(text)
	if strings.EqualFold(text, Everybody) {
		return Scope{everybody: true}, nil
	}
	if heading, value, is := strings.Cut(text, "="); is && !strings.HasPrefix(text, "(") {
		return columnScope(strings.TrimSpace(heading), strings.TrimSpace(value))
	}
	query, err := cupi.ParseQuery(text)
	if err != nil || query == (cupi.Query{}) {
		return Scope{}, errors.Join(errors.New("it takes all, Column=Value or a query such as (department is Sales)"), err)
	}
	s := Scope{name: query.Column, op: query.Op, value: query.Value}
	for _, column := range validate.Users.Columns() {
		if model.IsMain(column.Step) && column.Field == column.Name && strings.EqualFold(column.Field, query.Column) {
			s.column, s.name = column, column.Field
		}
	}
	return s, nil
}

func columnScope(heading, value string) (Scope, error) {
	column, known := validate.Users.Column(heading)
	switch {
	case !known:
		return Scope{}, fmt.Errorf("there is no column %q%s", heading, near(validate.Users.NearestHeading(heading)))
	case value == "":
		return Scope{}, fmt.Errorf("%s is given no value", column.Name)
	case !model.IsMain(column.Step) || column.Secret || column.Destination != nil || column.List != "" ||
		column.Collection != "" && !listed(column):
		return Scope{}, fmt.Errorf("%s is not what the server tells of a user in one field: name a column such as Department, "+
			"City, CosDisplayName or PartitionName", column.Name)
	}
	return Scope{column: column, name: column.Field, heading: heading, op: cupi.Is, value: value}, nil
}

func near(name string) string {
	if name == "" {
		return ""
	}
	return "; did you mean " + name + "?"
}

// listed reports whether the listing shows what a column is about.
func listed(column validate.Column) bool {
	shown, known := validate.Users.Column(column.Field)
	return known && shown.Listed
}

// collection is that in which the scope's value is a name; "": it is none.
func (s *Scope) collection() string { return s.column.Collection }

// means takes the names of that collection, by their folded ids.
func (s *Scope) means(names map[string]string) error {
	s.ids = map[string]bool{}
	var all []string
	for id, name := range names {
		all = append(all, name)
		if model.Fold(name) == model.Fold(s.value) {
			s.ids[id] = true
		}
	}
	if len(s.ids) > 0 {
		return nil
	}
	slices.Sort(all)
	return fmt.Errorf("the server has no %s %q%s", s.column.Name, s.value, near(validate.Nearest(s.value, all)))
}

// query asks a server for those within the scope whom its listing does not tell from others.
func (s *Scope) query() cupi.Query { return cupi.Query{Column: s.name, Op: s.op, Value: s.value} }

// typed is the column as people type it.
func (s *Scope) typed() string { return cmp.Or(s.heading, s.name) }

// asksServer reports whether only a query tells who is within the scope.
func (s *Scope) asksServer() bool { return !s.everybody && !listed(s.column) }

// holds reports whether a user is within the scope, by a field that it shows.
func (s *Scope) holds(user cupi.Object) bool {
	shown := user[s.name]
	for name, value := range user { // of a query that names a field which no table has
		if s.column.Name == "" && strings.EqualFold(name, s.name) {
			shown = value
		}
	}
	switch {
	case s.everybody:
		return true
	case s.ids != nil:
		return s.ids[model.Fold(shown)]
	case s.op == cupi.IsNull:
		return strings.TrimSpace(shown) == ""
	case s.op == cupi.IsNotNull:
		return strings.TrimSpace(shown) != ""
	case s.op == cupi.StartsWith:
		return strings.HasPrefix(model.Fold(shown), model.Fold(s.value))
	}
	return model.Same(s.name, shown, s.value) || model.Fold(shown) == model.Fold(s.value)
}

// says is what a row says of the field that the scope is about; false: nothing.
func (s *Scope) says(entry validate.Record) (value string, said bool) {
	if s.everybody {
		return "", false
	}
	for _, name := range entry.Names {
		if name.Step == validate.Users.Main && name.Field == s.name {
			return name.Name, true
		}
	}
	value, said = entry.Steps[validate.Users.Main][s.name]
	return value, said
}

// takes reports whether a row that says so puts its user within the scope.
func (s *Scope) takes(value string) bool {
	if s.ids != nil {
		return model.Fold(value) == model.Fold(s.value) || s.ids[model.Fold(value)]
	}
	return s.holds(cupi.Object{s.name: value})
}
