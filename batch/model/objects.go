package model

import (
	"maps"
	"slices"
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

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
	Lost:   "places as an owner of call handlers, and the ObjectId",
	Missed: "Their recorded names, and their places as owners of call handlers,", MissedFully: "Their places as owners of call handlers",
})

// ListMemberObject is a public distribution list, of which a row adds one member or takes one away.
var ListMemberObject = indexed(&Object{
	Table:      validate.ListMembers,
	Collection: cupi.DistributionLists,
	Get:        DistributionListObject.Get, Update: DistributionListObject.Update, Remove: DistributionListObject.Remove,
	Create: DistributionListObject.Create,
	kinds:  memberKinds,
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
	Doubtful: []string{"DtmfAccessId", "City", "Department", "DialableWorkPhone", "DialableHomePhone", "DialableMobilePhone",
		"RemoteMailAddress",
		"DeliveryLocationObjectId"},
	MayLack: true, ListingUntold: true,
	Blank: map[string]string{"FirstName": "FirstName", "LastName": "LastName", "AltFirstName": "AltFirstName", "AltLastName": "AltLastName",
		"DtmfAccessId": "DtmfAccessId", "VoiceName": cupi.Recording},
	Lost:   "places in private lists, and the ObjectId",
	Missed: "Their places in private lists",
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
			{kind.Senders != nil, &o.Senders},
			{kind.Owner == Others && kind.Shape == Single && kind.Senders == nil, &o.References},
			{kind.Owner == Others && kind.Shape == Set, &o.SuccessorLists}} {
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
