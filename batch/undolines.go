package batch

import (
	"iter"
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// UndoLine is what undoing one row does, for people to read and choose from.
type UndoLine struct {
	Row        int
	Operation  validate.Operation // of the undoing: a created user is deleted, a deleted one created
	ObjectID   string             // of the user as the run left it
	Alias      string
	Reversible Reversible
	Note       string
	Fields     cupi.Object // to restore, or to create again with; "" clears
}

// Lines tells what undoing each row does, newest change first.
func (u *Undo) Lines() iter.Seq2[UndoLine, error] {
	return func(yield func(UndoLine, error) bool) {
		for _, number := range u.Rows {
			line, err := u.line(number)
			if !yield(line, err) || err != nil {
				return
			}
		}
	}
}

// Irreversible tells of the rows whose undoing does not bring everything back, and
// in the notes what is lost. It sends nothing, so that it can be shown before a
// rollback starts.
func (u *Undo) Irreversible() iter.Seq2[UndoLine, error] {
	return func(yield func(UndoLine, error) bool) {
		for line, err := range u.Lines() {
			if (err != nil || line.Reversible != FullyReversible) && !yield(line, err) {
				return
			}
		}
	}
}

func (u *Undo) line(number int) (UndoLine, error) {
	result, _, err := u.History.Result(number)
	if err != nil {
		return UndoLine{}, err
	}
	before, err := u.History.past(number)
	if err != nil {
		return UndoLine{}, err
	}
	line := UndoLine{Row: number, Operation: validate.Update, ObjectID: result.ObjectID, Alias: result.Alias, Reversible: FullyReversible, Fields: cupi.Object{}}
	var notes []string
	for _, c := range before.made {
		line.Alias = orElse(line.Alias, c.intent.Alias)
		switch {
		case c.Method == "POST" && c.Step == validate.StepUser:
			line.Operation, line.ObjectID, line.Fields = validate.Delete, c.ObjectID, cupi.Object{}
			notes = append(notes, "the run created this user")
		case c.Method == "DELETE":
			line.Operation, line.Reversible, line.Fields = validate.Create, PartlyReversible, recreatable(c.intent.Before)
			line.ObjectID = lastPart(c.intent.Path)
			notes = append(notes, lostWithTheUser(c.intent, "do not come back"))
			if fromDirectory(c.intent.Before) {
				line.Reversible = NotReversible
				notes = append(notes, notFromDirectory)
			}
		case before.created() == "":
			if c.Step == validate.StepUser {
				line.ObjectID = lastPart(c.intent.Path)
			}
			for name, value := range c.intent.Before {
				line.Fields[name] = value
			}
			if same("Inactive", c.intent.Before["Inactive"], "true") {
				line.Reversible = PartlyReversible
				notes = append(notes, "Inactive can't go back to true")
				delete(line.Fields, "Inactive")
			}
		}
	}
	if before.open != nil {
		line.Reversible = NotReversible
		notes = append(notes, "a request of this row was in doubt when the run ended: resume it first")
	}
	line.Note = strings.Join(notes, "; ")
	return line, nil
}
