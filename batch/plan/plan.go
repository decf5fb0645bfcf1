package plan

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
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

// plan decides what a checked row does, from what the snapshot knows and from
// what an earlier start of the run did. It sends nothing.
func (w *State) plan(record validate.Record, before record.Past) (Plan, error) {
	p := Plan{About: w.snapshot.About, Row: record.Row, Line: record.Line, Operation: record.Operation, Alias: record.Alias, DtmfAccessID: record.DtmfAccessId, Template: record.TemplateAlias, Record: record, referring: w.referring, Header: w.checked.Header, resetCredentials: w.checked.Options.ResetCredentials, allowMissing: w.checked.Options.AllowMissing, Before: before}
	if err := w.resolveTarget(&p, before); err != nil || p.End.Status != "" {
		return p, err
	}
	w.resolveSteps(&p)
	if p.End.Status == "" {
		w.expect(p)
	}
	return p, nil
}

// resolveTarget finds the user that a row is about, and the operation on it. The error
// tells of a row that was begun and can't go on.
func (w *State) resolveTarget(p *Plan, before record.Past) error {
	entry := p.Record
	users := w.find(keyOf(entry))
	if len(users) == 1 {
		p.Target, p.maker = users[0].Object, users[0].maker
	}
	if before.First() != nil {
		p.begun = true
		if id := before.Created(); id != "" && !before.Fresh() {
			p.made = userWith(id, append(users, w.find(model.UserKey{Column: "DtmfAccessId", Value: entry.DtmfAccessId})...))
		}
		found := p.Target
		if err := p.continueFrom(before); err != nil {
			return err
		}
		p.Misnamed = before.Fresh() && p.maker == 0 && found != nil && model.Fold(p.About.Name(found)) == model.Fold(entry.Alias) && !model.Same("ObjectId", found["ObjectId"], before.Created())
		if p.Target != nil && found["ObjectId"] == p.Target["ObjectId"] {
			p.present = found
		}
	} else if before.OfAnother(p.Target) {
		p.begun = true
		if err := p.continueFrom(record.Past{Open: before.Meant}); err != nil {
			return err
		}
	} else {
		p.Late, p.Bound = w.checked.MovedByOthers(entry), p.Target["ObjectId"]
		p.earlierRows = w.earlier[model.Fold(cmp.Or(entry.Alias, p.About.Name(p.Target)))]
		if len(users) > 1 {
			p.End = severalUsers(p.About, entry, objectsOf(users))
			return nil
		}
		p.ResolveOperation(entry)
		p.nearUser = w.findNearUser(p)
		if p.Target != nil && !p.Operation.MakesUsers() && p.End.Status == "" {
			p.End = w.differentUsers(p)
		}
		if p.Operation == validate.ImportLDAP {
			w.resolveImport(p)
		}
	}
	if p.Target != nil {
		p.Alias, p.DtmfAccessID = cmp.Or(p.About.Name(p.Target), entry.Alias), cmp.Or(entry.DtmfAccessId, p.Target["DtmfAccessId"])
	}
	return nil
}

// resolveSteps makes the steps of a row whose user is known, in their order, or finds
// what speaks against them.
func (w *State) resolveSteps(p *Plan) {
	d, options := w.snapshot, w.checked.Options
	wanted, end := d.resolve(p.Record)
	p.MailboxStore = cmp.Or(p.Record.MailboxStoreObjectId, wanted[""]["MailboxStoreObjectId"])
	if end.Status == "" && p.Operation.MakesUsers() {
		end = d.checkTemplate(p.Record.TemplateAlias)
	}
	p.End = end
	if p.End.Status == "" && p.Operation == validate.ImportLDAP {
		p.importParts(wanted, options.LdapOwned)
	}
	if p.Operation.MakesUsers() {
		model.OfAlias(wanted[p.About.Main.Name], p.Record.Alias)
	}
	if options.PINLength > 0 && p.Operation.MakesUsers() || p.Record.KeepsMailbox {
		p.About.WantsPIN(wanted)
	}
	p.Steps = p.About.StepsOf(p.Operation, wanted)
	for step := range wanted {
		if step != "" && model.KindOf(step).Place < 0 {
			p.End = Invalid(codes.StepNotDone, "this version can't write a user's %s: take the columns out, or call them Junk", step)
		}
	}
	if p.End.Status == "" {
		p.End = d.checkIDs(*p)
	}
	if p.End.Status == "" && p.Operation == validate.Update {
		p.End = d.orderExtensionSteps(p, d.alternates(*p))
	}
	if p.End.Status == "" && p.Operation == validate.Update {
		p.End = checkInactive(*p)
		d.leaveLDAPOwned(p, options.LdapOwned)
	}
	if p.End.Status == "" {
		w.checkLDAPType(p)
	}
	if !p.Operation.MakesUsers() && w.account != "" && model.Fold(p.About.Name(p.Target)) == model.Fold(w.account) {
		p.End = Invalid(codes.OwnAccount, "this is the account that the run signs in with: a run never changes or deletes it; take the row out, or use another account")
	}
	if (p.Operation == validate.Delete || p.Record.KeepsMailbox) && d.undeletable[model.Fold(p.Target["ObjectId"])] {
		p.End = Invalid(codes.Undeletable, "this is one of the server's own users, which can't be deleted; take the row out")
	}
	if p.Operation == validate.Delete && p.End.Status == "" {
		w.resolveReferences(p)
	}
}

// Invalid is the end of a row that can't be right on this server, with this file.
func Invalid(code codes.Code, format string, values ...any) verdict {
	return verdict{Status: record.Invalid, Code: code, Message: fmt.Sprintf(format, values...)}
}

// ResolveOperation makes one of create, update and delete of what the row asks.
func (p *Plan) ResolveOperation(entry validate.Record) {
	switch entry.Operation {
	case validate.Upsert:
		p.Operation = validate.Update
		if p.Target == nil {
			p.Operation = validate.Create
			p.End = p.incomplete()
		}
	case validate.Create:
		if p.Target != nil && (!p.Late || p.Target["ObjectId"] == "") {
			p.End = Invalid(codes.AliasTaken, "the alias %q is taken by %s; use update or upsert to change that user, or another alias", entry.Alias, Describe(p.Target)).about("Alias")
		}
		p.Target = nil
	case validate.ImportLDAP:
		if p.Late && p.Target["ObjectId"] != "" { // the row's turn will tell
			p.Target = nil
		}
	case validate.Update:
		if p.Target == nil && entry.KeepsMailbox {
			p.End = absent(entry, "no mailbox to keep")
		} else if p.Target == nil {
			p.End = Invalid(codes.NoSuchUser, "no user has %s %q; use create or upsert to make one, or mend the row", entry.Key, entry.KeyValue).about(entry.Key)
			if p.allowMissing {
				p.End = verdict{Status: record.Skipped, Code: codes.NoSuchUser, Message: fmt.Sprintf("no user has %s %q, and --allow-missing says that this is meant", entry.Key, entry.KeyValue)}
			}
		}
	case validate.Delete:
		if p.Target == nil {
			p.End = absent(entry, "nothing to delete")
		}
	default:
		p.End = Invalid(codes.OperationNotDone, "the operation %s is not carried out by this version", entry.Operation)
	}
}

// absent is the end of a row of a leaver who is gone already.
func absent(entry validate.Record, nothing string) verdict {
	return verdict{Status: record.Unchanged, Code: codes.AlreadyAbsent, Message: fmt.Sprintf("no user has %s %q: %s", entry.Key, entry.KeyValue, nothing)}
}

// EndText is why the row is settled, with the column that it is about.
func (p Plan) EndText() string { return Told(p.Header.Heading(p.End.Column), p.End.Message) }

// incomplete tells what an upsert lacks that has to make its user.
func (p Plan) incomplete() verdict {
	record := p.Record
	missing := func(column, or string) verdict {
		return Invalid(codes.Required, "no user has %s %q, and to make one the row needs %s%s", record.Key, record.KeyValue, p.Header.Heading(column), or).about(column)
	}
	switch {
	case record.Alias == "":
		return missing("Alias", "")
	case record.DtmfAccessId == "":
		return missing("DtmfAccessId", "")
	case record.TemplateAlias == "":
		return missing("TemplateAlias", " (or --template)")
	}
	return verdict{}
}

// checkTemplate makes sure that the template is there. A server that shows no
// templates is believed.
func (d *Snapshot) checkTemplate(alias string) verdict {
	_, found, known := d.ID(d.About.Templates.Name, alias)
	switch {
	case known && !found:
		return Invalid(codes.UnknownTemplate, "the server has no user template %q%s", alias, d.Lists.suggest(d.About.Templates.Name, alias)).about("TemplateAlias")
	case model.Same("IsAdministrator", d.Template[model.Fold(alias)]["IsAdministrator"], "true"):
		return Invalid(codes.AdministratorTemplate, "%q is a template for administrators: it makes users without mailboxes; name a voicemail template", alias).about("TemplateAlias")
	}
	return verdict{}
}

// checkInactive refuses what no server does: making an active user inactive.
func checkInactive(p Plan) verdict {
	shown, is := p.Target["Inactive"]
	if is && !model.Same("Inactive", shown, "true") && model.Same("Inactive", p.wanted(p.About.Main.Name)["Inactive"], "true") {
		return Invalid(codes.InactiveOnlyTrueToFalse, "the user is active, and Inactive may only change from true to false; leave the cell empty").about("Inactive")
	}
	return verdict{}
}

// Describe tells people which user is meant.
func Describe(user cupi.Object) string {
	text := user["Alias"]
	if name := user["DisplayName"]; name != "" {
		text += " (" + name + ")"
	}
	if extension := user["DtmfAccessId"]; extension != "" {
		text += ", extension " + extension
	}
	return text
}

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
