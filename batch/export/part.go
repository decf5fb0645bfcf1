package export

import (
	"context"
	"errors"
	"slices"

	"cucbulk/batch"
	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// exportablePart reports whether a column shows a part of a user as a run would write
// it: no secret, no sound, no user's name in place of an id, and no order that is not kept.
func exportablePart(column validate.Column) bool {
	kind := model.KindOf(column.Step)
	return column.Access == validate.ReadWrite && column.Collection != kind.About.Collection.Name && column.Silent == "" && !column.Secret && column.Type != validate.File &&
		(kind.Shape == model.Single || kind.Shape == model.Slot || kind.Shape == model.Set)
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
		if kind := model.KindOf(column.Step); kind.Shape != model.Single {
			read = kind.Name
		}
		if !slices.Contains(reads, read) {
			reads = append(reads, read)
		}
	}
	return len(reads)
}

// shown reads the objects that a step is about: those of a set, or one at most.
func (e *exporter) shown(ctx context.Context, asking *send.Requester, s *batch.Subject, step string, singles map[string]cupi.Object) ([]cupi.Object, error) {
	kind := model.KindOf(step)
	p, err := s.PartOf(ctx, kind, step)
	if err != nil {
		return nil, notShown(err)
	}
	if kind.OfEverybody() {
		if parts, known, err := e.lists.Of(ctx, e.Session, p, e.layout.fieldsOf(kind.Name)); known || err != nil {
			return parts, err
		}
	}
	switch kind.Shape {
	case model.Single:
		object, read := singles[step]
		if !read {
			answer, _, err := asking.ReadIfSupported(ctx, cupi.Get(p.Collection, p.MemberID()))
			if err != nil {
				return nil, err
			}
			object = answer.Object
			singles[step] = object
		}
		return []cupi.Object{object}, nil
	case model.Slot:
		if e.mixed[kind.Name] {
			members, err := s.MixedMembers(ctx, p)
			if err != nil {
				return nil, err
			}
			if len(members) > 0 {
				s.Knows(p, members)
			}
		}
		member, err := s.MemberFor(ctx, p, nil)
		return []cupi.Object{member}, notShown(err)
	}
	members, err := s.Members(ctx, p)
	return members, notShown(err)
}

// notShown passes over what the server does not show, or shows more than once.
func notShown(err error) error {
	var refusal *send.Failure
	if errors.As(err, &refusal) {
		return nil
	}
	return err
}
