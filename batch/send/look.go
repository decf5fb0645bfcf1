package send

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// What a look at the server says of a change whose answer was lost.

// late reports whether somebody else may have done what a look finds now and no time of the
// server's tells of: the look comes more than a doubt window after all that this run's
// request can have done.
func (e *Session) late(p Proof) bool {
	now := e.ServerClock()
	until := p.Reach(now)
	return !p.Anybody && (until.IsZero() || now.After(until.Add(e.Doubt)))
}

// Look is a look at the server for a change whose answer was lost.
type Look struct {
	*Requester
	sent  record.Intent // all that is known of the change
	proof Proof         // that this run made what is found
}

// LookFor is for a look at what became of an intent.
func (e *Requester) LookFor(sent record.Intent, proof Proof) Look { return Look{e, sent, proof} }

// outcome finds out whether the change was made.
func (l Look) outcome(ctx context.Context) (Reconciliation, error) {
	kind := model.KindOf(l.sent.Step)
	switch {
	case l.sent.Method == "POST" && kind.Shape == model.WholeUser:
		return l.Created(ctx)
	case l.sent.Method == "POST":
		return l.member(ctx, kind)
	case l.sent.Method == "PUT":
		return l.fields(ctx, kind)
	}
	return l.absence(ctx, kind)
}

// Created finds out whether this run made the user that it meant to make.
// A user is ours only if it was proven absent before, was created when the request can
// have been carried out, shows everything that was sent, and is the only one: whatever is
// adopted here, a rollback would delete.
func (l Look) Created(ctx context.Context) (Reconciliation, error) {
	about := l.sent.About()
	hits, _, err := l.LookUp(ctx, about.Collection, about.Collection.NameField, about.Name(l.sent.Shown()), true)
	if err != nil {
		return Reconciliation{}, err
	}
	if len(hits) == 0 {
		return Reconciliation{Outcome: NotMade, Date: l.Clock}, nil
	}
	return l.IsCreated(ctx, hits)
}

// renamed asks once more for a user whom nobody has by the alias: somebody can have
// renamed it since it was sent. Who was imported is no longer listed by the directory. A user
// who has the extension, and was created when that request can have been carried out, can be the
// one, whatever else it shows: who renames a user may change more of it.
func (l Look) renamed(ctx context.Context, absent Reconciliation) (Reconciliation, error) {
	about := l.sent.About()
	alias, extension := about.Name(l.sent.Shown()), l.sent.Shown()["DtmfAccessId"]
	if l.sent.Imports() {
		gone, err := l.leftDirectory(ctx, about, l.sent.Fields[about.People.IDField])
		if err != nil {
			return Reconciliation{}, err
		}
		if gone {
			return Reconciliation{Outcome: Unprovable,
				Note: fmt.Sprintf("nobody has the alias %q, but the LDAP directory does not list the person any more, "+
					"who can have been imported, and renamed since: look for a user of that name in Cisco Unity "+
					"Connection Administration", alias)}, nil
		}
	}
	if extension == "" {
		return absent, nil
	}
	hits, _, err := l.LookUp(ctx, about.Collection, "DtmfAccessId", extension, true)
	var refusal *Failure
	if errors.As(err, &refusal) {
		return absent, nil
	}
	if err != nil {
		return Reconciliation{}, err
	}
	for _, hit := range hits {
		whole, found, err := l.Whole(ctx, about, hit["ObjectId"])
		if err != nil {
			return Reconciliation{}, err
		}
		if found && l.MadeByOthers(whole) == "" {
			return Reconciliation{Outcome: Unprovable, ObjectID: hit["ObjectId"],
				Note: fmt.Sprintf("nobody has the alias %q, but %q (ObjectId %s) has the extension that was sent, and "+
					"by the time when it was created it can be the one, renamed since: it is left alone", alias,
					about.Name(whole), hit["ObjectId"])}, nil
		}
	}
	return absent, nil
}

// leftDirectory reports whether the directory surely lists a person no more. A server that does
// not answer such a query, or passes over it, says nothing sure.
func (l Look) leftDirectory(ctx context.Context, about *model.Object, pkid string) (bool, error) {
	answer, _, err := l.Read(ctx, cupi.ListDirectoryUsers(cupi.Query{Column: about.People.IDField, Op: cupi.Is, Value: pkid}, 0, 1))
	var refusal *Failure
	if errors.As(err, &refusal) {
		return false, nil
	}
	return err == nil && len(answer.Page.Items) == 0, err
}

// IsCreated says whether one of those who have the alias now is the user that this run made.
func (l Look) IsCreated(ctx context.Context, hits []cupi.Object) (Reconciliation, error) {
	about, asOf := l.sent.About(), l.Clock
	alias := about.Name(l.sent.Shown())
	id := hits[0]["ObjectId"]
	if len(hits) > 1 {
		return Reconciliation{Outcome: Unprovable, Note: fmt.Sprintf("%d %s have the alias %q now", len(hits), about.Many(), alias)}, nil
	}
	whole, found, err := l.Whole(ctx, about, id)
	if err != nil {
		return Reconciliation{}, err
	}
	if !found {
		return Reconciliation{Outcome: NotMade, Date: asOf}, nil
	}
	if doubt := l.doubtOwnership(whole); doubt != "" {
		return Reconciliation{Outcome: Unprovable, ObjectID: id, Others: l.MadeByOthers(whole) != "",
			alike: model.Agrees(whole, l.sent.Shown()),
			Note:  fmt.Sprintf("the alias %q is there (ObjectId %s), but %s, so it is left alone", alias, id, doubt)}, nil
	}
	return Reconciliation{Outcome: Made, ObjectID: id, Note: "the " + about.One() + " was found and is proven to be this run's"}, nil
}

// doubtOwnership says what speaks against a user being this run's own, or "".
func (l Look) doubtOwnership(user cupi.Object) string {
	since := l.sent.AbsentSince
	if since.IsZero() {
		return "it was not proven absent before"
	}
	if _, err := cupi.ParseTime(user["CreationTime"]); err != nil {
		return "its CreationTime can't be read"
	}
	if doubt := l.MadeByOthers(user); doubt != "" {
		return doubt
	}
	switch {
	case l.proof.Reach(l.ServerClock()).IsZero() || l.setBack(since):
		return "by the clocks of this computer and of the server it can't be told when this run's request was carried out"
	case !model.Agrees(user, l.sent.Shown()):
		return "it differs from what was sent"
	case l.sent.Imports() && !model.FromDirectory(user):
		return "it did not come from the LDAP directory"
	case l.Location != "" && user["LocationObjectId"] != "" && user["LocationObjectId"] != l.Location:
		return "it belongs to another location"
	}
	return ""
}

// MadeByOthers says why a user can't be the one that a request made, by when each can have
// come to be; "" where no time tells that.
func (l Look) MadeByOthers(user cupi.Object) string {
	created, err := cupi.ParseTime(user["CreationTime"])
	if err != nil || l.sent.AbsentSince.IsZero() {
		return ""
	}
	switch until := l.proof.Reach(l.ServerClock()); {
	case l.setBack(l.sent.AbsentSince), until.IsZero(): // a clock was set, and nobody knows when
	case created.Before(l.sent.AbsentSince.Add(-time.Second)):
		return "it was created before this run sent its request"
	case created.After(until):
		return "it was created when this run's request can't have been carried out any more"
	}
	return ""
}

// setBack reports whether the server's clock was set back since it showed that time.
func (e *Session) setBack(since time.Time) bool {
	return e.ServerClock().Before(since.Add(-record.Slack))
}

// member finds out whether a POST was carried out. In these collections no
// two members are the same: one that is there as it was sent, and was not before, is the
// one, unless it is so late that somebody else can have added it.
func (l Look) member(ctx context.Context, kind *model.StepKind) (Reconciliation, error) {
	collection := kind.In("")
	collection.Path = l.sent.Path
	members, _, err := l.All(ctx, collection, kind.Query(l.sent.Fields[kind.Of]))
	if err != nil {
		return Reconciliation{}, err
	}
	for _, member := range members {
		switch {
		case !model.Agrees(member, l.sent.Fields) || model.Holds(l.proof.among, member["ObjectId"]):
		case l.late(l.proof):
			return Reconciliation{Outcome: Unprovable, Note: "the " + kind.Name +
				" is there as it was sent, but somebody else can have added it since, so it is left alone"}, nil
		default:
			return Reconciliation{Outcome: Made, ObjectID: member["ObjectId"], Note: "it is there"}, nil
		}
	}
	return Reconciliation{Outcome: NotMade}, nil
}

// fields finds out whether a PUT was carried out: the object shows what was
// sent, and of a value that no answer shows, that it was written since. When somebody else
// can have written it meanwhile, that is no proof; a temporary extension was drawn at
// random, and nobody else can have.
func (l Look) fields(ctx context.Context, kind *model.StepKind) (Reconciliation, error) {
	object, found, err := l.Find(ctx, kind, l.sent.Path)
	secret := len(l.sent.Secret) > 0
	until := l.proof.Reach(l.ServerClock())
	switch {
	case err != nil:
		return Reconciliation{}, err
	case !found:
		return Reconciliation{Outcome: NotMade, Note: "it is no longer there"}, nil
	case secret && l.changedAfter(object, l.sent.AbsentSince) && (until.IsZero() || l.changedAfter(object, until)):
		return Reconciliation{Outcome: Unprovable, Note: "the " + kind.Name +
			" was set when this run's request can't have been carried out any more, so it is left alone"}, nil
	case changedInPart(object, l.sent):
		return Reconciliation{Outcome: Unprovable, alike: true,
			Note: "some of the fields are as they were sent, and somebody has changed others since, so they are left alone"}, nil
	case !model.Agrees(object, l.sent.Fields):
		return Reconciliation{Outcome: NotMade, shows: object}, nil
	case secret && !l.changedAfter(object, l.sent.AbsentSince):
		return Reconciliation{Outcome: NotMade, unless: l.inThatSecond(kind, object, l.sent.AbsentSince)}, nil
	case !secret && !model.KindOf(l.sent.Step).Temporary && l.late(l.proof):
		return Reconciliation{Outcome: Unprovable, Note: "the fields are as they were sent, but somebody else can have " +
			"set them since, so they are left alone"}, nil
	}
	return Reconciliation{Outcome: Made, Note: "the fields were read back and are as sent"}, nil
}

// changedInPart reports whether an object shows some of what a change was to set and it did not
// show before, and of the rest something that it neither showed before nor was to: then the
// change was done, or somebody does the same by hand.
func changedInPart(object cupi.Object, sent record.Intent) bool {
	asSent, asNobody := false, false
	for field, value := range sent.Fields {
		before, known := sent.Before[field]
		switch {
		case !known || model.Same(field, before, value):
		case model.Same(field, object[field], value):
			asSent = true
		case !model.Same(field, object[field], before):
			asNobody = true
		}
	}
	return asSent && asNobody
}

// inThatSecond says of a credential that was changed in the second in which its user was
// made, or with it, that its time tells neither. An answer's clock has whole seconds.
func (l Look) inThatSecond(kind *model.StepKind, credential cupi.Object, madeBefore time.Time) string {
	changed, err := cupi.ParseTime(credential["TimeChanged"])
	if err != nil || changed.Equal(madeBefore) || !l.changedAfter(credential, madeBefore.Add(-time.Second)) {
		return ""
	}
	return fmt.Sprintf("the %s was changed in the second in which the user was made, so it can't be told whether the "+
		"server set it all the same", kind.Name)
}

// absence finds out whether a DELETE was carried out. Nothing tells when an object
// went: one that is found gone late may have been deleted by somebody else.
func (l Look) absence(ctx context.Context, kind *model.StepKind) (Reconciliation, error) {
	object, found, err := l.Find(ctx, kind, l.sent.Path)
	if err != nil || found {
		return Reconciliation{Outcome: NotMade, shows: object}, err
	}
	if l.late(l.proof) {
		return Reconciliation{Outcome: Made, code: codes.GoneUnproven, Note: NoteGone}, nil
	}
	return Reconciliation{Outcome: Made, Note: "the object is gone"}, nil
}

// NoteGone is told of a delete whose answer was lost.
const NoteGone = "the object is gone, and somebody else can have deleted it since: a rollback brings it back only with --force"

// changedAfter reports whether a credential was changed after a moment of the
// server's clock. A moment that is not known proves nothing, and neither does a
// credential from the future: that server shows another time than its clock's.
func (l Look) changedAfter(credential cupi.Object, moment time.Time) bool {
	changed, err := cupi.ParseTime(credential["TimeChanged"])
	return err == nil && !moment.IsZero() && changed.After(moment) && changed.Before(l.Clock.Add(time.Minute))
}

// Reconciliation is what a look at the server says of a change.
type Reconciliation struct {
	Outcome  outcome
	ObjectID string      // made: of what a POST made
	Others   bool        // unprovable: by its age it is surely somebody else's
	alike    bool        // unprovable: it shows everything that was sent
	code     codes.Code  // made: codes.GoneUnproven where somebody else may have done it
	Note     string      // for people
	unless   string      // not made: what may speak against it, for people
	Date     time.Time   // the server's clock at the look
	shows    cupi.Object // not made: what the change was to overwrite or remove, as it is now
}

// outcome is what can be said of a change whose answer was lost.
type outcome string

// The truths.
const (
	Made       outcome = "made"
	NotMade    outcome = "not made"
	Unprovable outcome = "unprovable" // something is there, but it can't be proven ours
)

// Made is a change that was in doubt, and was made as this settlement tells.
func (s Reconciliation) Made(c record.AppliedChange) record.AppliedChange {
	return c.WasMade(s.ObjectID, s.code == codes.GoneUnproven)
}
