package batch

import (
	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// part is one step's part of one user.
type part struct {
	*model.StepKind
	step       string
	owner      string // ObjectId of what it hangs on
	collection cupi.Collection
}

// partOf is the part that a kind of step has of an owner.
func partOf(kind *model.StepKind, step, owner string) part {
	return part{kind, step, owner, kind.In(owner)}
}

// memberID is which member of the collection a single object is.
func (p part) memberID() string {
	return model.OrElse(p.Member, model.OrElse(model.SlotOf(p.step), p.owner))
}

// keyOf is the value of the key by which the step's slot is told.
func (p part) keyOf() string {
	slot := model.SlotOf(p.step)
	return model.OrElse(p.Called[slot], slot)
}

// putting is the change that sets fields of a member. Nothing of a fresh user is
// kept as a pre-image: present is nil, and undoing removes the user.
func (p part) putting(id string, present, fields cupi.Object) change {
	c := change{step: p.step, request: p.Put(cupi.Get(p.collection, id).Path, fields)}
	if present != nil {
		before := model.PreImage(present, fields)
		delete(before, p.WriteOnly)
		c.before = before
	}
	return c
}

// deleting removes a member. Its pre-image is what makes it again.
func (p part) deleting(member cupi.Object) change {
	return change{step: p.step, request: cupi.Delete(p.collection, member["ObjectId"]), before: model.Only(member, p.Writes...), gone: member}
}

// renamed finds the member that the server made for the slot, when somebody gave it
// another name: the only one of those that can't be deleted which has no slot's name.
func (p part) renamed(members []cupi.Object) cupi.Object {
	if !p.Theirs {
		return nil
	}
	var others []cupi.Object
	for _, member := range members {
		named := member[p.Key] == model.SlotOf(p.step)
		for _, name := range p.Called {
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
