package cupitest

import (
	"cmp"
	"slices"
)

// dependencyRoutes tell who refers to users: a call that goes to one's handler, or messages that one gets.
var dependencyRoutes = []route{
	{"GET /vmrest/subscriberdependencies", nil, func(c *call) answer { return c.dependencies("") }},
	{"GET /vmrest/subscriberdependencies/{id}", nil, func(c *call) answer { return c.dependencies(c.ids[0]) }},
}

var dependencySchema = schemaAt("subscriberdependencies")

// dependent is the vendor's numbers and words for a kind of document that can refer to a user: its type, the name of that,
// and of each group of its target fields (by what their names begin with) what the dependency is called, and its number.
type dependent struct {
	number, kind string
	called       map[string][2]string
}

var (
	afterMessage     = map[string][2]string{"AfterMessage": {"AfterMessage", "1"}}
	userExit         = map[string][2]string{"Exit": {"UserExit", "1"}}
	directoryNumbers = map[string][2]string{"Exit": {"Exit", "3"}, "NoInput": {"NoInput", "3"},
		"NoSelection": {"NoSelection", "3"}, "Zero": {"Zero", "3"}}
)

// Types of documents that the vendor's answers show for parts of a handler.
const (
	handlerType  = "3"
	greetingType = "66"
	keyType      = "67"
)

func (c *call) dependencies(user string) answer {
	all := c.data.dependencies(c.s.OwnDependencyIDs, func(id string) bool { return user == "" || id == user })
	return c.listing("SubscriberDependencies", "SubscriberDependency", dependencySchema(), all)
}

// dependencies is everything that refers to the users who are wanted, but for what is their own. A greeting and a key are
// told by the id of the handler that has them, or with ownIDs by their own.
func (d *data) dependencies(ownIDs bool, wanted func(user string) bool) []*document {
	var all []*document
	note := func(from *document, kind dependent, called, number, target string) {
		user := d.users[target]
		if handler := d.handlers[target]; handler != nil {
			user = handler.owner
		}
		if user == nil || !wanted(user.own["ObjectId"]) || from == user || from.belongsTo(user) {
			return
		}
		id, owner := from.own["ObjectId"], d.ownerOf(from, kind.kind)
		if part := kind.number == greetingType || kind.number == keyType; part && !ownIDs {
			id = from.owner.own["ObjectId"]
			if kind.number == keyType {
				kind.number = handlerType
			}
		}
		all = append(all, &document{schema: dependencySchema(), own: map[string]string{
			"DependencyType": called, "DependentEntityObjectId": id, "DependentEntityObjectType": kind.number,
			"DependentEntityOwner":      owner.name,
			"DependencyDestinationType": number, "SubscriberObjectId": user.own["ObjectId"], "DependentEntityOwnerType": owner.kind,
		}})
	}
	look := func(from *document, kind dependent) {
		for prefix, called := range kind.called {
			if target := from.own[prefix+"TargetHandlerObjectId"]; target != "" {
				note(from, kind, called[0], called[1], target)
			}
		}
		if recipient := from.own["RecipientSubscriberObjectId"]; recipient != "" {
			note(from, kind, "Recipient", "5", recipient)
		}
	}
	for _, user := range d.users {
		look(user, dependent{"21", "User", userExit})
	}
	for _, handler := range d.handlers {
		look(handler, dependent{handlerType, "", afterMessage})
	}
	for _, greeting := range d.belongings["greetings"].all {
		look(greeting, dependent{greetingType, "", map[string][2]string{"AfterGreeting": {greeting.own["GreetingType"] +
			" Greeting", "0"}}})
	}
	for _, key := range d.belongings["menuentries"].all {
		look(key, dependent{keyType, "", map[string][2]string{"": {"TT" + key.own["TouchtoneKey"], "2"}}})
	}
	for path, kind := range map[string]dependent{
		"callhandlertemplates":        {"135", "Call Handler Template", afterMessage},
		"callhandlerprimarytemplates": {handlerType, "User Template", afterMessage},
		"handlers/directoryhandlers":  {"6", "Directory Handler", directoryNumbers},
		"handlers/interviewhandlers":  {"5", "Interview Handler", afterMessage},
		"routingrules":                {"103", "Routing Rule", map[string][2]string{"Route": {"RoutingRule", "0"}}},
		"usertemplates":               {"10", "User Template", userExit},
	} {
		for _, one := range d.lists[path].documents {
			look(one, kind)
		}
	}
	slices.SortFunc(all, func(a, b *document) int {
		return cmp.Or(cmp.Compare(a.own["SubscriberObjectId"], b.own["SubscriberObjectId"]),
			cmp.Compare(a.own["DependentEntityObjectId"], b.own["DependentEntityObjectId"]),
			cmp.Compare(a.own["DependencyType"], b.own["DependencyType"]))
	})
	return all
}

// dependencyOwner is by what an answer calls whose a reference is, and what that is.
type dependencyOwner struct{ name, kind string }

// ownerOf is whose a document that refers to a user is: the handler of a part, and the user of that.
func (d *data) ownerOf(from *document, kind string) dependencyOwner {
	if from.owner != nil && from.schema != callHandlerSchema() { // a greeting or a key
		from = from.owner
	}
	id := from.own["ObjectId"]
	switch {
	case kind != "":
	case d.handlers[id] != nil && from.owner != nil:
		return dependencyOwner{from.owner.own["Alias"], "User"}
	case d.handlers[id] != nil:
		kind = "Call Handler"
	case d.lists["callhandlertemplates"].find(id) != nil:
		kind = "Call Handler Template"
	default:
		kind = "User Template"
	}
	name, _ := from.value("DisplayName")
	return dependencyOwner{cmp.Or(name, from.own["Alias"]), kind}
}

// belongsTo is true of what goes when the other goes.
func (d *document) belongsTo(other *document) bool {
	for owner := d.owner; owner != nil; owner = owner.owner {
		if owner == other {
			return true
		}
	}
	return false
}

// referenced is true of a user to whom another object refers.
func (d *data) referenced(user *document) bool {
	id := user.own["ObjectId"]
	return len(d.dependencies(false, func(other string) bool { return other == id })) > 0
}
