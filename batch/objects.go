package batch

import (
	"slices"

	"cucbulk/cupi"
)

// object is what a row can be about: all that the engine knows of it beside its step kinds.
type object struct {
	collection cupi.Collection
	kinds      []stepKind

	main, temporary, afterImport, drawn *stepKind // those of which the fields of these names are true
}

// users is the one thing that rows are about so far. Nothing changes it.
var users = filed(&object{collection: cupi.Users, kinds: stepKinds})

// kindsByName are the step kinds of all objects. No two have one name, so that the name in a
// journal tells the object too.
var kindsByName = byName(users)

// filed is an object whose kinds know their place, and that has found those it needs.
func filed(o *object) *object {
	for i := range o.kinds {
		kind := &o.kinds[i]
		kind.place, kind.about = i, o
		for _, found := range []struct {
			is bool
			at **stepKind
		}{{kind.main, &o.main}, {kind.temporary, &o.temporary}, {kind.afterImport, &o.afterImport}, {kind.drawn, &o.drawn}} {
			if found.is {
				*found.at = kind
			}
		}
	}
	return o
}

func byName(objects ...*object) map[string]*stepKind {
	kinds := map[string]*stepKind{}
	for _, o := range objects {
		for i := range o.kinds {
			kinds[o.kinds[i].name] = &o.kinds[i]
		}
	}
	return kinds
}

// comingBack lists the kinds whose members a rollback gives back to one that it makes again.
// An intent to delete one holds them under the kinds' names.
func (o *object) comingBack() []*stepKind {
	var kinds []*stepKind
	for i := range o.kinds {
		if o.kinds[i].comesBack {
			kinds = append(kinds, &o.kinds[i])
		}
	}
	return kinds
}

// carries reports whether members of other kinds hang on those of a kind.
func (o *object) carries(kind *stepKind) bool {
	return slices.ContainsFunc(o.kinds, func(other stepKind) bool { return other.hangsOn == kind.name })
}
