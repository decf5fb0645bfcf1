package plan

import (
	"cmp"
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
	Asked
	Operation    validate.Operation // create, update, delete or import-ldap; an upsert is settled
	Alias        string
	DtmfAccessID string
	Template     string
	MailboxStore string      // ObjectId of the store of a new mailbox; "": the default one
	Target       cupi.Object // the user as the snapshot shows it; nil for a create
	Steps        model.Steps

	AmongRows
	Started
	ofDirectory
	Handover

	// AsSeen: it is about a user who is there, whom no row before and no earlier start of the run
	// can have changed since the server was looked at; as long as nobody was looked up for it.
	AsSeen   bool
	Own      bool     // it is about the account that the run signs in with, which nothing changes
	lookups  []Lookup // what must be known of the server before this plan is final
	nearUser Conflict // of a row whose user is not there: who is there that is nearly called so

	ofMember

	Cells  string    // see [record.Result]
	Looked time.Time // of a row that is not looked at: when the server last was for it
	End    verdict   // not empty: the row is settled without sending anything
}

// AmongRows is what other rows of the file have to do with the user of a row.
type AmongRows struct {
	Late  bool   // another row of the file names the same alias or key, so the user is looked up when the row's turn comes
	maker int    // the row of the file that makes the row's user; 0: it is there, or not to be
	Bound string // ObjectId of the user that a late row is about; "": of none that is there
	earlierRows
}

// earlierRows are what the rows before one do to its user.
type earlierRows struct {
	Earlier  map[string]cupi.Object // by step, what they set
	Extended bool                   // they change its alternate extensions
}

// Started is what was done for a row before, by earlier starts of the run and by the run that it
// continues.
type Started struct {
	Before record.Past
	begun  bool // an earlier start of the run sent something for it
	// Misnamed: the snapshot shows another user of the row's alias than the one that the
	// server said an earlier start of this run made.
	Misnamed bool
	present  cupi.Object   // of a row that was begun: the user as the snapshot shows it; nil if it does not
	made     cupi.Object   // the user that the run made which this one continues, as the snapshot shows it
	Unmoved  *send.Failure // why its user could not be moved to a temporary extension
}

// ofDirectory is what an LDAP directory has to do with the user of a row.
type ofDirectory struct {
	Person cupi.Object // of an import: whom in the LDAP directory; nil while that is not known
	// Returning is what the directory is to say of the person of an import whom it lists again only
	// once a row before has deleted the user: the names that this user has of it.
	Returning cupi.Object
	leftOut   []string // fields left out, because the directory owns them

	OwnerUntold  bool     // it would change what a directory owns, and the server does not list whose it is: the row looks
	refusesOwned bool     // and fails then, in place of leaving it
	ldapDoubt    Conflict // of a row that ties its user to a directory which does not have that person
}

// ofMember is what a row is about that is about a member of its target.
type ofMember struct {
	Member  string        // whom it adds or takes away, for people; "": it is about none
	leaving int           // members whom it takes out because no row names them
	others  string        // what becomes of those, for people
	asks    memberAsks    // what must be known of members before the plan is final
	Unfit   *send.Failure // why the row can't be done, once the rows before it have ended
	needs   []int         // rows before that take a list out of another: else this one would close a circle
}

// Handover is what leads elsewhere before a row deletes its user.
type Handover struct {
	References []Reference // what shall refer to the successor before
	Successor  cupi.Object // as the snapshot shows it; nil: the row names none
	goAfter    []int       // rows that delete who has what refers to the user
}

// Told is what the row is told as: to update a target may be to create a member of it, or to delete one.
func (p Plan) Told() validate.Operation {
	if p.Record.Asks == validate.Upsert {
		return validate.Update
	}
	return cmp.Or(p.Record.Asks, p.Operation)
}

// MemberText says whom a row is about that is about a member, and what becomes of those whom the file does not name.
func (p Plan) MemberText() string {
	if p.others == "" {
		return p.Member
	}
	return cmp.Or(p.Member, "nothing else to do") + "; " + p.others
}

// NobodyLeaves lets those stay whom the file does not name, and says why.
func (p *Plan) NobodyLeaves(why string) {
	p.others = "nobody leaves the " + p.About.One() + ", because " + why + ": when they are, run the whole file again"
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
		if !slices.Contains(steps, step.Name) || p.Before.Earlier(step.Name) {
			continue
		}
		kind := step.Kind
		secret := kind.WriteOnly != "" && step.Wanted[kind.WriteOnly] != "" && (p.Record.Asks == "" || p.SendsCredentials())
		inactive := step.Wanted["Inactive"] == "false" && p.Target["Inactive"] == "true"
		stays := slices.ContainsFunc(kind.Stays, func(name string) bool { return step.Wanted[name] != "" })
		lost = lost || secret || inactive || stays || kind.Clears(step.Wanted) && (kind.WriteOnly != "" || p.About.HasDependents(kind))
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
	return p.Operation.MakesUsers() || cmp.Or(p.Record.Asks, p.Record.Operation) == validate.Update || p.resetCredentials
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

// User gives the fields of the user itself that the plan sets.
func (p Plan) User() cupi.Object {
	fields := p.Steps.Wanted(p.About.Main.Name)
	if after := p.About.AfterImport; after != nil {
		if more := p.Steps.Wanted(after.Name); more != nil {
			fields = maps.Clone(fields)
			maps.Copy(fields, more)
		}
	}
	return fields
}
