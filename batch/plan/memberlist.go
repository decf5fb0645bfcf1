package plan

import (
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// Who is in lists, and who can be, as far as rows must know.

// memberLists are who is in the lists that rows name, by the lists' folded ObjectIds. A run reads them before
// its rows begin, and they stay as they were then: like all that a pre-flight knows, they only say what a row
// need not do, and the server refuses the rest.
type memberLists map[string]memberList

// memberList is one of them.
type memberList struct {
	named map[string][]cupi.Object // by folded name
	all   []cupi.Object            // in the server's order
	byID  map[string]cupi.Object   // by whose id it is, see whoKey
	why   string                   // why the server does not show it; "": it does
}

func newMemberList() memberList {
	return memberList{named: map[string][]cupi.Object{}, byID: map[string]cupi.Object{}}
}

// add adds a member.
func (l *memberList) add(kinds []*model.StepKind, member cupi.Object) {
	name := model.Fold(member["Alias"])
	l.all, l.named[name] = append(l.all, member), append(l.named[name], member)
	for _, kind := range kinds {
		if member[kind.Key] != "" {
			l.byID[whoKey(kind.Key, member[kind.Key])] = member
		}
	}
}

// with is the list with one more member, or without one.
func (l memberList) with(j joining) memberList {
	name, key := model.Fold(j.name), whoKey(j.kind.Key, j.id)
	isIt := func(member cupi.Object) bool { return model.Same("ObjectId", member[j.kind.Key], j.id) }
	l.all, l.named[name] = slices.DeleteFunc(l.all, isIt), slices.DeleteFunc(l.named[name], isIt)
	delete(l.byID, key)
	if !j.leaves {
		member := cupi.Object{"ObjectId": unmadeID("the " + j.kind.Called + " " + j.name), "Alias": j.name, j.kind.Key: j.id}
		l.all, l.named[name], l.byID[key] = append(l.all, member), append(l.named[name], member), member
	}
	return l
}

// whoKey stands for the one whose id is in a member's field.
func whoKey(field, id string) string { return field + " " + model.Fold(id) }

// memberAsks are what rows about members must know of the server.
type memberAsks struct {
	lists map[string]bool // ObjectIds: who is in them
	names map[string]bool // folded: who has them
	flags map[string]bool // ObjectIds of lists: what they show beyond the listing
}

func newMemberAsks() memberAsks {
	return memberAsks{map[string]bool{}, map[string]bool{}, map[string]bool{}}
}

func (a memberAsks) any() bool { return len(a.lists)+len(a.names)+len(a.flags) > 0 }

// add takes those of one plan.
func (a memberAsks) add(asks memberAsks) {
	maps.Copy(a.lists, asks.lists)
	maps.Copy(a.names, asks.names)
	maps.Copy(a.flags, asks.flags)
}

// someone is who can be a member.
type someone struct {
	kind *model.StepKind
	id   string
	name string // as the server spells it
}

// joining is a member that a row adds, or takes away.
type joining struct {
	someone
	leaves bool
}

// unmadeBegins is how what stands for an id begins.
const unmadeBegins = "(that of "

// unmadeID stands for the id of whom a row is to make.
func unmadeID(row string) string { return unmadeBegins + row + ")" }

// IsUnmade reports whether something stands for the id of whom a row of some file is to make.
func IsUnmade(id string) bool { return strings.HasPrefix(id, unmadeBegins) }
