package batch

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// How the parts of a user are read and looked at, by the entries of the table.

// Subject is a user and its parts, as far as they are known. One goroutine uses it.
type Subject struct {
	Reader   send.Reader
	About    *model.Object
	ObjectID string                   // "" while the user is not there
	Target   cupi.Object              // as the snapshot or a look-up shows it; nil if it was not looked up
	present  cupi.Object              // the whole user, once it was read
	lists    map[string][]cupi.Object // members of collections, by path
	slots    map[string]slotMember    // that a run made, by step
	language string                   // that a run gives the user; "": none
}

// slotMember is a member of a slot that a run made.
type slotMember struct {
	objectID string
	isNew    bool // in this start: so it has no members itself
}

// user reads the whole user.
func (s *Subject) user(ctx context.Context) (cupi.Object, error) {
	if s.present != nil {
		return s.present, nil
	}
	user, found, err := s.Reader.Whole(ctx, s.About, s.ObjectID)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &send.Failure{Status: record.Failed, Code: codes.TargetGone, Message: "the " + s.About.One() + " was deleted meanwhile"}
	}
	s.present = user
	return user, nil
}

// PartOf is the part that a step of a kind is about.
func (s *Subject) PartOf(ctx context.Context, kind *model.StepKind, step string) (send.Part, error) {
	owner, err := s.owner(ctx, kind, step)
	return send.PartOf(kind, step, owner), err
}

// owner gives the id, or the path, of what a kind's collection hangs on.
func (s *Subject) owner(ctx context.Context, kind *model.StepKind, step string) (string, error) {
	switch kind.Owner {
	case model.TheCallHandler:
		return s.callHandler(ctx)
	case model.TheGreeting:
		return s.greeting(ctx, model.SlotOf(step))
	case model.TheSlot:
		return s.slotOwner(ctx, model.KindOf(kind.HangsOn), model.SlotOf(step))
	}
	return s.ObjectID, nil
}

// callHandler gives the id of the user's own call handler.
func (s *Subject) callHandler(ctx context.Context) (string, error) {
	if id := s.Target["CallHandlerObjectId"]; id != "" {
		return id, nil
	}
	user, err := s.user(ctx)
	if err != nil {
		return "", err
	}
	if user["CallHandlerObjectId"] == "" {
		return "", &send.Failure{Status: record.Failed, Code: codes.NoCallHandler,
			Message: "the server shows no call handler for this user"}
	}
	return user["CallHandlerObjectId"], nil
}

// greeting gives the path of what a greeting has recorded, in the language that the slot names or that of the
// user.
func (s *Subject) greeting(ctx context.Context, slot string) (string, error) {
	name, given, _ := strings.Cut(slot, "/")
	handler, err := s.callHandler(ctx)
	if err != nil {
		return "", err
	}
	language := cmp.Or(given, s.language, s.Target["Language"])
	if language == "" {
		user, err := s.user(ctx)
		if err != nil {
			return "", err
		}
		language = user["Language"]
	}
	if language == "" {
		return "", &send.Failure{Status: record.Failed, Code: codes.NotShown,
			Message: "the server does not show the user's language, in which the greeting would be recorded"}
	}
	return cupi.GreetingRecordingAt(handler, name, language), nil
}

// slotOwner gives the path of the user's member of a kind that has a slot: the one that the
// row has made, or that is there.
func (s *Subject) slotOwner(ctx context.Context, kind *model.StepKind, slot string) (string, error) {
	p := send.PartOf(kind, kind.Name+"/"+slot, s.ObjectID)
	id := s.slots[p.Step].objectID
	if id == "" {
		member, err := s.MemberFor(ctx, p, nil)
		if err != nil {
			return "", err
		}
		id = member["ObjectId"]
	}
	if id == "" {
		name, _ := validate.ColumnOfStep(p.Step, kind.RequiredFields[0])
		return "", &send.Failure{Status: record.Failed, Code: codes.NoSuchList,
			Message: fmt.Sprintf("the user has no %s %s, and to make one the row needs its name in %s", kind.One, slot, name.Name)}
	}
	return cupi.Get(p.Collection, id).Path, nil
}

// has notes the member of a slot that a change has made, or will make.
func (s *Subject) has(step, method string, member slotMember) {
	if model.KindOf(step).Shape != model.Slot || method != "POST" {
		return
	}
	if s.slots == nil {
		s.slots = map[string]slotMember{}
	}
	s.slots[step] = member
}

// isNew reports whether a part hangs on a member that was just made, and so has none itself.
func (s *Subject) isNew(p send.Part) bool {
	return p.HangsOn != "" && s.slots[p.HangsOn+"/"+p.Slot].isNew
}

// Members reads the members of a part's collection, once.
func (s *Subject) Members(ctx context.Context, p send.Part) ([]cupi.Object, error) {
	if members, known := s.lists[p.Collection.Path]; known {
		return members, nil
	}
	members, told, err := s.Reader.Members(ctx, p, s.ObjectID)
	if err != nil {
		return nil, err
	}
	if !told {
		return nil, &send.Failure{Status: record.Failed, Code: codes.NotShown, Message: "the server does not show the " +
			s.About.One() + "'s " + p.Collection.Name}
	}
	if p.Of != "" {
		// A server may pass over the query.
		members = slices.DeleteFunc(members, func(m cupi.Object) bool { return !strings.EqualFold(m[p.Of], s.ObjectID) })
	}
	s.Knows(p, members)
	return members, nil
}

// Knows notes the members of a part's collection, unless it was read.
func (s *Subject) Knows(p send.Part, members []cupi.Object) {
	if _, read := s.lists[p.Collection.Path]; read {
		return
	}
	s.knowsAt(p.Collection.Path, members)
}

// knowsAt notes what was read at a path.
func (s *Subject) knowsAt(path string, members []cupi.Object) {
	if s.lists == nil {
		s.lists = map[string][]cupi.Object{}
	}
	s.lists[path] = members
}

// MemberFor finds the member that a slot means, by the key's value for the slot or
// by the one that the row wants. It is nil when there is none.
func (s *Subject) MemberFor(ctx context.Context, p send.Part, wanted cupi.Object) (cupi.Object, error) {
	members, err := s.Members(ctx, p)
	if err != nil {
		return nil, err
	}
	values := []string{wanted[p.Key], p.KeyOf()}
	if p.Key == "" || (values[0] == "" && values[1] == "") { // no way to tell: the only one is it
		if len(members) > 1 && p.Key != "" {
			return nil, &send.Failure{Status: record.Failed, Code: codes.Several,
				Message: fmt.Sprintf("the %s has %d %s, and the row does not say which it means: give %s", s.About.One(),
					len(members), p.Name, p.Key)}
		}
		if len(members) == 0 {
			return nil, nil
		}
		return members[0], nil
	}
	for _, value := range values {
		var found []cupi.Object
		for _, member := range members {
			if value != "" && model.Same(p.Key, member[p.Key], value) {
				found = append(found, member)
			}
		}
		if len(found) > 1 && p.Repeats {
			return s.toldApart(p, found, wanted[p.Tells])
		}
		if len(found) > 0 {
			return found[0], nil
		}
	}
	if p.Named {
		return s.unlisted(ctx, p, members)
	}
	return p.Renamed(members), nil
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

// toldApart gives the one of several members of one key that a row tells.
func (s *Subject) toldApart(p send.Part, found []cupi.Object, told string) (cupi.Object, error) {
	have := slices.DeleteFunc(slices.Clone(found), func(member cupi.Object) bool { return !strings.EqualFold(member[p.Tells], told) })
	if told != "" && len(have) == 1 {
		return have[0], nil
	}
	return nil, &send.Failure{Status: record.Failed, Code: codes.Several,
		Message: fmt.Sprintf("the %s has %d %s with the same %s, and the row does not say which it means: give the %s of one, if "+
			"no other has it, or look at them in the administration pages",
			s.About.One(), len(found), p.Many, p.Key, p.Tells)}
}

// unlisted reads a member that its list does not show, and adds it: of the transfer rules, which are all
// there always, servers list two or three. It is nil if the server does not have it.
func (s *Subject) unlisted(ctx context.Context, p send.Part, members []cupi.Object) (cupi.Object, error) {
	member, found, err := s.Reader.Single(ctx, p)
	if err != nil || !found {
		return nil, err
	}
	member = p.Keyed(member)
	s.lists[p.Collection.Path] = append(slices.Clone(members), member)
	return member, nil
}

// Part reads what a step of a single object or of a slot is about. One that is not there shows
// nothing.
func (s *Subject) Part(ctx context.Context, step string) (cupi.Object, error) {
	kind := model.KindOf(step)
	p, err := s.PartOf(ctx, kind, step)
	if err != nil {
		return nil, err
	}
	if kind.Shape != model.Single {
		return s.MemberFor(ctx, p, nil)
	}
	part, _, err := s.Reader.Single(ctx, p)
	return part, err
}
