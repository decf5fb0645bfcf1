package batch

import (
	"context"
	"errors"
	"time"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// userChanges is the user itself: POST, PUT or DELETE, as the plan says (CUPI
// User API, Creating a User, Updating a User, Delete a User).
func (r *rowWork) userChanges(ctx context.Context, step Step) ([]change, error) {
	wanted, makes := step.Wanted, kindOf(step.Kind).main && r.plan.Operation.MakesUsers()
	switch {
	case makes && r.objectID != "" && r.fresh: // an earlier start of this run made it
		return nil, nil
	case makes && r.objectID != "": // the run that this one continues made it, and its row may be mended since
		return r.mendUser(ctx, step.Kind, wanted)
	case makes && r.plan.Operation == validate.ImportLDAP:
		return r.importUser(ctx)
	case makes:
		return []change{postUser(r.plan.Template, r.plan.MailboxStore, wanted, r.absentSince)}, nil
	case kindOf(step.Kind).afterImport && r.fresh: // undoing removes the user, so nothing is kept
		return []change{{step: step.Kind, request: cupi.UpdateUser(r.objectID, wanted)}}, nil
	case r.plan.Operation == validate.Delete:
		if r.past.deleted() { // an earlier start of this run did it
			return nil, nil
		}
		return r.deleteUser(ctx)
	}
	return r.updateUser(ctx, step.Kind, wanted)
}

// postUser is the change that makes a user, whose alias was proven free at
// absentSince.
func postUser(template, mailboxStoreObjectID string, fields cupi.Object, absentSince time.Time) change {
	return change{step: users.main.name, request: cupi.CreateUser(template, mailboxStoreObjectID, fields), absentSince: absentSince}
}

// mendUser changes what a row wants otherwise than it was sent before; mostly that is
// nothing, and nothing is read.
func (r *rowWork) mendUser(ctx context.Context, step string, wanted cupi.Object) ([]change, error) {
	mended := r.past.mended(wanted, r.plan.Operation == validate.ImportLDAP)
	if len(mended) == 0 {
		return nil, nil
	}
	return r.updateUser(ctx, step, mended)
}

func (r *rowWork) updateUser(ctx context.Context, step string, wanted cupi.Object) ([]change, error) {
	present, err := r.asFarAsNeeded(ctx, wanted)
	if err != nil {
		return nil, err
	}
	if wanted["Inactive"] == "true" && !same("Inactive", present["Inactive"], "true") {
		return nil, &failure{Failed, codes.InactiveOnlyTrueToFalse, "Inactive may only change from true to false; leave the cell empty"}
	}
	changed := differences(present, wanted)
	if len(changed) == 0 {
		return nil, nil
	}
	id := r.objectID
	return []change{{
		step:    step,
		request: cupi.UpdateUser(id, changed),
		before:  preImage(present, changed),
	}}, nil
}

func (r *rowWork) deleteUser(ctx context.Context) ([]change, error) {
	present, err := r.user(ctx)
	var gone *failure
	if errors.As(err, &gone) && gone.code == codes.TargetGone { // which is what was wanted
		return nil, &failure{Unchanged, codes.AlreadyAbsent, "it was already gone"}
	}
	if err != nil {
		return nil, err
	}
	if same("Undeletable", present["Undeletable"], "true") {
		return nil, &failure{Failed, codes.Undeletable, "this is one of the server's own users, which can't be deleted; take the row out"}
	}
	id := r.objectID
	also, err := r.goesWith(ctx, id)
	if err != nil {
		return nil, err
	}
	return []change{{
		step:    users.main.name,
		request: cupi.DeleteUser(id),
		before:  present,
		also:    also,
	}}, nil
}

// goesWith reads what a rollback could bring back besides the user.
func (r *rowWork) goesWith(ctx context.Context, userID string) (map[string][]cupi.Object, error) {
	if r.preImage == PreImageUser {
		return nil, nil
	}
	known := map[string][]cupi.Object{}
	for _, kind := range users.comingBack() {
		if members, fresh := r.known(kind); fresh {
			known[kind.name] = members
		}
	}
	also, err := r.withBelongings(ctx, userID, known)
	if err != nil {
		return nil, err
	}
	lists, told, err := r.directory.memberships.of(ctx, r.engine, userID)
	for _, kind := range users.comingBack() {
		if told && kind.shape == memberships {
			also[kind.name] = lists
		}
	}
	return also, err
}

// asFarAsNeeded gives the user with at least the fields that the row sets: from the
// directory where that shows all of them, and nothing happened to the user since, nor
// will by a row before.
func (r *rowWork) asFarAsNeeded(ctx context.Context, wanted cupi.Object) (cupi.Object, error) {
	if r.present == nil && r.past.first() == nil && r.plan.earlier == nil {
		entry, err := r.directory.entryOf(ctx, r.engine, r.target, wanted)
		if entry != nil || err != nil {
			return entry, err
		}
	}
	return r.user(ctx)
}

// user reads the whole user that the row is about.
func (r *rowWork) user(ctx context.Context) (cupi.Object, error) {
	if r.present == nil && r.imagined {
		r.requests++
		r.present = cupi.Object{"CallHandlerObjectId": imaginedID, "PartitionObjectId": imaginedID}
	}
	if r.present != nil {
		return r.present, nil
	}
	answer, found, err := r.read(ctx, cupi.GetUser(r.objectID))
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &failure{Failed, codes.TargetGone, "the user was deleted meanwhile"}
	}
	r.present = answer.Object
	return r.present, nil
}
