package batch

import (
	"context"
	"fmt"
	"time"

	"cucbulk/cupi"
)

// What a look at the server says of a change whose answer was lost.

// lookFor gives the look that settles a change whose answer was lost, from what its
// intent tells.
func (e *errand) lookFor(intent Intent) func(context.Context) (settlement, error) {
	kind := kindOf(intent.Step)
	return func(ctx context.Context) (settlement, error) {
		switch {
		case intent.Method == "POST" && kind.shape == wholeUser:
			return e.lookForCreated(ctx, intent)
		case intent.Method == "POST":
			collection := kind.in("")
			collection.Path = intent.Path
			return e.lookForMember(ctx, kind, collection, intent.Fields)
		case intent.Method == "PUT":
			return e.lookForFields(ctx, kind, intent)
		}
		return e.lookForAbsence(ctx, kind, intent.Path)
	}
}

// lookForCreated finds out whether this run made the user that it meant to make.
// A user is ours only if it was proven absent before the run, was created since,
// shows everything that was sent, and is the only one: whatever is adopted here,
// a rollback would delete.
func (e *errand) lookForCreated(ctx context.Context, sent Intent) (settlement, error) {
	alias := sent.shown()["Alias"]
	hits, _, err := e.lookUp(ctx, cupi.Users, "Alias", alias, true)
	if err != nil {
		return settlement{}, err
	}
	asOf := e.clock
	if len(hits) == 0 {
		return settlement{truth: notMade, date: asOf}, nil
	}
	id := hits[0]["ObjectId"]
	if len(hits) > 1 {
		return settlement{truth: unprovable, note: fmt.Sprintf("%d users have the alias %q now", len(hits), alias)}, nil
	}
	whole, found, err := e.read(ctx, cupi.GetUser(id))
	if err != nil {
		return settlement{}, err
	}
	if !found {
		return settlement{truth: notMade, date: asOf}, nil
	}
	if doubt := e.doubtOwnership(whole.Object, sent); doubt != "" {
		return settlement{truth: unprovable, objectID: id,
			note: fmt.Sprintf("the alias %q is there (ObjectId %s), but %s, so it is left alone", alias, id, doubt)}, nil
	}
	return settlement{truth: made, objectID: id, note: "the answer was lost; the user was found and is proven to be this run's"}, nil
}

// doubtOwnership says what speaks against a user being this run's own, or "".
func (e *errand) doubtOwnership(user cupi.Object, sent Intent) string {
	since := sent.AbsentSince
	if since.IsZero() {
		return "it was not proven absent before"
	}
	created, err := cupi.ParseTime(user["CreationTime"])
	switch {
	case err != nil:
		return "its CreationTime can't be read"
	case created.Before(since.Add(-time.Second)):
		return "it was created before this run"
	case !agrees(user, sent.shown()):
		return "it differs from what was sent"
	case sent.imports() && !fromDirectory(user):
		return "it did not come from the LDAP directory"
	case e.location != "" && user["LocationObjectId"] != "" && user["LocationObjectId"] != e.location:
		return "it belongs to another location"
	}
	return ""
}

// lookForMember finds out whether a POST was carried out. In these collections no
// two members are the same: one that is there as it was sent is the one.
func (e *errand) lookForMember(ctx context.Context, kind *stepKind, collection cupi.Collection, sent cupi.Object) (settlement, error) {
	members, _, err := e.all(ctx, collection, kind.query(sent[kind.of]))
	if err != nil {
		return settlement{}, err
	}
	for _, member := range members {
		if agrees(member, sent) {
			return settlement{truth: made, objectID: member["ObjectId"], note: "it is there"}, nil
		}
	}
	return settlement{truth: notMade}, nil
}

// lookForFields finds out whether a PUT was carried out: the object shows what was
// sent, and of a value that no answer shows, that it was written since.
func (e *errand) lookForFields(ctx context.Context, kind *stepKind, sent Intent) (settlement, error) {
	object, found, err := e.find(ctx, kind, sent.Path)
	switch {
	case err != nil:
		return settlement{}, err
	case !found:
		return settlement{truth: notMade, note: "it is no longer there"}, nil
	case agrees(object, sent.Fields) && (len(sent.Secret) == 0 || e.changedAfter(object, sent.AbsentSince)):
		return settlement{truth: made, note: "the answer was lost; the fields were read back and are as sent"}, nil
	}
	return settlement{truth: notMade}, nil
}

// lookForAbsence finds out whether a DELETE was carried out.
func (e *errand) lookForAbsence(ctx context.Context, kind *stepKind, path string) (settlement, error) {
	_, found, err := e.find(ctx, kind, path)
	if err != nil || found {
		return settlement{truth: notMade}, err
	}
	return settlement{truth: made, note: "the answer was lost; the object is gone"}, nil
}

// changedAfter reports whether a credential was changed after a moment of the
// server's clock. A moment that is not known proves nothing, and neither does a
// credential from the future: that server shows another time than its clock's.
func (e *errand) changedAfter(credential cupi.Object, moment time.Time) bool {
	changed, err := cupi.ParseTime(credential["TimeChanged"])
	return err == nil && !moment.IsZero() && changed.After(moment) && changed.Before(e.clock.Add(time.Minute))
}
