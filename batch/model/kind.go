package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// StepKind is one entry of the table of step kinds: all that the engine knows of
// one part of a user. A step's name is a kind's name, or that, "/" and a slot:
// "pin", "alternateextensions/1".
type StepKind struct {
	Name      string
	Place     int     // in the table; -1: in none
	About     *Object // whose part it is
	One, Many string  // what it is, to people
	Shape     shape

	Main        bool // wholeUser: every row has it: it makes, changes or deletes the user
	Temporary   bool // wholeUser: it moves a user to a temporary extension, where rows hand extensions round in a cycle
	AfterImport bool // wholeUser: it sets what a row wants of a user that it imports, and the import does not bring

	Owner   owner                              // what it hangs on
	HangsOn string                             // theSlot: the kind that has it
	In      func(owner string) cupi.Collection // it is a member of this collection, which hangs on the owner

	Member string // single: which member; "": the owner itself
	root   string // XML root of the bodies, if it is not the element's name

	elementAt func(path string) string // the element's name, of a kind whose objects are of several collections
	Named     bool                     // slot: the members have the slots' names in place of ids
	Slots     []string                 // slot: those that rows can set

	Key            string            // slot: the field that tells members apart; "": there is one
	Repeats        bool              // slot: several members may have one key, and then Tells tells which a row means
	Tells          string            // slot: a field that tells members of one key apart; "": none does
	KeyNames       map[string]string // slot: the key's value; a slot that is not here is the value itself
	RequiredFields []string          // slot: to clear one of these deletes the member; it can't be made without the first
	ServerCreated  bool              // slot: the server makes it with each user, so that a new user's must be looked up, and changed

	Mixed func(owner string) cupi.Collection // slot: a list of members of several kinds, with their ids and not all of their fields
	Type  string                             // what the Type of a member is there; "": it is not documented

	MixedShows []string // the fields that it shows of a member, by its documentation

	Of           string      // set: the field that holds the user's id, where the path does not
	Unique       string      // set: the field in which no two members of all users may agree; "": there is none
	Given        cupi.Object // fields of a POST besides those of the row
	CreateFields []string    // the fields that a POST takes: what brings a deleted member back

	Stays      []string    // fields that hold something for ever once they do: the server takes no empty text
	WriteOnly  string      // field that no answer shows
	Credential string      // what that field is, to people
	Drawn      bool        // single: what a user has in that field, a run may draw
	WithDrawn  cupi.Object // what else a user who is there gets with it: it is asked for once, and nobody is locked out
	Extensions extensions  // those that its DtmfAccessId is one of
	Inherits   string      // slot: field that is the user's own where a row that adds a member gives none
	Mirrors    *mirror     // set: the members that the server makes by itself
	Held       bool        // set: it is whom a distribution list holds, and a run that deletes lists reads that of all of them
	Doubtful   bool        // set: it is not certain that a server keeps the members that it takes: they are read back

	// Senders are where the server lists what can send its messages to one of those whom the kind is about, and names it by
	// the field Of; nil: none do. Of the fields that are the keys of Recipients a sender has one, and each names one of
	// such a collection.
	Senders    []Sender
	Recipients map[string]cupi.Collection

	// Who are those whom the members are, where people name members by them; zero: they do not. Called is what
	// such a one is called in a file. Takes is the flag of the owner without which it has none of these.
	Who           cupi.Collection
	Called, Takes string

	Leaves  bool   // set: a step of it takes those members out whose ObjectIds it names
	Unnamed string // flag of members that no name finds; "": there are none

	// FromTemplate are the members that a template gives to each user who is made of it; nil: it gives none
	// that count.
	FromTemplate func(templateID string) cupi.Collection

	Returns  returning // when a user that a rollback makes again has it again
	Restores []string  // the fields that it has then; nil: those that a row can set, and CreateFields
	AsLost   string    // what it is to people of whom it does not come back; "": Many

	// Within is a list below each member of the kind that it hangs on; it has one of these for each
	// entry, which is told by the list's IDField.
	Within func(parent string) cupi.Collection
}

// returning says whether what a user had comes back with a user who was deleted: it is recorded
// then before the user is deleted.
type returning int

const (
	neverReturns returning = iota // nobody can read it, or nobody can write it
	Returns                       // unless the user alone is recorded
	ReturnsFully                  // where everything is recorded
)

// Sender is a list of what has a recipient of its messages.
type Sender struct {
	cupi.Collection
	One string // what people call one

	// Own leaves out those that belong to users, whose messages are theirs. Every server has some that do not.
	Own cupi.Query
}

// extensions are the places in which a user has extensions. All are one name space in each
// partition.
type extensions int

const (
	None      extensions = iota
	Primary              // the one that the user itself shows
	Alternate            // members of a collection, which has the primary one too, as IdIndex 0
)

// mirror tells of a member that the server makes by itself of what the user shows.
type mirror struct {
	field string // of the member
	of    string // field of the user, of which it makes one
	or    string // another, of which it may
	while string // flag of the user: as long as it is set, one that was taken away only comes back
}

// Made reports whether the server may have made a member by itself.
func (m *mirror) Made(user, member cupi.Object) bool {
	return m != nil && (strings.EqualFold(member[m.field], user[m.of]) || strings.EqualFold(member[m.field], user[m.or]))
}

// Returns reports whether a member would only come back if it was taken away.
func (m *mirror) Returns(user, member cupi.Object) bool {
	return Same(m.while, user[m.while], "true") && Same(m.field, member[m.field], user[m.of])
}

// Recorded takes from a member what brings it back, and what tells it from others.
func (k *StepKind) Recorded(member cupi.Object) cupi.Object {
	return Only(member, slices.Concat(k.Restores, []string{k.Key, k.label(), "ObjectId", "Undeletable"})...)
}

// Unsure gives, of fields that are written, those of which it is not certain that a server keeps them.
func (k *StepKind) Unsure(fields cupi.Object) cupi.Object {
	switch {
	case k.Doubtful:
		return Only(fields, k.CreateFields...)
	case k.Main:
		return Only(fields, k.About.Doubtful...)
	}
	return nil
}

// label is the field by which the members of a slot's collection are told apart.
func (k *StepKind) label() string { return cmp.Or(k.Key, "DisplayName") }

// Matching gives for each member that a user had the one that another user has in its place; nil for
// none. They are told by their labels; what the server makes with each user, and has another label
// since, by their order.
func (k *StepKind) Matching(had, has []cupi.Object) []cupi.Object {
	matching, taken := make([]cupi.Object, len(had)), make([]bool, len(has))
	match := func(alike func(one, other cupi.Object) bool) {
		for i, one := range had {
			for at, other := range has {
				if matching[i] == nil && !taken[at] && alike(one, other) {
					matching[i], taken[at] = other, true
				}
			}
		}
	}
	match(func(one, other cupi.Object) bool { return Same(k.label(), one[k.label()], other[k.label()]) })
	match(func(one, other cupi.Object) bool {
		return k.ServerCreated && Same("Undeletable", one["Undeletable"], "true") && Same("Undeletable", other["Undeletable"], "true")
	})
	return matching
}

// Items gives what a set shall hold: the members that the row's lists make, the
// first of each list being of the first member.
func (k *StepKind) Items(wanted cupi.Object) []cupi.Object {
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
	Foreign     shape = iota // not in the table
	WholeUser                // the user itself: step_user.go
	Single                   // one object that is always there: step_single.go
	Slot                     // one member of a collection: step_slot.go
	Set                      // all members of a collection: step_set.go
	Memberships              // being a member of collections that are not the user's: step_set.go
)

// owner is what a kind's collection hangs on.
type owner int

const (
	theUser        owner = iota
	TheCallHandler       // the user's own
	TheGreeting          // a greeting of the user's call handler, named by the step's slot, in the user's language
	TheSlot              // the user's member of another kind, in the step's slot
	Everyone             // a list of all users' entries
	Others               // nothing of the user's: it is somebody else's, and refers to the user or to the successor
)

// SlotOf is the part of a step's name that says which member is meant.
func SlotOf(step string) string {
	_, slot, _ := strings.Cut(step, "/")
	return slot
}

// KeyOf is the value of the key by which a slot is told.
func (k *StepKind) KeyOf(slot string) string { return cmp.Or(k.KeyNames[slot], slot) }

// Query narrows a list of all users' entries to those of one.
func (k *StepKind) Query(userID string) cupi.Query {
	if k.Owner != Everyone {
		return cupi.Query{}
	}
	return cupi.Query{Column: k.Of, Op: cupi.Is, Value: userID}
}

// OfEverybody reports whether one list shows what all users have of the kind.
func (k *StepKind) OfEverybody() bool {
	return k.Shape == Set && k.Owner == Everyone || k.Shape == Single && k.Owner == TheCallHandler
}

// ReadOnce reports whether it is read once a run, for all, what those have of the kind whom it is about.
func (k *StepKind) ReadOnce() bool { return k.Shape == Memberships || k.Senders != nil }

// ReadForEach reports whether a delete reads for itself what the one has of the kind.
func (k *StepKind) ReadForEach() bool { return !k.ReadOnce() && !k.Held }

// Nested reports whether what the kind is about hangs on another of the same objects: a list is in a
// list.
func (k *StepKind) Nested() bool {
	return k.Shape == Memberships && k.About.Of(k.In("x").Path) != ""
}

// Alters reports whether the server may alter the members of another kind by itself where one of
// this kind is changed.
func (k *StepKind) Alters(other *StepKind) bool {
	return k.Shape == WholeUser && other.Mirrors != nil
}

// OwnerField is the field by which that list says whose a part is.
func (k *StepKind) OwnerField() string {
	return cmp.Or(k.Of, "ObjectId")
}

// OfMember reports whether a step says who is in a list, as files about that do.
func (k *StepKind) OfMember() bool { return k.Who.Name != "" || k.Leaves }

// SenderAt is the list that what sends messages at a path is in.
func (k *StepKind) SenderAt(path string) (Sender, bool) {
	i := slices.IndexFunc(k.Senders, func(of Sender) bool { return strings.HasPrefix(path, of.Path+"/") })
	if i < 0 {
		return Sender{}, false
	}
	return k.Senders[i], true
}

// Recipient is the recipient that a sender of messages has: of the fields of which it has one, those that hold something.
func (k *StepKind) Recipient(sender cupi.Object) cupi.Object {
	recipient := cupi.Object{}
	for name := range k.Recipients {
		if sender[name] != "" {
			recipient[name] = sender[name]
		}
	}
	return recipient
}

// Describe names a member to people.
func (k *StepKind) Describe(member cupi.Object) string {
	if sender, is := k.SenderAt(member["URI"]); is {
		return fmt.Sprintf("the messages of the %s %q", sender.One, cmp.Or(member["DisplayName"], member["ObjectId"]))
	}
	return strings.TrimSpace("the " + cmp.Or(k.One, k.Name) + " " + k.nameOf(member))
}

// nameOf is by what people know a member of a kind's collection.
func (k *StepKind) nameOf(member cupi.Object) string {
	whole := strings.Join(values(member, k.CreateFields), " ")
	if k.OfMember() { // as a file names it
		return cmp.Or(member[k.In("").NameField], whole)
	}
	if k.Shape == Set && len(k.CreateFields) > 1 { // a name of several fields
		return whole
	}
	return cmp.Or(member["DisplayName"], cmp.Or(member[k.In("").NameField], whole))
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

// At is the collection that a path below it is in.
func (k *StepKind) At(path string) cupi.Collection {
	collection := k.In("")
	collection.Path = path[:strings.LastIndexByte(path, '/')]
	return collection
}

// ElementAt is what XML calls the object at a path.
func (k *StepKind) ElementAt(path string) string {
	if k.elementAt != nil {
		return k.elementAt(path)
	}
	return k.In("").Element
}

// Sounds reports whether what the kind is about is a recording.
func (k *StepKind) Sounds() bool { return k.In("").Element == cupi.Sound }

// Put changes fields of the object at a path.
func (k *StepKind) Put(path string, fields cupi.Object) cupi.Request {
	request := cupi.Request{Method: "PUT", Path: path, Root: k.ElementAt(path), Fields: fields}
	if k.root != "" {
		request.Root = k.root
	}
	return request
}

// ComesWithUser reports whether every user has what the kind is about, from the moment that
// it is made: the template says then what is in it.
func (k *StepKind) ComesWithUser() bool {
	return k.Shape == Single && k.WriteOnly == "" && !k.Sounds() || k.Shape == Slot && (k.ServerCreated || k.Named)
}

// Added reports whether somebody adds the members of the kind, one by one, and no user has them by itself.
func (k *StepKind) Added() bool { return k.Shape >= Slot && !k.Named && !k.ServerCreated }

// Listed reports whether the kind's objects are found in the list that they are in.
// Not every such object answers by itself.
func (k *StepKind) Listed() bool {
	return k.Shape >= Slot && !k.Named && k.Owner != Everyone
}

// toBeDrawn stands for a PIN until the run starts; it is in no cell.
const toBeDrawn = "\x00"

// of is the collection of what hangs on nobody.
func of(c cupi.Collection) func(string) cupi.Collection {
	return func(string) cupi.Collection { return c }
}
