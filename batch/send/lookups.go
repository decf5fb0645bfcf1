package send

import (
	"context"
	"errors"

	"golang.org/x/text/unicode/norm"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// LookUp asks for the elements of a collection whose column is the value, whatever
// characters that has. surely says that something depends on nobody being there: then a
// server that may have misread the value is asked another way. strays tells of a server
// that passes over queries: it gives others too. The error is a *failure or a *Stop.
func (e *Requester) LookUp(ctx context.Context, collection cupi.Collection, column, value string,
	surely bool) (hits []cupi.Object, strays bool, err error) {
	queries := cupi.Lookups(column, value)
	if usual := norm.NFC.String(value); usual != value { // the server may have it in the other form
		queries = append(queries, cupi.Lookups(column, usual)...)
	}
	for i, query := range queries {
		if i > 0 && !surely && err == nil {
			break
		}
		var found []cupi.Object
		if query.Op == cupi.Is {
			var answer cupi.Answer
			answer, _, err = e.Read(ctx, cupi.List(collection, query, 0, 0))
			found = answer.Page.Items
		} else {
			found, _, err = e.Pages(ctx, collection, query)
		}
		hits, strays = Matching(found, column, value, len(queries) == 1 && query.Op == cupi.Is)
		hits = e.Tenant.Its(collection, hits)
		var refusal *Failure
		if len(hits) > 0 || err != nil && !errors.As(err, &refusal) {
			break
		}
	}
	return hits, strays, err
}

// Matching gives those of the elements that show the value. strays says, where it is
// minded, that others show another.
func Matching(found []cupi.Object, column, value string, minded bool) (hits []cupi.Object, strays bool) {
	for _, item := range found {
		shown, is := item[column]
		switch {
		case is && model.Fold(shown) == model.Fold(value) || model.Same(column, shown, value):
			hits = append(hits, item)
		case is && minded:
			strays = true
		}
	}
	return hits, strays
}
