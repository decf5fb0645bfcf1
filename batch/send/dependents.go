package send

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

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
	lists   knownLists // which there are, before any worker asks
	held    bool       // it matters too whom each holds
	all     SharedReads[struct{}, memberLists]
	members SharedReads[string, listMembers] // by ObjectId of a list

	mutex  sync.Mutex
	joined map[string]bool // paths of lists' members, and folded ObjectIds of users whom this run put there
}

// knownLists are all distribution lists, as they were.
type knownLists struct {
	told  bool
	lists []cupi.Object
	taken time.Time // zero: they were not asked for
}

// listMembers are the users that a list holds.
type listMembers struct {
	users    map[string]bool // folded ObjectIds
	requests int             // that it took to read them
}

// memberLists are the lists that hold users, other lists, and contacts.
type memberLists struct {
	told     bool                     // the server shows the members of every list
	of       map[string][]cupi.Object // by folded ObjectId of a member: ObjectId, Alias, DisplayName and TenantObjectId of lists
	requests int                      // that it took to read the members

	held  map[string][]cupi.Object // by folded ObjectId of a list, its members: their ids; nil: that was not wanted
	taken time.Time                // before the first of them was read
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

// Learn asks which lists there are, whose members will be read: so it is known how many requests that takes, at
// least. held says that it matters too whom each holds. It goes before the workers.
func (m *ListMembers) Learn(ctx context.Context, e *Requester, held bool) (err error) {
	m.held = held
	m.lists, err = readLists(ctx, e)
	return err
}

// Learned reports whether that was asked.
func (m *ListMembers) Learned() bool { return !m.lists.taken.IsZero() }

// Requests is how many requests read who is in the lists of these ids, and where all is set, who is in every list: as many
// as that took, or one for each that was not read yet, which has a hundred members at most.
func (m *ListMembers) Requests(ids map[string]bool, all bool) (requests int) {
	for id := range ids {
		if members, read := m.members.Known(id); read {
			requests += members.requests
		} else {
			requests++
		}
	}
	known, read := m.all.Known(struct{}{})
	switch {
	case read:
		requests += known.requests
	case all:
		requests += len(m.lists.lists)
	}
	return requests
}

// Of gives the lists that hold a user, another list or a contact; told is false when the server did not show
// them all.
func (m *ListMembers) Of(ctx context.Context, session *Session, userID string) (lists []cupi.Object, told bool, err error) {
	known, err := m.read(ctx, session)
	return append([]cupi.Object{}, known.of[model.Fold(userID)]...), known.told, err
}

// HeldBy gives the members of a list. fresh is false where they must be read.
func (m *ListMembers) HeldBy(ctx context.Context, session *Session, listID string) (members []cupi.Object, fresh bool, err error) {
	known, err := m.read(ctx, session)
	members, fresh = known.held[model.Fold(listID)]
	return members, fresh && known.told && time.Since(known.taken) <= FreshFor, err
}

func (m *ListMembers) read(ctx context.Context, session *Session) (memberLists, error) {
	return m.all.Get(ctx, struct{}{}, func() (memberLists, error) {
		return readMemberLists(ctx, &Requester{Session: session, Beyond: true}, m.lists, m.held)
	})
}

// Holds reports whether a list holds a user. Its members are read once a run.
func (m *ListMembers) Holds(ctx context.Context, session *Session, listID, userID string) (bool, error) {
	if m.hasJoined(cupi.MembersOf(listID).Path, userID) {
		return true, nil
	}
	members, err := m.members.Get(ctx, listID, func() (listMembers, error) {
		e := &Requester{Session: session}
		items, told, err := e.All(ctx, cupi.MembersOf(listID), cupi.Query{})
		if err == nil && !told {
			err = &Failure{record.Failed, codes.NotShown, "the server does not show who is in the distribution list " + listID}
		}
		members := listMembers{map[string]bool{}, e.Requests}
		for _, member := range items {
			members.users[model.Fold(member["MemberUserObjectId"])] = true
		}
		return members, err
	})
	return members.users[model.Fold(userID)], err
}

// readLists asks which lists there are, whosever they are.
func readLists(ctx context.Context, e *Requester) (known knownLists, err error) {
	known.taken = time.Now()
	known.lists, known.told, err = e.AllIfSupported(ctx, cupi.DistributionLists)
	return known, err
}

// readMemberLists reads the members of every list, whosever it is: one that is deleted leaves them all. Lists that
// can't be read whole are not told: what is said of them must hold for all. Which lists there are is asked again where that
// was long ago, or where one of them shows nothing any more.
func readMemberLists(ctx context.Context, e *Requester, lists knownLists, held bool) (memberLists, error) {
	for old := time.Since(lists.taken) <= FreshFor; ; old = false {
		if !old {
			var err error
			if lists, err = readLists(ctx, e); err != nil {
				return memberLists{}, err
			}
		}
		known, err := lists.readMembers(ctx, e, held)
		if known.requests = e.Requests; err != nil || known.told || !old || !lists.told {
			return known, err
		}
	}
}

// readMembers reads the members of each list, and keeps whom it holds if held says so.
func (l knownLists) readMembers(ctx context.Context, e *Requester, held bool) (memberLists, error) {
	known := memberLists{of: map[string][]cupi.Object{}, taken: time.Now()}
	if held {
		known.held = map[string][]cupi.Object{}
	}
	for _, list := range l.lists {
		members, told, err := e.AllIfSupported(ctx, cupi.MembersOf(list["ObjectId"]))
		if err != nil || !told {
			return known, err
		}
		if held {
			known.held[model.Fold(list["ObjectId"])] = onlyIDs(members)
		}
		for _, member := range members {
			for _, field := range model.MemberFields {
				if id := model.Fold(member[field]); id != "" {
					known.of[id] = append(known.of[id], model.Only(list, "ObjectId", "Alias", "DisplayName", cupi.TenantField))
				}
			}
		}
	}
	known.told = l.told
	return known, nil
}

// onlyIDs are members of lists with their ids alone: there may be many.
func onlyIDs(members []cupi.Object) []cupi.Object {
	ids, names := make([]cupi.Object, len(members)), slices.Concat(model.MemberFields, []string{"ObjectId"})
	for i, member := range members {
		ids[i] = model.Only(member, names...)
	}
	return ids
}

// AllIfSupported reads a collection of which it is good to know the elements.
func (e *Requester) AllIfSupported(ctx context.Context, collection cupi.Collection) (items []cupi.Object, told bool, err error) {
	items, told, err = e.All(ctx, collection, cupi.Query{})
	var refusal *Failure
	if errors.As(err, &refusal) && refusal.Code == codes.ListMoves {
		return nil, false, nil
	}
	return items, told, err
}
