package rollback

import (
	"context"
	"fmt"
	"slices"

	"cucbulk/batch/model"
)

// Users who were deleted together can name each other: in a list, a key, the exit of a call. Who is made
// again first can't have what names the others yet. That is a debt, which the row of the other settles.

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
