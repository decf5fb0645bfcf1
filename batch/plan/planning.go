package plan

import (
	"cmp"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// plan decides what a checked row does, from what the snapshot knows and from
// what an earlier start of the run did. It sends nothing.
func (w *State) plan(record validate.Record, before record.Past) (Plan, error) {
	p := Plan{
		Asked: Asked{About: w.snapshot.About, Row: record.Row, Line: record.Line, Record: record, Header: w.checked.Header,
			referring: w.referring, within: w.snapshot.tenant.Told(),
			resetCredentials: w.checked.Options.ResetCredentials, allowMissing: w.checked.Options.AllowMissing},
		Operation: record.Operation, Alias: record.Alias, DtmfAccessID: record.DtmfAccessId, Template: record.TemplateAlias,
		Started: Started{Before: before},
	}
	if err := w.resolveTarget(&p, before); err != nil || p.End.Status != "" {
		return p, err
	}
	w.resolveSteps(&p)
	p.AsSeen = p.Operation == validate.Update && p.Target != nil && !p.Late && p.Earlier == nil && before.First() == nil
	if p.End.Status == "" {
		w.expect(p)
	}
	return p, nil
}

// resolveSteps makes the steps of a row whose user is known, in their order, or finds
// what speaks against them.
func (w *State) resolveSteps(p *Plan) {
	d, options := w.snapshot, w.checked.Options
	wanted, end := d.resolve(p.Record, p.Target)
	p.MailboxStore = cmp.Or(p.Record.MailboxStoreObjectId, wanted[""]["MailboxStoreObjectId"])
	if (end.Status == "" || end.missing != nil) && p.Operation.MakesUsers() && p.About.Templates.Name != "" {
		end = end.and(d.checkTemplate(p.Record.TemplateAlias))
	}
	p.End = end
	if p.End.Status == "" && p.Operation == validate.ImportLDAP {
		p.importParts(wanted, options.LdapOwned)
	}
	if p.Operation.MakesUsers() && d.tenant != nil {
		p.About.Belongs(wanted, d.tenant.ObjectID, d.tenant.PartitionID)
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
	switch {
	case p.End.Status == "" && len(p.About.Members()) > 0:
		w.resolveMember(p, wanted)
		w.resolveOthers(p, wanted)
	case p.Record.Asks != "":
		p.Member = "the " + p.About.Table.One + " " + p.Record.Member
	}
	p.Steps = p.About.StepsOf(p.Operation, wanted)
	for step := range wanted {
		if step != "" && model.KindOf(step).Place < 0 {
			p.End = Invalid(codes.StepNotDone, "this version can't write a %s's %s: take the columns out, or call them Junk",
				p.About.One(), step)
		}
	}
	if p.End.Status == "" {
		p.End = d.Lists.checkIDs(*p)
	}
	if p.End.Status == "" && d.tenant != nil {
		p.End = checkHandler(*p)
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
	if p.Own = !p.Operation.MakesUsers() && p.About.IsAccount(w.account, p.About.Name(p.Target)); p.Own && d.surelyChange(p) {
		p.End = Invalid(codes.OwnAccount, ownAccount)
	}
	if !p.Operation.MakesUsers() && model.Same("IsTemplate", p.Target["IsTemplate"], "true") {
		p.End = Invalid(codes.IsTemplate, "this is a template, and no %s: nothing is done to it; take the row out", p.About.One())
	}
	if at := p.Target["LocationObjectId"]; !p.Operation.MakesUsers() && at != "" && d.Identity.Location != "" &&
		!model.Same("LocationObjectId", at, d.Identity.Location) {
		p.End = Invalid(codes.OtherLocation, "this %s belongs to another server of the network, by its LocationObjectId %s: only that one "+
			"can change it; run the row there", p.About.One(), at)
	}
	if (p.Operation == validate.Delete || p.Record.KeepsMailbox) && d.undeletable[model.Fold(p.Target["ObjectId"])] {
		p.End = Invalid(codes.Undeletable, "this is one of the server's own %s, which can't be deleted; take the row out", p.About.Many())
	}
	if p.Operation == validate.Delete && p.End.Status == "" && p.About.References != nil {
		w.resolveReferences(p)
	}
}

const ownAccount = "this is the account that the run signs in with: a run never changes or deletes it; take the row out, or " +
	"use another account"

// surelyChange reports whether it is known before anything more is read that a row changes its
// user: an export that is run again as it is changes nobody.
func (d *Snapshot) surelyChange(p *Plan) bool {
	if p.Operation != validate.Update || p.Record.NewAlias != "" {
		return true
	}
	return slices.ContainsFunc(p.Steps, func(step model.Step) bool {
		if !step.Kind.Main {
			return step.Kind.WriteOnly != "" && step.Wanted[step.Kind.WriteOnly] != ""
		}
		for name, value := range step.Wanted {
			if d.Entries.Shows[name] && !model.Same(name, p.Target[name], value) {
				return true
			}
		}
		return false
	})
}

// LeavesAlone refuses what would change the account that the run signs in with.
func (p *Plan) LeavesAlone(changes []send.Change) error {
	if !p.Own || len(changes) == 0 {
		return nil
	}
	return &send.Failure{Status: record.Invalid, Code: codes.OwnAccount, Message: ownAccount}
}

// checkTemplate makes sure that the template is there. A server that shows no
// templates is believed.
func (d *Snapshot) checkTemplate(alias string) verdict {
	_, found, known := d.ID(d.About.Templates.Name, alias)
	switch {
	case known && !found:
		instead := d.Lists.suggest(d.About.Templates.Name, alias)
		return lacks(codes.UnknownTemplate, d.About.Templates.Name, alias, "TemplateAlias", instead, "%s%s",
			d.hasNo(d.About.Templates.Name, "user template ", alias), instead)
	case d.About.ForAdministrators && model.Same("IsAdministrator", d.Template[model.Fold(alias)]["IsAdministrator"], "false"):
		return Invalid(codes.AdministratorTemplate, "%q is a template for users with a mailbox: name one for administrators, "+
			"such as administratortemplate", alias).about("TemplateAlias")
	case !d.About.ForAdministrators && model.Same("IsAdministrator", d.Template[model.Fold(alias)]["IsAdministrator"], "true"):
		return Invalid(codes.AdministratorTemplate, "%q is a template for administrators: it makes users without "+
			"mailboxes; name a voicemail template", alias).about("TemplateAlias")
	}
	return verdict{}
}

// checkHandler refuses to give a user another call handler where only a tenant's may be touched: what is done to the
// user's would be done to that one.
func checkHandler(p Plan) verdict {
	const field = "CallHandlerObjectId"
	if wanted := p.Steps.Wanted(p.About.Main.Name)[field]; wanted != "" && !model.Same(field, wanted, p.Target[field]) {
		return Invalid(codes.UnknownID, "whether the call handler %s is one%s can't be told: leave the cell empty", wanted,
			p.within).about(field)
	}
	return verdict{}
}

// checkInactive refuses what no server does: making an active user inactive.
func checkInactive(p Plan) verdict {
	shown, is := p.Target["Inactive"]
	if is && !model.Same("Inactive", shown, "true") && model.Same("Inactive", p.Steps.Wanted(p.About.Main.Name)["Inactive"], "true") {
		return Invalid(codes.InactiveOnlyTrueToFalse, "the user is active, and Inactive may only change from true to "+
			"false; leave the cell empty").about("Inactive")
	}
	return verdict{}
}
