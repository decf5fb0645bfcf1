package batch

import (
	"context"
	"fmt"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
)

// What the server says of whom it made need not be true, and an honest row sends nothing to
// see whether it is. When something speaks against it all the same, the row looks once by
// the alias.

// disowned reports whether the user that the server named for the row is proven to be
// another row's.
func (r *rowWork) disowned() bool { return r.fresh && !r.ids.Has(r.objectID, r.row) }

// finds does something with the row's user, and once more if the server named another than
// it made, and that one is found: nobody has the id, or another row is proven to have made
// who has it.
func (r *rowWork) finds(ctx context.Context, do func() error) error {
	err := do()
	disowned := r.disowned()
	if err == nil || !disowned && (!r.nothing || !r.fresh || r.looked) {
		return err
	}
	another, problem := r.lookWhom(ctx)
	switch {
	case problem != nil:
		return problem
	case another:
		return do()
	case disowned:
		r.objectID = ""
	}
	return err
}

// lookWhom looks by the alias whom the run made, and reports whether it is another user than
// the server named: then the row goes on with that one. When that is not proven, or something
// was written to the other one already, the error is a *failure, and the row has no user.
func (r *rowWork) lookWhom(ctx context.Context) (another bool, err error) {
	r.looked = true
	at := slices.IndexFunc(r.past.Made, func(c record.AppliedChange) bool {
		return c.Creates() && !c.Earlier
	})
	creation, named := &r.past.Made[at], r.objectID
	hits, _, err := r.lookUp(ctx, r.about.Collection, r.about.Collection.NameField, r.about.Name(creation.Intent.Shown()), true)
	if err != nil {
		return false, err
	}
	if len(hits) == 0 || len(hits) == 1 && model.Same("ObjectId", hits[0]["ObjectId"], named) {
		return false, nil // it was deleted meanwhile, or it is the one that the server named
	}
	within := r.within
	if within == nil {
		within = creation.Life.Reach(r.doubt)
	}
	there, err := r.isCreated(ctx, hits, creation.Intent, proof{reach: within})
	told := fmt.Sprintf("the server said that it made the user with the ObjectId %s, and it did not", named)
	if err != nil {
		return false, unproven(told, err)
	}
	if there.truth == notMade || there.others {
		return false, nil
	}
	sent := creation.Intent
	sent.Number, sent.Attempt = r.journaled.Creation()
	if there.truth == made && len(r.past.Made) == at+1 {
		r.takes(sent, there.objectID)
		r.note(sent, record.Answer{Made: true, ObjectID: there.objectID, Message: told + "; " + there.note})
		r.objectID, creation.ObjectID = there.objectID, there.objectID
		r.target, r.present, r.lists, r.slots = nil, nil, nil, nil
		return true, nil
	}
	r.note(sent, record.Answer{Open: true, Message: told})
	r.objectID = ""
	return false, &failure{record.Uncertain, codes.ExistsUnproven, fmt.Sprintf("%s; look at %q, who has the ObjectId %s", told, r.about.Name(sent.Shown()), there.objectID)}
}
