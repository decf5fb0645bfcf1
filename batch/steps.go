package batch

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// stepKind is one entry of the table of step kinds: all that the engine knows of
// one part of a user. A step's name is a kind's name, or that, "/" and a slot:
// "pin", "alternateextensions/1".
type stepKind struct {
	name      string
	place     int     // in the table; -1: in none
	about     *object // whose part it is
	one, many string  // what it is, to people
	shape     shape

	main        bool // wholeUser: every row has it: it makes, changes or deletes the user
	temporary   bool // wholeUser: it moves a user to a temporary extension, where rows hand extensions round in a circle
	afterImport bool // wholeUser: it sets what a row wants of a user that it imports, and the import does not bring

	owner   owner                              // what it hangs on
	hangsOn string                             // theSlot: the kind that has it
	in      func(owner string) cupi.Collection // it is a member of this collection, which hangs on the owner

	member string // single: which member; "": the owner itself
	root   string // XML root of the bodies, if it is not the element's name
	named  bool   // slot: the members have the slots' names in place of ids

	key    string            // slot: the field that tells members apart; "": there is one
	called map[string]string // slot: the key's value; a slot that is not here is the value itself
	stands []string          // slot: to clear one of these deletes the member; it can't be made without the first
	theirs bool              // slot: the server makes it with each user, so that a new user's must be looked up, and changed

	of     string      // set: the field that holds the user's id, where the path does not
	given  cupi.Object // fields of a POST besides those of the row
	writes []string    // the fields that a POST takes: what brings a deleted member back

	writeOnly  string     // field that no answer shows
	credential string     // what that field is, to people
	drawn      bool       // single: what a new user has in that field, a run may draw
	extensions extensions // those that its DtmfAccessId is one of
	inherits   string     // slot: field that is the user's own where a row that adds a member gives none
	mirrors    *mirror    // set: the members that the server makes by itself
	comesBack  bool       // a rollback gives the members back to a user that it makes again
}

// extensions are the places in which a user has extensions. All are one name space in each
// partition.
type extensions int

const (
	none      extensions = iota
	primary              // the one that the user itself shows
	alternate            // members of a collection, which has the primary one too, as IdIndex 0
)

// mirror tells of a member that the server makes by itself of what the user shows.
type mirror struct {
	field string // of the member
	of    string // field of the user, of which it makes one
	or    string // another, of which it may
	while string // flag of the user: as long as it is set, one that was taken away only comes back
}

// made reports whether the server may have made a member by itself.
func (m *mirror) made(user, member cupi.Object) bool {
	return m != nil && (strings.EqualFold(member[m.field], user[m.of]) || strings.EqualFold(member[m.field], user[m.or]))
}

// returns reports whether a member would only come back if it was taken away.
func (m *mirror) returns(user, member cupi.Object) bool {
	return same(m.while, user[m.while], "true") && same(m.field, member[m.field], user[m.of])
}

// items gives what a set shall hold: the members that the row's lists make, the
// first of each list being of the first member.
func (k *stepKind) items(wanted cupi.Object) []cupi.Object {
	var items []cupi.Object
	for name, text := range wanted {
		for i, value := range validate.SplitList(text) {
			if i == len(items) {
				items = append(items, cupi.Object{})
			}
			items[i][name] = value
		}
	}
	return items
}

// shape is how a kind of step reads, changes and undoes.
type shape int

// The shapes. A kind that fits single, slot or set needs no code but its entry.
const (
	foreign     shape = iota // not in the table
	wholeUser                // the user itself: step_user.go
	single                   // one object that is always there: step_single.go
	slot                     // one member of a collection: step_slot.go
	set                      // all members of a collection: step_set.go
	memberships              // being a member of collections that are not the user's: step_set.go
)

// owner is what a kind's collection hangs on.
type owner int

const (
	theUser        owner = iota
	theCallHandler       // the user's own
	theSlot              // the user's member of another kind, in the step's slot
	everyone             // a list of all users' entries
)

// Step is one part of a plan.
type Step struct {
	Kind   string      // an entry of the table of step kinds
	Wanted cupi.Object // the fields it shall set
}

// stepsOf lists the steps of a row, in the order of the table and of the slots'
// names. Every row has the main step, even when it sets nothing there: that step
// makes or finds the user.
func (o *object) stepsOf(operation validate.Operation, wanted map[string]cupi.Object) []Step {
	main := o.main
	steps := []Step{{main.name, wanted[main.name]}}
	if operation == validate.Delete {
		return steps
	}
	names := slices.Collect(maps.Keys(wanted))
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(kindOf(a).place-kindOf(b).place, strings.Compare(a, b)) })
	for _, name := range names {
		if fields := wanted[name]; len(fields) > 0 && kindOf(name).place > main.place {
			steps = append(steps, Step{name, fields})
		}
	}
	return steps
}

// kindOf finds a step's entry. A step that is not in the table comes from a journal
// of another version.
func kindOf(step string) *stepKind {
	name, _, _ := strings.Cut(step, "/")
	if kind := kindsByName[name]; kind != nil {
		return kind
	}
	return &stepKind{name: step, place: -1, about: userObject, in: of(userObject.collection)}
}

// creates reports whether a request of a step makes the user itself.
func creates(step, method string) bool { return method == http.MethodPost && IsMain(step) }

// deletes reports whether a request of a step removes the user itself.
func deletes(step, method string) bool { return method == http.MethodDelete && IsMain(step) }

// IsMain reports whether a step is about the user itself, and not about a part of it.
func IsMain(step string) bool { return kindOf(step).main }

// LookedUp reports whether the object of a step must be found before it can be changed, even
// that of a user whom the run has just made: the server made it with the user.
func LookedUp(step string) bool {
	kind := kindOf(step)
	return kind.theirs || kind.owner == theCallHandler
}

// slotOf is the part of a step's name that says which member is meant.
func slotOf(step string) string {
	_, slot, _ := strings.Cut(step, "/")
	return slot
}

// query narrows a list of all users' entries to those of one.
func (k *stepKind) query(userID string) cupi.Query {
	if k.owner != everyone {
		return cupi.Query{}
	}
	return cupi.Query{Column: k.of, Op: cupi.Is, Value: userID}
}

// tell names a member to people.
func (k *stepKind) tell(member cupi.Object) string {
	return strings.TrimSpace("the " + orElse(k.one, k.name) + " " + k.nameOf(member))
}

// nameOf is by what people know a member of a kind's collection.
func (k *stepKind) nameOf(member cupi.Object) string {
	whole := strings.Join(values(member, k.writes), " ")
	if k.shape == set && len(k.writes) > 1 { // a name of several fields
		return whole
	}
	return orElse(member["DisplayName"], orElse(member[k.in("").NameField], whole))
}

// values are those of some fields that are not empty.
func values(object cupi.Object, names []string) []string {
	var list []string
	for _, name := range names {
		if object[name] != "" {
			list = append(list, object[name])
		}
	}
	return list
}

// at is the collection that a path below it is in.
func (k *stepKind) at(path string) cupi.Collection {
	collection := k.in("")
	collection.Path = path[:strings.LastIndexByte(path, '/')]
	return collection
}

// put changes fields of the object at a path.
func (k *stepKind) put(path string, fields cupi.Object) cupi.Request {
	request := cupi.Request{Method: "PUT", Path: path, Root: k.in("").Element, Fields: fields}
	if k.root != "" {
		request.Root = k.root
	}
	return request
}

// listed reports whether the kind's objects are found in the list that they are in.
// Not every such object answers by itself.
func (k *stepKind) listed() bool {
	return k.shape >= slot && !k.named && k.owner != everyone
}

// toBeDrawn stands for a PIN until the run starts; it is in no cell.
const toBeDrawn = "\x00"

// toBeDrawn reports whether the step sets a PIN that the run has yet to draw.
func (s Step) toBeDrawn() bool {
	kind := kindOf(s.Kind)
	return kind.drawn && s.Wanted[kind.writeOnly] == toBeDrawn
}
