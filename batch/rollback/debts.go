package rollback

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
)

// Users who were deleted together can name each other: in a list, a key, the exit of a call. Who is made
// again first can't have what names the others yet. That is a debt, which the row of the other settles.

// makeable are the fields of which a deleted user is made again: none that name what is not there yet,
// such as the user's own call handler.
func (w *rowUndo) makeable(ctx context.Context, about *model.Object, before cupi.Object) (cupi.Object, error) {
	fields, _, err := w.idsNow(ctx, record.Recreatable(about, before))
	for _, name := range w.naming(fields) {
		delete(fields, name)
	}
	return fields, err
}

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

// owed are those of an object's fields that are given back: of a debt, those that name this row's user.
func (w *rowUndo) owed(g *giving, fields cupi.Object) cupi.Object {
	if !g.debt {
		return fields
	}
	var names []string
	for name, value := range fields {
		if w.namesUser(cupi.Object{name: value}) {
			names = append(names, model.With(name)...)
		}
	}
	return model.Only(fields, names...)
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

// settleDebts gives back what of others names this row's user. Where that one is not there, they lack it.
func (w *rowUndo) settleDebts(ctx context.Context) error {
	if len(w.debts) == 0 || w.passing || !w.part.Covers(w.all.about.Main.Name) {
		return nil
	}
	user := w.all.users[w.row.Row]
	there := w.all.current(user) != user || !w.before.Unsettled() && !w.before.Deleted() // not made again, but never deleted
	for _, deleted := range w.debts {
		gone := model.LastPart(deleted.Path)
		now := w.all.current(gone)
		if now == gone {
			continue
		}
		name := deleted.About().Name(deleted.Before)
		if !there {
			w.lacks(fmt.Sprintf("what %s had of this user (who was not made again)", name))
			continue
		}
		var kinds []*model.StepKind
		for _, kind := range deleted.About().FullyRestorable() {
			if slices.ContainsFunc(deleted.Also[kind.Name], w.namesUser) {
				if kind.HangsOn != "" && model.KindOf(kind.HangsOn).Shape == model.Slot {
					kinds = append(kinds, model.KindOf(kind.HangsOn))
				}
				kinds = append(kinds, kind)
			}
		}
		own := w.missing
		w.missing = nil
		err := w.unlessMissing(w.giveBackFully(ctx, deleted, now, kinds), "what it had of this user")
		for _, what := range w.missing {
			own = append(own, "of "+name+": "+what)
		}
		if w.missing = own; err != nil {
			return err
		}
	}
	return nil
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
