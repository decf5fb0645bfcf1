package plan

import (
	"context"
	"errors"
	"fmt"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// What such things are called.
const (
	callHandler      = "call handler"
	distributionList = "distribution list"
)

// learnOtherExtensions asks which call handlers and distribution lists have extensions. A
// server that does not tell is believed to have none in the way.
func (d *Snapshot) learnOtherExtensions(ctx context.Context, session *send.Session, deep bool) error {
	d.otherExtensionsRead = true
	for _, kind := range []struct {
		what       string
		collection cupi.Collection
		query      cupi.Query
	}{
		{callHandler, cupi.CallHandlers, cupi.Query{Column: "IsPrimary", Op: cupi.Is, Value: "0"}},
		{distributionList, cupi.DistributionLists, cupi.Query{}},
	} {
		if _, read := d.Lists.asked(kind.collection.Name); read { // for its names
			continue
		}
		items, err := d.pages(ctx, session, kind.collection, kind.query)
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
	if deep {
		return d.readAlternates(ctx, session, d.Seen)
	}
	return nil
}

// noteOtherExtension notes the extension of something besides a user.
func (d *Snapshot) noteOtherExtension(what string, item cupi.Object) {
	if model.Same("IsPrimary", item["IsPrimary"], "true") { // it is a user's: the server passes over the query
		return
	}
	if key := extensionKey(item["DtmfAccessId"], item["PartitionObjectId"]); key != "" {
		d.otherExtensions[key] = otherExtension{item["ObjectId"], fmt.Sprintf("the %s %q", what, item["DisplayName"])}
	}
}
