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
func (u *undoing) undoChange(ctx context.Context) error {
	whole := u.kind.Shape == model.WholeUser
	switch {
	case u.change.Unproven && !u.all.Options.Force:
		return &send.Failure{Status: record.Kept, Code: codes.GoneUnproven,
			Message: fmt.Sprintf("it is not proven that this run deleted the %s, which was found gone long after the "+
				"request: somebody else can have deleted it, so it is not brought back; --force brings it back all the same", u.kind.Name)}
	case u.kind.Shape == model.Foreign:
		return &send.Failure{Status: record.Failed, Code: codes.UnknownStep,
			Message: fmt.Sprintf("this version does not know the step %q: use the version that ran it", u.change.Step)}
	case whole && u.change.Method == "POST":
		return u.undoCreate(ctx)
	case whole && u.change.Method == "DELETE":
		return u.undoDelete(ctx)
	}
	var err error
	if u.path, err = u.pathNow(ctx); err != nil || u.path == "" {
		return err
	}
	switch u.change.Method {
	case "POST":
		return u.undoAddition(ctx)
	case "DELETE":
		return u.undoRemoval(ctx)
	}
	if u.all.current(u.row.ObjectID) != u.row.ObjectID && !whole {
		// The user was deleted later in the run and is made again: nobody else has
		// touched what it has.
		u.change.Intent.Fields = nil
	}
	return u.restore(ctx)
}

// undoCreate deletes a user that the run made, unless somebody uses it.
func (u *undoing) undoCreate(ctx context.Context) error {
	u.status = record.Deleted
	id := u.all.current(u.change.ObjectID)
	about := u.change.Intent.About()
	user, found, err := u.Whole(ctx, about, id)
	if err != nil {
		return err
	}
	if !found {
		return u.gone(ctx)
	}
	if !model.Same(about.Collection.NameField, about.Name(user), about.Name(u.change.Intent.Shown())) {
		if err := u.keepAnother(ctx, user); err != nil {
			return err
		}
	}
	also, err := send.Dependents(ctx, &u.Requester, about, id, nil)
	if err != nil {
		return err
	}
	unused := func(ctx context.Context, user cupi.Object) error {
		if u.all.Options.Force {
			return nil
		}
		if err := u.keepInUse(ctx, user, u.ofOthers(also)); err != nil {
			return err
		}
		return u.keepRecipient(ctx, about, id)
	}
	if err := unused(ctx, user); err != nil {
		return err
	}
	_, err = u.make(ctx, send.Change{
		Step: about.Main.Name, Request: about.Remove(id), Before: user, Dependents: also, Still: unused,
	})
	return err
}

// restore puts back the fields that still hold what the run wrote, and leaves the
// others as they are.
func (u *undoing) restore(ctx context.Context) error {
	if len(u.change.Intent.Secret) > 0 {
		u.notes = append(u.notes, fmt.Sprintf("the %s can't be put back, because no server shows what it was", u.kind.Name))
		if len(u.change.Intent.Before) == 0 {
			u.status, u.code = cmp.Or(u.status, record.Kept), codes.WriteOnly
			return nil
		}
	}
	u.restored()
	present, path, found, err := u.locate(ctx)
	if err != nil {
		return err
	}
	if !found {
		return &send.Failure{Status: record.Kept, Code: codes.TargetGone, Message: "it is no longer there, so there is nothing to restore"}
	}
	origin, err := u.referringNow(ctx, u.before.Origin(u.change.Intent, u.part))
	if err != nil {
		return err
	}
	back := model.Differences(present, origin)
	if u.part == record.AllButMove { // what is as it was before the run need not go through a temporary value again
		away := model.Differences(present, u.before.Origin(u.change.Intent, record.WholeRow))
		maps.DeleteFunc(back, func(name, _ string) bool { _, is := away[name]; return !is })
	}
	if model.Same("Inactive", back["Inactive"], "true") {
		delete(back, "Inactive")
		u.notes = append(u.notes, "Inactive can't go back to true")
	}
	for _, name := range u.kind.Stays {
		if value, is := back[name]; is && value == "" {
			delete(back, name)
			u.notes = append(u.notes, fmt.Sprintf("%s stays %q, because the server never empties it",
				model.ToldField(u.change.Step, name), model.Told(name, present[name])))
		}
	}
	for name := range u.change.Intent.Fields {
		if _, known := u.change.Intent.Before[name]; !known {
			u.notes = append(u.notes, model.ToldField(u.change.Step, name)+
				" can't be put back, because the server did not show what it was")
		}
	}
	changed := leaveChanged(back, present, u.change.Intent, u.before, u.part)
	back = model.Sendable(back)
	if err := u.renamedBefore(ctx); err != nil {
		return err
	}
	if len(back) > 0 {
		renames, err := u.beforeRename(ctx, present, back)
		if err != nil {
			return err
		}
		if _, err := u.make(ctx, send.Change{Step: u.change.Step, Request: u.kind.Put(path, back),
			Before: model.PreImage(present, back), Still: asRead(u.change.Step, present, back)}); err != nil {
			if temporary := u.change.Intent.Fields["DtmfAccessId"]; u.kind.Temporary && present["DtmfAccessId"] == temporary {
				u.notes = append(u.notes, fmt.Sprintf("the user still has the temporary extension %s, and had "+
					"%s before the run", temporary, u.change.Intent.Before["DtmfAccessId"]))
			}
			return err
		}
		if err := u.afterRename(ctx, renames); err != nil {
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
			"and now it is %q", model.ToldField(run.Step, name), model.Told(name, run.Before[name]), model.Told(name, written),
			model.Told(name, present[name])))
		for _, other := range model.With(name) {
			delete(back, other)
		}
	}
	return changed
}
