package batch

import (
	"context"
	"slices"
	"strings"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
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
	case thePrivateList:
		return r.privateList(ctx, slotOf(step))
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

// privateList gives the path of one of the user's own lists: the one that the row
// has just made, or that is there.
func (r *rowWork) privateList(ctx context.Context, number string) (string, error) {
	step := stepLists + "/" + number
	lists := part{kindOf(step), step, r.objectID, cupi.PrivateListsOf(r.objectID)}
	id := r.newLists[step]
	for _, c := range r.past.made {
		if c.Step == step && c.Method == "POST" {
			id = c.ObjectID
		}
	}
	if id == "" {
		list, err := r.memberFor(ctx, lists, cupi.Object{})
		if err != nil {
			return "", err
		}
		id = list["ObjectId"]
	}
	if id == "" {
		return "", &failure{Failed, codes.NoSuchList, "the user has no private list " + number + ", and to make one the row needs its name in PrivateList" + number}
	}
	return cupi.Get(lists.collection, id).Path, nil
}

// makes notes the private list that a change has made, or will make.
func (r *rowWork) makes(c change, id string) {
	if kindOf(c.step).name != stepLists || c.request.Method != "POST" {
		return
	}
	if r.newLists == nil {
		r.newLists = map[string]string{}
	}
	r.newLists[c.step] = id
}

// isNew reports whether a part hangs on a private list that was just made, and so has
// no members.
func (r *rowWork) isNew(p part) bool {
	return p.stepKind.owner == thePrivateList && r.newLists[stepLists+"/"+slotOf(p.step)] != ""
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
	if kind.name != stepExtensions || r.directory == nil || r.past.first() != nil {
		return nil, false
	}
	return r.directory.alternates.fresh(r.objectID)
}

// imaginedID stands for the ids of what is not there yet.
const imaginedID = "imagined"
