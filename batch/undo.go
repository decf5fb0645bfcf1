package batch

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// undoUser takes back a POST by deleting, a PUT by restoring and a DELETE by
// creating again.
func undoUser(ctx context.Context, w *undoWork, done doneChange) error {
	switch done.Method {
	case "POST":
		return w.undoCreate(ctx, done)
	case "DELETE":
		return w.undoDelete(ctx, done)
	}
	id := w.all.current(lastPart(done.intent.Path))
	return w.restore(ctx, done, cupi.GetUser(id), func(fields cupi.Object) cupi.Request { return cupi.UpdateUser(id, fields) })
}

// undoCallHandler restores what a PUT changed on a user's call handler.
func undoCallHandler(ctx context.Context, w *undoWork, done doneChange) error {
	id := lastPart(done.intent.Path)
	if user := w.all.current(w.row.ObjectID); user != w.row.ObjectID {
		// The user was deleted later in the run and is made again: its call handler is
		// a new one, which nobody else has touched.
		answer, found, err := w.read(ctx, cupi.GetUser(user))
		if err != nil || !found {
			return err
		}
		id = answer.Object["CallHandlerObjectId"]
		done.intent.Fields = nil
	}
	return w.restore(ctx, done, cupi.GetCallHandler(id), func(fields cupi.Object) cupi.Request { return cupi.UpdateCallHandler(id, fields) })
}

// undoCreate deletes a user that the run made, unless somebody uses it.
func (w *undoWork) undoCreate(ctx context.Context, done doneChange) error {
	w.status = Deleted
	id := w.all.current(done.ObjectID)
	get := cupi.GetUser(id)
	answer, found, err := w.read(ctx, get)
	if err != nil {
		return err
	}
	if !found {
		if !w.own.sent("DELETE", "/"+id) {
			w.notes = append(w.notes, "it was already gone")
		}
		return nil
	}
	also, err := w.withBelongings(ctx, id)
	if err != nil {
		return err
	}
	if !w.all.Options.Force {
		if err := w.keepInUse(ctx, answer.Object, also, done); err != nil {
			return err
		}
	}
	_, err = w.make(ctx, change{
		step: validate.StepUser, request: cupi.DeleteUser(id), before: answer.Object, also: also,
		look: func(ctx context.Context) (settlement, error) { return w.lookForAbsence(ctx, get) },
	})
	return err
}

// restore puts back the fields that still hold what the run wrote, and leaves the
// others as they are.
func (w *undoWork) restore(ctx context.Context, done doneChange, get cupi.Request, put func(cupi.Object) cupi.Request) error {
	w.status = Restored
	answer, found, err := w.read(ctx, get)
	if err != nil {
		return err
	}
	if !found {
		return &failure{Kept, "target-gone", "it is no longer there, so there is nothing to restore"}
	}
	back := differences(answer.Object, done.intent.Before)
	if same("Inactive", back["Inactive"], "true") {
		delete(back, "Inactive")
		w.notes = append(w.notes, "Inactive can't go back to true")
	}
	for name := range done.intent.Fields {
		if _, known := done.intent.Before[name]; !known {
			w.notes = append(w.notes, name+" can't be put back, because the server did not show what it was")
		}
	}
	changed := leaveChanged(back, answer.Object, done.intent)
	if len(back) > 0 {
		if _, err := w.make(ctx, change{
			step: done.Step, request: put(back), before: preImage(answer.Object, back),
			look: func(ctx context.Context) (settlement, error) { return w.lookForFields(ctx, get, back) },
		}); err != nil {
			return err
		}
	}
	if len(changed) > 0 {
		return &failure{Kept, "changed-since", strings.Join(changed, "; ")}
	}
	return nil
}

// leaveChanged takes out of back the fields that somebody changed since the run,
// with those that the server checks them against, and says of each what it was, is
// and was meant to be.
func leaveChanged(back, present cupi.Object, run Intent) []string {
	var changed []string
	for _, name := range slices.Sorted(maps.Keys(back)) {
		written, wrote := run.Fields[name]
		if !wrote {
			written = run.Before[name]
		}
		if run.Fields == nil || !shows(present, name) || same(name, present[name], written) || same(name, present[name], run.Before[name]) {
			continue
		}
		changed = append(changed, fmt.Sprintf("somebody changed %s since the run: it was %q, the run wrote %q, and now it is %q", name, run.Before[name], written, present[name]))
		delete(back, name)
		for _, group := range together() {
			if slices.Contains(group, name) {
				maps.DeleteFunc(back, func(other, _ string) bool { return slices.Contains(group, other) })
			}
		}
	}
	return changed
}
