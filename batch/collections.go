package batch

import (
	"context"
	"errors"

	"cucbulk/cupi"
)

// How collections are read, and what not every server tells.

// all reads a collection, page by page. told is false when the server does not
// have it, or does not give it to this account; the error tells of anything else.
func (e *errand) all(ctx context.Context, collection cupi.Collection, query cupi.Query) (items []cupi.Object, told bool, err error) {
	told, err = e.pages(ctx, collection, query, func(item cupi.Object) { items = append(items, item) })
	if err != nil || !told {
		return nil, false, unlessUntold(err)
	}
	return items, true, nil
}

// pages reads a collection page by page, and lets visit see each item. found is false
// when the server has no such collection.
func (e *errand) pages(ctx context.Context, collection cupi.Collection, query cupi.Query, visit func(cupi.Object)) (found bool, err error) {
	for page, seen := 1, 0; ; page++ {
		answer, found, err := e.read(ctx, cupi.List(collection, query, page, listingRows))
		if err != nil || !found {
			return false, err
		}
		for _, item := range answer.Page.Items {
			visit(item)
		}
		seen += len(answer.Page.Items)
		if len(answer.Page.Items) == 0 || seen >= answer.Page.Total {
			return true, nil
		}
	}
}

// tell reads what not every server tells. told is false when it says that it has
// no such thing, or refuses to give it; no answer at all is an error.
func (e *errand) tell(ctx context.Context, request cupi.Request) (answer cupi.Answer, told bool, err error) {
	answer, told, err = e.read(ctx, request)
	return answer, told && err == nil, unlessUntold(err)
}

// unlessUntold gives the error of a read, but for that of a server that does not give
// the account what it asks for.
func unlessUntold(err error) error {
	var refusal *failure
	if errors.As(err, &refusal) && (refusal.code == "refused" || refusal.code == "forbidden") {
		return nil
	}
	return err
}
