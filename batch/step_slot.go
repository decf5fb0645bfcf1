package batch

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// slotChanges brings one member of a collection to what the row wants: a POST if it
// is not there, else a PUT, or a DELETE where the row clears what it can't be without.
func (s *rowSteps) slotChanges(ctx context.Context, p send.Part, wanted cupi.Object) ([]send.Change, error) {
	wanted = model.Sendable(wanted)
	cleared := p.Clears(wanted)
	if s.fresh && !p.ServerCreated {
		switch {
		case cleared:
			return nil, nil
		case p.Named:
			if wanted = s.notAsMade(p.Step, wanted); len(wanted) == 0 {
				return nil, nil
			}
			return []send.Change{p.Putting(p.Slot, nil, wanted)}, nil
		}
		return s.posting(ctx, p, wanted)
	}
	member, err := s.memberFor(ctx, p, wanted)
	if err != nil {
		return nil, err
	}
	if err := s.suits(p, member, wanted); err != nil {
		return nil, err
	}
	switch {
	// A rule that is off transfers nothing.
	case member == nil && cleared, s.plan.Record.KeepsMailbox && (member == nil || model.Same("Enabled", member["Enabled"], "false")):
		return nil, nil
	case member == nil && p.Named:
		return nil, &send.Failure{Status: record.Failed, Code: codes.NotThere,
			Message: fmt.Sprintf("the server does not show %s of the %s's %s, and it can't be made", p.KeyOf(), s.About.One(), p.Name)}
	case member == nil:
		return s.posting(ctx, p, wanted)
	case cleared:
		return []send.Change{p.Deleting(member)}, nil
	}
	id := member["ObjectId"]
	if p.Named {
		id = p.Slot
	}
	if s.fresh {
		if wanted = model.NotShown(member, wanted); len(wanted) == 0 {
			return nil, nil
		}
		return []send.Change{p.Putting(id, nil, wanted)}, nil
	}
	if !s.plan.SendsCredentials() {
		wanted = maps.Clone(wanted)
		delete(wanted, p.WriteOnly)
	}
	changed := model.Differences(member, wanted)
	if len(changed) == 0 {
		return nil, nil
	}
	return []send.Change{p.Putting(id, member, changed)}, nil
}

// suits fails a row about a member that asks to make one which is there, and is another than it wants, or to change
// one which is not there.
func (s *rowSteps) suits(p send.Part, member, wanted cupi.Object) error {
	switch asks := s.plan.Record.Asks; {
	case asks == validate.Update && member == nil:
		return &send.Failure{Status: record.Failed, Code: codes.NotThere,
			Message: s.plan.Member + " is not there, so it can't be changed: use create or upsert to make it"}
	case asks == validate.Create && member != nil && s.past.First() == nil:
		others := maps.Clone(wanted)
		delete(others, p.WriteOnly)
		if len(model.Differences(member, others)) > 0 {
			return &send.Failure{Status: record.Failed, Code: codes.MemberThere,
				Message: s.plan.Member + " is there already, and not as the row wants it: use update or upsert to change it"}
		}
	}
	return nil
}

// The members of several kinds are read together where the server has a list of them all: of a user
// that the run made their ids, and of another what the list is known to show.

// memberFor finds the member that a slot means. What a list of several kinds does not tell, that
// of the part's own kind does. Who is in lists was read before the run.
func (s *rowSteps) memberFor(ctx context.Context, p send.Part, wanted cupi.Object) (cupi.Object, error) {
	if p.Who.Name != "" {
		return s.snapshot.MemberOf(p.Owner(), p.Key, wanted[p.Key]), nil
	}
	if told := s.plan.Record.MemberTold; told != "" && p.Tells != "" {
		return s.memberTold(ctx, p, wanted[p.Key], told)
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

// memberTold finds the member that a row takes away which tells it from others of its key: no other goes in its place.
func (s *rowSteps) memberTold(ctx context.Context, p send.Part, key, told string) (cupi.Object, error) {
	members, err := s.Members(ctx, p)
	if err != nil {
		return nil, err
	}
	var found []cupi.Object
	others := 0
	for _, member := range members {
		switch {
		case !model.Same(p.Key, member[p.Key], key):
		case strings.EqualFold(member[p.Tells], told):
			found = append(found, member)
		default:
			others++
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return s.toldApart(p, found, told)
	case others > 0:
		return nil, &send.Failure{Status: record.Unchanged, Code: codes.AlreadyAbsent,
			Message: fmt.Sprintf("%s has another %s, and the row deletes the one with %s only", s.plan.Member, p.Tells, told)}
	}
	return nil, nil
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

// posting adds the member that is not there.
func (s *rowSteps) posting(ctx context.Context, p send.Part, wanted cupi.Object) ([]send.Change, error) {
	fields := maps.Clone(wanted)
	maps.DeleteFunc(fields, func(_, value string) bool { return value == "" })
	if len(fields) == 0 {
		return nil, nil
	}
	if len(p.RequiredFields) > 0 && fields[p.RequiredFields[0]] == "" {
		return nil, &send.Failure{Status: record.Failed, Code: codes.NotThere,
			Message: fmt.Sprintf("there is no such one to change, and to make one the row needs its %s", p.RequiredFields[0])}
	}
	for name, value := range p.Given {
		if fields[name] == "" {
			fields[name] = value
		}
	}
	if value := p.KeyOf(); p.Key != "" && value != "" && fields[p.Key] == "" {
		fields[p.Key] = value
	}
	if p.Inherits != "" && fields[p.Inherits] == "" {
		value, err := s.inherited(ctx, p.Inherits)
		if err != nil {
			return nil, err
		}
		fields[p.Inherits] = value
	}
	return []send.Change{p.Adding(fields)}, nil
}

// inherited is the value that the user itself has in a field: that of a member for which
// the row gives none.
func (s *rowSteps) inherited(ctx context.Context, field string) (string, error) {
	value := s.plan.User()[field]
	if value == "" && s.plan.Operation.MakesUsers() {
		value = s.snapshot.Template[model.Fold(s.plan.Template)][field]
	} else if value == "" {
		value = s.Target[field]
	}
	if value != "" {
		return value, nil
	}
	user, err := s.user(ctx)
	return user[field], err
}
