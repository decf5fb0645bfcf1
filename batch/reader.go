package batch

import (
	"context"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// reader reads what a user is and has: from the server, as an errand, or for a preview of
// what is not to be read, see [countingReader].
type reader interface {
	// whole reads all that a user shows itself.
	whole(ctx context.Context, about *model.Object, id string) (user cupi.Object, found bool, err error)
	// single reads an object that is always there.
	single(ctx context.Context, p part) (object cupi.Object, found bool, err error)
	// members reads a collection. told is false when the server does not show it.
	members(ctx context.Context, p part, userID string) (members []cupi.Object, told bool, err error)
}

func (e *errand) whole(ctx context.Context, about *model.Object, id string) (cupi.Object, bool, error) {
	answer, found, err := e.read(ctx, about.Get(id))
	return answer.Object, found, err
}

func (e *errand) single(ctx context.Context, p part) (cupi.Object, bool, error) {
	answer, found, err := e.read(ctx, cupi.Get(p.collection, p.memberID()))
	return answer.Object, found, err
}

func (e *errand) members(ctx context.Context, p part, userID string) ([]cupi.Object, bool, error) {
	return e.all(ctx, p.collection, p.Query(userID))
}
