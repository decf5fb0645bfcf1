package batch

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// What a user has is recorded before the user is deleted, by the table of step kinds: a rollback
// gives back what is found here.

// belongings adds to what is known of a user all that comes back where everything is recorded. A kind
// that the server does not tell is not there, and the row says so. A member of what hangs on another one's member
// has the field by which that is told.
func (s *rowSteps) belongings(ctx context.Context, also map[string][]cupi.Object) error {
	kinds := s.About.FullyRestorable()
	for _, hangs := range []bool{false, true} {
		for _, kind := range kinds {
			if (kind.HangsOn != "") != hangs {
				continue
			}
			members, told, err := s.recorded(ctx, kind, also[kind.HangsOn])
			if err != nil {
				return err
			}
			if members != nil {
				also[kind.Name] = members
			}
			if what := cmp.Or(kind.AsLost, kind.Many); !told && !slices.Contains(s.unread, what) {
				s.unread = append(s.unread, what)
			}
		}
	}
	return nil
}

// recorded reads what a kind's members are, all of them. parents are those that it hangs on.
func (s *rowSteps) recorded(ctx context.Context, kind *model.StepKind, parents []cupi.Object) ([]cupi.Object, bool, error) {
	if kind.HangsOn == "" {
		p, err := s.PartOf(ctx, kind, kind.Name)
		if err != nil {
			return nil, false, send.UnlessRefused(err)
		}
		return s.membersOf(ctx, p)
	}
	parent := model.KindOf(kind.HangsOn)
	if parents == nil {
		return nil, false, nil
	}
	if len(parents) == 0 {
		return []cupi.Object{}, true, nil
	}
	above, err := s.PartOf(ctx, parent, parent.Name)
	if err != nil {
		return nil, false, send.UnlessRefused(err)
	}
	return ofEach(parents, parent.Key, func(one cupi.Object) ([]cupi.Object, bool, error) {
		id := one["ObjectId"]
		if parent.Named {
			id = one[parent.Key]
		}
		return s.below(ctx, kind, cupi.Get(above.Collection, id).Path)
	})
}

// ofEach reads what hangs on each of some objects, and notes by a field of theirs on which. told is
// false when the server did not show all of it.
func ofEach(objects []cupi.Object, field string, read func(one cupi.Object) ([]cupi.Object, bool, error)) (all []cupi.Object,
	told bool, err error) {
	all, told = []cupi.Object{}, true
	for _, one := range objects {
		members, shown, err := read(one)
		if err != nil {
			return nil, false, err
		}
		told = told && shown
		for _, member := range members {
			member[field] = one[field]
			all = append(all, member)
		}
	}
	return all, told, nil
}

// below reads what hangs on the object at a path: of each entry of a list there, if the kind has one.
func (s *rowSteps) below(ctx context.Context, kind *model.StepKind, path string) ([]cupi.Object, bool, error) {
	if kind.Within == nil {
		return s.membersOf(ctx, send.PartOf(kind, kind.Name, path))
	}
	list := kind.Within(path)
	entries, told, err := s.Reader.Members(ctx, send.Entries(s.About, list), s.ObjectID)
	if err != nil || !told {
		return nil, false, err
	}
	return ofEach(entries, list.IDField, func(entry cupi.Object) ([]cupi.Object, bool, error) {
		return s.membersOf(ctx, send.PartOf(kind, kind.Name, cupi.Get(list, entry[list.IDField]).Path))
	})
}

// membersOf reads the members of a part's collection: of a single object that one.
func (s *rowSteps) membersOf(ctx context.Context, p send.Part) ([]cupi.Object, bool, error) {
	if p.Shape == model.Single {
		object, found, err := s.Reader.Single(ctx, p)
		if err != nil || !found {
			return nil, false, send.UnlessRefused(err)
		}
		return []cupi.Object{p.Recorded(object)}, true, nil
	}
	members, told, err := s.Reader.Members(ctx, p, s.ObjectID)
	if err != nil || !told {
		return nil, false, err
	}
	all := []cupi.Object{}
	for _, member := range members {
		if p.Of == "" || strings.EqualFold(member[p.Of], s.ObjectID) { // a server may pass over the query
			all = append(all, p.Recorded(member))
		}
	}
	if !p.Named {
		return slices.Clip(all), true, nil
	}
	return s.withUnlisted(ctx, p, all)
}

// withUnlisted adds those members that every user has, and that the list does not show: see [Subject.MemberFor].
func (s *rowSteps) withUnlisted(ctx context.Context, p send.Part, listed []cupi.Object) ([]cupi.Object, bool, error) {
	for _, slot := range p.Slots {
		p.Slot = slot
		if slices.ContainsFunc(listed, func(one cupi.Object) bool { return model.Same(p.Key, one[p.Key], p.KeyOf()) }) {
			continue
		}
		member, found, err := s.Reader.Single(ctx, p)
		if err != nil {
			return nil, false, send.UnlessRefused(err)
		}
		if found {
			listed = append(listed, p.Recorded(p.Keyed(member)))
		}
	}
	return slices.Clip(listed), true, nil
}
