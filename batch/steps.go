package batch

import (
	"cmp"
	"maps"
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
	one, many string // what it is, to people
	shape     shape

	owner owner                              // what it hangs on
	in    func(owner string) cupi.Collection // it is a member of this collection, which hangs on the owner

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

	writeOnly string // field that no answer shows
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
	thePrivateList       // the one with the step's slot
	everyone             // a list of all users' entries
)

// Step is one part of a plan.
type Step struct {
	Kind   string      // an entry of the table of step kinds
	Wanted cupi.Object // the fields it shall set
}

// stepsOf lists the steps of a row, in the order of the table and of the slots'
// names. Every row has the user step, even when it sets nothing there: that step
// makes or finds the user.
func stepsOf(operation validate.Operation, wanted map[string]cupi.Object) []Step {
	steps := []Step{{validate.StepUser, wanted[validate.StepUser]}}
	if operation == validate.Delete {
		return steps
	}
	names := slices.Collect(maps.Keys(wanted))
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(placeOf(a)-placeOf(b), strings.Compare(a, b)) })
	for _, name := range names {
		if fields := wanted[name]; len(fields) > 0 && placeOf(name) > placeOf(validate.StepUser) {
			steps = append(steps, Step{name, fields})
		}
	}
	return steps
}

// placeOf is where a step's kind stands in the table; -1: nowhere.
func placeOf(step string) int {
	name, _, _ := strings.Cut(step, "/")
	return slices.IndexFunc(stepKinds, func(kind stepKind) bool { return kind.name == name })
}

// kindOf finds a step's entry. A step that is not in the table comes from a journal
// of another version.
func kindOf(step string) *stepKind {
	if place := placeOf(step); place >= 0 {
		return &stepKinds[place]
	}
	return &stepKind{name: step, in: of(cupi.Users)}
}

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

// goingWithUsers lists the kinds whose members a rollback gives back to a user that
// it makes again. An intent to delete a user holds them under the kinds' names.
func goingWithUsers() []*stepKind {
	return []*stepKind{kindOf(stepExtensions), kindOf(stepAddresses), kindOf(stepMemberships)}
}
