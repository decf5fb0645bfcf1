package batch

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// How the parts of a user are read and looked at, by the entries of the table.

// changes reads what a step must know and gives the changes that take the row's
// user from where it is to what the step wants; none when it is there already. Of a
// user that this run made nothing is read but an id that is needed.
func (r *rowWork) changes(ctx context.Context, step Step) ([]change, error) {
	kind := kindOf(step.Kind)
	if kind.shape == wholeUser {
		return r.userChanges(ctx, step)
	}
	owner, err := r.owner(ctx, kind, step.Kind)
	if err != nil {
		return nil, err
	}
	wanted := step.Wanted
	part := part{kind, step.Kind, owner, kind.in(owner)}
	switch kind.shape {
	case single:
		return r.singleChanges(ctx, part, wanted)
	case slot:
		return r.slotChanges(ctx, part, wanted)
	case memberships:
		return r.membershipChanges(ctx, part, wanted)
	}
	return r.setChanges(ctx, part, wanted)
}

// part is one step's part of one user.
type part struct {
	*stepKind
	step       string
	owner      string // ObjectId of what it hangs on
	collection cupi.Collection
}

// owner gives the id, or the path, of what a kind's collection hangs on.
func (r *rowWork) owner(ctx context.Context, kind *stepKind, step string) (string, error) {
	switch kind.owner {
	case theCallHandler:
		return r.callHandler(ctx)
	case theSlot:
		return r.slotOwner(ctx, kindOf(kind.hangsOn), slotOf(step))
	}
	return r.objectID, nil
}

// callHandler gives the id of the user's own call handler.
func (r *rowWork) callHandler(ctx context.Context) (string, error) {
	if id := r.target["CallHandlerObjectId"]; id != "" {
		return id, nil
	}
	user, err := r.user(ctx)
	if err != nil {
		return "", err
	}
	if user["CallHandlerObjectId"] == "" {
		return "", &failure{Failed, codes.NoCallHandler, "the server shows no call handler for this user"}
	}
	return user["CallHandlerObjectId"], nil
}

// slotOwner gives the path of the user's member of a kind that has a slot: the one that the
// row has just made, or that is there.
func (r *rowWork) slotOwner(ctx context.Context, kind *stepKind, slot string) (string, error) {
	step := kind.name + "/" + slot
	owners := part{kind, step, r.objectID, kind.in(r.objectID)}
	id := r.newMembers[step]
	for _, c := range r.past.made {
		if c.Step == step && c.Method == "POST" {
			id = c.ObjectID
		}
	}
	if id == "" {
		member, err := r.memberFor(ctx, owners, cupi.Object{})
		if err != nil {
			return "", err
		}
		id = member["ObjectId"]
	}
	if id == "" {
		name, _ := validate.ColumnOfStep(step, kind.stands[0])
		return "", &failure{Failed, codes.NoSuchList, fmt.Sprintf("the user has no %s %s, and to make one the row needs its name in %s", kind.one, slot, name.Name)}
	}
	return cupi.Get(owners.collection, id).Path, nil
}

// makes notes the member of a slot that a change has made, or will make.
func (r *rowWork) makes(c change, id string) {
	if kindOf(c.step).shape != slot || c.request.Method != "POST" {
		return
	}
	if r.newMembers == nil {
		r.newMembers = map[string]string{}
	}
	r.newMembers[c.step] = id
}

// isNew reports whether a part hangs on a member that was just made, and so has none itself.
func (r *rowWork) isNew(p part) bool {
	return p.hangsOn != "" && r.newMembers[p.hangsOn+"/"+slotOf(p.step)] != ""
}

// members reads the members of a part's collection, once a row.
func (r *rowWork) members(ctx context.Context, p part) ([]cupi.Object, error) {
	if members, known := r.lists[p.collection.Path]; known {
		return members, nil
	}
	members, told, err := []cupi.Object(nil), false, error(nil)
	if known, fresh := r.known(p.stepKind); fresh {
		members = known
	} else if r.imagined {
		r.requests++
	} else if members, told, err = r.all(ctx, p.collection, p.query(r.objectID)); err != nil {
		return nil, err
	} else if !told {
		return nil, &failure{Failed, codes.NotShown, "the server does not show the user's " + p.collection.Name}
	}
	if p.of != "" {
		members = slices.DeleteFunc(members, func(m cupi.Object) bool { return !strings.EqualFold(m[p.of], r.objectID) }) // a server may pass over the query
	}
	if r.lists == nil {
		r.lists = map[string][]cupi.Object{}
	}
	r.lists[p.collection.Path] = members
	return members, nil
}

// known gives the members that the pre-flight read already, if they are as they were.
func (r *rowWork) known(kind *stepKind) ([]cupi.Object, bool) {
	if kind.extensions != alternate || r.directory == nil || r.past.first() != nil {
		return nil, false
	}
	return r.directory.alternates.fresh(r.objectID)
}

// imaginedID stands for the ids of what is not there yet.
const imaginedID = "imagined"
