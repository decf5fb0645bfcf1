package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
)

// What the server says of whom it made need not be true, and an honest row sends nothing to
// see whether it is. When something speaks against it all the same, the row looks once by
// the alias.

// disowned reports whether the user that the server named for the row is proven to be
// another row's.
func (r *rowRunner) disowned() bool { return r.fresh && !r.IDs.Has(r.ObjectID, r.Row) }

// withRightUser does something with the row's user, and once more if the server named another than
// it made, and that one is found: nobody has the id, or another row is proven to have made
// who has it.
func (r *rowRunner) withRightUser(ctx context.Context, do func() error) error {
	err := do()
	disowned := r.disowned()
	if err == nil || !disowned && (!r.Nothing || !r.fresh || r.looked) {
		return err
	}
	another, problem := r.findRightUser(ctx)
	switch {
	case problem != nil:
		return problem
	case another:
		return do()
	case disowned:
		r.ObjectID = ""
		return err
	}
	var failed *send.Failure
	if errors.As(err, &failed) && failed.Code == codes.NotShown { // of one who is gone no list is shown
		r.present = nil
		if _, gone := r.user(ctx); gone != nil {
			return gone
		}
	}
	return err
}

// findRightUser looks by the alias whom the run made, and reports whether it is another user than
// the server named: then the row goes on with that one. When that is not proven, or something
// was written to the other one already, the error is a *failure, and the row has no user.
func (r *rowRunner) findRightUser(ctx context.Context) (another bool, err error) {
	r.looked = true
	at := slices.IndexFunc(r.past.Made, func(c record.AppliedChange) bool {
		return c.Creates() && !c.Earlier
	})
	creation, named := &r.past.Made[at], r.ObjectID
	hits, _, err := r.LookUp(ctx, r.About.Collection, r.About.Collection.NameField, r.About.Name(creation.Intent.Shown()), true)
	if err != nil {
		return false, err
	}
	if len(hits) == 0 || len(hits) == 1 && model.Same("ObjectId", hits[0]["ObjectId"], named) {
		return false, nil // it was deleted meanwhile, or it is the one that the server named
	}
	within := r.within
	if within == nil {
		within = creation.Life.Reach(r.Doubt)
	}
	there, err := r.LookFor(creation.Intent, send.Proof{Reach: within}).IsCreated(ctx, hits)
	told := fmt.Sprintf("the server said that it made the %s with the ObjectId %s for this row, and nobody has it", r.About.One(), named)
	if r.disowned() {
		told = fmt.Sprintf("the server said that it made the %s with the ObjectId %s for this row, and that is another row's",
			r.About.One(), named)
	}
	if err != nil {
		return false, send.Unproven(told, err)
	}
	if there.Outcome == send.NotMade || there.Others {
		return false, nil
	}
	sent := creation.Intent
	sent.Number, sent.Attempt = r.Journaled.Creation()
	if there.Outcome == send.Made && len(r.past.Made) == at+1 {
		r.Takes(sent, there.ObjectID)
		r.Note(sent, record.Answer{Made: true, ObjectID: there.ObjectID, Message: told + "; " + there.Note})
		r.ObjectID, creation.ObjectID = there.ObjectID, there.ObjectID
		r.Target, r.present, r.lists, r.slots = nil, nil, nil, nil
		return true, nil
	}
	r.Note(sent, record.Answer{Open: true, Message: told})
	r.ObjectID = ""
	return false, &send.Failure{Status: record.Uncertain, Code: codes.ExistsUnproven,
		Message: fmt.Sprintf("%s; look at %q, who has the ObjectId %s", told, r.About.Name(sent.Shown()), there.ObjectID)}
}
