package rollback

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// recreation is how one whom the run deleted is made again.
type recreation struct {
	*rowUndo
	deleted record.Intent // by which the run deleted the user
	about   *model.Object
	gone    string // the ObjectId that the user had
	id      string // and has now
}

// undoDelete makes a deleted user again from its pre-image. It is another user to
// the server: messages, PIN, passwords and ObjectId do not come back, nor what was not recorded.
func (u *undoing) undoDelete(ctx context.Context) error {
	u.status = record.Recreated
	r := &recreation{rowUndo: u.rowUndo, deleted: u.change.Intent, about: u.change.Intent.About(),
		gone: model.LastPart(u.change.Intent.Path)}
	there, err := r.recreate(ctx)
	if err != nil {
		return err
	}
	if there {
		u.notes = append(u.notes, "a "+r.about.One()+" with this alias and these fields is there already, and was left as it is: it "+
			"may have been made again before, or by somebody else")
		return nil
	}
	u.all.replaced(r.gone, r.id)
	u.row.ObjectID = r.id
	again := "made again from the pre-image"
	if r.about.Reimports(r.deleted.Before) {
		again = "imported from the LDAP directory again, and given the fields that the directory does not own"
		if err := r.restoreFields(ctx); err != nil {
			return err
		}
	}
	if err := r.giveDoubtful(ctx); err != nil {
		return err
	}
	u.notes = append(u.notes, again+"; "+record.LostWithTheUser(r.deleted, "did not come back"))
	return r.giveBack(ctx)
}

// recreate makes the user again, unless an earlier start of this
// rollback did. there says that somebody else has the alias and the same fields.
func (r *recreation) recreate(ctx context.Context) (there bool, err error) {
	store := ""
	if !r.about.Reimports(r.deleted.Before) { // an import can't choose one
		store, err = r.mailboxStore(ctx, r.deleted.Before["MailboxStoreName"])
	}
	if err != nil {
		return false, err
	}
	if r.id = r.own.Created(); r.id != "" {
		return false, nil
	}
	fields, err := r.makeable(ctx, r.about, r.deleted.Before)
	if err != nil {
		return false, err
	}
	same := maps.Clone(fields)
	for _, name := range r.about.Doubtful {
		if _, is := fields[name]; is {
			for _, within := range r.about.Within {
				delete(fields, within)
			}
		}
		delete(fields, name)
		delete(same, name)
	}
	found, err := r.LookFor(record.Intent{Step: r.about.Main.Name, Fields: fields}, send.Proof{}).Created(ctx)
	if err != nil {
		return false, err
	}
	if found.Outcome == send.Unprovable {
		if found.ObjectID != "" {
			user, exists, err := r.Whole(ctx, r.about, found.ObjectID)
			if err != nil {
				return false, err
			}
			if exists && model.Agrees(user, same) {
				return true, nil
			}
		}
		return false, &send.Failure{Status: record.Kept, Code: codes.AliasTaken,
			Message: "the deleted " + r.about.One() + " can't be made again: " + found.Note}
	}
	again := batch.CreationOf(r.about, r.all.Sources.Template(r.gone), store, fields, found.Date)
	if r.about.Reimports(r.deleted.Before) {
		if again, err = r.importAgain(ctx, found.Date); err != nil {
			return false, err
		}
	}
	if r.id, err = r.make(ctx, again); err == nil {
		r.all.makes(r.id)
	}
	return false, err
}

// importAgain is the change that imports a deleted user again, whose alias was proven
// free at absentSince. The person is looked for by the pkid, where the run knows it.
func (r *recreation) importAgain(ctx context.Context, absentSince time.Time) (send.Change, error) {
	key := r.about.Key(r.about.Name(r.deleted.Before))
	if pkid := r.all.Sources.Persons[r.gone]; pkid != "" {
		key = model.UserKey{Column: r.about.People.IDField, Value: pkid}
	}
	person, err := batch.FindPerson(ctx, &r.Requester, key, "")
	var unknown *send.Failure
	if errors.As(err, &unknown) {
		message := "the user came from the LDAP directory and can't be imported again: " + unknown.Message
		if unknown.Code == codes.NotInDirectory {
			message = fmt.Sprintf("the user came from the LDAP directory, which does not list %q any more, so it can't "+
				"be imported again, and it was not made a user of the server's own: synchronize the directory and roll "+
				"back once more, or make the user with create", r.about.Name(r.deleted.Before))
		}
		return send.Change{}, &send.Failure{Status: record.Failed, Code: unknown.Code, Message: message}
	}
	return batch.ImportOf(r.about, r.all.Sources.Template(r.gone), person, r.deleted.Before["DtmfAccessId"], absentSince), err
}

// restoreFields gives a user that was imported again what the import did not bring and
// the directory does not own. What can't come back is noted as missing.
func (r *recreation) restoreFields(ctx context.Context) error {
	present, found, err := r.Whole(ctx, r.about, r.id)
	if err != nil {
		return err
	}
	if !found {
		return &send.Failure{Status: record.Failed, Code: codes.TargetGone,
			Message: "the user that was imported again was deleted meanwhile"}
	}
	if store := r.deleted.Before["MailboxStoreName"]; store != "" && store != present["MailboxStoreName"] {
		r.missing = append(r.missing, fmt.Sprintf("the mailbox store %q (an import uses the server's default)", store))
	}
	back, err := r.makeable(ctx, r.about, r.deleted.Before)
	if err != nil {
		return err
	}
	delete(back, r.about.Collection.NameField)
	back = model.Differences(present, back)
	if r.leaveWritten(r.id, "the user", r.about.Get(r.id).Path, present, back); len(back) == 0 {
		return nil
	}
	names := strings.Join(slices.Sorted(maps.Keys(back)), ", ")
	return r.attempt(ctx, "the fields "+names, send.Change{Step: r.about.AfterImport.Name, Request: r.about.Update(r.id, back),
		Before: model.PreImage(present, back)})
}

// giveDoubtful puts back what a server may refuse, or pass over without a word. What it does not keep
// is noted as missing.
func (r *recreation) giveDoubtful(ctx context.Context) error {
	if len(r.about.Doubtful) == 0 {
		return nil
	}
	was := record.Recreatable(r.about, r.deleted.Before)
	doubtful := model.Only(was, r.about.Doubtful...)
	if len(doubtful) == 0 {
		return nil
	}
	back := model.Only(was, slices.Concat(r.about.Doubtful, r.about.Within)...)
	present, found, err := r.Whole(ctx, r.about, r.id)
	if back = model.Differences(present, back); err != nil || !found || len(back) == 0 {
		return err
	}
	give := func(what, fields cupi.Object) error {
		return r.attempt(ctx, namesOf(what), send.Change{Step: r.about.Main.Name, Request: r.about.Update(r.id, fields),
			Before: model.PreImage(present, fields)})
	}
	doubtful = model.Only(back, r.about.Doubtful...)
	within, missing := model.Only(back, r.about.Within...), len(r.missing)
	if len(doubtful) == 0 {
		return give(within, within)
	}
	if err := give(doubtful, back); err != nil {
		return err
	}
	if len(r.missing) > missing && len(doubtful) > 1 { // one of them may be the reason
		r.missing = r.missing[:missing]
		for _, name := range slices.Sorted(maps.Keys(doubtful)) {
			one := model.Only(doubtful, name)
			if err := give(one, one); err != nil {
				return err
			}
		}
	}
	if len(r.missing) > missing {
		if len(within) == 0 {
			return nil
		}
		return give(within, within)
	}
	present, _, err = r.Whole(ctx, r.about, r.id)
	if lost := model.Differences(present, back); err == nil && len(lost) > 0 {
		r.missing = append(r.missing, namesOf(lost)+" (the server did not keep it)")
	}
	return err
}

// namesOf are the names of fields, for people.
func namesOf(fields cupi.Object) string { return strings.Join(slices.Sorted(maps.Keys(fields)), ", ") }

// mailboxStore finds the store that the mailbox was in; "" is the server's default.
func (r *recreation) mailboxStore(ctx context.Context, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	id, err := r.all.shared.Store(ctx, r.Session, name)
	if err == nil && id == "" {
		r.missing = append(r.missing, fmt.Sprintf("the mailbox store %q (it is gone, so the mailbox is in the default one)", name))
	}
	return id, err
}

// giveBack brings back what went with the deleted user. What can't come back is
// said, and does not keep the rest from coming.
func (r *recreation) giveBack(ctx context.Context) error {
	fully := r.about.FullyRestorable()
	for _, kind := range r.about.Restorable() {
		if kind.Senders != nil {
			if err := r.giveBackSenders(ctx, kind); err != nil {
				return err
			}
			continue
		}
		if kind.FromTemplate != nil { // what the template gave goes too
			fully = append(fully, kind)
			continue
		}
		for _, member := range r.deleted.Also[kind.Name] {
			fields, collection, awaited := r.membersNow(kind, member)
			if awaited {
				continue
			}
			if kind.Of != "" {
				fields[kind.Of] = r.id
			}
			if kind.Shape != model.Memberships {
				collection = kind.In(r.id)
			}
			if err := r.attempt(ctx, kind.Describe(member),
				send.Change{Step: kind.Name, Request: cupi.Create(collection, fields)}); err != nil {
				return err
			}
		}
	}
	return r.giveBackFully(ctx, r.deleted, r.id, fully)
}

// membersNow is what brings a member back, by the ids that what the run deleted has now. awaited
// says that the other side is yet to be made again, and gets it back with that.
func (r *recreation) membersNow(kind *model.StepKind, member cupi.Object) (fields cupi.Object, in cupi.Collection, awaited bool) {
	fields = model.Only(member, kind.CreateFields...)
	for name, value := range fields {
		awaited = awaited || r.comesLater(value)
		if fields[name] = r.all.current(value); value == "" {
			delete(fields, name)
		}
	}
	if kind.Shape == model.Memberships {
		awaited = r.comesLater(member["ObjectId"])
		in = cupi.MembersOf(r.all.current(member["ObjectId"]))
	}
	return fields, in, awaited
}

// comesLater reports whether one is yet to be made again by a row that goes back after this one. Whom a
// row before did not make again nobody brings back.
func (r *recreation) comesLater(objectID string) bool {
	return r.all.awaits(objectID) && r.all.awaited(objectID, r.row.Row)
}
