package send

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// How collections are read, and what not every server tells.

// ListingRows is how many users a page of the listing holds: more than 100 a
// page fails at busy hours.
const ListingRows = 100

// maxListMemory is how much the lists take that are in memory at one time, in bytes.
const maxListMemory = 64 << 20

// All reads a collection, page by page. told is false when the server does not
// have it, or does not give it to this account; the error tells of anything else.
func (e *Requester) All(ctx context.Context, collection cupi.Collection, query cupi.Query) (items []cupi.Object, told bool, err error) {
	items, told, err = e.Pages(ctx, collection, query)
	if err != nil || !told {
		return nil, false, unlessUnsupported(err)
	}
	return items, true, nil
}

// Pages reads a collection page by page, and again where it moves meanwhile. found is
// false when the server has no such collection. A list that can't be read whole is a
// *failure.
func (e *Requester) Pages(ctx context.Context, collection cupi.Collection, query cupi.Query) (items []cupi.Object, found bool, err error) {
	return e.PagesUpTo(ctx, collection, query, math.MaxInt)
}

// ErrManyPages ends the reading of a collection that has more pages than are worth it.
var ErrManyPages = errors.New("the list has too many pages")

// PagesUpTo is [Requester.Pages] of a collection that has at most so many pages; of one that has
// more it reads the first, and the error is ErrManyPages.
func (e *Requester) PagesUpTo(ctx context.Context, collection cupi.Collection, query cupi.Query, most int) (items []cupi.Object,
	found bool, err error) {
	return e.pages(ctx, collection, query, atMost(most), func(item cupi.Object) cupi.Object { return item })
}

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

// atMost is for reading a collection of so many pages.
func atMost(most int) func(pages int) bool { return func(pages int) bool { return pages <= most } }

// pages reads a collection of so many pages as pays, and of each element it keeps what kept gives.
func (e *Requester) pages(ctx context.Context, collection cupi.Collection, query cupi.Query,
	pays func(pages int) bool, kept func(cupi.Object) cupi.Object) (items []cupi.Object, found bool, err error) {
	if !e.Beyond {
		query = e.narrowed(collection, query)
	}
	var before *Reading
	for range MaxReadings {
		first, found, err := e.Read(ctx, cupi.List(collection, query, 1, ListingRows))
		if err != nil || !found {
			return nil, false, err
		}
		if !pays(PagesOf(first.Page)) {
			return nil, false, ErrManyPages
		}
		ask := func(page int) (cupi.Answer, error) {
			answer, found, err := e.Read(ctx, cupi.List(collection, query, page, ListingRows))
			if err == nil && !found {
				err = &Failure{record.Failed, codes.NoSuchList, "the server has no " + collection.Path + " any more"}
			}
			return answer, err
		}
		now := &Reading{IdField: collection.IDField}
		items = nil
		held := int64(0)
		err = now.ReadPages(first, 1, ask, func(_ int, fresh []cupi.Object) error {
			fresh = slices.Clone(fresh)
			for i := range fresh {
				fresh[i] = kept(fresh[i])
			}
			more := MemoryOf(fresh)
			held += more
			if e.Held.Add(more) > maxListMemory {
				return &Failure{record.Failed, codes.Unreadable,
					fmt.Sprintf("the lists of the server, that of %s the last, are larger than any that CUPI sends: more than %d MiB",
						collection.Name, maxListMemory>>20)}
			}
			items = append(items, fresh...)
			return nil
		})
		e.Held.Add(-held) // whoever keeps them says so
		if err != nil {
			return nil, false, err
		}
		if len(first.Page.Items) >= first.Page.Total || now.Proven(before) { // one answer is one moment
			return items, true, nil
		}
		before = now
	}
	return nil, false, before.moves(collection.Name)
}

// MemoryOf is how much elements take in memory, in bytes.
func MemoryOf(items []cupi.Object) (bytes int64) {
	for _, item := range items {
		bytes += int64(item.Memory())
	}
	return bytes
}

// ReadIfSupported reads what not every server tells. told is false when it says that it has
// no such thing, or refuses to give it; no answer at all is an error.
func (e *Requester) ReadIfSupported(ctx context.Context, request cupi.Request) (answer cupi.Answer, told bool, err error) {
	answer, told, err = e.Read(ctx, request)
	return answer, told && err == nil, unlessUnsupported(err)
}

// UnlessRefused gives the error of a read, but for a refusal, and that of what is not there: what
// can't be read is not recorded, and that is said.
func UnlessRefused(err error) error {
	var refusal *Failure
	if errors.As(err, &refusal) && (refusal.Code == codes.NotShown || refusal.Code == codes.NoCallHandler) {
		return nil
	}
	return unlessUnsupported(err)
}

// unlessUnsupported gives the error of a read, but for that of a server that does not give
// the account what it asks for.
func unlessUnsupported(err error) error {
	var refusal *Failure
	if errors.As(err, &refusal) && (refusal.Code == codes.Refused || refusal.Code == codes.Forbidden) {
		return nil
	}
	return err
}
