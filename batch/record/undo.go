package record

import (
	"cmp"
	"slices"

	"cucbulk/validate"
)

// UndoOptions says what of a run to undo.
type UndoOptions struct {
	Only     []validate.Setting // rows with one of these values in Alias, ObjectId, DtmfAccessId or Operation; none: all
	Rows     map[int]bool       // row numbers; nil: all
	Template string             // for users that must be created again; "": the one that the journal knows, see [Undo.LacksTemplate]
	// Delete created users also when they are in use or were changed since, and bring back what
	// perhaps somebody else deleted.
	Force bool

	Patience
}

// UndoOptions gives what a rollback was asked to undo, from the header of its own journal.
func (h Header) UndoOptions() UndoOptions {
	return UndoOptions{Only: h.Options.Only, Rows: h.undoRows(), Template: h.Options.Template, Force: h.Force}
}

// Undo is a rollback that is planned: which rows of a run, newest first.
type Undo struct {
	History *History
	Options UndoOptions
	Rows    []int // row numbers of the run, newest change first

	Units   []UndoUnit
	Sources sources
	// Earlier are the rollbacks that have gone before, of runs that are one with this and came later: whom they made again
	// stands for whom those had deleted.
	Earlier []*History

	Passing map[string]bool // folded ObjectIds of users that chosen rows both made and deleted: nothing of them is brought back
}

// sources are what a rollback makes deleted users again of: a template and, where the
// run itself imported them, a person in the LDAP directory.
type sources struct {
	anyTemplate string            // for every user; "": none
	templates   map[string]string // ObjectId of a user that the run made -> the template it was made from
	Persons     map[string]string // ObjectId of a user that the run imported -> the pkid of the person

	used    []string // all templates that the run used, when none of them is for every user
	lacking []string // aliases of users for whom there is no template
}

// Template gives the one for a deleted user, "" when there is none.
func (s sources) Template(userID string) string {
	return cmp.Or(s.templates[userID], s.anyTemplate)
}

// AnyDeleted reports whether there is a deleted user to make again.
func (u *Undo) AnyDeleted() bool {
	return slices.ContainsFunc(u.Rows, func(number int) bool {
		row := u.History.Rows[number]
		for i, c := range row.Changes {
			if row.counts(i) && c.Deletes() {
				return true
			}
		}
		return false
	})
}

// undoRows gives the row numbers that a rollback was limited to, nil for all.
func (h Header) undoRows() map[int]bool {
	if h.Undo == nil {
		return nil
	}
	rows := map[int]bool{}
	for _, number := range h.Undo {
		rows[number] = true
	}
	return rows
}
