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

var dependencySchema = schemaOf("subscriberdependencies")

// dependent is the vendor's numbers and words for a kind of document that can refer to a user: its type, the name of that,
// and of each group of its target fields (by what their names begin with) what the dependency is called, and its number.
type dependent struct {
	number, kind string
	called       map[string][2]string
}

var (
	handlerDependent  = dependent{"3", "Call Handler", map[string][2]string{"AfterMessage": {"AfterMessage", "1"}}}
	templateDependent = dependent{"135", "Call Handler Template", map[string][2]string{"AfterMessage": {"AfterMessage", "1"}}}
	directoryNumbers  = map[string][2]string{"Exit": {"Exit", "3"}, "NoInput": {"NoInput", "3"}, "NoSelection": {"NoSelection", "3"}, "Zero": {"Zero", "3"}}
)

func (c *call) dependencies(user string) answer {
	all := c.data.dependencies(func(id string) bool { return user == "" || id == user })
	return c.listing("SubscriberDependencies", "SubscriberDependency", dependencySchema, all)
}

// dependencies is everything that refers to the users who are wanted, but for what is their own.
func (d *data) dependencies(wanted func(user string) bool) []*document {
	var all []*document
	note := func(from *document, kind dependent, called, number, target string) {
		user := d.users[target]
		if handler := d.handlers[target]; handler != nil {
			user = handler.owner
		}
		if user == nil || !wanted(user.own["ObjectId"]) || from == user || from.belongsTo(user) {
			return
		}
		owner, _ := from.value("DisplayName")
		all = append(all, &document{schema: dependencySchema, own: map[string]string{
			"DependencyType": called, "DependentEntityObjectId": from.own["ObjectId"], "DependentEntityObjectType": kind.number, "DependentEntityOwner": owner,
			"DependencyDestinationType": number, "SubscriberObjectId": user.own["ObjectId"], "DependentEntityOwnerType": kind.kind,
		}})
	}
	look := func(from *document, kind dependent) {
		for _, prefix := range from.schema.targets {
			called, known := kind.called[prefix]
			if target := from.own[prefix+"TargetHandlerObjectId"]; known && target != "" {
				note(from, kind, called[0], called[1], target)
			}
		}
		if recipient := from.own["RecipientSubscriberObjectId"]; recipient != "" {
			note(from, kind, "Recipient", "5", recipient)
		}
	}
	for _, user := range d.users {
		look(user, dependent{"21", "User", map[string][2]string{"Exit": {"UserExit", "1"}}})
	}
	for _, handler := range d.handlers {
		look(handler, handlerDependent)
	}
	for _, greeting := range d.belongings["greetings"].all {
		look(greeting, dependent{"66", "Greeting", map[string][2]string{"AfterGreeting": {greeting.own["GreetingType"] + " Greeting", "0"}}})
	}
	for _, key := range d.belongings["menuentries"].all {
		look(key, dependent{"67", "Menu Entry", map[string][2]string{"": {"TT" + key.own["TouchtoneKey"], "2"}}})
	}
	for path, kind := range map[string]dependent{
		"callhandlertemplates": templateDependent, "callhandlerprimarytemplates": templateDependent,
		"handlers/directoryhandlers": {"6", "Directory Handler", directoryNumbers},
		"handlers/interviewhandlers": {"5", "Interview Handler", map[string][2]string{"AfterMessage": {"AfterMessage", "1"}}},
		"routingrules":               {"103", "Routing Rule", map[string][2]string{"Route": {"RoutingRule", "0"}}},
		"usertemplates":              {"10", "User Template", map[string][2]string{"Exit": {"UserExit", "1"}}},
	} {
		for _, one := range d.lists[path].documents {
			look(one, kind)
		}
	}
	slices.SortFunc(all, func(a, b *document) int {
		return cmp.Or(cmp.Compare(a.own["SubscriberObjectId"], b.own["SubscriberObjectId"]), cmp.Compare(a.own["DependentEntityObjectId"], b.own["DependentEntityObjectId"]), cmp.Compare(a.own["DependencyType"], b.own["DependencyType"]))
	})
	return all
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
	return len(d.dependencies(func(other string) bool { return other == id })) > 0
}
