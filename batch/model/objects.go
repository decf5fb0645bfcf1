package model

import (
	"maps"
	"slices"
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// Object is one entry of the table of what a row can be about: all that the engine knows of
// it. Its parts are in the table of step kinds.
type Object struct {
	Table      *validate.Table // its columns, and what people call it
	Collection cupi.Collection // where each is found, and has its path; people call one by its NameField, which no two share

	Get    func(id string) cupi.Request // all its fields
	Update func(id string, fields cupi.Object) cupi.Request
	Remove func(id string) cupi.Request

	Dated bool // an entry of the collection tells when it was made; else a run notes whom its rows are about

	Templates         cupi.Collection // what a new one is made of; zero: of nothing
	ForAdministrators bool            // of the templates, it is made of those for administrators
	TemplateBy        string          // field of the query by which the request that makes one names the template
	GetTemplate       func(id string) cupi.Request
	Create            func(template, mailboxStoreObjectID string, fields cupi.Object) cupi.Request

	Mailbox       func(id string) cupi.Request // asks how much is in its mailbox; nil: it has none
	Lost          string                       // what no rollback brings back of one that was deleted
	Doubtful      []string                     // fields of which it is not certain that a server takes them: they are read back, and one that is made again gets them by a request of their own
	MayLack       bool                         // a server may not have the Doubtful ones at all, nor parts that are doubtful: a row goes without what it does not have, and says so
	ListingUntold bool                         // no public source says which fields the listing shows
	NobodyTells   bool                         // of which tenant one is
	Numerous      bool                         // there may be as many as users: whether one has something is asked, where that costs fewer requests than to read all
	Within        []string                     // fields that a server checks against those: they go with them
	Missed        string                       // and the most of it, of several

	// Blank are fields that hold nothing of a new one, with the fields of requests that fill them: who else
	// filled one has changed it.
	Blank map[string]string

	MissedFully string // of those of whom everything was recorded; "": the same

	People    cupi.Collection // of the LDAP directory, whom it can be made of instead
	Importing func(template string, person cupi.Object, extension string) cupi.Request
	Imported  func(fields cupi.Object) cupi.Object // the fields of that request as the object shows them

	kinds                               []StepKind
	Main, Temporary, AfterImport, drawn *StepKind // those of which the fields of these names are true
	References, SuccessorLists          *StepKind // what refers to one that is deleted, and the lists that its successor gets into
	Others                              *StepKind // takes out of a list whom a file does not name
	Alternate                           *StepKind // whose members are its further extensions
}

// UserObject is a user with a mailbox. Nothing changes it.
var UserObject = indexed(&Object{
	Table:      validate.Users,
	Collection: cupi.Users, Dated: true,
	Get: cupi.GetUser, Update: cupi.UpdateUser, Remove: cupi.DeleteUser,
	Templates: cupi.UserTemplates, TemplateBy: "templateAlias", GetTemplate: cupi.GetUserTemplate, Create: cupi.CreateUser,
	People: cupi.DirectoryUsers, Importing: cupi.ImportUser, Imported: cupi.Imported,
	kinds: stepKinds, Mailbox: cupi.GetMailbox, Numerous: true,
	Lost:   "messages, places in private lists of others, PIN, passwords and ObjectId",
	Missed: "Their messages and greetings", MissedFully: "Their messages",
})

// DistributionListObject is a public distribution list.
var DistributionListObject = indexed(&Object{
	Table:      validate.DistributionLists,
	Collection: cupi.DistributionLists,
	Get:        func(id string) cupi.Request { return cupi.Get(cupi.DistributionLists, id) },
	Update: func(id string, fields cupi.Object) cupi.Request {
		return cupi.Update(cupi.DistributionLists, id, fields)
	},
	Remove: func(id string) cupi.Request { return cupi.Delete(cupi.DistributionLists, id) },
	Create: func(_, _ string, fields cupi.Object) cupi.Request { return cupi.Create(cupi.DistributionLists, fields) },
	kinds:  listKinds, Doubtful: []string{"PartitionObjectId"}, Within: []string{"DtmfAccessId"},
	Blank:  map[string]string{"DtmfAccessId": "DtmfAccessId", "VoiceName": cupi.Recording},
	Lost:   "the recorded name, what sends messages to the list, and the ObjectId",
	Missed: "Their recorded names, and what sends messages to them,",
})

// ListMemberObject is a public distribution list, of which a row adds one member or takes one away.
var ListMemberObject = indexed(&Object{
	Table:      validate.ListMembers,
	Collection: cupi.DistributionLists,
	Get:        DistributionListObject.Get, Update: DistributionListObject.Update, Remove: DistributionListObject.Remove, Create: DistributionListObject.Create,
	kinds: memberKinds,
})

// AdminUserObject is a user without a mailbox.
var AdminUserObject = indexed(&Object{
	Table:      validate.AdminUsers,
	Collection: cupi.AdminUsers,
	Get:        func(id string) cupi.Request { return cupi.Get(cupi.AdminUsers, id) },
	Update:     func(id string, fields cupi.Object) cupi.Request { return cupi.Update(cupi.AdminUsers, id, fields) },
	Remove:     func(id string) cupi.Request { return cupi.Delete(cupi.AdminUsers, id) },
	Templates:  cupi.UserTemplates, TemplateBy: "templateAlias", GetTemplate: cupi.GetUserTemplate, ForAdministrators: true,
	Create: func(template, _ string, fields cupi.Object) cupi.Request {
		return cupi.CreateAdminUser(template, fields)
	},
	kinds: adminKinds, NobodyTells: true,
	Lost:   "the password and the ObjectId",
	Missed: "Their passwords",
})

// ServiceAccountObject is a user with a mailbox, of whom a row makes, changes or deletes the account with one unified
// messaging service.
var ServiceAccountObject = indexed(&Object{
	Table:      validate.ServiceAccounts,
	Collection: cupi.Users, Dated: true,
	Get: cupi.GetUser, Update: cupi.UpdateUser, Remove: cupi.DeleteUser, Create: cupi.CreateUser,
	kinds:  serviceKinds,
	Missed: "The passwords that they sign in with",
})

// ContactObject is a system contact.
var ContactObject = indexed(&Object{
	Table:      validate.Contacts,
	Collection: cupi.Contacts,
	Get:        func(id string) cupi.Request { return cupi.Get(cupi.Contacts, id) },
	Update:     func(id string, fields cupi.Object) cupi.Request { return cupi.Update(cupi.Contacts, id, fields) },
	Remove:     func(id string) cupi.Request { return cupi.Delete(cupi.Contacts, id) },
	TemplateBy: "templateAlias",
	Create:     func(template, _ string, fields cupi.Object) cupi.Request { return cupi.CreateContact(template, fields) },
	kinds:      contactKinds, Numerous: true,
	Doubtful: []string{"DtmfAccessId", "City", "Department", "DialableWorkPhone", "DialableHomePhone", "DialableMobilePhone", "RemoteMailAddress",
		"DeliveryLocationObjectId"},
	MayLack: true, ListingUntold: true,
	Blank: map[string]string{"FirstName": "FirstName", "LastName": "LastName", "AltFirstName": "AltFirstName", "AltLastName": "AltLastName",
		"DtmfAccessId": "DtmfAccessId", "VoiceName": cupi.Recording},
	Lost:   "what sends messages to the contact, places in private lists, and the ObjectId",
	Missed: "Their places in what sends messages to them",
})

// objects are all of them.
var objects = []*Object{UserObject, DistributionListObject, AdminUserObject, ListMemberObject, ContactObject, ServiceAccountObject}

// WithExtensions are those of which each may have an extension: all of them, with call handlers, are one
// name space in each partition.
func WithExtensions() []*Object {
	return slices.DeleteFunc(slices.Clone(objects), func(o *Object) bool { return o.Main.Extensions == None })
}

// ObjectOf is the entry of what the rows under a table's headings are about.
func ObjectOf(table *validate.Table) *Object {
	return objects[slices.IndexFunc(objects, func(o *Object) bool { return o.Table == table })]
}

// Kinds are the names of its step kinds, in the order in which a row's steps run.
func (o *Object) Kinds() []string {
	var names []string
	for i := range o.kinds {
		names = append(names, o.kinds[i].Name)
	}
	return names
}

// Name is what people call one by.
func (o *Object) Name(of cupi.Object) string { return of[o.Collection.NameField] }

// Members are the kinds whose members people name by who they are.
func (o *Object) Members() (kinds []*StepKind) {
	for i := range o.kinds {
		if o.kinds[i].Who.Name != "" {
			kinds = append(kinds, &o.kinds[i])
		}
	}
	return kinds
}

// One is what people call one of what the rows' keys find, and Many several: where rows are about members, these
// are their owners.
func (o *Object) One() string {
	if m := o.Table.Member; m != nil {
		return m.Owner
	}
	return o.Table.One
}

// Many: see [Object.One].
func (o *Object) Many() string {
	if m := o.Table.Member; m != nil {
		return m.Owners
	}
	return o.Table.Many
}

// SignsIn reports whether one of them may be the account of a run.
func (o *Object) SignsIn() bool {
	return slices.ContainsFunc(o.kinds, func(kind StepKind) bool { return kind.Credential != "" && kind.Shape == Single })
}

// IsAccount reports whether one of this name is the account that somebody signs in with.
func (o *Object) IsAccount(account, name string) bool {
	return o.SignsIn() && account != "" && Fold(name) == Fold(account)
}

// Key finds one by that name.
func (o *Object) Key(name string) UserKey { return UserKey{o.Collection.NameField, name} }

// Of gives the id of the one whose path it is, or that has what the path is of; "" if none has.
func (o *Object) Of(path string) string {
	rest, _ := strings.CutPrefix(path, o.Collection.Path+"/")
	if rest == path {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// AliasDiffers reports whether the Alias of a row is not that of the user that its key
// finds.
func (o *Object) AliasDiffers(record validate.Record, user cupi.Object) bool {
	return record.Key != o.Collection.NameField && record.Alias != "" && Fold(record.Alias) != Fold(o.Name(user))
}

// Belongs makes a new one a tenant's, where rows can say whose it is; else its template does, and where no list has
// that, the tenant's partition.
func (o *Object) Belongs(wanted map[string]cupi.Object, tenantID, partitionID string) {
	field, value := cupi.TenantField, tenantID
	if column, known := o.Table.Column(field); !known || column.Access != validate.ReadWrite {
		field, value = "PartitionObjectId", partitionID
		if o.Templates.Name != "" {
			value = ""
		}
	}
	if value == "" || wanted[o.Main.Name][field] != "" {
		return
	}
	if wanted[o.Main.Name] == nil {
		wanted[o.Main.Name] = cupi.Object{}
	}
	wanted[o.Main.Name][field] = value
}

// WantsPIN puts the place of a PIN that the run draws into the plan of a user whose row has none.
// It reports whether it did.
func (o *Object) WantsPIN(wanted map[string]cupi.Object) bool {
	drawn := o.drawn
	if wanted[drawn.Name][drawn.WriteOnly] != "" {
		return false
	}
	if wanted[drawn.Name] == nil {
		wanted[drawn.Name] = cupi.Object{}
	}
	wanted[drawn.Name][drawn.WriteOnly] = toBeDrawn
	return true
}

// WantsNewPIN is WantsPIN of a user who is there and gets another one, with what goes with that, as far
// as the row does not say it.
func (o *Object) WantsNewPIN(wanted map[string]cupi.Object) {
	if !o.WantsPIN(wanted) {
		return
	}
	fields := wanted[o.drawn.Name]
	for name, value := range o.drawn.WithDrawn {
		if _, said := fields[name]; !said {
			fields[name] = value
		}
	}
}

// Credentials are the kinds of what a user signs in with: first the one that a run draws.
func (o *Object) Credentials() (kinds []*StepKind) {
	kinds = []*StepKind{o.drawn}
	for i := range o.kinds {
		if kind := &o.kinds[i]; kind.Shape == Single && kind.WriteOnly != "" && !kind.Drawn {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// kindsByName are the step kinds of all objects. No two have one name, so that the name in a
// journal tells the object too.
var kindsByName = byName(objects)

// indexed is an object whose kinds know their place, and that has found those it needs.
func indexed(o *Object) *Object {
	columns := o.Table.Columns()
	for i := range o.kinds {
		kind := &o.kinds[i]
		kind.Place, kind.About = i, o
		kind.Slots = slotsOf(kind, columns)
		if kind.Restores == nil {
			kind.Restores = restoredBy(kind, columns)
		}
		for _, found := range []struct {
			is bool
			at **StepKind
		}{{kind.Main, &o.Main}, {kind.Temporary, &o.Temporary}, {kind.AfterImport, &o.AfterImport}, {kind.Drawn, &o.drawn},
			{kind.Extensions == Alternate, &o.Alternate}, {kind.Leaves, &o.Others},
			{kind.Owner == Others && kind.Shape == Single, &o.References}, {kind.Owner == Others && kind.Shape == Set, &o.SuccessorLists}} {
			if found.is {
				*found.at = kind
			}
		}
	}
	return o
}

// slotsOf are the slots that rows can set of a kind.
func slotsOf(kind *StepKind, columns []validate.Column) []string {
	slots := map[string]bool{}
	for _, column := range columns {
		if of, slot, is := strings.Cut(column.Step, "/"); is && of == kind.Name {
			slots[slot] = true
		}
	}
	return slices.Sorted(maps.Keys(slots))
}

// restoredBy are the fields of a kind that rows can set, and of which its members are made.
func restoredBy(kind *StepKind, columns []validate.Column) []string {
	names := map[string]bool{}
	for _, name := range kind.CreateFields {
		names[name] = true
	}
	for _, column := range columns {
		if of, _, _ := strings.Cut(column.Step, "/"); of != kind.Name || column.Secret || column.Access != validate.ReadWrite {
			continue
		}
		names[column.Field] = true
		if column.Destination != nil {
			for _, name := range column.Destination.Fields() {
				names[name] = true
			}
		}
		for _, with := range column.With {
			for name := range with {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func byName(objects []*Object) map[string]*StepKind {
	kinds := map[string]*StepKind{}
	for _, o := range objects {
		for i := range o.kinds {
			kinds[o.kinds[i].Name] = &o.kinds[i]
		}
	}
	return kinds
}

// Restorable lists the kinds whose members a rollback gives back to one that it makes again,
// where not the user alone was recorded. An intent to delete one holds them under the kinds' names.
func (o *Object) Restorable() []*StepKind { return o.returning(Returns) }

// FullyRestorable lists the kinds that are given back besides, where everything was recorded.
func (o *Object) FullyRestorable() []*StepKind { return o.returning(ReturnsFully) }

// Nests reports whether one of them can be in another.
func (o *Object) Nests() bool {
	return slices.ContainsFunc(o.Restorable(), (*StepKind).Nested)
}

func (o *Object) returning(when returning) []*StepKind {
	var kinds []*StepKind
	for i := range o.kinds {
		if o.kinds[i].Returns == when {
			kinds = append(kinds, &o.kinds[i])
		}
	}
	return kinds
}

// InLists reports whether a rollback gives back in which lists one was that it makes again: a run
// that deletes reads the members of all lists for that.
func (o *Object) InLists() bool {
	return slices.ContainsFunc(o.Restorable(), func(kind *StepKind) bool { return kind.Shape == Memberships })
}

// HasDependents reports whether members of other kinds hang on those of a kind.
func (o *Object) HasDependents(kind *StepKind) bool {
	return slices.ContainsFunc(o.kinds, func(other StepKind) bool { return other.HangsOn == kind.Name })
}
