package plan

import (
	"maps"
	"slices"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// Plan is what one row will do: its operation, the user it is about, and its
// steps in order. The pre-flight foretells it and the run carries it out.
type Plan struct {
	About *model.Object // what the row is about

	Row, Line    int
	Operation    validate.Operation // create, update, delete or import-ldap; an upsert is settled
	Alias        string
	DtmfAccessID string
	Template     string
	MailboxStore string      // ObjectId of the store of a new mailbox; "": the default one
	Target       cupi.Object // the user as the snapshot shows it; nil for a create
	Late         bool        // another row of the file names the same alias or key, so the user is looked up when the row's turn comes
	Record       validate.Record
	Steps        []model.Step

	References []Reference // of a delete: what shall refer to the successor before
	goAfter    []int       // rows that delete who has what refers to the user
	Successor  cupi.Object // as the snapshot shows it; nil: the row names none

	referring map[string]string // field -> collection of its ids; see referring
	Header    *validate.Header  // how the file spells its columns

	resetCredentials, allowMissing bool // see [record.Options]

	asSeen bool // see AsSeen

	maker int    // the row of the file that makes the row's user; 0: it is there, or not to be
	Bound string // ObjectId of the user that a late row is about; "": of none that is there
	earlierRows

	Person cupi.Object // of an import: whom in the LDAP directory; nil while that is not known
	// Returning is what the directory is to say of the person of an import whom it lists again only
	// once a row before has deleted the user: the names that this user has of it.
	Returning cupi.Object
	lookups   []Lookup // what must be known of the server before this plan is final

	ldapDoubt Conflict // of a row that ties its user to a directory which does not have that person

	nearUser Conflict    // of a row whose user is not there: who is there that is nearly called so
	leftOut  []string    // fields left out, because the directory owns them
	Before   record.Past // what was done for it before this start
	begun    bool        // an earlier start of the run sent something for it
	// misnamed: the snapshot shows another user of the row's alias than the one that the
	// server said an earlier start of this run made.
	Misnamed bool
	present  cupi.Object   // of a row that was begun: the user as the snapshot shows it; nil if it does not
	made     cupi.Object   // the user that the run made which this one continues, as the snapshot shows it
	Unmoved  *send.Failure // why its user could not be moved to a temporary extension
	Cells    string        // see [record.Result]
	Looked   time.Time     // of a row that is not looked at: when the server last was for it
	End      verdict       // not empty: the row is settled without sending anything
}

// Several reports whether the plan may send more than one change.
func (p Plan) Several() bool {
	return len(p.Steps) > 1 || len(p.Steps) == 1 && model.KindOf(p.Steps[0].Kind).Shape >= model.Set
}

// EndText is why the row is settled, with the column that it is about.
func (p Plan) EndText() string { return Told(p.Header.Heading(p.End.Column), p.End.Message) }

// Reversibility says how much rollback could undo of the plan, of which these steps
// change something. A PIN or a password that an existing user had can't be read, and
// so not be put back.
func (p Plan) Reversibility(steps []string) record.Reversible {
	if p.End.Status != "" || p.Operation.MakesUsers() && (p.Before.Created() == "" || p.Before.Fresh()) {
		return record.FullyReversible
	}
	if p.Operation == validate.Delete {
		return record.PartlyReversible
	}
	lost, kept := false, false
	for _, step := range p.Steps {
		if !slices.Contains(steps, step.Kind) || p.Before.Earlier(step.Kind) {
			continue
		}
		kind := model.KindOf(step.Kind)
		secret := kind.WriteOnly != "" && step.Wanted[kind.WriteOnly] != ""
		inactive := step.Wanted["Inactive"] == "false" && p.Target["Inactive"] == "true"
		stays := slices.ContainsFunc(kind.Stays, func(name string) bool { return step.Wanted[name] != "" })
		lost = lost || secret || inactive || stays || step.Clears() && (kind.WriteOnly != "" || p.About.HasDependents(kind))
		kept = kept || !secret
	}
	switch {
	case lost && kept:
		return record.PartlyReversible
	case lost:
		return record.NotReversible
	}
	return record.FullyReversible
}

// SendsCredentials reports whether the row may set a PIN or a password.
func (p Plan) SendsCredentials() bool {
	return p.Operation.MakesUsers() || p.Record.Operation == validate.Update || p.resetCredentials
}

// needsPIN reports whether the row's PIN is to be drawn and was not set before.
func (p Plan) needsPIN() bool {
	if p.End.Status != "" {
		return false
	}
	for _, change := range p.Before.Made {
		if model.KindOf(change.Step).Drawn {
			return false
		}
	}
	return slices.ContainsFunc(p.Steps, model.Step.ToBeDrawn)
}

// Lookup is what a plan must know of the server besides what every row's does.
type Lookup struct {
	about string // one of the constants
	model.UserKey
}

const (
	LookupPerson = "person" // whom the LDAP directory has by an Alias or a pkid
	lookupOrigin = "origin" // whether the user with an ObjectId came from the directory
	lookupAlias  = "holder" // which user has an Alias
)

// earlierRows are what the rows before one do to its user.
type earlierRows struct {
	Earlier  map[string]cupi.Object // by step, what they set
	Extended bool                   // they change its alternate extensions
}

// wanted gives the fields that a step of the plan sets.
func (p Plan) wanted(kind string) cupi.Object {
	for _, step := range p.Steps {
		if step.Kind == kind {
			return step.Wanted
		}
	}
	return nil
}

// User gives the fields of the user itself that the plan sets.
func (p Plan) User() cupi.Object {
	fields := p.wanted(p.About.Main.Name)
	if after := p.About.AfterImport; after != nil {
		if more := p.wanted(after.Name); more != nil {
			fields = maps.Clone(fields)
			maps.Copy(fields, more)
		}
	}
	return fields
}
