package plan

import (
	"cmp"
	"fmt"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// plan decides what a checked row does, from what the snapshot knows and from
// what an earlier start of the run did. It sends nothing.
func (w *State) plan(record validate.Record, before record.Past) (Plan, error) {
	p := Plan{About: w.snapshot.About, Row: record.Row, Line: record.Line, Operation: record.Operation, Alias: record.Alias,
		DtmfAccessID: record.DtmfAccessId, Template: record.TemplateAlias, Record: record, referring: w.referring,
		Header: w.checked.Header, resetCredentials: w.checked.Options.ResetCredentials,
		allowMissing: w.checked.Options.AllowMissing, Before: before}
	if err := w.resolveTarget(&p, before); err != nil || p.End.Status != "" {
		return p, err
	}
	w.resolveSteps(&p)
	p.seen()
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
		p.Misnamed = before.Fresh() && p.maker == 0 && found != nil &&
			model.Fold(p.About.Name(found)) == model.Fold(entry.Alias) && !model.Same("ObjectId", found["ObjectId"], before.Created())
		if p.Target != nil && found["ObjectId"] == p.Target["ObjectId"] {
			p.present = found
		}
	} else if before.OfAnother(p.Target) {
		p.begun = true
		if err := p.continueFrom(record.Past{Open: before.Meant}); err != nil {
			return err
		}
	} else {
		if before.MeantNew {
			w.meantNew(entry)
		}
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
	if end.Status == "" && p.Operation.MakesUsers() && p.About.Templates.Name != "" {
		end = d.checkTemplate(p.Record.TemplateAlias)
	}
	p.End = end
	if p.End.Status == "" && p.Operation == validate.ImportLDAP {
		p.importParts(wanted, options.LdapOwned)
	}
	if p.Operation.MakesUsers() {
		model.OfAlias(wanted[p.About.Main.Name], p.Record.Alias)
	}
	switch {
	case options.PINLength > 0 && p.Operation.MakesUsers() || p.Record.KeepsMailbox:
		p.About.WantsPIN(wanted)
	case options.PINLength > 0 && p.Operation == validate.Update && p.resetCredentials:
		p.About.WantsNewPIN(wanted)
	}
	p.Steps = p.About.StepsOf(p.Operation, wanted)
	for step := range wanted {
		if step != "" && model.KindOf(step).Place < 0 {
			p.End = Invalid(codes.StepNotDone, "this version can't write a %s's %s: take the columns out, or call them Junk", p.About.One(), step)
		}
	}
	if p.End.Status == "" {
		p.End = d.Lists.checkIDs(*p)
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
	if !p.Operation.MakesUsers() && p.About.IsAccount(w.account, p.About.Name(p.Target)) {
		p.End = Invalid(codes.OwnAccount, "this is the account that the run signs in with: a run never changes or "+
			"deletes it; take the row out, or use another account")
	}
	if (p.Operation == validate.Delete || p.Record.KeepsMailbox) && d.undeletable[model.Fold(p.Target["ObjectId"])] {
		p.End = Invalid(codes.Undeletable, "this is one of the server's own %s, which can't be deleted; take the row out", p.About.Many())
	}
	if p.Operation == validate.Delete && p.End.Status == "" && p.About.References != nil {
		w.resolveReferences(p)
	}
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
			p.End = Invalid(codes.AliasTaken, "the alias %q is taken by %s; use update or upsert to change that %s, "+
				"or another alias", entry.Alias, Describe(p.Target), p.About.One()).about("Alias")
		}
		p.Target = nil
	case validate.ImportLDAP:
		if p.Late && p.Target["ObjectId"] != "" { // the row's turn will tell
			p.Target = nil
		}
	case validate.Update:
		if p.Target == nil && entry.KeepsMailbox {
			p.End = absent(p.About, entry, "no mailbox to keep")
		} else if p.Target == nil {
			p.End = Invalid(codes.NoSuchUser, "no %s has %s %q; use create or upsert to make one, or mend the row",
				p.About.One(), entry.Key, entry.KeyValue).about(entry.Key)
			if p.allowMissing {
				p.End = verdict{Status: record.Skipped, Code: codes.NoSuchUser,
					Message: fmt.Sprintf("no %s has %s %q, and --allow-missing says that this is meant", p.About.One(), entry.Key, entry.KeyValue)}
			}
		}
	case validate.Delete:
		if p.Target == nil {
			p.End = absent(p.About, entry, "nothing to delete")
		}
	default:
		p.End = Invalid(codes.OperationNotDone, "the operation %s is not carried out by this version", entry.Operation)
	}
}

// absent is the end of a row of a leaver who is gone already.
func absent(about *model.Object, entry validate.Record, nothing string) verdict {
	return verdict{Status: record.Unchanged, Code: codes.AlreadyAbsent,
		Message: fmt.Sprintf("no %s has %s %q: %s", about.One(), entry.Key, entry.KeyValue, nothing)}
}

// incomplete tells what an upsert lacks that has to make its user.
func (p Plan) incomplete() verdict {
	record := p.Record
	missing := func(column, or string) verdict {
		return Invalid(codes.Required, "no %s has %s %q, and to make one the row needs %s%s", p.About.One(), record.Key, record.KeyValue,
			p.Header.Heading(column), or).about(column)
	}
	given := map[string]string{"Alias": record.Alias, "DtmfAccessId": record.DtmfAccessId, "TemplateAlias": record.TemplateAlias}
	or := map[string]string{"TemplateAlias": " (or --template)"}
	for _, column := range p.About.Table.NeededToMake() {
		if given[column] == "" {
			return missing(column, or[column])
		}
	}
	return verdict{}
}

// checkTemplate makes sure that the template is there. A server that shows no
// templates is believed.
func (d *Snapshot) checkTemplate(alias string) verdict {
	_, found, known := d.ID(d.About.Templates.Name, alias)
	switch {
	case known && !found:
		return Invalid(codes.UnknownTemplate, "the server has no user template %q%s", alias,
			d.Lists.suggest(d.About.Templates.Name, alias)).about("TemplateAlias")
	case d.About.ForAdministrators && model.Same("IsAdministrator", d.Template[model.Fold(alias)]["IsAdministrator"], "false"):
		return Invalid(codes.AdministratorTemplate, "%q is a template for users with a mailbox: name one for administrators, "+
			"such as administratortemplate", alias).about("TemplateAlias")
	case !d.About.ForAdministrators && model.Same("IsAdministrator", d.Template[model.Fold(alias)]["IsAdministrator"], "true"):
		return Invalid(codes.AdministratorTemplate, "%q is a template for administrators: it makes users without "+
			"mailboxes; name a voicemail template", alias).about("TemplateAlias")
	}
	return verdict{}
}

// checkInactive refuses what no server does: making an active user inactive.
func checkInactive(p Plan) verdict {
	shown, is := p.Target["Inactive"]
	if is && !model.Same("Inactive", shown, "true") && model.Same("Inactive", p.wanted(p.About.Main.Name)["Inactive"], "true") {
		return Invalid(codes.InactiveOnlyTrueToFalse, "the user is active, and Inactive may only change from true to "+
			"false; leave the cell empty").about("Inactive")
	}
	return verdict{}
}
