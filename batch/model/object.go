package model

import (
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

	Mailbox func(id string) cupi.Request // asks how much is in its mailbox; nil: it has none
	Lost    string                       // what no rollback brings back of one that was deleted
	// Fields of which it is not certain that a server takes them: they are read back, and one that
	// is made again gets them by a request of their own.
	Doubtful []string
	// A server may not have the Doubtful ones at all, nor parts that are doubtful: a row goes
	// without what it does not have, and says so.
	MayLack       bool
	ListingUntold bool // no public source says which fields the listing shows
	NobodyTells   bool // of which tenant one is
	// There may be as many as users: whether one has something is asked, where that costs fewer
	// requests than to read all.
	Numerous bool
	Within   []string // fields that a server checks against those: they go with them
	Missed   string   // and the most of it, of several

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
	Senders                             *StepKind // what sends messages to one
	Others                              *StepKind // takes out of a list whom a file does not name
	Alternate                           *StepKind // whose members are its further extensions
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

// AreLists reports whether one of them holds others.
func (o *Object) AreLists() bool {
	return slices.ContainsFunc(o.kinds, func(kind StepKind) bool { return kind.Held })
}

// HasDependents reports whether members of other kinds hang on those of a kind.
func (o *Object) HasDependents(kind *StepKind) bool {
	return slices.ContainsFunc(o.kinds, func(other StepKind) bool { return other.HangsOn == kind.Name })
}
