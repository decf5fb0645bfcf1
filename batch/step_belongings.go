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
		owner, err := s.Owner(ctx, kind, kind.Name)
		if err != nil {
			return nil, false, send.UnlessRefused(err)
		}
		return s.membersAt(ctx, kind, owner)
	}
	parent := model.KindOf(kind.HangsOn)
	if parents == nil {
		return nil, false, nil
	}
	if len(parents) == 0 {
		return []cupi.Object{}, true, nil
	}
	owner, err := s.Owner(ctx, parent, parent.Name)
	if err != nil {
		return nil, false, send.UnlessRefused(err)
	}
	return ofEach(parents, parent.Key, func(one cupi.Object) ([]cupi.Object, bool, error) {
		id := one["ObjectId"]
		if parent.Named {
			id = one[parent.Key]
		}
		return s.below(ctx, kind, cupi.Get(parent.In(owner), id).Path)
	})
}

// ofEach reads what hangs on each of some objects, and notes by a field of theirs on which. told is
// false when the server did not show all of it.
func ofEach(objects []cupi.Object, field string, read func(one cupi.Object) ([]cupi.Object, bool, error)) (all []cupi.Object, told bool, err error) {
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
		return s.membersAt(ctx, kind, path)
	}
	list := kind.Within(path)
	entries, told, err := s.Reader.Members(ctx, send.Part{StepKind: &model.StepKind{Shape: model.Slot, About: s.About}, Collection: list}, s.ObjectID)
	if err != nil || !told {
		return nil, false, err
	}
	return ofEach(entries, list.IDField, func(entry cupi.Object) ([]cupi.Object, bool, error) {
		return s.membersAt(ctx, kind, cupi.Get(list, entry[list.IDField]).Path)
	})
}

// membersAt reads the members of a kind that one owner has: of a single object that one.
func (s *rowSteps) membersAt(ctx context.Context, kind *model.StepKind, owner string) ([]cupi.Object, bool, error) {
	p := send.PartOf(kind, kind.Name, owner)
	if kind.Shape == model.Single {
		object, found, err := s.Reader.Single(ctx, p)
		if err != nil || !found {
			return nil, false, send.UnlessRefused(err)
		}
		return []cupi.Object{kind.Recorded(object)}, true, nil
	}
	members, told, err := s.Reader.Members(ctx, p, s.ObjectID)
	if err != nil || !told {
		return nil, false, err
	}
	all := []cupi.Object{}
	for _, member := range members {
		if kind.Of == "" || strings.EqualFold(member[kind.Of], s.ObjectID) { // a server may pass over the query
			all = append(all, kind.Recorded(member))
		}
	}
	return slices.Clip(all), true, nil
}
