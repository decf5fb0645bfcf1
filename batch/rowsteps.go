package batch

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// rowSteps computes what the steps of a row change: each change is a value that says what is
// done, to which object, and from which state to which. It sends nothing. A run sends the
// changes, see [rowRunner]; a preview only shows them. One goroutine uses it.
type rowSteps struct {
	Subject
	knowledge   knowledge
	plan        plan.Plan
	past        record.Past
	snapshot    *plan.Snapshot
	preImage    string                 // see [Options]
	absentSince time.Time              // server's clock when the alias was proven free; zero if it was not
	fresh       bool                   // this run made the user
	madeBefore  time.Time              // server's clock, when a fresh user was there already
	asMade      map[string]cupi.Object // by step: parts of a fresh user, as they were read before the run changed them
	leaver      cupi.Object            // ids of a user who is deleted, by which others refer to the user
	unread      []string               // what of a user who is deleted could not be recorded
	foretells   bool                   // it is a forecast that reads nothing, and believes what the pre-flight was told
}

// knowledge tells what the steps must know besides what the user is and has.
type knowledge interface {
	// entry gives the user as the listing shows it now; nil where that lacks one of the fields.
	entry(ctx context.Context, user, fields cupi.Object) (cupi.Object, error)
	// listHolds reports whether a user is in a distribution list.
	listHolds(ctx context.Context, listID, userID string) (bool, error)
	// listsOf gives the distribution lists that hold a user. told is false when the server does not show them all.
	listsOf(ctx context.Context, userID string) (lists []cupi.Object, told bool, err error)
	// listed gives a part as a list of everybody's shows it now. known is false where the part must be read.
	listed(ctx context.Context, p send.Part, fields []string) (parts []cupi.Object, known bool, err error)
	// ownersOf gives other ids under which what refers to a user may be found.
	ownersOf(ctx context.Context, r plan.Reference) ([]string, error)
	// refers reports whether the server still tells of a reference.
	refers(ctx context.Context, r plan.Reference, userID string) (bool, error)
	// person looks for somebody in the LDAP directory. pkid says who is meant of several with one alias.
	person(ctx context.Context, key model.UserKey, pkid string) (cupi.Object, error)
}

// newRowSteps is for a row of which nothing was done yet in this start.
func newRowSteps(plan plan.Plan, snapshot *plan.Snapshot, reader send.Reader, knowledge knowledge, preImage string) rowSteps {
	s := rowSteps{
		Subject:   Subject{Reader: reader, About: plan.About, ObjectID: cmp.Or(plan.Before.Created(), plan.Target["ObjectId"]), Target: plan.Target},
		knowledge: knowledge, plan: plan, past: plan.Before, snapshot: snapshot, preImage: preImage, absentSince: snapshot.Taken, fresh: plan.Before.Fresh(),
		asMade: map[string]cupi.Object{},
	}
	for _, step := range plan.Steps {
		if step.Kind == plan.About.Main.Name {
			s.language = step.Wanted["Language"]
		}
	}
	for _, c := range s.past.Made {
		s.has(c.Step, c.Method, slotMember{objectID: c.ObjectID})
	}
	return s
}

// changes reads what a step must know and gives the changes that take the row's
// user from where it is to what the step wants; none when it is there already. Of a
// user that this run made nothing is read but an id that is needed.
func (s *rowSteps) changes(ctx context.Context, step model.Step) ([]send.Change, error) {
	kind := model.KindOf(step.Kind)
	switch kind {
	case s.About.References:
		return s.handOver(ctx)
	case s.About.SuccessorLists:
		return s.joinLists(ctx)
	}
	if kind.Shape == model.WholeUser {
		changes, err := s.userChanges(ctx, step)
		return changes, cmp.Or(err, s.plan.DamagedCode(changes))
	}
	owner, err := s.Owner(ctx, kind, step.Kind)
	if err != nil {
		return nil, err
	}
	p := send.PartOf(kind, step.Kind, owner)
	if members, fresh := s.known(kind); fresh {
		s.Knows(p, members)
	}
	if is, err := s.isAsListed(ctx, p, step.Wanted); err != nil || is {
		return nil, err
	}
	changes, err := s.partChanges(ctx, p, step.Wanted)
	for i := range changes {
		changes[i].User = s.ObjectID
	}
	return changes, cmp.Or(err, s.plan.DamagedCode(changes))
}

// isAsListed reports whether a list of everybody's parts shows a part as the row wants it, so that
// nothing is read of it.
func (s *rowSteps) isAsListed(ctx context.Context, p send.Part, wanted cupi.Object) (bool, error) {
	altered := slices.ContainsFunc(s.past.Made, func(c record.AppliedChange) bool { return model.KindOf(c.Step).Alters(p.StepKind) })
	if !p.OfEverybody() || !s.plan.AsSeen() || altered {
		return false, nil
	}
	parts, known, err := s.knowledge.listed(ctx, p, slices.Collect(maps.Keys(wanted)))
	return known && p.AsWanted(parts, wanted), err
}

// partChanges are those of a part, by its shape.
func (s *rowSteps) partChanges(ctx context.Context, p send.Part, wanted cupi.Object) ([]send.Change, error) {
	switch p.Shape {
	case model.Single:
		return s.singleChanges(ctx, p, wanted)
	case model.Slot:
		return s.slotChanges(ctx, p, wanted)
	case model.Memberships:
		return s.membershipChanges(ctx, p, wanted)
	}
	return s.setChanges(ctx, p, wanted)
}

// notAsMade gives the fields that a part of a fresh user does not show to have already: all of
// them, where it was not read.
func (s *rowSteps) notAsMade(step string, wanted cupi.Object) cupi.Object {
	if part, read := s.asMade[step]; read {
		return notShown(part, wanted)
	}
	return wanted
}

// known gives the members that the pre-flight read already, if they are as they were.
func (s *rowSteps) known(kind *model.StepKind) ([]cupi.Object, bool) {
	if kind.Extensions != model.Alternate || s.past.First() != nil || s.plan.Extended {
		return nil, false
	}
	return s.snapshot.Alternates.Fresh(s.ObjectID)
}

// made notes that the user was made, or will be.
func (s *rowSteps) made(objectID string, before time.Time) {
	s.ObjectID, s.fresh, s.madeBefore = objectID, true, before
}

// fromServer is what a row knows by asking the server.
type fromServer struct {
	*send.Requester
	snapshot *plan.Snapshot
}

func (f fromServer) entry(ctx context.Context, user, fields cupi.Object) (cupi.Object, error) {
	return f.snapshot.EntryOf(ctx, f.Session, user, fields)
}

func (f fromServer) listHolds(ctx context.Context, listID, userID string) (bool, error) {
	return f.snapshot.Memberships.Holds(ctx, f.Session, listID, userID)
}

func (f fromServer) listed(ctx context.Context, p send.Part, fields []string) (parts []cupi.Object, known bool, err error) {
	return f.snapshot.PartLists.Of(ctx, f.Session, p, fields)
}

func (f fromServer) listsOf(ctx context.Context, userID string) ([]cupi.Object, bool, error) {
	return f.snapshot.Memberships.Of(ctx, f.Session, userID)
}
