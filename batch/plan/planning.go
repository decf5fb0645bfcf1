package plan

import (
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// plan decides what a checked row does, from what the snapshot knows and from what an earlier start of the run did: whom
// it is about, and then in which steps it is done. It sends nothing.
func (w *State) plan(record validate.Record, before record.Past) (Plan, error) {
	options := w.checked.Options
	p := Plan{
		Asked: Asked{About: w.snapshot.About, Row: record.Row, Line: record.Line, Record: record, Header: w.checked.Header,
			referring: w.referring, within: w.snapshot.tenant.Told(),
			resetCredentials: options.ResetCredentials, allowMissing: options.AllowMissing, ldapOwned: options.LdapOwned},
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
	wanted := w.snapshot.resolveWanted(p)
	p.wantPIN(wanted, w.checked.Options.PINLength > 0)
	w.resolveMembers(p, wanted)
	p.Steps = p.About.StepsOf(p.Operation, wanted)
	if p.End.Status == "" {
		w.checkSteps(p, wanted)
	}
	w.checkOwnAccount(p)
	if p.Operation == validate.Delete && p.End.Status == "" && p.About.References != nil {
		w.resolveReferences(p)
	}
}

// wantPIN lets a row want a PIN that the run draws.
func (p *Plan) wantPIN(wanted map[string]cupi.Object, draws bool) {
	switch {
	case draws && p.Operation.MakesUsers() || p.Record.KeepsMailbox:
		p.About.WantsPIN(wanted)
	case draws && p.Operation == validate.Update && p.resetCredentials:
		p.About.WantsNewPIN(wanted)
	}
}

// checkSteps finds the first of what can speak against the steps of a row. What the directory owns it leaves out of them,
// and what takes an extension goes behind what frees it.
func (w *State) checkSteps(p *Plan, wanted map[string]cupi.Object) {
	d := w.snapshot
	if p.ends(p.checkKinds(wanted)) || p.ends(d.Lists.checkIDs(*p)) || d.tenant != nil && p.ends(checkHandler(*p)) {
		return
	}
	if p.Operation == validate.Update &&
		(p.ends(d.orderExtensionSteps(p, d.alternates(*p))) || p.ends(d.leaveLDAPOwned(p)) || p.ends(checkInactive(*p))) {
		return
	}
	w.checkLDAPType(p)
}

// ends lets a row end without sending anything, if that is its verdict. It reports whether it is.
func (p *Plan) ends(end verdict) bool {
	p.End = end
	return end.Status != ""
}

// checkKinds refuses a step that this version can't do.
func (p *Plan) checkKinds(wanted map[string]cupi.Object) verdict {
	for step := range wanted {
		if step != "" && model.KindOf(step).Place < 0 {
			return Invalid(codes.StepNotDone, "this version can't write a %s's %s: take the columns out, or call them Junk",
				p.About.One(), step)
		}
	}
	return verdict{}
}

const ownAccount = "this is the account that the run signs in with: a run never changes or deletes it; take the row out, or " +
	"use another account"

// checkOwnAccount refuses what changes the account that the run signs in with, whatever else is wrong with it.
func (w *State) checkOwnAccount(p *Plan) {
	p.Own = !p.Operation.MakesUsers() && p.About.IsAccount(w.account, p.About.Name(p.Target))
	if p.Own && w.snapshot.surelyChange(p) {
		p.End = Invalid(codes.OwnAccount, ownAccount)
	}
}

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
