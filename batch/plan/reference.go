package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// Reference is something of the server's that refers to a user.
type Reference struct {
	Owner cupi.Collection // what it is in: call handlers, say; without a path of what can't be changed
	ID    string          // of that, as the server tells it
	Name  string          // by which people know that
	Type  string          // as the server calls that
	Place string          // where in it, for people
	Parts parts           // of it, one of which refers to the user; itself where it does so by a field of its own
	Part  string          // the name of that: "3", "Off Hours"; AnyPart where the server does not say which
	Field string          // that names the user, or the user's call handler
	goes  bool            // it can't be changed, and goes with the user by itself
}

// parts are what of an object refers to a user.
type parts int

const (
	Itself parts = iota
	Keys         // caller input keys
	Greetings
)

// AnyPart stands for a part that the server does not name.
const AnyPart = "*"

// recipientField names the user itself; all other fields name the call handler.
const recipientField = "RecipientSubscriberObjectId"

// NamesUser reports whether the field holds the ObjectId of the user, and not that of the
// user's call handler.
func (r Reference) NamesUser() bool { return r.Field == recipientField }

// Movable reports whether it can refer to somebody else by a request that is documented.
func (r Reference) Movable() bool { return r.Owner.Path != "" && r.Field != "" }

// Describe tells people whose the reference is, and where it is.
func (r Reference) Describe() string {
	return fmt.Sprintf("%s %q (%s)", cmp.Or(r.Type, "object"), cmp.Or(r.Name, r.ID), r.Place)
}

// Holders are among whom people know the owner by name: a handler of somebody's is known by whose it is.
func (r Reference) Holders() cupi.Collection {
	// Not where it is the user or the template itself that refers.
	if cupi.HoldsHandler(r.Type) && r.Owner.NameField == cupi.CallHandlers.NameField {
		return cupi.HoldersOf(r.Owner)
	}
	return r.Owner
}

// In is the collection that holds the part, of the owner with an id.
func (r Reference) In(id string) cupi.Collection {
	switch r.Parts {
	case Keys:
		return cupi.KeysIn(r.Owner, id)
	case Greetings:
		return cupi.GreetingsIn(r.Owner, id)
	}
	return r.Owner
}

// ReferenceOf reads what the server tells of one.
func ReferenceOf(told cupi.Object) Reference {
	kind := strings.TrimSpace(told["DependencyType"])
	r := Reference{ID: told["DependentEntityObjectId"], Name: strings.TrimSpace(told["DependentEntityOwner"]),
		Type: strings.TrimSpace(told["DependentEntityOwnerType"]), Place: placeOf(kind)}
	r.Owner = ownerOf(model.Fold(r.Type), told["DependentEntityObjectType"])
	folded := model.Fold(strings.ReplaceAll(kind, " ", ""))
	switch {
	case strings.HasPrefix(kind, "TT"):
		r.Parts, r.Part, r.Field = Keys, kind[2:], "TargetHandlerObjectId"
	case folded == "recipient":
		r.Field = recipientField
	case folded == "aftermessage":
		r.Field = "AfterMessageTargetHandlerObjectId"
	case folded == "userexit", folded == "exit" && r.Owner.Name != cupi.DirectoryHandlers.Name:
		r.Owner, r.Field = cupi.HoldersOf(r.Owner), "ExitTargetHandlerObjectId"
	case folded == "exit", folded == "noinput", folded == "noselection", folded == "zero":
		r.Owner, r.Field = cupi.DirectoryHandlers, kind+"TargetHandlerObjectId"
	case strings.Contains(folded, "greeting"):
		r.Parts, r.Part, r.Field = Greetings, greetingNamed(folded), "AfterGreetingTargetHandlerObjectId"
	case folded == "pctrcaller":
		r.Owner, r.goes = cupi.Collection{}, true
	default: // a routing rule, an SMPP provider, a rule of notifications, or what no document names
		r.Owner = cupi.Collection{}
	}
	return r
}

// ownerOf is what the object is in that refers to a user, by what the server calls its owner, or
// by the vendor's number of its type.
func ownerOf(ownerType, number string) cupi.Collection {
	switch {
	case ownerType == "user template":
		return cupi.CallHandlerPrimaryTemplates
	case ownerType == "call handler template", number == "135":
		return cupi.CallHandlerTemplates
	case ownerType == "directory handler", number == "6":
		return cupi.DirectoryHandlers
	case ownerType == "interview handler", number == "5":
		return cupi.InterviewHandlers
	}
	return cupi.CallHandlers
}

// greetingNamed is the greeting that a folded DependencyType means. The vendor's page and its
// answers spell greetings in two ways.
func greetingNamed(folded string) string {
	name := strings.ReplaceAll(folded, "greeting", "")
	for _, greeting := range []string{"Standard", "Off Hours", "Alternate", "Busy", "Internal", "Error", "Holiday"} {
		if name == model.Fold(strings.ReplaceAll(greeting, " ", "")) {
			return greeting
		}
	}
	if name == "closed" {
		return "Off Hours"
	}
	return AnyPart
}

// placeOf says it in the words of the administration pages.
func placeOf(dependency string) string {
	if key, is := strings.CutPrefix(dependency, "TT"); is {
		return "caller input key " + key
	}
	folded := model.Fold(strings.ReplaceAll(dependency, " ", ""))
	switch {
	case folded == "recipient":
		return "recipient of its messages"
	case folded == "aftermessage":
		return "after the message"
	case strings.Contains(folded, "greeting") && greetingNamed(folded) == AnyPart:
		return "after a greeting"
	case strings.Contains(folded, "greeting"):
		return "after the greeting " + greetingNamed(folded)
	case folded == "userexit", folded == "exit":
		return "exit"
	case folded == "pctrcaller":
		return "caller of a personal call transfer rule"
	case folded == "notificationrulecaller":
		return "caller of a notification rule"
	case folded == "routingrule":
		return "call routing rule"
	}
	return cmp.Or(dependency, "the server does not say where")
}

// knownReferences are what refers to users who are to be deleted, as far as somebody asked.
type knownReferences struct {
	*inquiry
	to    map[string][]Reference // by folded ObjectId of the user
	whole bool                   // those to all users are known

	others map[Reference]bool // which are of what is not the tenant's, to whom the session is narrowed
}

// learn takes what was told of these users.
func (k *knownReferences) learn(leavers []string, told []cupi.Object, whole bool) {
	if k.to == nil {
		k.to = map[string][]Reference{}
	}
	for _, id := range leavers {
		k.to[model.Fold(id)] = nil // known, if only that there is none
	}
	for _, dependency := range told {
		id, r := model.Fold(dependency["SubscriberObjectId"]), ReferenceOf(dependency)
		if id != "" && !slices.Contains(k.to[id], r) {
			k.to[id] = append(k.to[id], r)
		}
	}
	k.whole = k.whole || whole
}

// unknown are those of some users of whom it is not known what refers to them.
func (k *knownReferences) unknown(leavers []string) []string {
	if k.whole {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(leavers), func(id string) bool { _, known := k.to[model.Fold(id)]; return known })
}
