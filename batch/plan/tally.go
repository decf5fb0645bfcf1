package plan

import (
	"cmp"
	"maps"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/validate"
)

// Tally is what one pass over the plans of all rows adds up to: what the run will do and cost, and what
// must be known of the server before the plans are final.
type Tally struct {
	Planned  map[validate.Operation]int // rows that will be sent, by what they do
	Told     map[validate.Operation]int // the same, by what they are told as: see [Plan.Told]
	Workload Workload                   // of these
	Movers   int                        // rows that give their user another primary extension
	Kept     int                        // rows that keep the mailboxes of users in place of deleting them
	Targets  []string                   // see [record.Begin]
	leaving  int                        // members whom rows take out because no row names them
	opened   map[int][]int              // by row, those before that must be done: see [ofMember]
	idle     map[int]bool               // rows of the order of an earlier start that have nothing to do any more
	newNames hashes                     // aliases and extensions that rows give to users who have not got them
	drawn    drawnPINs
	alike    alikeUsers

	leavesLDAPOwned bool // some plan leaves out what the directory owns

	findings
	needs
}

// findings are what speaks against rows.
type findings struct {
	conflicts []Conflict
	doubts    []Conflict      // warnings of what is nearly as on the server, see near.go
	absent    absences        // rows that find nobody
	unsure    map[string]bool // fields and parts that rows set, and of which it is not certain that the server has them
}

// needs are what the plans must know besides, before they are final.
type needs struct {
	lookups          map[Lookup]bool
	refersTo         map[string]bool // collections of which rows newly name a member by its id
	asked            memberAsks      // what rows must know of who is in lists
	parts            partNeeds       // what rows must know of parts of users
	lists            listNeeds       // of whose members rows must know
	given            givenParts      // what templates give
	successions      successions     // of rows that delete users
	changesLDAPOwned bool            // some row changes a field that a directory may own
	candidates       *conflictCandidates
}

func newTally(learnFrom int) Tally {
	return Tally{Planned: map[validate.Operation]int{}, Told: map[validate.Operation]int{}, idle: map[int]bool{},
		opened: map[int][]int{}, alike: newAlikeUsers(learnFrom),
		findings: findings{unsure: map[string]bool{}},
		needs: needs{lookups: map[Lookup]bool{}, refersTo: map[string]bool{}, asked: newMemberAsks(), parts: newPartNeeds(),
			candidates: newConflictCandidates(), lists: listNeeds{named: map[string]bool{}}, given: givenParts{}}}
}

// add takes a plan that will be sent, and costs so many requests.
func (t *Tally) add(plan Plan, requests int) {
	t.Workload = t.Workload.set(plan.Row, requests)
	t.Told[plan.Told()]++
	t.Planned[plan.Operation]++
	t.leaving += plan.leaving
	if len(plan.needs) > 0 {
		t.opened[plan.Row] = plan.needs
	}
	if plan.movesPrimary() {
		t.Movers++
	}
	if plan.Record.KeepsMailbox {
		t.Kept++
	}
	t.alike.add(plan)
	t.drawn.add(plan)
	t.leavesLDAPOwned = t.leavesLDAPOwned || len(plan.leftOut) > 0
	t.findings.add(plan)
	t.needs.add(plan)
}

// add notes what a plan that will be sent needs.
func (n *needs) add(plan Plan) {
	if plan.Operation == validate.Delete {
		n.successions.add(plan)
	}
	n.parts.add(plan)
	n.lists.add(plan)
	n.given.add(plan)
	for _, reference := range plan.references() {
		n.refersTo[reference.collection] = true
	}
	n.changesLDAPOwned = n.changesLDAPOwned || plan.mayChangeLDAPOwned()
}

// add notes values of a plan that are nearly as on the server, and what that may not have.
func (f *findings) add(plan Plan) {
	for _, step := range plan.Steps {
		for _, name := range plan.perhapsLacking(step) {
			f.unsure[name] = true
		}
	}
	for _, c := range plan.nearValues() {
		if c.warning {
			f.doubts = append(f.doubts, c)
		} else {
			f.conflicts = append(f.conflicts, c)
		}
	}
}

// warn takes what only people can tell of a row; those without a row say nothing.
func (f *findings) warn(doubts ...Conflict) {
	for _, c := range doubts {
		if c.Row > 0 {
			f.doubts = append(f.doubts, c)
		}
	}
}

// Spared is how many requests of the workload the run may not need, because templates give what rows want.
func (t *Tally) Spared() int { return t.alike.spares() }

// PlannedRows is how many rows will be sent, of which limits may be a share.
func (t *Tally) PlannedRows() int {
	rows := 0
	for _, n := range t.Planned {
		rows += n
	}
	return rows
}

// Leaving is how many users the plans delete, or would have deleted if their mailboxes were not kept.
func (t *Tally) Leaving() int { return t.Planned[validate.Delete] + t.Kept }

// Deletes is how many the run deletes: users, or whatever else the rows are about.
func (t *Tally) Deletes() int { return t.Told[validate.Delete] + t.leaving }

// newUsers is how many the plans make.
func (t *Tally) newUsers() int {
	users := 0
	for operation, rows := range t.Planned {
		if operation.MakesUsers() {
			users += rows
		}
	}
	return users
}

// drawnPINs is what a run draws.
type drawnPINs struct {
	all    int    // PINs
	theirs int    // of users who are there
	one    string // ObjectId of one of these
}

func (n *drawnPINs) add(p Plan) {
	if !p.needsPIN() {
		return
	}
	n.all++
	if p.Operation == validate.Update && p.Target["ObjectId"] != "" {
		n.theirs, n.one = n.theirs+1, cmp.Or(n.one, p.Target["ObjectId"])
	}
}

// perhapsLacking names what a step sets and the server may not have: fields, and a part by what people call it.
func (p Plan) perhapsLacking(step model.Step) []string {
	kind := step.Kind
	unsure := kind.Unsure(step.Wanted)
	switch {
	case !kind.About.MayLack || p.Operation == validate.Delete || len(unsure) == 0:
		return nil
	case kind.Shape != model.WholeUser:
		return []string{kind.Many}
	}
	return slices.Collect(maps.Keys(unsure))
}
