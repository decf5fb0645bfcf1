package batch

import (
	"context"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// setChanges brings the members of a collection to those that the row names: one
// POST for each that is missing, one DELETE for each that is not named.
func (s *rowSteps) setChanges(ctx context.Context, p send.Part, wanted cupi.Object) ([]send.Change, error) {
	items := p.Items(wanted)
	var present []cupi.Object
	if (!s.fresh || p.FromTemplate != nil) && !s.isNew(p) {
		var err error
		if present, err = s.Members(ctx, p); err != nil {
			return nil, err
		}
	}
	var changes []send.Change
	for _, item := range items {
		if slices.ContainsFunc(present, func(member cupi.Object) bool { return model.Agrees(member, item) }) {
			continue
		}
		if p.Of != "" {
			item[p.Of] = s.ObjectID
		}
		changes = append(changes, p.Adding(item))
	}
	for _, member := range present {
		if slices.ContainsFunc(items, func(item cupi.Object) bool { return model.Agrees(member, item) }) {
			continue
		}
		keeps, err := s.keeps(ctx, p, member)
		if err != nil {
			return nil, err
		}
		if !keeps {
			changes = append(changes, p.Deleting(member))
		}
	}
	return changes, nil
}

// keeps reports whether a member stays that the row does not name: the address that
// the server makes of the user's e-mail address would only come back.
func (s *rowSteps) keeps(ctx context.Context, p send.Part, member cupi.Object) (bool, error) {
	if p.Mirrors == nil {
		return false, nil
	}
	user, err := s.user(ctx)
	return p.Mirrors.Returns(user, member), err
}

// leavingChanges takes members out, those that were there when the run looked.
func (s *rowSteps) leavingChanges(p send.Part, wanted cupi.Object) (changes []send.Change) {
	for _, member := range s.snapshot.LeavingOf(p.Owner(), validate.SplitList(wanted["ObjectId"])) {
		if !s.past.Sent("DELETE", "/"+member["ObjectId"]) {
			changes = append(changes, p.Deleting(member))
		}
	}
	return changes
}

// onlyTookOut reports whether all that a row changed was to take out of a list whom the file does not name.
func (s *rowSteps) onlyTookOut() bool {
	return len(s.past.Made) > 0 && !slices.ContainsFunc(s.past.Made,
		func(c record.AppliedChange) bool { return !model.KindOf(c.Step).Leaves })
}

// membershipChanges adds the user to the lists that the row names, one POST each.
// Others that hold the user are let be: a file does not know all of them.
func (s *rowSteps) membershipChanges(ctx context.Context, p send.Part, wanted cupi.Object) ([]send.Change, error) {
	var changes []send.Change
	for _, item := range p.Items(wanted) {
		list := item["DistributionListObjectId"]
		if !s.fresh {
			if holds, err := s.knowledge.listHolds(ctx, list, s.ObjectID); err != nil || holds {
				if err != nil {
					return nil, err
				}
				continue
			}
		}
		changes = append(changes, send.Change{Step: p.Step, Request: cupi.Create(p.In(list), cupi.Object{p.Of: s.ObjectID})})
	}
	return changes, nil
}
