package plan

import (
	"context"
	"fmt"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Snapshot is what a run knows of the server before it changes anything: the users that its rows
// name, the names that they use, and what is in the way. Each part of it is filled by itself, as far as
// plans need it, and all ask by one inquiry.
type Snapshot struct {
	*inquiry
	Identity record.Identity
	Taken    time.Time // by the server's clock, before the first user was read; zero if not told

	knownUsers
	Lists       NameLists              // of names and ids
	Template    map[string]cupi.Object // by folded alias
	undeletable map[string]bool        // folded ObjectIds; nil while nobody asked
	references  knownReferences        // to users who are to be deleted
	knownSenders
	takenExtensions
	memberOwners
	knownMembers
	knownDirectory
	knownParts
	*foreseen // what the files before leave
}

// NewSnapshot is one that knows nothing yet.
func NewSnapshot(about *model.Object) *Snapshot {
	asking, coming := &inquiry{About: about}, newForeseen()
	return &Snapshot{
		inquiry: asking,
		knownUsers: knownUsers{inquiry: asking, users: map[string][]cupi.Object{}, Seen: map[string]bool{},
			nearUsers: map[string][]cupi.Object{},
			longer:    longerExtensions{}, Entries: newEntries(about)},
		Lists: newNameLists(), Template: map[string]cupi.Object{}, references: knownReferences{inquiry: asking},
		knownSenders:    knownSenders{inquiry: asking},
		takenExtensions: takenExtensions{inquiry: asking, otherExtensions: map[string]otherExtension{}},
		memberOwners:    memberOwners{inquiry: asking},
		knownMembers: knownMembers{inquiry: asking, foreseen: coming, members: memberLists{},
			ownerFlags: map[string]cupi.Object{}, people: map[string][]someone{}},
		knownDirectory: knownDirectory{inquiry: asking, ldapUsers: ldapUsers{}, origins: map[string]string{},
			aliasOwners: map[string][]cupi.Object{}},
		knownParts: knownParts{inquiry: asking},
		foreseen:   coming,
	}
}

// Identify signs in with the request that is worth most: the first page of the
// users. It goes alone, so that a wrong password costs one failed sign-in.
func Identify(ctx context.Context, e *send.Requester, about *model.Object, server string) (*Snapshot, cupi.Answer, error) {
	if err := e.LearnTenant(ctx, about); err != nil {
		return nil, cupi.Answer{}, err
	}
	began := time.Now()
	answer, found, err := e.Read(ctx, e.List(about.Collection, cupi.Query{}, 1, send.ListingRows))
	if err != nil {
		return nil, cupi.Answer{}, err
	}
	if !found {
		return nil, cupi.Answer{}, &record.Stop{Exit: record.ExitFailed, Code: codes.NotCUPI,
			Reason: server + " answers, but knows no " + about.Collection.Path}
	}
	d := NewSnapshot(about)
	d.tenant = e.Tenant
	d.Identity.URL, d.Taken, d.total, d.Entries.Taken = server, answer.Date, answer.Page.Total, began
	if rows := len(answer.Page.Items); rows > send.ListingRows {
		d.noteUnchecked(fmt.Sprintf("whether the server's pages are what they seem: it gave %d %s where it was asked for %d",
			rows, about.Many(), send.ListingRows))
	}
	users := answer.Page.Items
	// Of other objects a server may list those of its whole network, and a tenant may have none.
	if about != model.UserObject || d.tenant != nil {
		first, _, err := e.Read(ctx, cupi.List(model.UserObject.Collection, cupi.Query{}, 1, 1))
		if err != nil {
			return nil, cupi.Answer{}, err
		}
		users = first.Page.Items
	}
	if len(users) > 0 {
		d.Identity.Location = users[0]["LocationObjectId"]
	}
	version, problem, err := e.ReadOnce(ctx, cupi.GetVersion())
	if err != nil {
		return nil, cupi.Answer{}, err
	}
	if problem == nil {
		d.Identity.Version = e.Client.Clean(version.Object["version"])
	}
	d.requests = e.Requests
	return d, answer, nil
}

// learnUndeletable asks which users may not be deleted: one list.
func (d *Snapshot) learnUndeletable(ctx context.Context, session *send.Session) error {
	d.undeletable = map[string]bool{}
	return d.findFlagged(ctx, session, cupi.Query{Column: "Undeletable", Op: cupi.Is, Value: "1"},
		func(user cupi.Object) { d.undeletable[model.Fold(user["ObjectId"])] = true })
}

// Undeletable gives the folded ObjectIds of users who may not be deleted; told is false where the
// server does not tell them.
func (d *Snapshot) Undeletable(ctx context.Context, session *send.Session) (ids map[string]bool, told bool, err error) {
	unchecked := len(d.NotChecked)
	err = d.learnUndeletable(ctx, session)
	return d.undeletable, len(d.NotChecked) == unchecked, err
}
