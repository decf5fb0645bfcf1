package rollback

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch"
	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// undoDelete makes a deleted user again from its pre-image. It is another user to
// the server: messages, PIN, passwords and ObjectId do not come back, nor what was not recorded.
func (w *rowUndo) undoDelete(ctx context.Context, done record.AppliedChange) error {
	w.status = record.Recreated
	gone := model.LastPart(done.Intent.Path)
	id, there, err := w.recreate(ctx, done.Intent.About(), gone, done.Intent.Before)
	if err != nil {
		return err
	}
	if there {
		w.notes = append(w.notes, "a "+done.Intent.About().One()+" with this alias and these fields is there already, and was left as it is: it "+
			"may have been made again before, or by somebody else")
		return nil
	}
	w.all.replaced(gone, id)
	w.row.ObjectID = id
	again := "made again from the pre-image"
	if done.Intent.About().Reimports(done.Intent.Before) {
		again = "imported from the LDAP directory again, and given the fields that the directory does not own"
		if err := w.restoreFields(ctx, done.Intent.About(), id, done.Intent.Before); err != nil {
			return err
		}
	}
	if err := w.giveDoubtful(ctx, done.Intent.About(), id, done.Intent.Before); err != nil {
		return err
	}
	w.notes = append(w.notes, again+"; "+record.LostWithTheUser(done.Intent, "did not come back"))
	return w.giveBack(ctx, done.Intent, id)
}

// recreate makes the user with this ObjectId again, unless an earlier start of this
// rollback did. there says that somebody else has the alias and the same fields.
func (w *rowUndo) recreate(ctx context.Context, about *model.Object, gone string, before cupi.Object) (id string, there bool, err error) {
	store := ""
	if !about.Reimports(before) { // an import can't choose one
		store, err = w.mailboxStore(ctx, before["MailboxStoreName"])
	}
	if err != nil {
		return "", false, err
	}
	if id := w.own.Created(); id != "" {
		return id, false, nil
	}
	fields, err := w.makeable(ctx, about, before)
	if err != nil {
		return "", false, err
	}
	same := maps.Clone(fields)
	for _, name := range about.Doubtful {
		if _, is := fields[name]; is {
			for _, within := range about.Within {
				delete(fields, within)
			}
		}
		delete(fields, name)
		delete(same, name)
	}
	found, err := w.LookFor(record.Intent{Step: about.Main.Name, Fields: fields}, send.Proof{}).Created(ctx)
	if err != nil {
		return "", false, err
	}
	if found.Outcome == send.Unprovable {
		if found.ObjectID != "" {
			user, exists, err := w.Whole(ctx, about, found.ObjectID)
			if err != nil {
				return "", false, err
			}
			if exists && model.Agrees(user, same) {
				return found.ObjectID, true, nil
			}
		}
		return "", false, &send.Failure{Status: record.Kept, Code: codes.AliasTaken,
			Message: "the deleted " + about.One() + " can't be made again: " + found.Note}
	}
	again := batch.CreationOf(about, w.all.Sources.Template(gone), store, fields, found.Date)
	if about.Reimports(before) {
		if again, err = w.importAgain(ctx, about, gone, before, found.Date); err != nil {
			return "", false, err
		}
	}
	if id, err = w.make(ctx, again); err == nil {
		w.all.makes(id)
	}
	return id, false, err
}

// giveDoubtful puts back what a server may refuse, or pass over without a word. What it does not keep
// is noted as missing.
func (w *rowUndo) giveDoubtful(ctx context.Context, about *model.Object, id string, before cupi.Object) error {
	if len(about.Doubtful) == 0 {
		return nil
	}
	was := record.Recreatable(about, before)
	doubtful := model.Only(was, about.Doubtful...)
	if len(doubtful) == 0 {
		return nil
	}
	back := model.Only(was, slices.Concat(about.Doubtful, about.Within)...)
	present, found, err := w.Whole(ctx, about, id)
	if back = model.Differences(present, back); err != nil || !found || len(back) == 0 {
		return err
	}
	give := func(what, fields cupi.Object) error {
		return w.attempt(ctx, namesOf(what), send.Change{Step: about.Main.Name, Request: about.Update(id, fields), Before: model.PreImage(present, fields)})
	}
	doubtful = model.Only(back, about.Doubtful...)
	within, missing := model.Only(back, about.Within...), len(w.missing)
	if len(doubtful) == 0 {
		return give(within, within)
	}
	if err := give(doubtful, back); err != nil {
		return err
	}
	if len(w.missing) > missing && len(doubtful) > 1 { // one of them may be the reason
		w.missing = w.missing[:missing]
		for _, name := range slices.Sorted(maps.Keys(doubtful)) {
			one := model.Only(doubtful, name)
			if err := give(one, one); err != nil {
				return err
			}
		}
	}
	if len(w.missing) > missing {
		if len(within) == 0 {
			return nil
		}
		return give(within, within)
	}
	present, _, err = w.Whole(ctx, about, id)
	if lost := model.Differences(present, back); err == nil && len(lost) > 0 {
		w.missing = append(w.missing, namesOf(lost)+" (the server did not keep it)")
	}
	return err
}

// namesOf are the names of fields, for people.
func namesOf(fields cupi.Object) string { return strings.Join(slices.Sorted(maps.Keys(fields)), ", ") }

// mailboxStore finds the store that the mailbox was in; "" is the server's default.
func (w *rowUndo) mailboxStore(ctx context.Context, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	id, err := w.all.shared.Store(ctx, w.Session, name)
	if err == nil && id == "" {
		w.missing = append(w.missing, fmt.Sprintf("the mailbox store %q (it is gone, so the mailbox is in the default one)", name))
	}
	return id, err
}

// giveBack brings back what went with the deleted user. What can't come back is
// said, and does not keep the rest from coming.
func (w *rowUndo) giveBack(ctx context.Context, deleted record.Intent, id string) error {
	fully := deleted.About().FullyRestorable()
	for _, kind := range deleted.About().Restorable() {
		if kind.FromTemplate != nil { // what the template gave goes too
			fully = append(fully, kind)
			continue
		}
		for _, member := range deleted.Also[kind.Name] {
			fields, collection, awaited := w.membersNow(kind, member)
			if awaited {
				continue
			}
			if kind.Of != "" {
				fields[kind.Of] = id
			}
			if kind.Shape != model.Memberships {
				collection = kind.In(id)
			}
			if err := w.attempt(ctx, kind.Describe(member),
				send.Change{Step: kind.Name, Request: cupi.Create(collection, fields)}); err != nil {
				return err
			}
		}
	}
	return w.giveBackFully(ctx, deleted, id, fully)
}

// membersNow is what brings a member back, by the ids that what the run deleted has now. awaited
// says that the other side is yet to be made again, and gets it back with that.
func (w *rowUndo) membersNow(kind *model.StepKind, member cupi.Object) (fields cupi.Object, in cupi.Collection, awaited bool) {
	fields = model.Only(member, kind.CreateFields...)
	for name, value := range fields {
		awaited = awaited || w.comesLater(value)
		if fields[name] = w.all.current(value); value == "" {
			delete(fields, name)
		}
	}
	if kind.Shape == model.Memberships {
		awaited = w.comesLater(member["ObjectId"])
		in = cupi.MembersOf(w.all.current(member["ObjectId"]))
	}
	return fields, in, awaited
}

// comesLater reports whether one is yet to be made again by a row that goes back after this one. Whom a
// row before did not make again nobody brings back.
func (w *rowUndo) comesLater(objectID string) bool {
	return w.all.awaits(objectID) && w.all.awaited(objectID, w.row.Row)
}
