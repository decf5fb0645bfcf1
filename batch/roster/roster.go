// Package roster makes, of a file that is the truth about everybody within a scope, the rows of a
// run: who is missing on the server is made, who is there is updated, and who is there and not in
// the file has left. What it makes is an input like any other, with an operation in each row, so
// that the run, its forecast, its resume and its rollback are those of every run.
//
// It takes nobody for a leaver of whom it is not sure: a file with rows that can't be understood
// names nobody who left, and neither does a list that the server did not narrow as it was asked.
package roster

import (
	"fmt"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/internal/shell"
	"cucbulk/validate"
)

// Roster is what became of a file and the server's users.
type Roster struct {
	Night        // what it leaves for the next night
	InScope, New int
	NoKey, Own   int      // within the scope: who has no value in the column of --match; who is never a leaver
	Back         []Leaver // whom the night before knew as leavers, and the file names again
	Unclear      int      // rows of which nobody knows whom they are about
	Last         *Night   // the night before; nil: none was found
	Requests     int
	Seen         *plan.Seen // who is there, for the pre-flight
	Problems     []validate.Problem
	file         *File
	rows         map[int]decision
	keyAt        int
	match        validate.Column
	due          []Leaver
	outside      bool // that new people may be outside the scope was said
	renames      bool // some row has another alias than its user
	anew         bool // a file was refused since the night before, so who is missing is missing since now
}

// decision is what a row of the file becomes.
type decision struct {
	operation                  validate.Operation
	alias, newAlias, extension string // in place of the cells; "": those count
}

// named is whom the rows of the file name, and what they take.
type named struct {
	keys, forms, ids, aliases map[string]bool
	used                      used
	have                      map[string]int  // how many users have a key
	people                    map[string]bool // by first and last name
	strangers                 strangers
	repeats                   int // rows whose key an earlier one has
}

// decide decides what the rows of the file do, and gives those of them that are about new people.
func (r *Roster) decide(people *people, scope *Scope) (names named, newcomers []validate.Record, err error) {
	names = named{keys: map[string]bool{}, forms: map[string]bool{}, ids: map[string]bool{}, aliases: map[string]bool{},
		used: used{map[string]bool{}, map[string]bool{}}, have: map[string]int{}}
	first := firsts{map[string]decision{}, map[string]decision{}}
	rejected := map[int]validate.Record{}
	names.people, names.strangers = map[string]bool{}, strangers{keys: map[string]bool{}, people: map[string]bool{},
		extensions: map[string][]string{}}
	by := map[string][]cupi.Object{}
	for _, user := range people.all {
		if key := model.Fold(user[r.Match]); key != "" {
			by[key] = append(by[key], user)
			names.have[key]++
		}
	}
	for entry, err := range r.file.DecodedRows() {
		if err != nil {
			return names, nil, err
		}
		key := model.Fold(entry.KeyValue)
		names.add(key, entry)
		value, said := scope.says(entry)
		if said && !scope.takes(value) {
			r.warnAt(entry.Row, entry.Line, scope.name, codes.OutsideScope,
				"puts the user outside --scope %s: who leaves from there is not noticed", r.Scope)
		}
		if len(by[key]) == 0 {
			names.strangers.add(entry)
		}
		d := decision{operation: validate.Upsert}
		switch users := by[key]; {
		case r.file.invalid(entry.Row):
			rejected[entry.Row] = entry
		case len(users) == 1:
			d = update(entry, users[0], r.Match)
			r.renames = r.renames || d.newAlias != ""
		case len(users) == 0:
			r.New++
			newcomers = append(newcomers, entry)
			if !said {
				r.warnOutside(entry, scope)
			}
		}
		r.rows[entry.Row] = d
		if !r.file.invalid(entry.Row) {
			first.add(key, entry, d)
		}
	}
	for row, entry := range rejected {
		r.rows[row] = first.again(entry, r.rows[row])
	}
	for _, row := range r.file.open {
		r.warnAt(row.Number, row.Line, "", codes.NoLineEnd,
			"no line end is behind this last row, so the file may be cut off here, and nobody is taken to have left. "+
				"If it is whole, end the line, and sync it again; else copy or export it again")
	}
	for _, of := range []map[string]bool{names.forms, names.aliases, names.ids} {
		delete(of, "")
	}
	return names, newcomers, nil
}

// add notes whom a row names.
func (n *named) add(key string, entry validate.Record) {
	n.used.add(entry)
	if n.keys[key] {
		n.repeats++
	}
	if key != "" {
		n.keys[key], n.forms[plan.NearForm(entry.KeyValue)], n.ids[model.Fold(entry.ObjectId)] = true, true, true
		n.aliases[model.Fold(entry.Alias)] = true
	}
	if name := wholeName(entry.Steps[validate.Users.Main]); name != "" {
		n.people[name] = true
	}
}

// warnOutside tells, once, that somebody new whose row does not say so may be made outside the scope.
func (r *Roster) warnOutside(entry validate.Record, scope *Scope) {
	if scope.everybody || scope.op != cupi.Is || r.outside {
		return
	}
	r.outside = true
	r.warnAt(entry.Row, entry.Line, "", codes.OutsideScope, "new people whose rows do not say %s are made outside "+
		"--scope %s, unless their template says it: who leaves from there is not noticed. "+
		"Give them the column, or --set %[3]s", scope.typed(), r.Scope, shell.Word(scope.typed()+"="+scope.value))
}

// firsts are what became of rows, by folded key and by folded alias.
type firsts struct{ keys, aliases map[string]decision }

func (f firsts) add(key string, entry validate.Record, d decision) {
	for of, text := range map[*map[string]decision]string{&f.keys: key, &f.aliases: model.Fold(entry.Alias)} {
		if _, there := (*of)[text]; text != "" && !there {
			(*of)[text] = d
		}
	}
}

// again is what becomes of a row that was rejected: what became of the row that it repeats, if it does, so
// that it is found to repeat that again.
func (f firsts) again(entry validate.Record, d decision) decision {
	as, repeats := f.keys[model.Fold(entry.KeyValue)]
	if !repeats {
		as, repeats = f.aliases[model.Fold(entry.Alias)]
	}
	if !repeats {
		return d
	}
	d.operation = as.operation
	if as.newAlias != "" {
		d.newAlias = entry.Alias
	}
	return d
}

// update is what becomes of a row whose user is there. One that has another alias in the file is renamed.
func update(entry validate.Record, user cupi.Object, match string) decision {
	d := decision{operation: validate.Update}
	if match != "Alias" && entry.Alias != "" && model.Fold(entry.Alias) != model.Fold(user["Alias"]) {
		d.alias, d.newAlias = user["Alias"], entry.Alias
	}
	return d
}

// In gives the states of leavers with how many have each.
func (r *Roster) In() map[string]int {
	states := map[string]int{}
	for _, l := range r.Leavers {
		states[l.State]++
	}
	return states
}

// warnAt makes a warning of a row of the file.
func (r *Roster) warnAt(row, line int, column string, code codes.Code, format string, values ...any) {
	r.Problems = append(r.Problems, r.file.Header.WithHeading(validate.Problem{File: r.file.Input.Name, Row: row, Line: line,
		Column: column, Code: code, Warning: true,
		Message: strings.TrimSpace(fmt.Sprintf(format, values...))}))
}

// used is what somebody has: on the server, or in the file.
type used struct{ aliases, extensions map[string]bool }

// add takes what a row of the file names.
func (u used) add(entry validate.Record) {
	u.aliases[model.Fold(entry.Alias)] = true
	u.extensions[entry.DtmfAccessId] = true
	for _, fields := range entry.Steps {
		u.extensions[fields["DtmfAccessId"]] = true
	}
}
