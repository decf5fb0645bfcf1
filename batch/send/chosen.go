package send

import (
	"context"
	"slices"

	"cucbulk/cupi"
)

// Chosen is [Requester.PagesUpTo] of a collection of which few are wanted: only those are kept.
func (e *Requester) Chosen(ctx context.Context, collection cupi.Collection, most int,
	wanted func(cupi.Object) bool) (items []cupi.Object, found bool, err error) {
	items, found, err = e.pages(ctx, collection, cupi.Query{}, atMost(most), func(item cupi.Object) cupi.Object {
		if wanted(item) {
			return item
		}
		return nil
	})
	return slices.DeleteFunc(items, func(item cupi.Object) bool { return item == nil }), found, err
}
