package batch

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// changes reads what a step must know and gives the changes that take the row's
// user from where it is to what the step wants; none when it is there already. Of a
// user that this run made nothing is read but an id that is needed.
func (s *rowSteps) changes(ctx context.Context, step model.Step) ([]send.Change, error) {
	changes, err := s.stepChanges(ctx, step)
	return changes, cmp.Or(err, s.plan.LeavesAlone(changes))
}

func (s *rowSteps) stepChanges(ctx context.Context, step model.Step) ([]send.Change, error) {
	kind := step.Kind
	switch kind {
	case s.About.References:
		return s.handOver(ctx)
	case s.About.SuccessorLists:
		return s.joinLists(ctx)
	}
	if kind.Shape == model.WholeUser {
		changes, err := s.userChanges(ctx, step)
		return changes, cmp.Or(err, s.plan.DamagedCode(changes))
	}
	p, err := s.PartOf(ctx, kind, step.Name)
	if err != nil {
		return nil, err
	}
	if members, fresh := s.known(kind); fresh {
		s.Knows(p, members)
	}
	if is, err := s.isAsListed(ctx, p, step.Wanted); err != nil || is {
		return nil, err
	}
	changes, err := s.partChanges(ctx, p, step.Wanted)
	for i := range changes {
		changes[i].User = s.ObjectID
	}
	return changes, cmp.Or(err, s.plan.DamagedCode(changes))
}

// isAsListed reports whether a list of everybody's parts shows a part as the row wants it, so that
// nothing is read of it.
func (s *rowSteps) isAsListed(ctx context.Context, p send.Part, wanted cupi.Object) (bool, error) {
	altered := slices.ContainsFunc(s.past.Made, func(c record.AppliedChange) bool { return model.KindOf(c.Step).Alters(p.StepKind) })
	if !p.OfEverybody() || !s.plan.AsSeen || altered {
		return false, nil
	}
	parts, known, err := s.knowledge.listed(ctx, p, slices.Collect(maps.Keys(wanted)))
	return known && p.AsWanted(parts, wanted), err
}

// partChanges are those of a part, by its shape.
func (s *rowSteps) partChanges(ctx context.Context, p send.Part, wanted cupi.Object) ([]send.Change, error) {
	if p.Leaves {
		return s.leavingChanges(p, wanted), nil
	}
	switch p.Shape {
	case model.Single:
		return s.singleChanges(ctx, p, wanted)
	case model.Slot:
		return s.slotChanges(ctx, p, wanted)
	case model.Memberships:
		return s.membershipChanges(ctx, p, wanted)
	}
	return s.setChanges(ctx, p, wanted)
}
