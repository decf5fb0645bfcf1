package cupi

import "strings"

// What refers to users, and where it is changed.

// CallHandlerPrimaryTemplates are the call handlers of user templates.
//
// CUPI User Template API.
var CallHandlerPrimaryTemplates = Collection{"callhandlerprimarytemplates", "/vmrest/callhandlerprimarytemplates",
	"CallhandlerPrimaryTemplates", "CallhandlerPrimaryTemplate", "DisplayName", "ObjectId"}

// SubscriberDependenciesOf are what refers to one user.
func SubscriberDependenciesOf(userID string) Collection {
	c := SubscriberDependencies
	c.Path = c.member(userID)
	return c
}

// KeysIn are the caller input keys of a call handler, or of a template of one.
//
// CUPI User Caller Input API; CUPI API for Call Handler Template.
func KeysIn(handlers Collection, id string) Collection {
	if handlers.Name == CallHandlerTemplates.Name {
		return below(handlers, id, "templatemenuentries", "TemplateMenuEntries", "TemplateMenuEntry", "TouchtoneKey")
	}
	return below(handlers, id, "menuentries", "MenuEntries", "MenuEntry", "TouchtoneKey")
}

// GreetingsIn are the greetings of a call handler, or of a template of one.
//
// CUPI Call Handler API, Greetings; CUPI User Template API.
func GreetingsIn(handlers Collection, id string) Collection {
	switch handlers.Name {
	case CallHandlerTemplates.Name:
		return below(handlers, id, "templategreetings", "TemplateGreetings", "TemplateGreeting", "GreetingType")
	case CallHandlerPrimaryTemplates.Name:
		return below(handlers, id, "usertemplategreetings", "UserTemplateGreetings", "UserTemplateGreeting", "GreetingType")
	}
	return below(handlers, id, "greetings", "Greetings", "Greeting", "GreetingType")
}

// HoldersOf are what have call handlers of their own: users, or the templates of users.
func HoldersOf(handlers Collection) Collection {
	if handlers.Name == CallHandlerPrimaryTemplates.Name {
		return UserTemplates
	}
	return Users
}

// HoldsHandler reports whether the type that is told of an owner, User or User Template, is one of
// those, whose id may be told in place of that of the handler.
func HoldsHandler(ownerType string) bool {
	ownerType, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(ownerType)), " ")
	return ownerType == "user"
}

// ElementAt is the XML element of the object at a path that can refer to a user; "" if none
// is known.
func ElementAt(path string) string {
	collection, _, _ := cutLast(path)
	_, kind, _ := cutLast(collection)
	for _, c := range []Collection{Users, UserTemplates, CallHandlers, DirectoryHandlers, InterviewHandlers} {
		if collection == c.Path {
			return c.Element
		}
	}
	for _, handlers := range []Collection{CallHandlers, CallHandlerTemplates, CallHandlerPrimaryTemplates} {
		if collection == handlers.Path {
			return handlers.Element
		}
		for _, parts := range []Collection{KeysIn(handlers, ""), GreetingsIn(handlers, "")} {
			if kind == parts.Name {
				return parts.Element
			}
		}
	}
	return ""
}

// cutLast takes the last part from a path.
func cutLast(path string) (before, last string, found bool) {
	at := strings.LastIndexByte(path, '/')
	return path[:max(at, 0)], path[at+1:], at >= 0
}
