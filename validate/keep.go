package validate

import (
	"fmt"
	"unicode/utf8"

	"cucbulk/cupi"
)

// What many do in place of deleting who leaves: the mailbox stays, and nobody finds it, calls
// through it, or gets into it with the former PIN.

// transferRules are the steps of the rules by which calls go to a user's phone.
var transferRules = []string{"transferoptions/Standard", "transferoptions/Off Hours", "transferoptions/Alternate"}

// keepMailbox makes of a record that deletes a user one that keeps the mailbox. Its PIN is drawn
// by the run.
func (r *Record) keepMailbox(notes []Setting) {
	r.Operation, r.KeepsMailbox = Update, true
	r.set(StepUser, "ListInDirectory", "false")
	for _, note := range notes {
		if column, known := Users.byHeading[fold(note.Column)]; known {
			r.set(column.Step, column.Field, note.Value)
		}
	}
	for _, rule := range transferRules {
		r.Steps[rule] = cupi.Object{"Action": "0"}
	}
}

// NoteProblem says why a field can't hold a note on who left; "" if it can.
func NoteProblem(note Setting) string {
	column, known := Users.Column(note.Column)
	switch {
	case !known:
		return fmt.Sprintf("there is no column %q", note.Column)
	case column.Step != StepUser || column.Access != ReadWrite || column.Type != String || column.Secret ||
		column.Collection != "" || !column.Nullable:
		return column.Name + " is no text of the user that can be cleared again: name one such as Title, Department or BillingId"
	case note.Value == "":
		return column.Name + " is given no text"
	case column.MaxLength > 0 && utf8.RuneCountInString(note.Value) > column.MaxLength:
		return fmt.Sprintf("%s takes at most %d characters", column.Name, column.MaxLength)
	}
	for _, found := range checkValue(&column, note.Value) {
		if !found.warning {
			return column.Name + " " + found.message
		}
	}
	return ""
}
