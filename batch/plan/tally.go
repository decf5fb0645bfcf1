package plan

import (
	"cmp"
	"maps"
	"slices"
	"strings"

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
	Targets  []string                   // see [record.Begin]
	idle     map[int]bool               // rows of the order of an earlier start that have nothing to do any more
	drawn    drawnPINs

	learnFrom int            // users that are alike: from so many on the run learns what their template gives; 0: from none
	alike     map[string]int // rows that make users, by whom these are like: see [Plan.Alike]
	spared    map[string]int // requests for parts of their users

	conflicts  []Conflict
	doubts     []Conflict // warnings of what is nearly as on the server, see near.go
	absent     absences   // rows that find nobody
	candidates *conflictCandidates

	lookups          map[Lookup]bool // what the plans must know besides
	refersTo         map[string]bool // collections of which rows newly name a member by its id
	leaving          int             // members whom rows take out because no row names them
	members          memberAsks      // what rows must know of who is in lists
	unsure           map[string]bool // fields and parts that rows set, and of which it is not certain that the server has them
	parts            partNeeds       // what rows must know of parts of users
	newNames         hashes          // aliases and extensions that rows give to users who have not got them
	successions      successions     // of rows that delete users
	Kept             int             // rows that keep the mailboxes of users in place of deleting them
	leavesLDAPOwned  bool            // some plan leaves out what the directory owns
	changesLDAPOwned bool            // some row changes a field that a directory may own
}

func newTally(learnFrom int) Tally {
	return Tally{Planned: map[validate.Operation]int{}, Told: map[validate.Operation]int{}, members: newMemberAsks(), idle: map[int]bool{}, learnFrom: learnFrom, alike: map[string]int{},
		spared: map[string]int{}, candidates: newConflictCandidates(), lookups: map[Lookup]bool{}, refersTo: map[string]bool{},
		parts: newPartNeeds(), unsure: map[string]bool{}}
}

// add takes a plan that will be sent, and costs so many requests.
func (t *Tally) add(plan Plan, requests int) {
	t.Workload = t.Workload.set(plan.Row, requests)
	t.Told[plan.Told()]++
	t.leaving += plan.leaving
	if t.Planned[plan.Operation]++; plan.Operation == validate.Delete {
		t.successions.add(plan)
	}
	if plan.Steps.ComeWithUser() {
		alike := plan.Alike()
		t.alike[alike]++
		t.spared[alike] += requestsForParts(plan)
	}
	for _, step := range plan.Steps {
		for _, name := range plan.perhapsLacking(step) {
			t.unsure[name] = true
		}
	}
	if plan.movesPrimary() {
		t.Movers++
	}
	t.drawn.add(plan)
	t.parts.add(plan)
	for _, reference := range plan.references() {
		t.refersTo[reference.collection] = true
	}
	if plan.Record.KeepsMailbox {
		t.Kept++
	}
	t.leavesLDAPOwned = t.leavesLDAPOwned || len(plan.leftOut) > 0
	t.changesLDAPOwned = t.changesLDAPOwned || plan.mayChangeLDAPOwned()
	for _, c := range plan.nearValues() {
		if c.warning {
			t.doubts = append(t.doubts, c)
		} else {
			t.conflicts = append(t.conflicts, c)
		}
	}
}

// warn takes what only people can tell of a row; those without a row say nothing.
func (t *Tally) warn(doubts ...Conflict) {
	for _, c := range doubts {
		if c.Row > 0 {
			t.doubts = append(t.doubts, c)
		}
	}
}

// Spared is how many requests of the workload the run may not need, because templates give what rows want.
func (t *Tally) Spared() int {
	requests := 0
	for alike, of := range t.spared {
		if t.enoughAlike(alike) {
			requests += of
		}
	}
	return requests
}

// enoughAlike reports whether a run makes so many users that are alike that it learns from the
// first of them what their template gives.
func (t *Tally) enoughAlike(alike string) bool {
	return alike != "" && t.learnFrom > 0 && t.alike[alike] >= t.learnFrom
}

// Alike says whom the user that a plan makes is like when it is new, whatever its parts get
// later: those that are made of the same template, on the same store, with the same of all that
// a server may go by. "" of a plan that makes none, or whose user other rows are about too.
func (p Plan) Alike() string {
	if p.End.Status != "" || p.Late || p.Operation != validate.Create || p.Before.First() != nil {
		return ""
	}
	wanted := p.Steps.Wanted(p.About.Main.Name)
	alike := []string{model.Fold(p.Template), p.MailboxStore}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		column, known := validate.ColumnOfField(name)
		switch value := wanted[name]; {
		case known && column.Describes():
		case known && column.Reaches() && value != "": // whose it is differs; that there is one may decide what hangs on it
			alike = append(alike, name)
		default:
			alike = append(alike, name+"="+value)
		}
	}
	return strings.Join(alike, "\x00")
}

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
