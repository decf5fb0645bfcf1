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
func (w *rowUndo) pathNow(ctx context.Context, kind *model.StepKind, done record.AppliedChange) (string, error) {
	path, user := done.Intent.Path, w.row.ObjectID
	now := w.all.current(user)
	if kind.Shape == model.WholeUser {
		return kind.About.Get(w.all.current(model.LastPart(path))).Path, nil
	}
	if now == user || kind.Owner == model.Others {
		return path, nil
	}
	if kind.Owner == model.TheGreeting || kind.Owner == model.TheSlot {
		parts := strings.Split(path, "/")
		for i := range parts {
			var err error
			if parts[i], err = w.idNow(ctx, parts[i]); err != nil {
				return "", err
			}
		}
		return strings.Join(parts, "/"), nil
	}
	if kind.Owner != model.TheCallHandler {
		return strings.ReplaceAll(path, "/"+user, "/"+now), nil
	}
	made, found, err := w.Whole(ctx, kind.About, now)
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
func (w *rowUndo) locate(ctx context.Context, kind *model.StepKind, step, path string) (object cupi.Object, at string,
	found bool, err error) {
	if object, found, err = w.Find(ctx, kind, path); found || err != nil || kind.Key == "" {
		return object, path, found, err
	}
	collection, slot := kind.At(path), send.Part{StepKind: kind, Step: step}.KeyOf()
	members, _, err := w.Requester.All(ctx, collection, cupi.Query{})
	for _, member := range members {
		id := member["ObjectId"]
		switch {
		case slot != "" && !model.Same(kind.Key, member[kind.Key], slot) || slot == "" && len(members) > 1:
			continue
		case !w.all.gaveBack(id) && w.all.current(w.row.ObjectID) == w.row.ObjectID:
			return nil, path, false, &send.Failure{Status: record.Kept, Code: codes.ChangedSince,
				Message: fmt.Sprintf("in place of the %s that the run changed there is one with the ObjectId %s, which "+
					"this run did not make: somebody else, or another rollback, made it, so it is kept", kind.Name, id)}
		}
		return member, cupi.Get(collection, id).Path, true, err
	}
	return nil, path, false, err
}

// undoAddition deletes the member that the run added, while it is as the run left it. One
// of the same value with another ObjectId is somebody else's, unless this rollback made it.
func (w *rowUndo) undoAddition(ctx context.Context, kind *model.StepKind, path string, done record.AppliedChange) error {
	w.restored()
	sent := w.fieldsNow(done.Intent.Fields)
	collection := kind.In("")
	collection.Path = path
	members, _, err := w.Requester.All(ctx, collection, kind.Query(sent[kind.Of]))
	if err != nil {
		return err
	}
	// A template may have put a user that is made again into the list. Later somebody else can have.
	again := kind.Shape == model.Memberships && w.all.justMade(w.all.current(w.row.ObjectID))
	var others *send.Failure
	for _, member := range members {
		id := member["ObjectId"]
		ours := strings.EqualFold(id, done.ObjectID)
		switch agree := model.Agrees(member, sent); {
		case ours && !agree:
			return &send.Failure{Status: record.Kept, Code: codes.ChangedSince,
				Message: "somebody changed the " + kind.Name + " since the run, so it is kept"}
		case agree && (ours || again || w.all.gaveBack(id)):
			_, err := w.make(ctx, send.Change{Step: done.Step, Request: cupi.Delete(collection, id),
				Before: model.Only(member, kind.CreateFields...)})
			return err
		case agree:
			others = &send.Failure{Status: record.Kept, Code: codes.ChangedSince,
				Message: fmt.Sprintf("the %s is there as the run added it, but with the ObjectId %s, which this run did "+
					"not make: somebody else, or another rollback, added it, so it is kept", kind.Name, id)}
		}
	}
	if others != nil {
		return others
	}
	return nil // it was gone already
}

// undoRemoval adds again what the run removed, unless something else is in its place.
func (w *rowUndo) undoRemoval(ctx context.Context, kind *model.StepKind, path string, done record.AppliedChange) error {
	w.restored()
	fields := w.fieldsNow(done.Intent.Before)
	if kind.Of != "" {
		fields[kind.Of] = w.all.current(w.row.ObjectID)
	}
	collection := kind.At(path)
	members, _, err := w.Requester.All(ctx, collection, kind.Query(fields[kind.Of]))
	if err != nil {
		return err
	}
	for _, member := range members {
		if model.Agrees(member, fields) {
			return nil // it is there again
		}
		if kind.Key != "" && model.Same(kind.Key, member[kind.Key], fields[kind.Key]) {
			return &send.Failure{Status: record.Kept, Code: codes.ChangedSince,
				Message: "there is another " + kind.Name + " now in place of the one that the run removed"}
		}
	}
	_, err = w.make(ctx, send.Change{Step: done.Step, Request: cupi.Create(collection, fields)})
	return err
}

// fieldsNow gives the fields of a member with the user's id of now.
func (w *rowUndo) fieldsNow(fields cupi.Object) cupi.Object {
	fields = maps.Clone(fields)
	if fields == nil {
		fields = cupi.Object{}
	}
	for name, value := range fields {
		if value == w.row.ObjectID {
			fields[name] = w.all.current(value)
		}
	}
	return fields
}

// ofOthers leaves out of what hangs on a user what this very row of the run added, and
// what this rollback gave back.
func (w *rowUndo) ofOthers(also map[string][]cupi.Object) map[string][]cupi.Object {
	rest := map[string][]cupi.Object{}
	for kind, members := range also {
		for _, member := range members {
			if !w.added(kind, member) && !w.all.gaveBack(member["ObjectId"]) {
				rest[kind] = append(rest[kind], member)
			}
		}
	}
	return rest
}

// added reports whether the row added a member. Of an addition in doubt there is no
// ObjectId, and nobody but the run had a reason to add that to a user who was new.
func (w *rowUndo) added(kind string, member cupi.Object) bool {
	for _, c := range w.before.Changes() {
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
