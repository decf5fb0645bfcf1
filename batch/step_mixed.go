package batch

import (
	"context"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// The members of several kinds are read together where the server has a list of them all: of a user
// that the run made their ids, and of another what the list is known to show.

// memberFor finds the member that a slot means. What a list of several kinds does not tell, that
// of the part's own kind does. Who is in lists was read before the run.
func (s *rowSteps) memberFor(ctx context.Context, p send.Part, wanted cupi.Object) (cupi.Object, error) {
	if p.Who.Name != "" {
		return s.snapshot.MemberOf(p.Owner(), p.Key, wanted[p.Key]), nil
	}
	if _, read := s.lists[p.Collection.Path]; read {
		return s.MemberFor(ctx, p, wanted)
	}
	var members []cupi.Object
	var err error
	switch {
	case s.fresh && s.mixes(p.StepKind):
		members, err = s.mixed(ctx, p)
	case !s.fresh && s.snapshot.MixedServes(s.plan, p.StepKind):
		members, err = s.MixedMembers(ctx, p)
	}
	if err != nil {
		return nil, err
	}
	if len(members) > 0 {
		known := s.Subject
		known.lists = map[string][]cupi.Object{p.Collection.Path: members}
		if member, err := known.MemberFor(ctx, p, wanted); err == nil && member != nil {
			return member, nil
		}
	}
	return s.MemberFor(ctx, p, wanted)
}

// mixes reports whether the row has parts of more than one kind that such a list may show.
func (s *rowSteps) mixes(kind *model.StepKind) bool {
	if kind.Mixed == nil || s.snapshot.Unmixed.Load() {
		return false
	}
	return slices.ContainsFunc(s.plan.Steps, func(step model.Step) bool {
		other := step.Kind
		return other.Mixed != nil && other.Name != kind.Name
	})
}

// mixed gives the members of a part's kind as the list of several kinds shows them. Where that
// shows nothing that the row needs, no other row asks for it.
func (s *rowSteps) mixed(ctx context.Context, p send.Part) ([]cupi.Object, error) {
	_, read := s.lists[p.Mixed(s.ObjectID).Path]
	members, err := s.MixedMembers(ctx, p)
	if err != nil || read {
		return members, err
	}
	all := s.lists[p.Mixed(s.ObjectID).Path]
	serves := slices.ContainsFunc(s.plan.Steps, func(step model.Step) bool {
		kind := step.Kind
		return kind.Mixed != nil && len(send.PartOf(kind, step.Name, s.ObjectID).AmongMixed(all)) > 0
	})
	if !serves {
		s.snapshot.Unmixed.Store(true)
	}
	return members, nil
}

// MixedMembers gives the members of a part's kind as the list of several kinds shows them, which is read
// once. None, where the server does not show it.
func (s *Subject) MixedMembers(ctx context.Context, p send.Part) ([]cupi.Object, error) {
	list := p
	list.Collection = p.Mixed(s.ObjectID)
	all, read := s.lists[list.Collection.Path]
	if !read {
		var err error
		if all, _, err = s.Reader.Members(ctx, list, s.ObjectID); err != nil {
			return nil, err
		}
		s.Knows(list, all)
	}
	return p.AmongMixed(all), nil
}
