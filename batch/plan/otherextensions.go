package plan

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"cucbulk/batch/model"
	"cucbulk/batch/pool"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// callHandler is what such things are called. All else that has extensions is an object that rows can be about.
const callHandler = "call handler"

// holders are something that may have an extension.
type holders struct {
	what       string
	collection cupi.Collection
	query      cupi.Query
	numerous   bool // see [model.Object]
}

// otherHolders are all that may have one of those that rows take, and that the rows are not about.
func (d *takenExtensions) otherHolders() []holders {
	list := []holders{{what: callHandler, collection: cupi.CallHandlers, query: cupi.CallHandlers.Named()}}
	for _, o := range model.WithExtensions() {
		if o != d.About {
			list = append(list, holders{what: o.One(), collection: o.Collection, numerous: o.Numerous})
		}
	}
	return list
}

// learnOtherExtensions asks what else has extensions than what the rows are about: users, call
// handlers, lists, contacts. A server that does not tell is believed to have none in the way.
func (d *takenExtensions) learnOtherExtensions(ctx context.Context, session *send.Session, checked *Checked, lists NameLists,
	users map[string]bool) error {
	d.otherExtensionsRead = true
	for _, kind := range d.otherHolders() {
		if _, read := lists.asked(kind.collection.Name); read { // for its names
			continue
		}
		items, err := d.havingExtensions(ctx, session, checked, kind)
		var refusal *send.Failure
		if errors.As(err, &refusal) {
			d.noteUnchecked(fmt.Sprintf("the extensions of %ss: %s", kind.what, refusal.Untold()))
			continue
		}
		if err != nil {
			return err
		}
		for _, item := range items {
			d.noteOtherExtension(kind.what, item)
		}
	}
	if checked.Options.Deep && d.About.Alternate != nil {
		return d.readAlternates(ctx, session, users)
	}
	return nil
}

// havingExtensions reads a collection. Of what is numerous it asks for each extension that rows set, where
// that costs fewer requests.
func (d *takenExtensions) havingExtensions(ctx context.Context, session *send.Session, checked *Checked,
	kind holders) ([]cupi.Object, error) {
	if !kind.numerous {
		return d.pages(ctx, session, kind.collection, kind.query)
	}
	items, err := d.pagesUpTo(ctx, session, kind.collection, kind.query, 1+len(checked.extensions))
	if !errors.Is(err, send.ErrManyPages) {
		return items, err
	}
	var unread error
	asked := map[string]bool{}
	extensions := func(yield func(string) bool) {
		for record, err := range checked.DecodedRows() {
			if unread = err; err != nil {
				return
			}
			if _, settled := checked.Verdicts[record.Row]; settled || record.DtmfAccessId == "" || asked[record.DtmfAccessId] {
				continue
			}
			if asked[record.DtmfAccessId] = true; !yield(record.DtmfAccessId) {
				return
			}
		}
	}
	items = nil
	err = pool.AtOnce(session.Workers, extensions, func(extension string) error {
		e := &send.Requester{Session: session, Optional: true}
		hits, strays, err := e.LookUp(ctx, kind.collection, "DtmfAccessId", model.Lower(extension), false)
		d.paid(e)
		d.mutex.Lock()
		defer d.mutex.Unlock()
		items = append(items, hits...)
		if err == nil && strays {
			err = &send.Failure{Code: codes.Unreadable, Message: "the server does not answer such queries"}
		}
		return err
	})
	return items, cmp.Or(unread, err)
}

// noteOtherExtension notes the extension of something that the rows are not about.
func (d *takenExtensions) noteOtherExtension(what string, item cupi.Object) {
	if model.Same("IsPrimary", item["IsPrimary"], "true") { // it is a user's: the server passes over the query
		return
	}
	if key := extensionKey(item["DtmfAccessId"], item["PartitionObjectId"]); key != "" {
		d.otherExtensions[key] = otherExtension{item["ObjectId"], fmt.Sprintf("the %s %q", what, item["DisplayName"])}
	}
}
