package plan

import (
	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// Workload is how many requests each row is likely to cost, by its number: what a run
// has before it. It is an estimate, made before anything is read of a row; a row
// that is left out or surely unchanged has none.
type Workload []uint8

// Of is the requests of a row.
func (w Workload) Of(row int) int {
	if row < 0 || row >= len(w) {
		return 0
	}
	return int(w[row])
}

// Total is the requests of all rows.
func (w Workload) Total() int {
	total := 0
	for _, requests := range w {
		total += int(requests)
	}
	return total
}

// set notes the requests of a row.
func (w Workload) set(row, requests int) Workload {
	for len(w) <= row {
		w = append(w, 0)
	}
	w[row] = uint8(min(requests, 255))
	return w
}

// requestsOf estimates what a plan costs, where a delete keeps that pre-image.
func (d *Snapshot) requestsOf(plan Plan, preImage string) int {
	requests := 0
	if plan.Late {
		requests++ // the user is looked up
	}
	if plan.Operation == validate.Delete {
		if preImage == send.PreImageUser {
			return requests + 2
		}
		requests += 2 + 2*len(plan.References)
		for _, kind := range plan.About.Restorable() { // what goes with it is read too; who is in which list, once a run
			switch {
			case kind.Extensions == model.Alternate:
				requests += d.Alternates.reads(plan)
			case kind.Senders != nil: // each is read before and after
				requests += 2 * len(d.sendersTo(plan))
			case kind.ReadForEach(), kind.Held && plan.Target["ObjectId"] == "":
				requests++
			}
		}
		if preImage == send.PreImageFull {
			requests += FullReads(plan.About)
		}
		return requests
	}
	ownerKnown := plan.Target["CallHandlerObjectId"] != ""
	read := map[string]bool{}
	for _, step := range plan.Steps {
		kind := step.Kind
		if kind.Owner == model.TheCallHandler && !ownerKnown {
			requests++ // the user is read for its id, once
			ownerKnown = true
		}
		before := requests
		switch {
		case kind.Shape == model.WholeUser && plan.Operation == validate.Update:
			requests += d.updateRequests(plan, step.Wanted)
		case plan.Operation.MakesUsers():
			requests += d.made(plan, step) + lookedUp(kind, read)
		case kind.Extensions == model.Alternate:
			requests += 1 + d.Alternates.reads(plan)
		case kind.Leaves:
			requests += plan.leaving
		case kind.Who.Name != "": // the lists were read
			requests++
		case kind.OfEverybody() && d.showsAsWanted(plan, step):
		case kind.Shape == model.Memberships: // who is in the lists, the run reads for all rows
			requests++
		case kind.WriteOnly == "" || kind.Shape != model.Single || plan.SendsCredentials():
			requests += 1 + d.readFirst(plan, step, read)
		}
		if requests > before && len(kind.Unsure(step.Wanted)) > 0 {
			requests++ // it is read back
		}
	}
	return requests
}

// made is how many requests give a new user what a step wants: one for each of several names or addresses.
func (d *Snapshot) made(p Plan, step model.Step) int {
	if step.Kind.Shape != model.Set || step.Kind.Leaves {
		return 1
	}
	return d.changesOfSet(p, step)
}

// FullReads is how many requests read what is recorded of one besides, where everything is, as far as it is
// known before: of what hangs on what not everybody has, none.
func FullReads(about *model.Object) (requests int) {
	for _, kind := range about.FullyRestorable() {
		if kind.HangsOn == "" {
			requests++
		} else {
			requests += len(model.KindOf(kind.HangsOn).Slots) * map[bool]int{true: 1}[model.KindOf(kind.HangsOn).Named]
		}
	}
	return requests
}

// readFirst is 1 where what a step is about must be read before it is changed, and was not for a step
// before.
func (d *knownParts) readFirst(plan Plan, step model.Step, read map[string]bool) int {
	kind, list := step.Kind, step.Name
	switch {
	case d.MixedServes(plan, kind):
		list = kind.Mixed("").Path
	case kind.Shape != model.Single && kind.HangsOn == "":
		list = kind.Name
	}
	if read[list] {
		return 0
	}
	read[list] = true
	return 1
}

// showsAsWanted reports whether a list of everybody's parts shows one as a step wants it.
func (d *knownParts) showsAsWanted(plan Plan, step model.Step) bool {
	owner := plan.Target["ObjectId"]
	if kind := step.Kind; kind.Owner == model.TheCallHandler {
		owner = plan.Target["CallHandlerObjectId"]
	}
	p := send.PartOf(step.Kind, step.Name, owner)
	return plan.AsSeen && d.PartLists.Shows(p, step.Wanted)
}

// requestsForParts estimates what of a plan's requests is for parts that every new user has.
func requestsForParts(plan Plan) int {
	requests, handler := 0, 0
	read := map[string]bool{}
	for _, step := range plan.Steps {
		kind := step.Kind
		if !kind.ComesWithUser() {
			continue
		}
		if requests += 1 + lookedUp(kind, read); kind.Owner == model.TheCallHandler {
			handler = 1 // the user is read for its id, once
		}
	}
	return requests + handler
}

// lookedUp is 1 where a list is read for what the server or the template gives each user, and was
// not read before.
func lookedUp(kind *model.StepKind, read map[string]bool) int {
	list := kind.Name
	if kind.Mixed != nil { // one list has them all
		list = kind.Mixed("").Path
	}
	if !kind.ServerCreated && kind.FromTemplate == nil || read[list] {
		return 0
	}
	read[list] = true
	return 1
}

// updateRequests is what the update of a user costs: what the listing does not show
// must be read first.
func (d *Snapshot) updateRequests(plan Plan, wanted cupi.Object) int {
	if plan.OwnerUntold || !d.Entries.lists(wanted) {
		return 2
	}
	changes := min(1, len(model.Differences(plan.Target, wanted)))
	if plan.Target["ObjectId"] == "" { // a row before makes it, so no listing shows it
		changes++
	}
	return changes
}
