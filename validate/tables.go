package validate

import (
	"cmp"
	"slices"
	"strings"
)

// tables are the tables of all objects that rows can be about. Where two have a field of one name, the first tells what it is.
var tables = []*Table{Users, DistributionLists, AdminUsers, ListMembers, Contacts, ServiceAccounts}

// Tables returns the tables of all objects that rows can be about. The first is the usual one.
func Tables() []*Table { return slices.Clone(tables) }

// TableOf finds the table of an object, by its name in any case; "" means users.
func TableOf(object string) (*Table, bool) {
	i := slices.IndexFunc(tables, func(t *Table) bool { return strings.EqualFold(t.Object, cmp.Or(object, Users.Object)) })
	if i < 0 {
		return nil, false
	}
	return tables[i], true
}

// onlyOther is the only other table that knows a heading; nil: none does, or several do.
func (t *Table) onlyOther(heading string) (only *Table) {
	for _, other := range tables {
		switch _, known := other.Column(heading); {
		case !known:
		case only != nil:
			return nil
		default:
			only = other
		}
	}
	return only
}

// Fitting are the tables of other objects than users that have all of these headings.
func Fitting(headings []string) []*Table {
	return slices.DeleteFunc(Tables(), func(t *Table) bool { return t == Users || !t.knows(headings) })
}

// TableMeant finds the only table that has all of these headings, where users have not. It is
// users where there is none, or more than one.
func TableMeant(headings []string) *Table {
	meant := Users
	for _, t := range tables {
		switch {
		case !t.knows(headings):
		case t == Users || meant != Users:
			return Users
		default:
			meant = t
		}
	}
	return meant
}
