package rollback

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// undoChange takes back one change: a POST by deleting, a PUT by restoring and a
// DELETE by making again, if that is not done already. It fails with the status kept
// where it is not safe.
func (w *rowUndo) undoChange(ctx context.Context, done record.AppliedChange) error {
	kind := model.KindOf(done.Step)
	whole := kind.Shape == model.WholeUser
	switch {
	case done.Unproven && !w.all.Options.Force:
		return &send.Failure{Status: record.Kept, Code: codes.GoneUnproven,
			Message: fmt.Sprintf("it is not proven that this run deleted the %s, which was found gone long after the "+
				"request: somebody else can have deleted it, so it is not brought back; --force brings it back all the same", kind.Name)}
	case kind.Shape == model.Foreign:
		return &send.Failure{Status: record.Failed, Code: codes.UnknownStep,
			Message: fmt.Sprintf("this version does not know the step %q: use the version that ran it", done.Step)}
	case whole && done.Method == "POST":
		return w.undoCreate(ctx, done)
	case whole && done.Method == "DELETE":
		return w.undoDelete(ctx, done)
	}
	path, err := w.pathNow(ctx, kind, done)
	if err != nil || path == "" {
		return err
	}
	switch done.Method {
	case "POST":
		return w.undoAddition(ctx, kind, path, done)
	case "DELETE":
		return w.undoRemoval(ctx, kind, path, done)
	}
	if w.all.current(w.row.ObjectID) != w.row.ObjectID && !whole {
		// The user was deleted later in the run and is made again: nobody else has
		// touched what it has.
		done.Intent.Fields = nil
	}
	return w.restore(ctx, done, kind, path)
}

// undoCreate deletes a user that the run made, unless somebody uses it.
func (w *rowUndo) undoCreate(ctx context.Context, done record.AppliedChange) error {
	w.status = record.Deleted
	id := w.all.current(done.ObjectID)
	about := done.Intent.About()
	user, found, err := w.Whole(ctx, about, id)
	if err != nil {
		return err
	}
	if !found {
		return w.gone(ctx, done)
	}
	if !model.Same(about.Collection.NameField, about.Name(user), about.Name(done.Intent.Shown())) {
		if err := w.keepAnother(ctx, user, done); err != nil {
			return err
		}
	}
	also, err := send.Dependents(ctx, &w.Requester, about, id, nil)
	if err != nil {
		return err
	}
	unused := func(ctx context.Context, user cupi.Object) error {
		if w.all.Options.Force {
			return nil
		}
		return w.keepInUse(ctx, user, w.ofOthers(also), done)
	}
	if err := unused(ctx, user); err != nil {
		return err
	}
	_, err = w.make(ctx, send.Change{
		Step: about.Main.Name, Request: about.Remove(id), Before: user, Dependents: also, Still: unused,
	})
	return err
}

// restore puts back the fields that still hold what the run wrote, and leaves the
// others as they are.
func (w *rowUndo) restore(ctx context.Context, done record.AppliedChange, kind *model.StepKind, path string) error {
	if len(done.Intent.Secret) > 0 {
		w.notes = append(w.notes, fmt.Sprintf("the %s can't be put back, because no server shows what it was", kind.Name))
		if len(done.Intent.Before) == 0 {
			w.status, w.code = cmp.Or(w.status, record.Kept), codes.WriteOnly
			return nil
		}
	}
	w.restored()
	present, path, found, err := w.locate(ctx, kind, done.Step, path)
	if err != nil {
		return err
	}
	if !found {
		return &send.Failure{Status: record.Kept, Code: codes.TargetGone, Message: "it is no longer there, so there is nothing to restore"}
	}
	origin, err := w.referringNow(ctx, kind, w.before.Origin(done.Intent, w.part))
	if err != nil {
		return err
	}
	back := model.Differences(present, origin)
	if w.part == record.AllButMove { // what is as it was before the run need not go through a temporary value again
		away := model.Differences(present, w.before.Origin(done.Intent, record.WholeRow))
		maps.DeleteFunc(back, func(name, _ string) bool { _, is := away[name]; return !is })
	}
	if model.Same("Inactive", back["Inactive"], "true") {
		delete(back, "Inactive")
		w.notes = append(w.notes, "Inactive can't go back to true")
	}
	for _, name := range kind.Stays {
		if value, is := back[name]; is && value == "" {
			delete(back, name)
			w.notes = append(w.notes, fmt.Sprintf("%s stays %q, because the server never empties it",
				model.ToldField(done.Step, name), model.Told(name, present[name])))
		}
	}
	for name := range done.Intent.Fields {
		if _, known := done.Intent.Before[name]; !known {
			w.notes = append(w.notes, model.ToldField(done.Step, name)+" can't be put back, because the server did not show what it was")
		}
	}
	changed := leaveChanged(back, present, done.Intent, w.before, w.part)
	back = model.Sendable(back)
	if err := w.renamedBefore(ctx, kind); err != nil {
		return err
	}
	if len(back) > 0 {
		renames, err := w.beforeRename(ctx, kind, present, back)
		if err != nil {
			return err
		}
		if _, err := w.make(ctx, send.Change{Step: done.Step, Request: kind.Put(path, back),
			Before: model.PreImage(present, back), Still: asRead(done.Step, present, back)}); err != nil {
			if temporary := done.Intent.Fields["DtmfAccessId"]; kind.Temporary && present["DtmfAccessId"] == temporary {
				w.notes = append(w.notes, fmt.Sprintf("the user still has the temporary extension %s, and had "+
					"%s before the run", temporary, done.Intent.Before["DtmfAccessId"]))
			}
			return err
		}
		if err := w.afterRename(ctx, renames); err != nil {
			return err
		}
	}
	if len(changed) > 0 {
		return &send.Failure{Status: record.Kept, Code: codes.ChangedSince, Message: strings.Join(changed, "; ")}
	}
	return nil
}

// asRead refuses to send fields again that somebody has changed since they were read.
func asRead(step string, present, back cupi.Object) func(context.Context, cupi.Object) error {
	return func(_ context.Context, now cupi.Object) error {
		for _, name := range slices.Sorted(maps.Keys(back)) {
			if !model.Same(name, now[name], present[name]) {
				return &send.Failure{Status: record.Kept, Code: codes.ChangedSince,
					Message: fmt.Sprintf("somebody changed %s while the rollback was at work (it was %q and is "+
						"%q), so it is kept", model.ToldField(step, name), model.Told(name, present[name]), model.Told(name, now[name]))}
			}
		}
		return nil
	}
}

// leaveChanged takes out of back the fields that somebody changed since the run,
// with those that the server checks them against, and says of each what it was, is
// and was meant to be.
func leaveChanged(back, present cupi.Object, run record.Intent, row record.Past, part record.UndoPart) []string {
	var changed []string
	for _, name := range slices.Sorted(maps.Keys(back)) {
		written, wrote := run.Fields[name]
		if !wrote && model.Follows(name, run.Fields) {
			continue
		}
		if !wrote {
			written = run.Before[name]
		}
		if run.Fields == nil || !model.Shows(present, name) || row.Knows(run, name, present[name], part) {
			continue
		}
		changed = append(changed, fmt.Sprintf("somebody changed %s since the run: it was %q, the run wrote %q, "+
			"and now it is %q", model.ToldField(run.Step, name), model.Told(name, run.Before[name]), model.Told(name, written), model.Told(name, present[name])))
		for _, other := range model.With(name) {
			delete(back, other)
		}
	}
	return changed
}
