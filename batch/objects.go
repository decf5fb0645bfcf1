package batch

import (
	"slices"
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// object is one entry of the table of what a row can be about: all that the engine knows of
// it. Its parts are in the table of step kinds.
type object struct {
	collection cupi.Collection // where each is found, and has its path; people call one by its NameField, which no two share

	get    func(id string) cupi.Request // all its fields
	update func(id string, fields cupi.Object) cupi.Request
	remove func(id string) cupi.Request

	templates   cupi.Collection // what a new one is made of
	templateBy  string          // field of the query by which the request that makes one names the template
	getTemplate func(id string) cupi.Request
	create      func(template, mailboxStoreObjectID string, fields cupi.Object) cupi.Request

	people    cupi.Collection // of the LDAP directory, whom it can be made of instead
	importing func(template string, person cupi.Object, extension string) cupi.Request
	imported  func(fields cupi.Object) cupi.Object // the fields of that request as the object shows them

	kinds                               []stepKind
	main, temporary, afterImport, drawn *stepKind // those of which the fields of these names are true
}

// userObject is the one thing that rows are about so far. Nothing changes it.
var userObject = filed(&object{
	collection: cupi.Users,
	get:        cupi.GetUser, update: cupi.UpdateUser, remove: cupi.DeleteUser,
	templates: cupi.UserTemplates, templateBy: "templateAlias", getTemplate: cupi.GetUserTemplate, create: cupi.CreateUser,
	people: cupi.DirectoryUsers, importing: cupi.ImportUser, imported: cupi.Imported,
	kinds: stepKinds,
})

// name is what people call one by.
func (o *object) name(of cupi.Object) string { return of[o.collection.NameField] }

// key finds one by that name.
func (o *object) key(name string) userKey { return userKey{o.collection.NameField, name} }

// of gives the id of the one whose path it is, or that has what the path is of; "" if none has.
func (o *object) of(path string) string {
	rest, _ := strings.CutPrefix(path, o.collection.Path+"/")
	if rest == path {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// aliasDiffers reports whether the Alias of a row is not that of the user that its key
// finds.
func (o *object) aliasDiffers(record validate.Record, user cupi.Object) bool {
	return record.Key != o.collection.NameField && record.Alias != "" && fold(record.Alias) != fold(o.name(user))
}

// wantsPIN puts the place of a PIN into the plan of a new user whose row has none.
func (o *object) wantsPIN(length int, operation validate.Operation, wanted map[string]cupi.Object) {
	drawn := o.drawn
	if length == 0 || !operation.MakesUsers() || wanted[drawn.name][drawn.writeOnly] != "" {
		return
	}
	if wanted[drawn.name] == nil {
		wanted[drawn.name] = cupi.Object{}
	}
	wanted[drawn.name][drawn.writeOnly] = toBeDrawn
}

// kindsByName are the step kinds of all objects. No two have one name, so that the name in a
// journal tells the object too.
var kindsByName = byName(userObject)

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
