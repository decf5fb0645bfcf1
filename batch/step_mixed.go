package batch

import (
	"context"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// Of a user that the run made, the ids of members of several kinds are read together where the
// server has a list of them all.

// memberFor finds the member that a slot means. What a list of several kinds does not tell, that
// of the part's own kind does.
func (s *rowSteps) memberFor(ctx context.Context, p send.Part, wanted cupi.Object) (cupi.Object, error) {
	if _, read := s.lists[p.Collection.Path]; s.fresh && !read && s.mixes(p.StepKind) {
		members, err := s.mixed(ctx, p)
		if err != nil {
			return nil, err
		}
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
		other := model.KindOf(step.Kind)
		return other.Mixed != nil && other.Name != kind.Name
	})
}

// mixed gives the members of a part's kind as the list of several kinds shows them. Where that
// shows nothing that the row needs, no other row asks for it.
func (s *rowSteps) mixed(ctx context.Context, p send.Part) ([]cupi.Object, error) {
	_, read := s.lists[p.Mixed(s.ObjectID).Path]
	members, err := s.mixedMembers(ctx, p)
	if err != nil || read {
		return members, err
	}
	all := s.lists[p.Mixed(s.ObjectID).Path]
	serves := slices.ContainsFunc(s.plan.Steps, func(step model.Step) bool {
		kind := model.KindOf(step.Kind)
		return kind.Mixed != nil && len(ofKind(all, send.PartOf(kind, step.Kind, s.ObjectID))) > 0
	})
	if !serves {
		s.snapshot.Unmixed.Store(true)
	}
	return members, nil
}

// mixedMembers gives the members of a part's kind as the list of several kinds shows them, which is read
// once. None, where the server does not show it.
func (s *Subject) mixedMembers(ctx context.Context, p send.Part) ([]cupi.Object, error) {
	list := p
	list.Collection = p.Mixed(s.ObjectID)
	all, read := s.lists[list.Collection.Path]
	if !read {
		var err error
		if all, _, err = s.Reader.Members(ctx, list, s.ObjectID); err != nil {
			return nil, err
		}
		s.knows(list, all)
	}
	return ofKind(all, p), nil
}

// ofKind gives those members of a list of several kinds that are surely of a part's kind: their
// URI says so, or, where that names no kind, their type.
func ofKind(all []cupi.Object, p send.Part) []cupi.Object {
	own := lastOf(p.Collection.Path)
	mixed := lastOf(p.Mixed(p.Collection.Path).Path)
	var members []cupi.Object
	for _, member := range all {
		path, id, _ := cutLast(member["URI"])
		switch kind := lastOf(path); {
		case member["ObjectId"] == "":
		case strings.EqualFold(id, member["ObjectId"]) && kind != mixed:
			if kind == own {
				members = append(members, member)
			}
		case p.Type != "" && member["Type"] == p.Type:
			members = append(members, member)
		}
	}
	return members
}

func lastOf(path string) string {
	_, last, _ := cutLast(path)
	return last
}

// cutLast takes the last part from a path.
func cutLast(path string) (before, last string, found bool) {
	at := strings.LastIndexByte(path, '/')
	return path[:max(at, 0)], path[at+1:], at >= 0
}

// notShown gives the fields of wanted of which a member does not show that it has them.
func notShown(member, wanted cupi.Object) cupi.Object {
	changed := model.Differences(member, wanted)
	for name, value := range wanted {
		if _, shown := member[name]; !shown {
			changed[name] = value
		}
	}
	return changed
}
