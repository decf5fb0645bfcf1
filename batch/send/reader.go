package send

import (
	"context"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// Reader reads what a user is and has: from the server, as a requester, or for a preview,
// which only counts what would be read.
type Reader interface {
	// Whole reads all that a user shows itself.
	Whole(ctx context.Context, about *model.Object, id string) (user cupi.Object, found bool, err error)
	// Single reads an object that is always there.
	Single(ctx context.Context, p Part) (object cupi.Object, found bool, err error)
	// Members reads a collection. told is false when the server does not show it.
	Members(ctx context.Context, p Part, userID string) (members []cupi.Object, told bool, err error)
}

// Whole reads all that a user shows itself.
func (e *Requester) Whole(ctx context.Context, about *model.Object, id string) (cupi.Object, bool, error) {
	answer, found, err := e.Read(ctx, about.Get(id))
	return answer.Object, found, err
}

// Single reads an object that is always there.
func (e *Requester) Single(ctx context.Context, p Part) (cupi.Object, bool, error) {
	answer, found, err := e.Read(ctx, cupi.Get(p.Collection, p.MemberID()))
	return orSilence(p.StepKind, answer.Object, found, err)
}

// Members reads a collection. The bool is false when the server does not show it.
func (e *Requester) Members(ctx context.Context, p Part, userID string) ([]cupi.Object, bool, error) {
	return e.All(ctx, p.Collection, p.Query(userID))
}

// Find reads the object at a path.
func (e *Requester) Find(ctx context.Context, kind *model.StepKind, path string) (object cupi.Object, found bool, err error) {
	if !kind.Listed() {
		answer, found, err := e.Read(ctx, cupi.Request{Method: "GET", Path: path, Root: kind.ElementAt(path)})
		return orSilence(kind, answer.Object, found, err)
	}
	members, _, err := e.All(ctx, kind.At(path), cupi.Query{})
	for _, member := range members {
		if strings.EqualFold(member["ObjectId"], model.LastPart(path)) {
			return member, true, err
		}
	}
	return nil, false, err
}

// orSilence makes an empty object of a recording that is not there: nothing was recorded yet.
func orSilence(kind *model.StepKind, object cupi.Object, found bool, err error) (cupi.Object, bool, error) {
	if err == nil && !found && kind.Sounds() {
		return cupi.Object{cupi.Recording: ""}, true, nil
	}
	return object, found, err
}
