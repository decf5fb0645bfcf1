package model

import (
	"net/http"
	"strings"
)

// The entry of a step, by its name.

// KindOf finds a step's entry. A step that is not in the table comes from a journal
// of another version.
func KindOf(step string) *StepKind {
	name, _, _ := strings.Cut(step, "/")
	if kind := KindNamed(name); kind != nil {
		return kind
	}
	return &StepKind{Name: step, Place: -1, About: UserObject, In: of(UserObject.Collection)}
}

// KindNamed is the entry with a name; nil: the table has none.
func KindNamed(name string) *StepKind { return kindsByName[name] }

// Creates reports whether a request of a step makes the user itself.
func Creates(step, method string) bool { return method == http.MethodPost && IsMain(step) }

// Deletes reports whether a request of a step removes the user itself.
func Deletes(step, method string) bool { return method == http.MethodDelete && IsMain(step) }

// IsMain reports whether a step is about the user itself, and not about a part of it.
func IsMain(step string) bool { return KindOf(step).Main }

// LookedUp reports whether the object of a step must be found before it can be changed, even
// that of a user whom the run has just made: the server made it with the user.
func LookedUp(step string) bool {
	kind := KindOf(step)
	return kind.ServerCreated || kind.Owner == TheCallHandler
}
