package batch

import (
	"context"
	"strings"
	"sync"

	"cucbulk/cupi"
)

// How much of a user a run records before it deletes the user.
const (
	PreImageFull = "full" // the user, alternate extensions, SMTP proxy addresses and list memberships; "" is that too
	PreImageUser = "user" // the user only: one request
)

// goingWithUsers lists the kinds whose members a rollback gives back to a user that
// it makes again. An intent to delete a user holds them under the kinds' names.
func goingWithUsers() []*stepKind {
	return []*stepKind{kindOf(stepExtensions), kindOf(stepAddresses), kindOf(stepMemberships)}
}

// withBelongings reads what goes when a user is deleted, as far as the server
// tells, but for the memberships. A kind that it does not tell is not in the map; of
// a kind that the user has none of, the list is empty. Kinds that are known are not
// read.
func (e *errand) withBelongings(ctx context.Context, userID string, known map[string][]cupi.Object) (map[string][]cupi.Object, error) {
	also := map[string][]cupi.Object{}
	for _, kind := range goingWithUsers() {
		if kind.name == stepMemberships {
			continue
		}
		members, told := known[kind.name]
		if !told {
			var err error
			if members, told, err = e.all(ctx, kind.in(userID), kind.query(userID)); err != nil {
				return nil, err
			}
		}
		if !told {
			continue
		}
		also[kind.name] = []cupi.Object{}
		for _, member := range members {
			// A server may pass over the query, and the extension 0 is the user's own.
			if (kind.of == "" || strings.EqualFold(member[kind.of], userID)) && (kind.key != "IdIndex" || strings.Trim(member["IdIndex"], "0") != "") {
				also[kind.name] = append(also[kind.name], only(member, kind.writes...))
			}
		}
	}
	return also, nil
}

// listMembers tells which distribution lists hold a user. They are read once a
// run, when its first user is deleted. Workers share them.
type listMembers struct {
	mutex sync.Mutex
	read  bool
	told  bool                     // the server shows the members of every list
	lists map[string][]cupi.Object // ObjectId of a user -> ObjectId, Alias and DisplayName of lists

	members map[string]map[string]bool // ObjectId of a list that was read -> of the users that it holds
}

// of gives the lists that hold a user; told is false when the server did not show
// them all.
func (m *listMembers) of(ctx context.Context, engine *engine, userID string) (lists []cupi.Object, told bool, err error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if !m.read {
		if err := m.learn(ctx, &errand{engine: engine}); err != nil {
			return nil, false, err
		}
		m.read = true
	}
	return append([]cupi.Object{}, m.lists[userID]...), m.told, nil
}

// holds reports whether a list holds a user. Its members are read once a run.
func (m *listMembers) holds(ctx context.Context, engine *engine, listID, userID string) (bool, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.members[listID] == nil {
		members, told, err := (&errand{engine: engine}).all(ctx, cupi.MembersOf(listID), cupi.Query{})
		if err != nil {
			return false, err
		}
		if !told {
			return false, &failure{Failed, "not-shown", "the server does not show who is in the distribution list " + listID}
		}
		if m.members == nil {
			m.members = map[string]map[string]bool{}
		}
		m.members[listID] = map[string]bool{}
		for _, member := range members {
			m.members[listID][member["MemberUserObjectId"]] = true
		}
	}
	return m.members[listID][userID], nil
}

func (m *listMembers) learn(ctx context.Context, e *errand) error {
	m.lists = map[string][]cupi.Object{}
	lists, told, err := e.all(ctx, cupi.DistributionLists, cupi.Query{})
	if err != nil || !told {
		return err
	}
	for _, list := range lists {
		members, told, err := e.all(ctx, cupi.MembersOf(list["ObjectId"]), cupi.Query{})
		if err != nil || !told {
			return err
		}
		for _, member := range members {
			if id := member["MemberUserObjectId"]; id != "" {
				m.lists[id] = append(m.lists[id], only(list, "ObjectId", "Alias", "DisplayName"))
			}
		}
	}
	m.told = true
	return nil
}
