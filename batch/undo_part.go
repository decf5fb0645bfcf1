package batch

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// pathNow is where a change's object is now: a user that was deleted later in the
// run is made again by the rollback, with another id, and so is all that hangs on it.
func (w *undoWork) pathNow(ctx context.Context, kind *stepKind, done doneChange) (string, error) {
	path, user := done.intent.Path, w.row.ObjectID
	now := w.all.current(user)
	if kind.shape == wholeUser {
		return kind.about.get(w.all.current(lastPart(path))).Path, nil
	}
	if now == user {
		return path, nil
	}
	if kind.owner != theCallHandler {
		return strings.ReplaceAll(path, "/"+user, "/"+now), nil
	}
	made, found, err := w.whole(ctx, kind.about, now)
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
func (w *undoWork) locate(ctx context.Context, kind *stepKind, step, path string) (object cupi.Object, at string, found bool, err error) {
	if object, found, err = w.find(ctx, kind, path); found || err != nil || kind.key == "" {
		return object, path, found, err
	}
	collection, slot := kind.at(path), part{stepKind: kind, step: step}.keyOf()
	members, _, err := w.errand.all(ctx, collection, cupi.Query{})
	for _, member := range members {
		id := member["ObjectId"]
		switch {
		case slot != "" && !same(kind.key, member[kind.key], slot) || slot == "" && len(members) > 1:
			continue
		case !w.all.gaveBack(id) && w.all.current(w.row.ObjectID) == w.row.ObjectID:
			return nil, path, false, &failure{Kept, codes.ChangedSince, fmt.Sprintf("in place of the %s that the run changed there is one with the ObjectId %s, which this run did not make: somebody else, or another rollback, made it, so it is kept", kind.name, id)}
		}
		return member, cupi.Get(collection, id).Path, true, err
	}
	return nil, path, false, err
}

// undoAddition deletes the member that the run added, while it is as the run left it. One
// of the same value with another ObjectId is somebody else's, unless this rollback made it.
func (w *undoWork) undoAddition(ctx context.Context, kind *stepKind, path string, done doneChange) error {
	w.status = Restored
	sent := w.fieldsNow(done.intent.Fields)
	collection := kind.in("")
	collection.Path = path
	members, _, err := w.errand.all(ctx, collection, kind.query(sent[kind.of]))
	if err != nil {
		return err
	}
	// A template may have put a user that is made again into the list. Later somebody else can have.
	again := kind.shape == memberships && w.all.justMade(w.all.current(w.row.ObjectID))
	var others *failure
	for _, member := range members {
		id := member["ObjectId"]
		ours := strings.EqualFold(id, done.ObjectID)
		switch agree := agrees(member, sent); {
		case ours && !agree:
			return &failure{Kept, codes.ChangedSince, "somebody changed the " + kind.name + " since the run, so it is kept"}
		case agree && (ours || again || w.all.gaveBack(id)):
			_, err := w.make(ctx, change{step: done.Step, request: cupi.Delete(collection, id), before: only(member, kind.writes...)})
			return err
		case agree:
			others = &failure{Kept, codes.ChangedSince, fmt.Sprintf("the %s is there as the run added it, but with the ObjectId %s, which this run did not make: somebody else, or another rollback, added it, so it is kept", kind.name, id)}
		}
	}
	if others != nil {
		return others
	}
	return nil // it was gone already
}

// undoRemoval adds again what the run removed, unless something else is in its place.
func (w *undoWork) undoRemoval(ctx context.Context, kind *stepKind, path string, done doneChange) error {
	w.status = Restored
	fields := w.fieldsNow(done.intent.Before)
	if kind.of != "" {
		fields[kind.of] = w.all.current(w.row.ObjectID)
	}
	collection := kind.at(path)
	members, _, err := w.errand.all(ctx, collection, kind.query(fields[kind.of]))
	if err != nil {
		return err
	}
	for _, member := range members {
		if agrees(member, fields) {
			return nil // it is there again
		}
		if kind.key != "" && same(kind.key, member[kind.key], fields[kind.key]) {
			return &failure{Kept, codes.ChangedSince, "there is another " + kind.name + " now in place of the one that the run removed"}
		}
	}
	_, err = w.make(ctx, change{step: done.Step, request: cupi.Create(collection, fields)})
	return err
}

// fieldsNow gives the fields of a member with the user's id of now.
func (w *undoWork) fieldsNow(fields cupi.Object) cupi.Object {
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
func (w *undoWork) ofOthers(also map[string][]cupi.Object) map[string][]cupi.Object {
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
func (w *undoWork) added(kind string, member cupi.Object) bool {
	for _, c := range w.before.changes() {
		if c.Method != "POST" || kindOf(c.Step).name != kind {
			continue
		}
		if c.Made && strings.EqualFold(c.ObjectID, member["ObjectId"]) || !c.Made && agrees(member, only(c.intent.Fields, kindOf(c.Step).writes...)) {
			return true
		}
	}
	return false
}
