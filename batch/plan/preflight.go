package plan

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Prepared is a checked input whose every row was planned against a server.
type Prepared struct {
	*Checked
	Server   send.Server
	Identity record.Identity
	Planned  map[validate.Operation]int // rows that will be sent, by what they do
	Requests int                        // what the pre-flight sent
	Workload Workload                   // of the rows that will be sent
	Spared   int                        // of it: requests that the run may not need, because templates give what rows want

	Session  *send.Session
	Snapshot *Snapshot
	Order    record.Order
	Recorded *record.Order // that an earlier start of the run found out, as far as its rows are left; nil: none did
	idle     map[int]bool  // rows of it that have nothing to do any more
	earlier  *earlierRun   // that this one continues; nil: it continues none

	successions      successions     // of rows that delete users
	departures       departures      // of those users, as the last pass over the rows found them
	keepsMailboxes   bool            // some row keeps the mailbox of a user in place of deleting
	lookups          map[Lookup]bool // what the plans must know besides
	LookedUp         map[Lookup]bool // what they had to, and was asked for
	leavesLDAPOwned  bool            // some plan leaves out what the directory owns
	changesLDAPOwned bool            // some row changes a field that a directory may own
	refersTo         map[string]bool // collections of which rows newly name a member by its id

	awaited      map[int]bool   // rows after which others come
	alike        map[string]int // rows that make users, by whom these are like: see [Plan.Alike]
	Movers       int            // rows that give their user another primary extension
	parts        partNeeds      // what rows must know of parts of users
	absent       absences       // rows that find nobody
	nearWarnings []Conflict     // warnings of what is nearly as on the server, see near.go
	mayChange    bool           // some row is looked at
	drawn        drawnPINs      // how many PINs the run draws
	newNames     hashes         // aliases and extensions that rows give to users who have not got them

	Surroundings []Warning         // of [Prepared.LookAround] and [Prepared.CheckSurroundings]
	pinRule      string            // the authentication rule that says how long drawn PINs are; "": none does
	Licences     *LicencesForecast // nil: nothing is known of them, or they don't matter
	Unchecked    []string          // what CheckSurroundings could not find out
}

// WithoutServer is of a server that was not asked.
func WithoutServer(checked *Checked) *Prepared {
	return &Prepared{Checked: checked, Snapshot: &Snapshot{}}
}

// AsLastRun is how many rows are as in the run that --since names, and are not looked at.
func (p *Prepared) AsLastRun() int { return len(p.asLast) }

// PlannedRows is how many rows will be sent, of which limits may be a share.
func (p *Prepared) PlannedRows() int {
	rows := 0
	for _, n := range p.Planned {
		rows += n
	}
	return rows
}

// Arrange plans every row that history has no result of, and puts them in order.
// A row that turns out to be in conflict changes what the others find, so it goes
// on until no new conflict shows. It ends, because each pass rejects a row that was not
// rejected, or learns what was not known.
func (p *Prepared) Arrange(ctx context.Context, history *record.History, report func(validate.Problem)) error {
	var found []Conflict
	report = p.Input.Placed(p.Header, report)
	if p.Recorded = history.OrderLeft(); p.Recorded != nil {
		for _, c := range p.Recorded.Conflicts {
			p.Reject(c.Row, c.Code, c.Message)
		}
	}
	for {
		conflicts, candidates, err := p.planAll(history)
		if err == nil && history == nil && len(conflicts) == 0 && p.absent.most() && !p.Options.AllowMissing {
			conflicts = p.absent.deletes
		}
		if err != nil {
			return err
		}
		if len(conflicts) == 0 {
			learned, err := p.learnMore(ctx, candidates)
			if err != nil {
				return CouldNotStart(err)
			}
			if learned {
				continue
			}
		}
		var doubts []Conflict
		if len(conflicts) == 0 {
			if conflicts, err = p.findOrder(history, candidates); err != nil {
				return err
			}
			doubts = slices.DeleteFunc(slices.Clone(conflicts), func(c Conflict) bool { return !c.warning })
			conflicts = slices.DeleteFunc(conflicts, func(c Conflict) bool { return c.warning })
		}
		conflicts = slices.DeleteFunc(conflicts, func(c Conflict) bool { _, known := p.Verdicts[c.Row]; return known }) // this run began it, so it goes on
		if len(conflicts) == 0 {
			if history == nil {
				doubts = append(doubts, p.nearWarnings...)
			}
			found = append(found, doubts...)
			p.Warnings += len(doubts)
			if history == nil && p.absent.most() {
				problem := p.absent.problem(p.Input, p.Options.AllowMissing)
				report(problem)
				p.count(problem)
			}
			p.Requests = p.Snapshot.requests
			for row := range p.Order.MovesFirst {
				p.Workload = p.Workload.set(row, p.Workload.Of(row)+2) // the move, and the user is read after it
			}
			slices.SortStableFunc(found, func(a, b Conflict) int { return a.Line - b.Line })
			for _, c := range found {
				report(p.Header.WithHeading(validate.Problem{File: p.Input.Name, Line: c.Line, Row: c.Row, Column: c.column, Message: c.Message, Code: c.Code, Warning: c.warning}))
			}
			return errors.Join(p.warnOfLDAPOwned(history, report), p.warnOfCredentials(history, report))
		}
		for _, c := range conflicts {
			message := Told(p.Header.Heading(c.column), c.Message)
			if before, also := p.Verdicts[c.Row]; also { // another of this pass
				message = before.Message + "; " + message
			}
			p.Reject(c.Row, c.Code, message)
		}
		found = append(found, conflicts...)
	}
}

// findOrder finds the order of the rows, and those that can't take what they want; unless
// an earlier start of the run found it out, before it sent anything.
func (p *Prepared) findOrder(history *record.History, candidates *conflictCandidates) ([]Conflict, error) {
	if p.Recorded != nil {
		p.Order = p.Recorded.Without(func(row int) bool { return p.idle[row] })
		p.awaited = p.Order.Awaited()
		return nil, nil
	}
	uses, err := p.candidateUses(history, candidates)
	if err != nil {
		return nil, err
	}
	recorded := p.Order.Conflicts
	order, conflicts := p.Snapshot.order(uses, &p.RowIndex, p.Input)
	for _, c := range conflicts {
		if !c.warning {
			recorded = append(recorded, record.Conflict{Row: c.Row, Code: c.Code, Message: Told(p.Header.Heading(c.column), c.Message)})
		}
	}
	p.Order = order
	for row, before := range p.successions.after {
		p.Order.After[row] = append(p.Order.After[row], before...)
	}
	p.Order.Conflicts, p.awaited = recorded, p.Order.Awaited()
	return conflicts, nil
}

// learnMore asks for what only some plans make needed. It reports whether it
// learned anything, so that the plans must be made again.
func (p *Prepared) learnMore(ctx context.Context, candidates *conflictCandidates) (bool, error) {
	d := p.Snapshot
	if len(p.lookups) > 0 {
		maps.Copy(p.LookedUp, p.lookups)
		return true, d.learnLookups(ctx, p.Session, p.lookups)
	}
	if (p.Planned[validate.Delete] > 0 || p.keepsMailboxes) && d.undeletable == nil {
		return true, d.learnUndeletable(ctx, p.Session)
	}
	p.departures.rows = p.successions.leaving()
	if leavers := d.references.unknown(p.successions.leavers()); len(leavers) > 0 && d.About.References != nil {
		return true, d.learnReferences(ctx, p.Session, leavers)
	}
	if p.departures.learnCircles(&p.successions) {
		return true, nil
	}
	if p.changesLDAPOwned && d.ldapTypes == nil {
		return true, d.learnDirectoryUsers(ctx, p.Session)
	}
	if p.Planned[validate.Update] > 0 && len(p.extensions) > 0 && !d.Shows["DtmfAccessId"] && len(d.Seen) > 0 {
		d.noteUnchecked("which extensions are taken: the listing does not show them")
	}
	if candidates.extensions && !d.otherExtensionsRead {
		return true, d.learnOtherExtensions(ctx, p.Session, p.Checked)
	}
	asksMembers := candidates.members && d.memberOwners == nil
	if !d.partsLearned && p.parts.any() {
		return true, d.learnParts(ctx, p.Session, &p.parts, asksMembers)
	}
	if asksMembers {
		return true, d.learnMemberOwners(ctx, p.Session, p.Checked, &p.parts)
	}
	if len(candidates.owners) > 0 {
		if asked, err := d.learnOwners(ctx, p.Session, candidates.owners); asked {
			return true, err
		}
	}
	if learned, err := d.learnFreed(ctx, p.Session, candidates); learned {
		return true, err
	}
	maps.DeleteFunc(p.refersTo, func(name string, _ bool) bool { asked, _ := d.Lists.asked(name); return asked })
	return len(p.refersTo) > 0, d.ReadNames(ctx, p.Session, slices.Collect(maps.Keys(p.refersTo)))
}

// planAll plans every row once and gives the conflicts, and which of the other rows
// may get into each other's way.
func (p *Prepared) planAll(history *record.History) ([]Conflict, *conflictCandidates, error) {
	var conflicts []Conflict
	candidates := newConflictCandidates()
	clear(p.Planned)
	p.Workload, p.Order.After, p.Order.MovesFirst = nil, nil, nil
	p.leavesLDAPOwned, p.changesLDAPOwned, p.refersTo, p.lookups, p.idle = false, false, map[string]bool{}, map[Lookup]bool{}, map[int]bool{}
	var awaited map[int]bool
	if p.Recorded != nil {
		awaited = p.Recorded.Awaited()
	}
	p.newNames, p.drawn = nil, drawnPINs{}
	p.absent, p.nearWarnings, p.Movers, p.alike, p.Spared = absences{}, nil, 0, map[string]int{}, 0
	spared := map[string]int{} // by whom users are like
	p.successions, p.keepsMailboxes, p.parts = successions{}, false, newPartNeeds()
	for plan, err := range p.Plans(history) {
		if err != nil {
			return nil, nil, err
		}
		p.absent.add(plan)
		if plan.ldapDoubt.Row > 0 {
			p.nearWarnings = append(p.nearWarnings, plan.ldapDoubt)
		}
		if plan.nearUser.Row > 0 {
			p.nearWarnings = append(p.nearWarnings, plan.nearUser)
		}
		if plan.End.Status == "" {
			if c := p.Snapshot.longer.unusualLength(plan); c.Row > 0 {
				p.nearWarnings = append(p.nearWarnings, c)
			}
			for _, c := range plan.nearValues() {
				if c.warning {
					p.nearWarnings = append(p.nearWarnings, c)
				} else {
					conflicts = append(conflicts, c)
				}
			}
		}
		_, known := p.Verdicts[plan.Row]
		if plan.End.Status != "" && (awaited[plan.Row] || awaited[-plan.Row]) {
			p.idle[plan.Row] = true
		}
		switch end := plan.End; {
		case end.Status == "":
			p.keepsMailboxes = p.keepsMailboxes || plan.Record.KeepsMailbox
			p.parts.add(plan)
			if p.Planned[plan.Operation]++; plan.Operation == validate.Delete {
				p.successions.add(plan)
			}
			if plan.comesWithUser() {
				alike := plan.Alike()
				p.alike[alike]++
				spared[alike] += requestsForParts(plan)
			}
			if plan.movesPrimary() {
				p.Movers++
			}
			p.drawn.add(plan)
			for _, key := range plan.newNames() {
				p.newNames = append(p.newNames, p.hash(key.Column, key.Value))
			}
			p.Workload = p.Workload.set(plan.Row, p.requests(plan))
			p.leavesLDAPOwned, p.changesLDAPOwned = p.leavesLDAPOwned || len(plan.leftOut) > 0, p.changesLDAPOwned || plan.mayChangeLDAPOwned()
			for _, a := range plan.lookups {
				if p.lookups[a] = true; p.LookedUp[a] {
					delete(p.lookups, a)
					conflicts = append(conflicts, Conflict{Row: plan.Row, Line: plan.Line, Code: codes.NotSettled, column: plan.Record.Key,
						Message: fmt.Sprintf("the server was asked for the %s %s %q, and what it has could not be told: so it is not known what the row would do; look at the server", a.about, a.Column, a.Value)})
				}
			}
			for _, reference := range plan.references() {
				p.refersTo[reference.collection] = true
			}
			if p.Recorded == nil {
				candidates.add(p.Snapshot, p.Snapshot.useOf(plan, &p.RowIndex))
				if plan.mayFree() && (plan.Operation != validate.Delete || p.Options.PreImage != send.PreImageUser) {
					candidates.freers[plan.Target["ObjectId"]] = plan.Row
				}
			}
		case end.Status == record.Invalid && !known:
			conflicts = append(conflicts, Conflict{Row: plan.Row, Line: plan.Line, Code: end.Code, Message: end.Message, column: end.Column})
		}
	}
	for alike, requests := range spared {
		if p.enoughAlike(alike) {
			p.Spared += requests
		}
	}
	return append(conflicts, p.successions.conflicts(p.About)...), candidates, nil
}
