package batch

import (
	"cmp"
	"context"
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
	preImage    string                 // see [record.Options]
	absentSince time.Time              // server's clock when the alias was proven free; zero if it was not
	fresh       bool                   // this run made the user
	madeBefore  time.Time              // server's clock, when a fresh user was there already
	asMade      map[string]cupi.Object // by step: parts of a fresh user, as they were read before the run changed them
	leaver      cupi.Object            // ids of a user who is deleted, by which others refer to the user
	ownedLeft   []string               // fields that were left to the LDAP directory
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
	// sendersTo gives what sends messages to a list or a contact, and what can, and the server does not show whether it does.
	sendersTo(ctx context.Context, id string) (senders []cupi.Object, untold []string, err error)
	// heldBy gives whom a distribution list holds. fresh is false where that must be read.
	heldBy(ctx context.Context, listID string) (members []cupi.Object, fresh bool, err error)
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
		Subject: Subject{Reader: reader, About: plan.About, ObjectID: cmp.Or(plan.Before.Created(), plan.Target["ObjectId"]),
			Target: plan.Target},
		knowledge: knowledge, plan: plan, past: plan.Before, snapshot: snapshot, preImage: preImage, absentSince: snapshot.Taken,
		fresh:  plan.Before.Fresh(),
		asMade: map[string]cupi.Object{},
	}
	for _, step := range plan.Steps {
		if step.Name == plan.About.Main.Name {
			s.language = step.Wanted["Language"]
		}
	}
	for _, c := range s.past.Made {
		s.has(c.Step, c.Method, slotMember{objectID: c.ObjectID})
	}
	return s
}

// known gives the members that the pre-flight read already, if they are as they were.
func (s *rowSteps) known(kind *model.StepKind) ([]cupi.Object, bool) {
	if kind.Extensions != model.Alternate || s.past.First() != nil || s.plan.Extended {
		return nil, false
	}
	return s.snapshot.Alternates.Fresh(s.ObjectID)
}

// notAsMade gives the fields that a part of a fresh user does not show to have already: all of
// them, where it was not read.
func (s *rowSteps) notAsMade(step string, wanted cupi.Object) cupi.Object {
	if part, read := s.asMade[step]; read {
		return model.NotShown(part, wanted)
	}
	return wanted
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
	return f.snapshot.Entries.EntryOf(ctx, f.Session, user, fields)
}

func (f fromServer) listHolds(ctx context.Context, listID, userID string) (bool, error) {
	if f.snapshot.Unmade(listID) {
		return false, nil
	}
	return f.snapshot.Memberships.Holds(ctx, f.Session, listID, userID)
}

func (f fromServer) listed(ctx context.Context, p send.Part, fields []string) (parts []cupi.Object, known bool, err error) {
	return f.snapshot.PartLists.Of(ctx, f.Session, p, fields)
}

func (f fromServer) sendersTo(ctx context.Context, id string) ([]cupi.Object, []string, error) {
	all, err := f.snapshot.Senders.Read(ctx, &send.Requester{Session: f.Session, Optional: true, Beyond: true}, f.snapshot.About.Senders)
	if err != nil {
		return nil, nil, err
	}
	return all.To(id), all.Untold, nil
}

func (f fromServer) heldBy(ctx context.Context, listID string) ([]cupi.Object, bool, error) {
	return f.snapshot.Memberships.HeldBy(ctx, f.Session, listID)
}

func (f fromServer) listsOf(ctx context.Context, userID string) ([]cupi.Object, bool, error) {
	return f.snapshot.Memberships.Of(ctx, f.Session, userID)
}
