package plan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Arrange plans every row that history has no result of, and puts them in order.
// A row that turns out to be in conflict changes what the others find, so it goes
// on until no new conflict shows. It ends, because each pass rejects a row that was not
// rejected, or learns what was not known.
func (p *Prepared) Arrange(ctx context.Context, history *record.History, report func(validate.Problem)) error {
	p.History, p.Recorded = history, history.OrderLeft()
	if p.Recorded != nil {
		for _, c := range p.Recorded.Conflicts {
			p.Reject(c.Row, c.Code, c.Message)
		}
	}
	var found []Conflict
	for {
		conflicts, learned, err := p.pass(ctx)
		if err != nil {
			return err
		}
		if learned {
			continue
		}
		doubts := slices.DeleteFunc(slices.Clone(conflicts), func(c Conflict) bool { return !c.warning })
		conflicts = slices.DeleteFunc(conflicts, func(c Conflict) bool {
			_, known := p.Verdicts[c.Row] // this run began it, so it goes on
			return c.warning || known
		})
		if err := errors.Join(p.withWritten(conflicts), p.withWritten(doubts)); err != nil {
			return err
		}
		if len(conflicts) == 0 {
			return p.conclude(found, doubts, p.Input.Placed(p.Header, report))
		}
		p.rejectAll(conflicts)
		found = append(found, conflicts...)
	}
}

// pass plans every row once, with what is known by then: what speaks against rows or, where nothing does, what more must be
// known, or else the order in which they go, with what speaks against that. learned says that more is known by now, so that
// the plans must be made again.
func (p *Prepared) pass(ctx context.Context) (conflicts []Conflict, learned bool, err error) {
	if p.Tally, err = p.planAll(); err != nil {
		return nil, false, err
	}
	if len(p.conflicts) > 0 {
		return p.conflicts, false, nil
	}
	if p.History == nil && p.absent.most() && !p.Options.AllowMissing && len(p.absent.deletes) > 0 {
		return p.absent.deletes, false, nil
	}
	if learned, err = p.learnMore(ctx); learned || err != nil {
		return nil, learned, CouldNotStart(err)
	}
	conflicts, err = p.findOrder()
	return conflicts, false, err
}

// rejectAll makes the rows of conflicts invalid.
func (p *Prepared) rejectAll(conflicts []Conflict) {
	for _, c := range conflicts {
		message := Told(p.Header.Heading(c.column), c.Message)
		if before, also := p.Verdicts[c.Row]; also { // another of this pass
			message = before.Message + "; " + message
		}
		p.missing.addRow(c.missing)
		p.Reject(c.Row, c.Code, message)
	}
}

// conclude tells what all passes have found, when the last has found no more conflicts: these, and what only people can
// tell of the plans and their order.
func (p *Prepared) conclude(found, doubts []Conflict, report func(validate.Problem)) error {
	if p.History == nil {
		if err := p.withWritten(p.doubts); err != nil {
			return err
		}
		doubts = append(doubts, p.doubts...)
		if p.absent.most() {
			problem := p.absent.problem(p.Input, p.Options.AllowMissing)
			report(problem)
			p.count(problem)
		}
	}
	p.Warnings += len(doubts)
	p.noteUnsure()
	p.Requests = p.Snapshot.requests
	for row := range p.Order.MovesFirst {
		p.Workload = p.Workload.set(row, p.Workload.Of(row)+2) // the move, and the user is read after it
	}
	p.candidates = nil // nothing more is looked for, and it has an entry for each row
	found = append(found, doubts...)
	slices.SortStableFunc(found, func(a, b Conflict) int { return a.Line - b.Line })
	for _, c := range found {
		report(p.Header.WithHeading(validate.Problem{File: p.Input.Name, Line: c.Line, Row: c.Row, Column: c.column,
			Message: c.Message, Code: c.Code, Warning: c.warning}))
	}
	return p.warnOfCells(report)
}

// noteUnsure tells which fields and parts the rows set that the server may not have: only a row that is sent shows it.
func (p *Prepared) noteUnsure() {
	if len(p.unsure) == 0 {
		return
	}
	then := "what it does not take is left out, and told"
	if p.Options.Strict {
		then = "a row fails for what it does not take"
	}
	p.Snapshot.noteUnchecked(fmt.Sprintf("whether the server has of a %s: %s; no public source says so, and %s", p.About.One(),
		strings.Join(slices.Sorted(maps.Keys(p.unsure)), ", "), then))
}

// warnOfCells tells which cells of the plans are not sent: what the directory owns, and secrets that the
// run has set which this one continues.
func (p *Prepared) warnOfCells(report func(validate.Problem)) error {
	if !p.leavesLDAPOwned && p.earlier == nil {
		return nil
	}
	for plan, err := range p.Plans() {
		if err != nil {
			return err
		}
		for _, problem := range append(plan.leftToDirectory(), plan.alreadySet()...) {
			problem.File, problem.Line, problem.Row, problem.Warning = p.Input.Name, plan.Line, plan.Row, true
			report(p.Header.WithHeading(problem))
			p.Warnings++
		}
	}
	return nil
}

// learnMore asks for what only some plans make needed. It reports whether it
// learned anything, so that the plans must be made again.
func (p *Prepared) learnMore(ctx context.Context) (bool, error) {
	d, candidates := p.Snapshot, p.candidates
	if asked, err := d.learnMembers(ctx, p.Session, p.asked); asked {
		return true, err
	}
	if len(p.lookups) > 0 {
		maps.Copy(p.LookedUp, p.lookups)
		return true, d.learnLookups(ctx, p.Session, p.lookups)
	}
	if (p.Planned[validate.Delete] > 0 || p.Kept > 0) && d.undeletable == nil {
		return true, d.learnUndeletable(ctx, p.Session)
	}
	if p.needsAllLists() && !d.Memberships.Learned() {
		return true, d.learnLists(ctx, p.Session)
	}
	if asked, err := d.learnGiven(ctx, p.Session, p.given); asked {
		return true, err
	}
	p.departures.rows = p.successions.leaving()
	if leavers := d.references.unknown(p.successions.leavers()); len(leavers) > 0 && d.About.References != nil {
		return true, d.references.learnReferences(ctx, p.Session, leavers)
	}
	if d.About.Senders != nil && d.addressed == nil && p.Planned[validate.Delete] > 0 && p.Options.PreImage != send.PreImageUser {
		return true, d.learnSenders(ctx, p.Session)
	}
	if p.departures.learnCircles(&p.successions) {
		return true, nil
	}
	if p.changesLDAPOwned && d.ldapTypes == nil {
		return true, d.learnDirectoryUsers(ctx, p.Session)
	}
	if p.Planned[validate.Update] > 0 && len(p.extensions) > 0 && !d.Entries.Shows["DtmfAccessId"] && len(d.Seen) > 0 {
		d.noteUnchecked("which extensions are taken: the listing does not show them")
	}
	if candidates.extensions && !d.otherExtensionsRead {
		return true, d.learnOtherExtensions(ctx, p.Session, p.Checked, d.Lists, d.Seen)
	}
	asksMembers := candidates.members && d.owner == nil
	if !d.partsLearned && p.parts.any() {
		return true, d.learnParts(ctx, p.Session, &p.parts, asksMembers)
	}
	if asksMembers {
		return true, d.learnMemberOwners(ctx, p.Session, p.Checked, &p.parts, &d.PartLists)
	}
	if len(candidates.owners) > 0 {
		if asked, err := d.learnOwners(ctx, p.Session, d.users, candidates.owners); asked {
			return true, err
		}
	}
	if candidates.takesFromOthers() {
		if learned, err := d.learnFreed(ctx, p.Session, candidates.freers); learned {
			return true, err
		}
	}
	maps.DeleteFunc(p.refersTo, func(name string, _ bool) bool { asked, _ := d.Lists.asked(name); return asked })
	return len(p.refersTo) > 0, d.ReadNames(ctx, p.Session, slices.Collect(maps.Keys(p.refersTo)))
}

// needsAllLists reports whether a run must know who is in every distribution list: before it deletes, it records in
// which one was.
func (p *Prepared) needsAllLists() bool {
	records := p.Planned[validate.Delete] > 0 && p.Options.PreImage != send.PreImageUser && p.About.InLists()
	return records || p.lists.all
}

// SharedReads is how many requests a run sends for what several rows must know: who is in distribution lists. It is
// charged to no row. Of what was not read yet it is the least.
func (p *Prepared) SharedReads() int {
	return p.Snapshot.Memberships.Requests(p.lists.named, p.needsAllLists())
}

// planAll plans every row once, and adds up what that shows.
func (p *Prepared) planAll() (Tally, error) {
	t := newTally(p.Options.LearnFrom)
	p.Order.After, p.Order.MovesFirst = nil, nil
	for _, row := range p.filesBefore.rows {
		t.candidates.touchAll(row.use)
	}
	var awaited map[int]bool
	if p.Recorded != nil {
		awaited = p.Recorded.Awaited()
	}
	for plan, err := range p.Plans() {
		if err != nil {
			return t, err
		}
		if plan.End.Status != "" && (awaited[plan.Row] || awaited[-plan.Row]) {
			t.idle[plan.Row] = true
		}
		if id := plan.Target["ObjectId"]; id != "" && p.History == nil && !p.About.Dated &&
			(len(t.Targets) == 0 || t.Targets[len(t.Targets)-1] != id) {
			t.Targets = append(t.Targets, id)
		}
		p.addUp(&t, plan)
	}
	t.candidates.meet()
	t.conflicts = append(t.conflicts, t.successions.conflicts(p.About)...)
	return t, nil
}

// addUp adds a plan to what they add up to.
func (p *Prepared) addUp(t *Tally, plan Plan) {
	t.absent.add(plan)
	t.asked.add(plan.asks)
	t.warn(plan.ldapDoubt, plan.nearUser)
	if end := plan.End; end.Status != "" {
		if _, known := p.Verdicts[plan.Row]; end.Status == record.Invalid && !known {
			t.conflicts = append(t.conflicts, Conflict{Row: plan.Row, Line: plan.Line, Code: end.Code, Message: end.Message,
				column: end.Column, missing: end.missing})
		}
		return
	}
	t.warn(p.Snapshot.longer.unusualLength(plan), p.Snapshot.leavesSenders(plan))
	t.add(plan, p.Snapshot.requestsOf(plan, p.Options.PreImage))
	for _, key := range plan.newNames() {
		t.newNames = append(t.newNames, p.hash(key.Column, key.Value))
	}
	for _, a := range plan.lookups {
		if !p.LookedUp[a] {
			t.lookups[a] = true
			continue
		}
		t.conflicts = append(t.conflicts, Conflict{Row: plan.Row, Line: plan.Line, Code: codes.NotSettled, column: plan.Record.Key,
			Message: fmt.Sprintf("the server was asked for the %s %s %q, and what it has could not be told: so it "+
				"is not known what the row would do; look at the server", a.about, a.Column, a.Value)})
	}
	if p.Recorded == nil {
		t.candidates.add(p.Snapshot, p.Snapshot.useOf(plan, &p.RowIndex))
		if plan.mayFree() && (plan.Operation != validate.Delete || p.Options.PreImage != send.PreImageUser) {
			t.candidates.freers[plan.Target["ObjectId"]] = plan.Row
		}
	}
}

// Missing lists what rows name and the server does not have, by list and name.
func (p *Prepared) Missing() []MissingName {
	return slices.SortedFunc(maps.Values(p.missing), func(a, b MissingName) int {
		return cmp.Or(cmp.Compare(a.List, b.List), cmp.Compare(a.Name, b.Name))
	})
}

// withWritten ends messages about cells that mean something else by a mapping with the cells as the file has
// them.
func (p *Prepared) withWritten(found []Conflict) error {
	if len(found) == 0 || !p.Options.Maps() {
		return nil
	}
	rows := map[int][]*Conflict{}
	for i := range found {
		rows[found[i].Row] = append(rows[found[i].Row], &found[i])
	}
	for record, err := range p.DecodedRows() {
		if err != nil {
			return err
		}
		for _, c := range rows[record.Row] {
			if text, is := record.Written[c.column]; is {
				c.Message += validate.AsWritten(text)
			}
		}
	}
	return nil
}
