package batch

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Preview is what the pre-flight says of one row: how it will end, and what it
// will change.
type Preview struct {
	Row        int                `json:"row"`
	Line       int                `json:"line"`
	Operation  validate.Operation `json:"operation"`
	Alias      string             `json:"alias"`
	ObjectID   string             `json:"objectId,omitempty"` // of the user that is there
	Status     record.Status      `json:"status"`             // created, updated, deleted, unchanged, invalid or skipped
	Code       codes.Code         `json:"code,omitempty"`
	Message    string             `json:"message,omitempty"`
	Changes    []FieldChange      `json:"changes,omitempty"`
	Removed    []Removal          `json:"removed,omitempty"`
	Lost       []string           `json:"lost,omitempty"`     // what no rollback brings back
	Requests   map[string]int     `json:"requests,omitempty"` // by method
	Reversible record.Reversible  `json:"reversible"`

	recordings     int // that it sends
	recordingBytes int64

	spared int // requests that the row does not cost, if its user's template gives all that it can
}

// FieldChange is one field that a row changes. Old is empty for a new user.
type FieldChange struct {
	Step  string `json:"step"`
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`

	OldName string `json:"oldName,omitempty"` // of what Old is the id of, where it is known
	NewName string `json:"newName,omitempty"`
}

// Shown gives what people call the two values: names in place of ids.
func (c FieldChange) Shown() (old, now string) {
	return cmp.Or(c.OldName, model.Told(c.Field, c.Old)), cmp.Or(c.NewName, model.Told(c.Field, c.New))
}

// Name is the field as cucbulk fields names it.
func (c FieldChange) Name() string {
	switch {
	case model.IsMain(c.Step):
		return c.Field
	case c.Field == cupi.Recording:
		return model.ToldField(c.Step, c.Field)
	}
	return c.Step + "." + c.Field
}

// Removal is something that a row takes away: a part of a user, or the user.
type Removal struct {
	Step   string      `json:"step"`
	What   string      `json:"what"`             // "the alternate extension 4711"
	Fields cupi.Object `json:"fields,omitempty"` // what is lost of it, but for secrets
}

// secretShown stands for a secret.
const secretShown = "***"

// refused notes why the row will not be done.
func (p *Preview) refused(f *send.Failure) {
	p.Status, p.Code, p.Message = f.Status, f.Code, f.Message
}

// add notes the fields that a change sets, in the order of their names. Secrets
// show as stars.
func (p *Preview) add(step string, before, fields cupi.Object, names plan.Spelled) {
	first := len(p.Changes)
	for name, value := range fields {
		old := before[name]
		if model.Secret(name) {
			old, value = "", secretShown
		}
		p.Changes = append(p.Changes, FieldChange{step, name, old, value, names.Of(name, old), names.Of(name, value)})
	}
	slices.SortFunc(p.Changes[first:], func(a, b FieldChange) int { return strings.Compare(a.Field, b.Field) })
}

// handsOver notes what will refer to the successor of a user who is deleted.
func (p *Preview) handsOver(c send.Change, row plan.Plan) {
	for _, field := range slices.Sorted(maps.Keys(c.Request.Fields)) {
		change := FieldChange{Step: c.Step, Field: field + " of " + c.Place, Old: c.Before[field], New: c.Request.Fields[field],
			NewName: row.About.Name(row.Successor)}
		if change.Old != "" {
			change.OldName = row.Alias
		}
		p.Changes = append(p.Changes, change)
	}
}

// removes notes what a change takes away.
func (p *Preview) removes(c send.Change) {
	p.Removed = append(p.Removed, Removal{c.Step, model.KindOf(c.Step).Describe(c.Gone), withoutSecrets(c.Gone)})
}

// removesUser notes a user that a row deletes, as the snapshot shows it, and what is known
// to go with it.
func (p *Preview) removesUser(about *model.Object, user cupi.Object, also map[string][]cupi.Object) {
	p.Removed = append(p.Removed, Removal{about.Main.Name, "the " + about.One() + " " + plan.Describe(user), withoutSecrets(user)})
	for _, kind := range append(about.Restorable(), about.FullyRestorable()...) {
		if kind.Returns == model.ReturnsFully && (kind.HangsOn != "" || !kind.Added()) { // what every user has
			continue
		}
		for _, member := range also[kind.Name] {
			p.Removed = append(p.Removed, Removal{kind.Name, kind.Describe(member), withoutSecrets(member)})
		}
	}
}

// withoutSecrets leaves out of an object what no report may show, and what is empty.
func withoutSecrets(object cupi.Object) cupi.Object {
	shown := cupi.Object{}
	for name, value := range object {
		if value != "" && !model.Secret(name) {
			shown[name] = value
		}
	}
	return shown
}
