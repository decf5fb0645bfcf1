package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Snapshot is what a run knows of the server before it changes anything: the
// users that its rows name, and the names that they use. The LDAP directory, from which
// rows import users, is another thing: see ldapUsers.
type Snapshot struct {
	About    *model.Object
	Identity record.Identity
	Taken    time.Time // by the server's clock, before the first user was read; zero if not told
	requests int       // what it cost

	mutex               sync.Mutex
	users               map[string][]cupi.Object  // by matchKey; entries as the listing shows them
	Seen                map[string]bool           // ObjectIds of the users that were read
	nearUsers           map[string][]cupi.Object  // by nearKey, users that no row names, but some row nearly
	longer              longerExtensions          // users whose extensions begin with one that rows set
	Shows               map[string]bool           // fields that some entry of the listing has
	listed              bool                      // every user was seen, so an extension not seen is free
	Lists               NameLists                 // of names and ids
	Template            map[string]cupi.Object    // by folded alias
	otherExtensions     map[string]otherExtension // extension key -> what else has it
	otherExtensionsRead bool                      // see learnOtherExtensions
	memberOwners        map[string]string         // member key -> ObjectId of the user who has it, of those that rows want; nil while nobody asked
	membersOwned        map[string][]string       // the same, by the user, folded
	owners              map[string]cupi.Object    // by ObjectId, who they are, see learnOwners
	ownersAsked         int                       // how many of them were asked for

	members      memberLists            // see resolveMember
	ownerFlags   map[string]cupi.Object // by folded ObjectId, lists that were read whole for that
	people       map[string][]someone   // by folded name, who has it, of names that were asked for
	peopleUntold string                 // whom the server does not tell of, and why; "": it tells of all

	account     string            // that the run signs in with
	ownID       string            // ObjectId of its user; "" while it was not seen among the users
	total       int               // users of the server
	ldapTypes   map[string]string // folded ObjectId -> LdapType, of users that belong to a directory; nil while nobody asked
	undeletable map[string]bool   // folded ObjectIds; nil while nobody asked

	references knownReferences // to users who are to be deleted

	ldapUsers     ldapUsers                // of the LDAP directory, whom rows import
	ldapNotListed *send.Failure            // why the server does not list them; nil: it does, or nobody asked
	origins       map[string]string        // ObjectId -> LdapType, of users that rows would import
	aliasOwners   map[string][]cupi.Object // folded alias of a person -> who has it, of rows that name none

	PartLists    send.PartLists  // of everybody's parts
	Mixed        send.MixedLists // what the lists of several kinds of parts show; nil while that does not matter
	partsLearned bool            // see learnParts

	Unmixed     atomic.Bool // the list of several kinds of parts shows nothing that is needed, see [model.StepKind]
	Entries     entries
	Alternates  Alternates
	Memberships send.ListMembers
	NotChecked  []string // what the server did not tell, for people
}

// NewSnapshot is a directory that knows nothing yet.
func NewSnapshot(about *model.Object) *Snapshot {
	return &Snapshot{
		About: about,
		users: map[string][]cupi.Object{}, Seen: map[string]bool{}, nearUsers: map[string][]cupi.Object{}, longer: longerExtensions{}, Shows: map[string]bool{},
		Lists: newNameLists(), Template: map[string]cupi.Object{}, otherExtensions: map[string]otherExtension{},
		ldapUsers: ldapUsers{}, origins: map[string]string{}, aliasOwners: map[string][]cupi.Object{},
		Entries: newEntries(), members: memberLists{}, ownerFlags: map[string]cupi.Object{}, people: map[string][]someone{},
	}
}

// Identify signs in with the request that is worth most: the first page of the
// users. It goes alone, so that a wrong password costs one failed sign-in.
func Identify(ctx context.Context, e *send.Requester, about *model.Object, server string) (*Snapshot, cupi.Answer, error) {
	began := time.Now()
	answer, found, err := e.Read(ctx, cupi.List(about.Collection, cupi.Query{}, 1, send.ListingRows))
	if err != nil {
		return nil, cupi.Answer{}, err
	}
	if !found {
		return nil, cupi.Answer{}, &record.Stop{Exit: record.ExitFailed, Code: codes.NotCUPI, Reason: server + " answers, but knows no " + about.Collection.Path}
	}
	d := NewSnapshot(about)
	d.Identity.URL, d.Taken, d.total, d.Entries.Taken = server, answer.Date, answer.Page.Total, began
	if rows := len(answer.Page.Items); rows > send.ListingRows {
		d.noteUnchecked(fmt.Sprintf("whether the server's pages are what they seem: it gave %d %s where it was asked for %d", rows, about.Many(), send.ListingRows))
	}
	users := answer.Page.Items
	if about != model.UserObject { // of other objects a server may list those of its whole network
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

// noteUnchecked notes what can't be checked.
func (d *Snapshot) noteUnchecked(what string) {
	if !slices.Contains(d.NotChecked, what) {
		d.NotChecked = append(d.NotChecked, what)
	}
}

// otherExtension is something that has an extension, and that the rows are not about.
type otherExtension struct{ objectID, description string }

// errNotQueried is returned when the server refuses a query by a column, or passes
// over it and gives other users.
var errNotQueried = errors.New("the server does not answer such queries")
