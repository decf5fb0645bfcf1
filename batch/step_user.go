package batch

import (
	"cmp"
	"context"
	"errors"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// userChanges is the user itself: POST, PUT or DELETE, as the plan says (CUPI
// User API, Creating a User, Updating a User, Delete a User).
func (s *rowSteps) userChanges(ctx context.Context, step model.Step) ([]send.Change, error) {
	wanted, makes := step.Wanted, step.Kind.Main && s.plan.Operation.MakesUsers()
	switch {
	case makes && s.ObjectID != "" && s.fresh && len(step.Kind.Unsure(wanted)) == 0: // an earlier start of this run made it
		return nil, nil
	// It may lack what the server refused, or the run that this one continues made it, and its row
	// may be mended since.
	case makes && s.ObjectID != "":
		return s.mendUser(ctx, step.Name, wanted)
	case makes && s.plan.Operation == validate.ImportLDAP:
		return s.importUser(ctx)
	case makes:
		return []send.Change{CreationOf(s.About, s.plan.Template, s.plan.MailboxStore, wanted, s.absentSince)}, nil
	case step.Kind.AfterImport && s.fresh: // undoing removes the user, so nothing is kept
		return []send.Change{{Step: step.Name, Request: s.About.Update(s.ObjectID, wanted)}}, nil
	case s.plan.Operation == validate.Delete:
		if s.past.Deleted() { // an earlier start of this run did it
			return nil, nil
		}
		return s.deleteUser(ctx)
	}
	return s.updateUser(ctx, step.Name, wanted)
}

// CreationOf is the change that makes a user, whose alias was proven free at
// absentSince.
func CreationOf(about *model.Object, template, mailboxStoreObjectID string, fields cupi.Object, absentSince time.Time) send.Change {
	template = cmp.Or(template, about.Table.UsualTemplate())
	return send.Change{Step: about.Main.Name, Request: about.Create(template, mailboxStoreObjectID, fields), AbsentSince: absentSince}
}

// mendUser changes what a row wants otherwise than it was sent before; mostly that is
// nothing, and nothing is read.
func (s *rowSteps) mendUser(ctx context.Context, step string, wanted cupi.Object) ([]send.Change, error) {
	mended := s.past.Mended(wanted, s.plan.Operation == validate.ImportLDAP)
	if len(mended) == 0 {
		return nil, nil
	}
	return s.updateUser(ctx, step, mended)
}

func (s *rowSteps) updateUser(ctx context.Context, step string, wanted cupi.Object) ([]send.Change, error) {
	if len(wanted) == 0 && s.About.Table.Member != nil { // it is only the owner of what the row is about
		return nil, nil
	}
	present, err := s.asFarAsNeeded(ctx, wanted)
	if err != nil {
		return nil, err
	}
	if wanted["Inactive"] == "true" && !model.Same("Inactive", present["Inactive"], "true") {
		return nil, &send.Failure{Status: record.Failed, Code: codes.InactiveOnlyTrueToFalse,
			Message: "Inactive may only change from true to false; leave the cell empty"}
	}
	changed := model.Differences(present, wanted)
	if s.plan.OwnerUntold {
		if s.ownedLeft, err = s.plan.LeaveToDirectory(present, changed); err != nil {
			return nil, err
		}
	}
	if len(changed) == 0 {
		return nil, nil
	}
	model.WholeAddresses(present, changed)
	id := s.ObjectID
	return []send.Change{{
		Step:    step,
		Request: s.About.Update(id, changed),
		Before:  model.PreImage(present, changed),
	}}, nil
}

func (s *rowSteps) deleteUser(ctx context.Context) ([]send.Change, error) {
	present, err := s.user(ctx)
	var gone *send.Failure
	if errors.As(err, &gone) && gone.Code == codes.TargetGone { // which is what was wanted
		return nil, &send.Failure{Status: record.Unchanged, Code: codes.AlreadyAbsent, Message: "it was already gone"}
	}
	if err != nil {
		return nil, err
	}
	if model.Same("Undeletable", present["Undeletable"], "true") {
		return nil, &send.Failure{Status: record.Failed, Code: codes.Undeletable,
			Message: "this is one of the server's own " + s.About.Many() + ", which can't be deleted; take the row out"}
	}
	id := s.ObjectID
	also, err := s.goesWith(ctx, id)
	if err != nil {
		return nil, err
	}
	return []send.Change{{
		Step:       s.About.Main.Name,
		Request:    s.About.Remove(id),
		Before:     present,
		Dependents: also,
	}}, nil
}

// goesWith reads what a rollback could bring back besides the user.
func (s *rowSteps) goesWith(ctx context.Context, userID string) (map[string][]cupi.Object, error) {
	if s.preImage == send.PreImageUser {
		return nil, nil
	}
	known := map[string][]cupi.Object{}
	for _, kind := range s.About.Restorable() {
		members, fresh := s.known(kind)
		if kind.Held {
			var err error
			if members, fresh, err = s.knowledge.heldBy(ctx, userID); err != nil {
				return nil, err
			}
		}
		if fresh {
			known[kind.Name] = members
		}
	}
	also, err := send.Dependents(ctx, s.Reader, s.About, userID, known)
	if err == nil && s.About.Senders != nil {
		also[s.About.Senders.Name], err = s.sendersNow(ctx)
	}
	if err != nil || !s.About.InLists() {
		return also, err
	}
	lists, told, err := s.knowledge.listsOf(ctx, userID)
	for _, kind := range s.About.Restorable() {
		if told && kind.Shape == model.Memberships {
			also[kind.Name] = lists
		}
	}
	if err == nil && s.preImage == send.PreImageFull {
		err = s.belongings(ctx, also)
	}
	return also, err
}

// asFarAsNeeded gives the user with at least the fields that the row sets: from the
// directory where that shows all of them, and nothing happened to the user since, nor
// will by a row before, and it need not show whether an LDAP directory owns them.
func (s *rowSteps) asFarAsNeeded(ctx context.Context, wanted cupi.Object) (cupi.Object, error) {
	if s.present == nil && s.past.First() == nil && s.plan.Earlier == nil && !s.plan.OwnerUntold {
		entry, err := s.knowledge.entry(ctx, s.Target, wanted)
		if entry != nil || err != nil {
			return entry, err
		}
	}
	return s.user(ctx)
}
