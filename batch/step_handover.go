package batch

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Before a user is deleted, what refers to the user is given to the successor whom the row names.

// handOver is the changes by which that refers to the successor. What somebody has let refer to
// another meanwhile is left, and what is gone with its own user is nobody's any more.
func (s *rowSteps) handOver(ctx context.Context) ([]send.Change, error) {
	if s.past.Deleted() {
		return nil, nil
	}
	handler, err := s.callHandler(ctx)
	if err != nil {
		return nil, err
	}
	s.leaver = cupi.Object{"ObjectId": s.ObjectID, "CallHandlerObjectId": handler}
	kind := s.About.References
	var changes []send.Change
	at := map[string]int{} // path -> index of its change
	for _, r := range s.plan.References {
		found, err := s.referrers(ctx, r)
		if err != nil {
			return nil, err
		}
		for _, one := range found {
			i, known := at[one.path]
			if !known {
				i = len(changes)
				at[one.path] = i
				changes = append(changes, send.Change{Step: kind.Name, User: s.ObjectID,
					Request: kind.Put(one.path, cupi.Object{}), Place: r.Describe()})
			} else {
				changes[i].Place += ", " + r.Place
			}
			changes[i].Request.Fields[r.Field] = referredTo(r, s.plan.Successor)
			changes[i].Before = model.PreImage(one.object, changes[i].Request.Fields)
		}
	}
	return changes, nil
}

// referredTo is by which id a reference names a user.
func referredTo(r plan.Reference, user cupi.Object) string {
	if r.NamesUser() {
		return user["ObjectId"]
	}
	return user["CallHandlerObjectId"]
}

// referrer is an object that refers to a user, as it is now.
type referrer struct {
	path   string
	object cupi.Object
}

// referrers finds what refers to the user. The server's answers do not say whose id they tell: it
// is that of the handler, of the user or template that has it, or of the very part.
func (s *rowSteps) referrers(ctx context.Context, r plan.Reference) ([]referrer, error) {
	found, err := s.referrersOf(ctx, r, r.ID)
	if err != nil || len(found) > 0 {
		return found, err
	}
	others, err := s.knowledge.ownersOf(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, id := range others {
		if found, err := s.referrersOf(ctx, r, id); err != nil || len(found) > 0 {
			return found, err
		}
	}
	refers, err := s.knowledge.refers(ctx, r, s.ObjectID)
	if err == nil && refers {
		err = &send.Failure{Status: record.Failed, Code: codes.Referenced,
			Message: fmt.Sprintf("the server says that %s refers to this user, and it is not found where that should "+
				"be, so it can't be handed over: let it refer to somebody else in Cisco Unity Connection Administration", r.Describe())}
	}
	return nil, err
}

// referrersOf are the objects of an owner that refer to the user as a reference says.
func (s *rowSteps) referrersOf(ctx context.Context, r plan.Reference, id string) (found []referrer, err error) {
	p := send.PartOf(s.About.References, s.About.References.Name, id)
	p.Collection = r.In(id)
	list := p.Collection.Path
	if r.Parts == plan.Itself {
		list = cupi.Get(p.Collection, id).Path
	}
	objects, read := s.lists[list]
	if !read {
		if r.Parts != plan.Itself {
			objects, _, err = s.Reader.Members(ctx, p, s.ObjectID)
		} else if object, there, problem := s.Reader.Single(ctx, p); there {
			objects, err = []cupi.Object{object}, problem
		} else {
			err = problem
		}
		if err != nil {
			return nil, err
		}
		s.knowsAt(list, objects)
	}
	if s.foretells { // nothing is read, and what the server has just told is believed
		objects = []cupi.Object{{p.Collection.NameField: r.Part, r.Field: referredTo(r, s.leaver)}}
	}
	for _, object := range objects {
		path, part := list, object[p.Collection.NameField]
		if r.Parts != plan.Itself {
			path = cupi.Get(p.Collection, part).Path
		}
		if model.Same("ObjectId", object[r.Field], referredTo(r, s.leaver)) &&
			(r.Parts == plan.Itself || r.Part == plan.AnyPart || samePart(r.Part, part)) {
			found = append(found, referrer{path, object})
		}
	}
	return found, nil
}

// samePart compares the names of greetings and keys: the one for closed hours has two.
func samePart(one, other string) bool {
	return model.Fold(one) == model.Fold(other) || one == "Off Hours" && model.Fold(other) == "closed"
}

// joinLists puts the successor into the distribution lists that the user is in.
func (s *rowSteps) joinLists(ctx context.Context) ([]send.Change, error) {
	if s.past.Deleted() {
		return nil, nil
	}
	kind, successor := s.About.SuccessorLists, s.plan.Successor["ObjectId"]
	lists, told, err := s.knowledge.listsOf(ctx, s.ObjectID)
	if err != nil || !told {
		return nil, err
	}
	own, _, err := s.knowledge.listsOf(ctx, successor)
	if err != nil {
		return nil, err
	}
	var changes []send.Change
	for _, list := range s.snapshot.Its(cupi.DistributionLists, lists) {
		joins := cupi.Create(kind.In(list["ObjectId"]), cupi.Object{kind.CreateFields[0]: successor})
		if slices.ContainsFunc(own,
			func(other cupi.Object) bool { return model.Same("ObjectId", other["ObjectId"], list["ObjectId"]) }) ||
			s.past.Sent("POST", joins.Path) {
			continue
		}
		changes = append(changes, send.Change{Step: kind.Name, User: s.ObjectID, Request: joins,
			Place: fmt.Sprintf("membership in the list %q", list["Alias"])})
	}
	return changes, nil
}

// ownersOf are the ids that the owner of a reference can have besides the one that the server told:
// that is not its handler's, but its own, or that of the part.
func (f fromServer) ownersOf(ctx context.Context, r plan.Reference) ([]string, error) {
	var ids []string
	add := func(id string) {
		if id != "" && !strings.EqualFold(id, r.ID) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	about := r.Holders()
	if about.Path != r.Owner.Path {
		answer, _, err := f.Read(ctx, cupi.Get(about, r.ID))
		if err = untold(err); err != nil {
			return nil, err
		}
		if add(answer.Object["CallHandlerObjectId"]); len(ids) > 0 {
			return ids, nil
		}
	}
	for _, column := range slices.Compact([]string{about.NameField, "DisplayName"}) {
		if r.Name == "" {
			break
		}
		hits, _, err := f.LookUp(ctx, about, column, model.Lower(r.Name), false)
		if err = untold(err); err != nil {
			return nil, err
		}
		for _, hit := range hits {
			switch {
			case about.Path == r.Owner.Path:
				add(hit["ObjectId"])
			case hit["CallHandlerObjectId"] != "":
				add(hit["CallHandlerObjectId"])
			default: // the list does not show it
				answer, _, err := f.Read(ctx, cupi.Get(about, hit["ObjectId"]))
				if err = untold(err); err != nil {
					return nil, err
				}
				add(answer.Object["CallHandlerObjectId"])
			}
		}
	}
	return ids, nil
}

// refers reports whether the server still tells of a reference.
func (f fromServer) refers(ctx context.Context, r plan.Reference, userID string) (bool, error) {
	items, _, err := f.All(ctx, cupi.SubscriberDependenciesOf(userID), cupi.Query{})
	return slices.ContainsFunc(items, func(told cupi.Object) bool { return plan.ReferenceOf(told) == r }), err
}
