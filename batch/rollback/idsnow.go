package rollback

import (
	"context"
	"maps"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
)

// naming lists the fields that name users who were deleted, and those that the server checks them against.
func (w *rowUndo) naming(fields cupi.Object) (names []string) {
	for name, value := range fields {
		if _, gone := w.all.rowOf[model.Fold(value)]; !gone {
			continue
		}
		names = append(names, model.With(name)...)
	}
	return names
}

// idsNow puts the ids of now in the place of those of what was deleted and made again. It names the
// fields that hold the id of somebody who is made again later.
func (w *rowUndo) idsNow(ctx context.Context, fields cupi.Object) (cupi.Object, []string, error) {
	now := maps.Clone(fields)
	var awaits []string
	for name, value := range fields {
		id, err := w.idNow(ctx, value)
		if err != nil {
			return nil, nil, err
		}
		if now[name] = id; id == value && w.all.awaited(value, w.row.Row) {
			awaits = append(awaits, name)
			w.noteOnce("what names users who are made again after this one comes back with them")
		}
	}
	return now, awaits, nil
}

// idNow is the id of now of a user, of a user's call handler or of a part of the user.
func (w *rowUndo) idNow(ctx context.Context, id string) (string, error) {
	row, gone := w.all.rowOf[model.Fold(id)]
	if now := w.all.current(id); now != id || !gone {
		return now, nil
	}
	user := w.all.users[row]
	now := w.all.current(user)
	if now == user || user == id {
		return id, nil
	}
	made, found, err := w.Whole(ctx, w.all.about, now) // an earlier start made this one
	if err != nil || !found {
		return id, err
	}
	w.all.replaced(id, made["CallHandlerObjectId"])
	return w.all.current(id), nil
}

// makeable are the fields of which a deleted user is made again: none that name what is not there yet,
// such as the user's own call handler.
func (w *rowUndo) makeable(ctx context.Context, about *model.Object, before cupi.Object) (cupi.Object, error) {
	fields, _, err := w.idsNow(ctx, record.Recreatable(about, before))
	for _, name := range w.naming(fields) {
		delete(fields, name)
	}
	return fields, err
}

// namesUser reports whether what was recorded of somebody names this row's user.
func (w *rowUndo) namesUser(member cupi.Object) bool {
	for _, value := range member {
		if row, is := w.all.rowOf[model.Fold(value)]; is && row == w.row.Row {
			return true
		}
	}
	return false
}
