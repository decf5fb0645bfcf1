package send

import (
	"cmp"
	"maps"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// Part is one step's part of one user.
type Part struct {
	*model.StepKind
	Step       string
	Slot       string // that the step names; "": none
	owner      string // ObjectId of what it hangs on
	Collection cupi.Collection
}

// PartOf is the part that a kind of step has of an owner.
func PartOf(kind *model.StepKind, step, owner string) Part {
	return Part{kind, step, model.SlotOf(step), owner, kind.In(owner)}
}

// Entries are the entries of a list that no kind of step is about: each is what members of one hang on.
func Entries(about *model.Object, list cupi.Collection) Part {
	return Part{StepKind: &model.StepKind{Shape: model.Slot, About: about}, Collection: list}
}

// Owner is the ObjectId of what the part hangs on.
func (p Part) Owner() string { return p.owner }

// MemberID is which member of the collection a single object is.
func (p Part) MemberID() string {
	return cmp.Or(p.Member, p.Slot, p.owner)
}

// KeyOf is the value of the key by which the step's slot is told.
func (p Part) KeyOf() string { return p.StepKind.KeyOf(p.Slot) }

// Keyed is a member that was read by the slot's name, with the key that tells it from others.
func (p Part) Keyed(member cupi.Object) cupi.Object {
	if member[p.Key] != "" {
		return member
	}
	member = maps.Clone(member)
	member[p.Key] = p.KeyOf()
	return member
}

// Adding is the change that adds a member.
func (p Part) Adding(fields cupi.Object) Change {
	return Change{Step: p.Step, Request: cupi.Create(p.Collection, fields)}
}

// Putting is the change that sets fields of a member. Nothing of a fresh user is
// kept as a pre-image: present is nil, and undoing removes the user.
func (p Part) Putting(id string, present, fields cupi.Object) Change {
	c := Change{Step: p.Step, Request: p.Put(cupi.Get(p.Collection, id).Path, fields)}
	if present != nil {
		before := model.PreImage(present, fields)
		delete(before, p.WriteOnly)
		c.Before = before
	}
	return c
}

// Deleting removes a member. Its pre-image is what makes it again.
func (p Part) Deleting(member cupi.Object) Change {
	return Change{Step: p.Step, Request: cupi.Delete(p.Collection, member["ObjectId"]),
		Before: model.Only(member, p.CreateFields...), Gone: member}
}

// Renamed finds the member that the server made for the slot, when somebody gave it
// another name: the only one of those that can't be deleted which has no slot's name.
func (p Part) Renamed(members []cupi.Object) cupi.Object {
	if !p.ServerCreated {
		return nil
	}
	var others []cupi.Object
	for _, member := range members {
		named := member[p.Key] == p.Slot
		for _, name := range p.KeyNames {
			named = named || member[p.Key] == name
		}
		if !named && model.Same("Undeletable", member["Undeletable"], "true") {
			others = append(others, member)
		}
	}
	if len(others) != 1 {
		return nil
	}
	return others[0]
}
