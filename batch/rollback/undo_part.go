package rollback

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// pathNow is where a change's object is now: a user that was deleted later in the
// run is made again by the rollback, with another id, and so is all that hangs on it.
func (u *undoing) pathNow(ctx context.Context) (string, error) {
	path, user := u.change.Intent.Path, u.row.ObjectID
	now := u.all.current(user)
	if u.kind.Shape == model.WholeUser {
		return u.kind.About.Get(u.all.current(model.LastPart(path))).Path, nil
	}
	if now == user || u.kind.Owner == model.Others {
		return path, nil
	}
	if u.kind.Owner == model.TheGreeting || u.kind.Owner == model.TheSlot {
		parts := strings.Split(path, "/")
		for i := range parts {
			var err error
			if parts[i], err = u.idNow(ctx, parts[i]); err != nil {
				return "", err
			}
		}
		return strings.Join(parts, "/"), nil
	}
	if u.kind.Owner != model.TheCallHandler {
		return strings.ReplaceAll(path, "/"+user, "/"+now), nil
	}
	made, found, err := u.Whole(ctx, u.kind.About, now)
	if err != nil || !found {
		return "", err
	}
	handler := cupi.CallHandlers.Path + "/"
	_, rest, _ := strings.Cut(strings.TrimPrefix(path, handler), "/")
	return strings.TrimSuffix(handler+made["CallHandlerObjectId"]+"/"+rest, "/"), nil
}

// locate reads the object at a path. One that was deleted later, and brought back by
// this rollback, has another ObjectId and the same slot, as has all that the server made for
// a user who was made again. Any other in that slot is somebody else's.
func (u *undoing) locate(ctx context.Context) (object cupi.Object, at string, found bool, err error) {
	if object, found, err = u.Find(ctx, u.kind, u.path); found || err != nil || u.kind.Key == "" {
		return object, u.path, found, err
	}
	collection, slot := u.kind.At(u.path), u.kind.KeyOf(model.SlotOf(u.change.Step))
	members, _, err := u.Requester.All(ctx, collection, cupi.Query{})
	for _, member := range members {
		id := member["ObjectId"]
		switch {
		case slot != "" && !model.Same(u.kind.Key, member[u.kind.Key], slot) || slot == "" && len(members) > 1:
			continue
		case !u.all.gaveBack(id) && u.all.current(u.row.ObjectID) == u.row.ObjectID:
			return nil, u.path, false, &send.Failure{Status: record.Kept, Code: codes.ChangedSince,
				Message: fmt.Sprintf("in place of the %s that the run changed there is one with the ObjectId %s, which "+
					"this run did not make: somebody else, or another rollback, made it, so it is kept", u.kind.Name, id)}
		}
		return member, cupi.Get(collection, id).Path, true, err
	}
	return nil, u.path, false, err
}

// undoAddition deletes the member that the run added, while it is as the run left it. One
// of the same value with another ObjectId is somebody else's, unless this rollback made it.
func (u *undoing) undoAddition(ctx context.Context) error {
	u.restored()
	sent := u.fieldsNow(u.change.Intent.Fields)
	collection := u.kind.In("")
	collection.Path = u.path
	members, _, err := u.Requester.All(ctx, collection, u.kind.Query(sent[u.kind.Of]))
	if err != nil {
		return err
	}
	// A template may have put a user that is made again into the list. Later somebody else can have.
	again := u.kind.Shape == model.Memberships && u.all.justMade(u.all.current(u.row.ObjectID))
	var others *send.Failure
	for _, member := range members {
		id := member["ObjectId"]
		ours := strings.EqualFold(id, u.change.ObjectID)
		switch agree := model.Agrees(member, sent); {
		case ours && !agree:
			return &send.Failure{Status: record.Kept, Code: codes.ChangedSince,
				Message: "somebody changed the " + u.kind.Name + " since the run, so it is kept"}
		case agree && (ours || again || u.all.gaveBack(id)):
			_, err := u.make(ctx, send.Change{Step: u.change.Step, Request: cupi.Delete(collection, id),
				Before: model.Only(member, u.kind.CreateFields...)})
			return err
		case agree:
			others = &send.Failure{Status: record.Kept, Code: codes.ChangedSince,
				Message: fmt.Sprintf("the %s is there as the run added it, but with the ObjectId %s, which this run did "+
					"not make: somebody else, or another rollback, added it, so it is kept", u.kind.Name, id)}
		}
	}
	if others != nil {
		return others
	}
	return u.ownerGone(ctx) // else it was gone already
}

// ownerGone tells of one that is no longer there of whose part nothing is left: who has the name now, as one that was made
// again, may have the part too.
func (u *undoing) ownerGone(ctx context.Context) error {
	if u.kind.Owner == model.Others {
		return nil
	}
	id := u.all.current(u.row.ObjectID)
	if _, found, err := u.Whole(ctx, u.kind.About, id); found || err != nil {
		return err
	}
	return &send.Failure{Status: record.Kept, Code: codes.TargetGone,
		Message: fmt.Sprintf("the %s with the ObjectId %s is no longer there; "+
			"one that was made again since is another, and is left as it is", u.kind.About.One(), id)}
}

// undoRemoval adds again what the run removed, unless something else is in its place.
func (u *undoing) undoRemoval(ctx context.Context) error {
	u.restored()
	fields := u.fieldsNow(u.change.Intent.Before)
	if u.kind.Of != "" {
		fields[u.kind.Of] = u.all.current(u.row.ObjectID)
	}
	collection := u.kind.At(u.path)
	members, _, err := u.Requester.All(ctx, collection, u.kind.Query(fields[u.kind.Of]))
	if err != nil {
		return err
	}
	for _, member := range members {
		if model.Agrees(member, fields) {
			return nil // it is there again
		}
		if u.kind.Key != "" && model.Same(u.kind.Key, member[u.kind.Key], fields[u.kind.Key]) {
			return &send.Failure{Status: record.Kept, Code: codes.ChangedSince,
				Message: "there is another " + u.kind.Name + " now in place of the one that the run removed"}
		}
	}
	_, err = u.make(ctx, send.Change{Step: u.change.Step, Request: cupi.Create(collection, fields)})
	return err
}

// fieldsNow gives the fields of a member with the user's id of now.
func (u *undoing) fieldsNow(fields cupi.Object) cupi.Object {
	fields = maps.Clone(fields)
	if fields == nil {
		fields = cupi.Object{}
	}
	for name, value := range fields {
		if value == u.row.ObjectID {
			fields[name] = u.all.current(value)
		}
	}
	return fields
}

// ofOthers leaves out of what hangs on a user what this very row of the run added, and
// what this rollback gave back.
func (u *undoing) ofOthers(also map[string][]cupi.Object) map[string][]cupi.Object {
	rest := map[string][]cupi.Object{}
	for kind, members := range also {
		for _, member := range members {
			if !u.added(kind, member) && !u.all.gaveBack(member["ObjectId"]) {
				rest[kind] = append(rest[kind], member)
			}
		}
	}
	return rest
}

// added reports whether the row added a member. Of an addition in doubt there is no
// ObjectId, and nobody but the run had a reason to add that to a user who was new.
func (u *undoing) added(kind string, member cupi.Object) bool {
	for _, c := range u.before.Changes() {
		if c.Method != "POST" || model.KindOf(c.Step).Name != kind {
			continue
		}
		if c.Made && strings.EqualFold(c.ObjectID, member["ObjectId"]) ||
			!c.Made && model.Agrees(member, model.Only(c.Intent.Fields, model.KindOf(c.Step).CreateFields...)) {
			return true
		}
	}
	return false
}
