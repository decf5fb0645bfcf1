package record

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
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

	templates bool // it makes again what is made of a template
	passing   int  // changes of a user that the run made and deleted
}

// Restores names the fields that some line restores, in order. Undoing what made a
// user restores nothing, so of those no record is read.
func (u *Undo) Restores() ([]string, error) {
	names := map[string]bool{}
	for line, err := range u.lines(func(row *RowHistory) bool { return !row.onlyMade() }) {
		if err != nil {
			return nil, err
		}
		for name := range line.Fields {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
}

// onlyMade reports whether all that was done for the row is that its user was made.
func (r *RowHistory) onlyMade() bool {
	return !slices.ContainsFunc(r.Changes, func(c SentChange) bool { return !c.Made || !c.Creates() })
}

// Lines tells what undoing each row does, newest change first.
func (u *Undo) Lines() iter.Seq2[UndoLine, error] {
	return u.lines(func(*RowHistory) bool { return true })
}

// lines tells what undoing some of the rows does.
func (u *Undo) lines(of func(*RowHistory) bool) iter.Seq2[UndoLine, error] {
	return func(yield func(UndoLine, error) bool) {
		records, err := u.History.Lookup()
		if err != nil {
			yield(UndoLine{}, err)
			return
		}
		defer records.Close()
		for _, number := range u.Rows {
			if !of(u.History.Rows[number]) {
				continue
			}
			line, err := u.line(records, number)
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

// line tells what undoing one row does.
func (u *Undo) line(records *Lookup, number int) (UndoLine, error) {
	var result Result
	var err error
	if !records.history.Rows[number].onlyMade() { // else its change tells the same
		if result, _, err = records.Result(number); err != nil {
			return UndoLine{}, err
		}
	}
	before, err := records.Past(number)
	if err != nil {
		return UndoLine{}, err
	}
	line := UndoLine{Row: number, Operation: validate.Update, ObjectID: cmp.Or(result.ObjectID, before.User()),
		Alias: result.Alias, Reversible: FullyReversible, Fields: cupi.Object{}}
	if u.aboutMembers() && result.Status.Done() {
		line.tell(result.Message) // which says whom the row is about
	}
	changes, looked := before.Made, before.Unsettled() && !result.LeftAlone()
	if looked {
		changes = before.Changes() // the rollback looks whether it was made
	}
	u.takeBack(&line, changes, result.ObjectID, before.Created() != "")
	if records.history.Rows[number].Status == "" {
		line.tell("the row was begun and cut off")
	}
	if temporary := before.Temporary(); temporary != "" {
		line.tell(temporary)
	}
	switch {
	case looked:
		line.tell(fmt.Sprintf("the %s of %s was sent, or about to be, and has no answer: the rollback looks "+
			"whether it is there", before.Open.Method, before.Open.Step))
	case before.Unsettled():
		line.Alias = cmp.Or(line.Alias, before.Open.Intent.Alias) // the row may have no result yet
		line.Reversible = NotReversible
		line.tell("what became of a request of this row could not be proven, so the row is left alone: look at the server")
	}
	return line, nil
}

// takeBack tells of the changes of a row what a rollback does about them. user is the row's, whom it made or found.
func (u *Undo) takeBack(line *UndoLine, changes []AppliedChange, user string, made bool) {
	secrets := 0
	for _, c := range changes {
		line.Alias = cmp.Or(line.Alias, c.Intent.Alias)
		switch {
		case u.Passes(user, c):
			line.ObjectID = cmp.Or(user, model.LastPart(c.Intent.Path))
			line.passing++
		case c.Creates():
			line.deletes(c)
		case c.Deletes():
			line.makesAgain(c)
		case !made: // else it goes with the user
			line.restores(c)
			if len(c.Intent.Secret) > 0 && c.Method != "POST" { // what was added goes with its secret
				secrets++
			}
		}
	}
	if line.passing > 0 {
		line.tell(NotePassing)
	}
	switch {
	case secrets > 0 && secrets == len(changes):
		line.Reversible = NotReversible
	case secrets > 0:
		line.Reversible = PartlyReversible
	}
}

// aboutMembers reports whether the run's rows are about members of what their keys find, so that several may be about one.
func (u *Undo) aboutMembers() bool {
	table, known := validate.TableOf(u.History.Header.Options.Object)
	return known && table.Member != nil
}

// tell adds to the note.
func (l *UndoLine) tell(text string) {
	if l.Note != "" {
		l.Note += "; "
	}
	l.Note += text
}

// deletes is the undoing of what made a user.
func (l *UndoLine) deletes(c AppliedChange) {
	l.Operation, l.ObjectID, l.Fields = validate.Delete, c.ObjectID, cupi.Object{}
	if c.Intent.Imports() {
		l.tell("the run imported this user, who goes back to the LDAP directory")
	} else {
		l.tell("the run created this " + c.Intent.About().One())
	}
}

// makesAgain is the undoing of what deleted a user.
func (l *UndoLine) makesAgain(c AppliedChange) {
	l.Operation, l.ObjectID, l.Fields = validate.Create, model.LastPart(c.Intent.Path), Recreatable(c.Intent.About(), c.Intent.Before)
	l.Reversible, l.templates = PartlyReversible, c.Intent.About().Templates.Name != ""
	l.tell(LostWithTheUser(c.Intent, "do not come back"))
	if c.Unproven {
		l.tell("it is not proven that the run deleted this " + c.Intent.About().One() +
			", and not somebody else: only --force makes it again")
	}
	if c.Intent.About().Reimports(c.Intent.Before) {
		l.Operation = validate.ImportLDAP
		l.tell("the user is imported from the LDAP directory again, if that still lists it")
	}
}

// restores is the undoing of a change of a user, or of a part of one.
func (l *UndoLine) restores(c AppliedChange) {
	if model.KindOf(c.Step).Shape == model.WholeUser {
		l.ObjectID = model.LastPart(c.Intent.Path)
		for name, before := range c.Intent.Before {
			if _, known := l.Fields[name]; !known { // the first change tells how it was
				l.Fields[name] = before
			}
		}
	} else {
		l.tell(ofPart(c))
	}
	if alias := c.Renames(); alias != "" {
		l.tell(NoteOldAlias(alias))
	}
	for _, name := range model.KindOf(c.Step).Stays {
		if c.Intent.Fields[name] != "" && c.Intent.Before[name] == "" {
			l.Reversible = PartlyReversible
			l.tell(model.ToldField(c.Step, name) + " can't be emptied again")
		}
	}
	if model.Same("Inactive", c.Intent.Before["Inactive"], "true") {
		l.Reversible = PartlyReversible
		l.tell("Inactive can't go back to true")
		delete(l.Fields, "Inactive")
	}
}

// ofPart tells what undoing does with a part of the user.
func ofPart(c AppliedChange) string {
	switch {
	case model.KindOf(c.Step) == c.Intent.About().References:
		return "what refers to the successor at " + c.Intent.Path + " refers to the user again"
	case model.KindOf(c.Step) == c.Intent.About().SuccessorLists:
		return "the successor leaves the list at " + c.Intent.Path
	case c.Method == "POST":
		return c.Step + " is taken away again"
	case c.Method == "DELETE":
		return c.Step + " comes back"
	case len(c.Intent.Secret) > 0:
		return c.Step + " can't be put back, because no server shows what it was"
	}
	var fields []string
	for _, name := range slices.Sorted(maps.Keys(c.Intent.Before)) {
		fields = append(fields, fmt.Sprintf("%s %q", model.ToldField(c.Step, name), model.Told(name, c.Intent.Before[name])))
	}
	return c.Step + " goes back to " + strings.Join(fields, ", ")
}

// LostWithTheUser says what does not come back, or did not, when a deleted user is
// made again.
func LostWithTheUser(deleted Intent, verb string) string {
	lost := deleted.About().Lost
	if model.FromDirectory(deleted.Before) && !deleted.About().Reimports(deleted.Before) {
		lost += ", and the tie to the LDAP directory"
	}
	lost += " " + verb
	usual, full := deleted.unrecorded(deleted.About().Restorable()), deleted.unrecorded(deleted.About().FullyRestorable())
	if unknown := slices.Concat(usual, full); len(unknown) > 0 {
		lost += fmt.Sprintf("; %s %s, because they were not recorded", strings.Join(unknown, ", "), verb)
		if len(full) > 0 {
			lost += " (--pre-image full records them)"
		}
	}
	return lost
}

// unrecorded names what was not recorded of some kinds.
func (i Intent) unrecorded(kinds []*model.StepKind) []string {
	var names []string
	for _, kind := range kinds {
		if name := cmp.Or(kind.AsLost, kind.Many); i.Also[kind.Name] == nil && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Recreatable takes from a pre-image what a new user can be given: what may be
// written, holds something, and belonged to the user and not to the object. Of what
// the directory owns only the alias is left: the directory gives the rest.
func Recreatable(about *model.Object, before cupi.Object) cupi.Object {
	fields := cupi.Object{}
	for name, value := range before {
		column, known := about.Table.Column(name)
		if !known || value == "" || column.Access != validate.ReadWrite || !model.IsMain(column.Step) ||
			column.Field != name || GoneWithTheUser(name) {
			continue
		}
		fields[name] = value
	}
	if about.Reimports(before) {
		for _, name := range model.DirectoryOwned()[before["LdapType"]] {
			if name != "Alias" {
				delete(fields, name)
			}
		}
	}
	if model.Same("Inactive", fields["Inactive"], "true") {
		delete(fields, "Inactive") // may not be set on a user that is not
	}
	return fields
}

// GoneWithTheUser names fields that point to objects which the server made for the
// deleted user and removed with it, and those that tie a user to the directory.
func GoneWithTheUser(name string) bool {
	switch name {
	case "CallHandlerObjectId", "VoiceName", "ExitCallActionObjectId", "SynchScheduleObjectId", "LdapType", "LdapCcmUserId",
		"CreateSmtpProxyFromCorp":
		return true
	}
	return false
}
