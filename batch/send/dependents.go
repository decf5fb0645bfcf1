package send

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// How much of a user a run records before it deletes the user.
const (
	PreImageFull  = "full"  // all that can be read, recordings too
	PreImageUsual = "usual" // the user, alternate extensions, SMTP proxy addresses and list memberships; "" is that too
	PreImageUser  = "user"  // the user only: one request
)

// Dependents reads what goes when a user is deleted, as far as the server
// tells, but for the memberships. A kind that it does not tell is not in the map; of
// a kind that the user has none of, the list is empty. Kinds that are known are not
// read.
func Dependents(ctx context.Context, r Reader, about *model.Object, userID string,
	known map[string][]cupi.Object) (map[string][]cupi.Object, error) {
	also := map[string][]cupi.Object{}
	for _, kind := range about.Restorable() {
		if kind.ReadOnce() {
			continue
		}
		members, told := known[kind.Name]
		if !told {
			var err error
			if members, told, err = r.Members(ctx, PartOf(kind, kind.Name, userID), userID); err != nil {
				return nil, err
			}
		}
		if !told {
			continue
		}
		also[kind.Name] = []cupi.Object{}
		for _, member := range members {
			// A server may pass over the query, and the extension 0 is the user's own.
			if (kind.Of == "" || strings.EqualFold(member[kind.Of], userID)) &&
				(kind.Extensions != model.Alternate || strings.Trim(member[kind.Key], "0") != "") {
				also[kind.Name] = append(also[kind.Name], model.Only(member, slices.Concat(kind.CreateFields, []string{"ObjectId"})...))
			}
		}
	}
	return also, nil
}

// ListMembers tells which distribution lists hold a user. They are read once a
// run, when its first user is deleted. Workers share them.
type ListMembers struct {
	all     SharedReads[struct{}, memberLists]
	members SharedReads[string, map[string]bool] // by ObjectId of a list: folded ObjectIds of the users that it holds

	mutex  sync.Mutex
	joined map[string]bool // paths of lists' members, and folded ObjectIds of users whom this run put there
}

// Join notes that the run put a user into the list that has its members at path.
func (m *ListMembers) Join(path, userID string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.joined == nil {
		m.joined = map[string]bool{}
	}
	m.joined[path+" "+model.Fold(userID)] = true
}

func (m *ListMembers) hasJoined(path, userID string) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.joined[path+" "+model.Fold(userID)]
}

// memberLists are the lists that hold users, other lists, and contacts.
type memberLists struct {
	told bool                     // the server shows the members of every list
	of   map[string][]cupi.Object // by folded ObjectId of a member: ObjectId, Alias, DisplayName and TenantObjectId of lists
}

// Of gives the lists that hold a user, another list or a contact; told is false when the server did not show
// them all.
func (m *ListMembers) Of(ctx context.Context, session *Session, userID string) (lists []cupi.Object, told bool, err error) {
	known, err := m.all.Get(ctx, struct{}{},
		func() (memberLists, error) { return readMemberLists(ctx, &Requester{Session: session, Beyond: true}) })
	return append([]cupi.Object{}, known.of[model.Fold(userID)]...), known.told, err
}

// Holds reports whether a list holds a user. Its members are read once a run.
func (m *ListMembers) Holds(ctx context.Context, session *Session, listID, userID string) (bool, error) {
	if m.hasJoined(cupi.MembersOf(listID).Path, userID) {
		return true, nil
	}
	members, err := m.members.Get(ctx, listID, func() (map[string]bool, error) {
		items, told, err := (&Requester{Session: session}).All(ctx, cupi.MembersOf(listID), cupi.Query{})
		if err == nil && !told {
			err = &Failure{record.Failed, codes.NotShown, "the server does not show who is in the distribution list " + listID}
		}
		members := map[string]bool{}
		for _, member := range items {
			members[model.Fold(member["MemberUserObjectId"])] = true
		}
		return members, err
	})
	return members[model.Fold(userID)], err
}

// readMemberLists reads the members of every list, whosever it is: one that is deleted leaves them all. Lists that
// can't be read whole are not told: what is said of them must hold for all.
func readMemberLists(ctx context.Context, e *Requester) (memberLists, error) {
	known := memberLists{of: map[string][]cupi.Object{}}
	lists, told, err := e.allIfSupported(ctx, cupi.DistributionLists)
	for _, list := range lists {
		var members []cupi.Object
		if members, told, err = e.allIfSupported(ctx, cupi.MembersOf(list["ObjectId"])); err != nil || !told {
			return known, err
		}
		for _, member := range members {
			if id := model.Fold(cmp.Or(member["MemberUserObjectId"], member["MemberDistributionListObjectId"],
				member["MemberContactObjectId"])); id != "" {
				known.of[id] = append(known.of[id], model.Only(list, "ObjectId", "Alias", "DisplayName", cupi.TenantField))
			}
		}
	}
	known.told = told
	return known, err
}

// allIfSupported reads a collection of which it is good to know the elements.
func (e *Requester) allIfSupported(ctx context.Context, collection cupi.Collection) (items []cupi.Object, told bool, err error) {
	items, told, err = e.All(ctx, collection, cupi.Query{})
	var refusal *Failure
	if errors.As(err, &refusal) && refusal.Code == codes.ListMoves {
		return nil, false, nil
	}
	return items, told, err
}
