package batch

import (
	"context"
	"maps"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// userAfter shows a user as the rows before will leave it: what the server shows, and over it
// what they set. A forecast reads by it; nothing is sent for it but what the row itself reads.
type userAfter struct {
	send.Reader
	steps rowSteps // of the rows before, which asks on its own account
}

// knownAfter is what is known besides, once the rows before have ended.
type knownAfter struct {
	knowledge
	lists []cupi.Object // that they give the user
}

// afterRows are those of a row whose user rows before it change. Where nothing is read, counted is
// what the user is taken to show; else it is nil.
func afterRows(session *send.Session, r *rowSteps, counted cupi.Object) (send.Reader, knowledge) {
	plan := r.plan
	plan.Operation = validate.Update
	own := &send.Requester{Session: session, Row: plan.Row}
	var reader send.Reader = own
	if counted != nil {
		reader = &countingReader{shows: counted}
	}
	a := &userAfter{Reader: r.Reader, steps: newRowSteps(plan, r.snapshot, reader, fromServer{own, r.snapshot}, r.preImage)}
	a.steps.ObjectID = r.ObjectID
	a.steps.Reader = &userAfter{Reader: reader, steps: a.steps}
	var lists []cupi.Object
	for step, wanted := range plan.Earlier {
		if kind := model.KindOf(step); kind.Shape == model.Memberships {
			lists = append(lists, kind.Items(wanted)...)
		}
	}
	return a, knownAfter{r.knowledge, lists}
}

// Whole is the user with the fields that the rows before set.
func (a *userAfter) Whole(ctx context.Context, about *model.Object, id string) (cupi.Object, bool, error) {
	user, found, err := a.Reader.Whole(ctx, about, id)
	return over(user, a.steps.plan.Earlier[about.Main.Name], ""), found, err
}

// Single is the object with the fields that they set.
func (a *userAfter) Single(ctx context.Context, p send.Part) (cupi.Object, bool, error) {
	object, found, err := a.Reader.Single(ctx, p)
	return over(object, a.steps.plan.Earlier[p.Step], p.WriteOnly), found, err
}

// over lays fields over an object, but for one that no answer shows.
func over(object, fields cupi.Object, unseen string) cupi.Object {
	if len(fields) == 0 {
		return object
	}
	object = maps.Clone(object)
	maps.Copy(object, fields)
	delete(object, unseen)
	return object
}

// Members are those that are left when the steps of the rows before are done, which are found
// as a run finds them.
func (a *userAfter) Members(ctx context.Context, p send.Part, userID string) ([]cupi.Object, bool, error) {
	members, told, err := a.Reader.Members(ctx, p, userID)
	if err != nil || !told {
		return members, told, err
	}
	s := a.steps
	s.lists = map[string][]cupi.Object{p.Collection.Path: slices.Clone(members)}
	for _, step := range s.About.StepsOf(validate.Update, s.plan.Earlier) {
		if step.Kind != p.StepKind || p.HangsOn != "" && model.SlotOf(step.Name) != p.Slot {
			continue
		}
		if err := s.settle(ctx, p, step); err != nil {
			return nil, false, err
		}
	}
	return s.lists[p.Collection.Path], true, nil
}

// settle lets the members be as a step leaves them. One that can't be done leaves them.
func (s *rowSteps) settle(ctx context.Context, p send.Part, step model.Step) error {
	p.Step, p.Slot = step.Name, model.SlotOf(step.Name)
	changes, err := s.partChanges(ctx, p, step.Wanted)
	if err != nil {
		return untold(err)
	}
	list := s.lists[p.Collection.Path]
	for _, c := range changes {
		switch c.Request.Method {
		case "POST":
			list = append(list, over(c.Request.Fields, cupi.Object{"ObjectId": unknownID}, p.WriteOnly))
		case "DELETE":
			list = slices.DeleteFunc(list, func(member cupi.Object) bool { return maps.Equal(member, c.Gone) })
		default:
			member, err := s.MemberFor(ctx, p, step.Wanted)
			if err != nil {
				return untold(err)
			}
			i := slices.IndexFunc(list, func(one cupi.Object) bool { return maps.Equal(one, member) })
			list[i] = over(member, c.Request.Fields, p.WriteOnly)
		}
	}
	s.lists[p.Collection.Path] = list
	return nil
}

// listHolds reports whether a list will hold the user.
func (k knownAfter) listHolds(ctx context.Context, listID, userID string) (bool, error) {
	if slices.ContainsFunc(k.lists,
		func(item cupi.Object) bool { return model.Same("ObjectId", item["DistributionListObjectId"], listID) }) {
		return true, nil
	}
	return k.knowledge.listHolds(ctx, listID, userID)
}
