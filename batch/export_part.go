package batch

import (
	"context"
	"errors"
	"slices"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// exportablePart reports whether a column shows a part of a user as a run would write
// it: no secret, no user's name in place of an id, and no order that is not kept.
func exportablePart(column validate.Column) bool {
	kind := kindOf(column.Step)
	return column.Access == validate.ReadWrite && column.Collection != kind.about.collection.Name && column.Silent == "" && !column.Secret &&
		(kind.shape == single || kind.shape == slot || kind.shape == set)
}

// partRequests is how many requests a user the parts cost: one for each object and
// one for each list.
func partRequests(columns []validate.Column) int {
	var reads []string
	for _, column := range columns {
		if !exportablePart(column) {
			continue
		}
		read := column.Step
		if kind := kindOf(column.Step); kind.shape != single {
			read = kind.name
		}
		if !slices.Contains(reads, read) {
			reads = append(reads, read)
		}
	}
	return len(reads)
}

// shown reads the objects that a step is about: those of a set, or one at most.
func (e *errand) shown(ctx context.Context, s *subject, step string, singles map[string]cupi.Object) ([]cupi.Object, error) {
	kind := kindOf(step)
	owner, err := s.owner(ctx, kind, step)
	if err != nil {
		return nil, notShown(err)
	}
	p := partOf(kind, step, owner)
	switch kind.shape {
	case single:
		object, read := singles[step]
		if !read {
			answer, _, err := e.tell(ctx, cupi.Get(p.collection, p.memberID()))
			if err != nil {
				return nil, err
			}
			object = answer.Object
			singles[step] = object
		}
		return []cupi.Object{object}, nil
	case slot:
		member, err := s.memberFor(ctx, p, nil)
		return []cupi.Object{member}, notShown(err)
	}
	members, err := s.members(ctx, p)
	return members, notShown(err)
}

// notShown passes over what the server does not show, or shows more than once.
func notShown(err error) error {
	var refusal *failure
	if errors.As(err, &refusal) {
		return nil
	}
	return err
}
