package batch

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// slotChanges brings one member of a collection to what the row wants: a POST if it
// is not there, else a PUT, or a DELETE where the row clears what it can't be without.
func (r *rowWork) slotChanges(ctx context.Context, p part, wanted cupi.Object) ([]change, error) {
	cleared := slices.ContainsFunc(p.stands, func(name string) bool { value, given := wanted[name]; return given && value == "" })
	if r.fresh && !p.theirs {
		switch {
		case cleared:
			return nil, nil
		case p.named:
			return []change{p.putting(slotOf(p.step), nil, wanted)}, nil
		}
		return r.posting(ctx, p, wanted)
	}
	member, err := r.memberFor(ctx, p, wanted)
	if err != nil {
		return nil, err
	}
	switch {
	case member == nil && cleared:
		return nil, nil
	case member == nil:
		return r.posting(ctx, p, wanted)
	case cleared:
		return []change{p.deleting(member)}, nil
	}
	id := member["ObjectId"]
	if p.named {
		id = slotOf(p.step)
	}
	if r.fresh {
		return []change{p.putting(id, nil, wanted)}, nil
	}
	if !r.plan.sendsCredentials() {
		wanted = maps.Clone(wanted)
		delete(wanted, p.writeOnly)
	}
	changed := differences(member, wanted)
	if len(changed) == 0 {
		return nil, nil
	}
	return []change{p.putting(id, member, changed)}, nil
}

// memberFor finds the member that a slot means, by the key's value for the slot or
// by the one that the row wants. It is nil when there is none.
func (r *rowWork) memberFor(ctx context.Context, p part, wanted cupi.Object) (cupi.Object, error) {
	members, err := r.members(ctx, p)
	if err != nil {
		return nil, err
	}
	if r.imagined && p.theirs {
		return cupi.Object{"ObjectId": imaginedID}, nil
	}
	values := []string{wanted[p.key], p.keyOf()}
	if p.key == "" || (values[0] == "" && values[1] == "") { // no way to tell: the only one is it
		if len(members) > 1 && p.key != "" {
			return nil, &failure{Failed, codes.Several, fmt.Sprintf("the user has %d %s, and the row does not say which it means: give %s", len(members), p.name, p.key)}
		}
		if len(members) == 0 {
			return nil, nil
		}
		return members[0], nil
	}
	for _, value := range values {
		for _, member := range members {
			if value != "" && same(p.key, member[p.key], value) {
				return member, nil
			}
		}
	}
	return p.renamed(members), nil
}

// renamed finds the member that the server made for the slot, when somebody gave it
// another name: the only one of those that can't be deleted which has no slot's name.
func (p part) renamed(members []cupi.Object) cupi.Object {
	if !p.theirs {
		return nil
	}
	var others []cupi.Object
	for _, member := range members {
		named := member[p.key] == slotOf(p.step)
		for _, name := range p.called {
			named = named || member[p.key] == name
		}
		if !named && same("Undeletable", member["Undeletable"], "true") {
			others = append(others, member)
		}
	}
	if len(others) != 1 {
		return nil
	}
	return others[0]
}

// keyOf is the value of the key by which the step's slot is told.
func (p part) keyOf() string {
	slot := slotOf(p.step)
	return orElse(p.called[slot], slot)
}

// posting adds the member that is not there.
func (r *rowWork) posting(ctx context.Context, p part, wanted cupi.Object) ([]change, error) {
	fields := maps.Clone(wanted)
	maps.DeleteFunc(fields, func(_, value string) bool { return value == "" })
	if len(fields) == 0 {
		return nil, nil
	}
	if len(p.stands) > 0 && fields[p.stands[0]] == "" {
		return nil, &failure{Failed, codes.NotThere, fmt.Sprintf("there is no such one to change, and to make one the row needs its %s", p.stands[0])}
	}
	for name, value := range p.given {
		if fields[name] == "" {
			fields[name] = value
		}
	}
	if value := p.keyOf(); p.key != "" && value != "" && fields[p.key] == "" {
		fields[p.key] = value
	}
	if p.inherits != "" && fields[p.inherits] == "" {
		value, err := r.inherited(ctx, p.inherits)
		if err != nil {
			return nil, err
		}
		fields[p.inherits] = value
	}
	return []change{{step: p.step, request: cupi.Create(p.collection, fields)}}, nil
}

// deleting removes a member. Its pre-image is what makes it again.
func (p part) deleting(member cupi.Object) change {
	return change{step: p.step, request: cupi.Delete(p.collection, member["ObjectId"]), before: only(member, p.writes...), gone: member}
}

// inherited is the value that the user itself has in a field: that of a member for which
// the row gives none.
func (r *rowWork) inherited(ctx context.Context, field string) (string, error) {
	value := r.plan.user()[field]
	if value == "" && r.plan.Operation.MakesUsers() {
		value = r.directory.template[fold(r.plan.Template)][field]
	} else if value == "" {
		value = r.target[field]
	}
	if value != "" {
		return value, nil
	}
	user, err := r.user(ctx)
	return user[field], err
}
