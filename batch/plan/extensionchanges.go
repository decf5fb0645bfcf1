package plan

import (
	"cmp"
	"maps"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Primary and alternate extensions are one name space in each partition.

// extensionChange is what a step does to extensions.
type extensionChange struct{ frees, takes string }

// extensionChanges tells what each step of a plan frees and takes. A partition that is not
// known counts for nothing: the server decides. present are the user's alternate extensions, as
// far as they were read.
func (d *Snapshot) extensionChanges(p Plan, present []cupi.Object) []extensionChange {
	list := make([]extensionChange, len(p.Steps))
	wanted, target := p.User(), p.Target
	own := cmp.Or(wanted["PartitionObjectId"], target["PartitionObjectId"])
	if p.Operation.MakesUsers() {
		target, own = nil, cmp.Or(wanted["PartitionObjectId"], d.Template[model.Fold(p.Template)]["PartitionObjectId"])
	}
	for i, step := range p.Steps {
		var had, has string
		switch kind := step.Kind; kind.Extensions {
		case model.Primary:
			had = extensionKey(target["DtmfAccessId"], target["PartitionObjectId"])
			has = extensionKey(cmp.Or(wanted["DtmfAccessId"], target["DtmfAccessId"]), own)
		case model.Alternate:
			member := memberAt(present, model.SlotOf(step.Name))
			had = extensionKey(member["DtmfAccessId"], member["PartitionObjectId"])
			extension, given := step.Wanted["DtmfAccessId"]
			if !given {
				extension = member["DtmfAccessId"]
			}
			has = extensionKey(extension, cmp.Or(step.Wanted["PartitionObjectId"], cmp.Or(member["PartitionObjectId"], own)))
		}
		if had != has {
			list[i] = extensionChange{frees: had, takes: has}
		}
	}
	return list
}

// alternates are those of a plan's user as the rows before leave them, as far as they were read
// or those rows set them.
func (d *takenExtensions) alternates(p Plan) []cupi.Object {
	members := slices.Clone(d.Alternates.of(p.Target["ObjectId"]))
	for step, fields := range p.Earlier {
		if model.KindOf(step).Extensions != model.Alternate {
			continue
		}
		slot := model.SlotOf(step)
		member := cupi.Object{"IdIndex": slot, "PartitionObjectId": p.Target["PartitionObjectId"]}
		maps.Copy(member, memberAt(members, slot))
		maps.Copy(member, fields)
		members = slices.DeleteFunc(members, func(m cupi.Object) bool { return model.Same("IdIndex", m["IdIndex"], slot) })
		if member["DtmfAccessId"] != "" {
			members = append(members, member)
		}
	}
	return members
}

// memberAt finds the alternate extension of a slot; nil when there is none.
func memberAt(members []cupi.Object, slot string) cupi.Object {
	for _, member := range members {
		if model.Same("IdIndex", member["IdIndex"], slot) {
			return member
		}
	}
	return nil
}

// orderExtensionSteps lets the step of an update that frees an extension go before the one that
// takes it. Where there is no such order the row is in conflict with itself.
func (d *Snapshot) orderExtensionSteps(p *Plan, present []cupi.Object) verdict {
	if len(p.Steps) < 2 {
		return verdict{}
	}
	for range p.Steps { // if there is an order, so many moves find it
		takes, frees, found := tooEarly(d.extensionChanges(*p, present))
		if !found {
			return verdict{}
		}
		step := p.Steps[frees]
		p.Steps = slices.Insert(slices.Delete(slices.Clone(p.Steps), frees, frees+1), takes, step)
	}
	column := p.Header.Heading(alternateInACircle(p.Steps, d.extensionChanges(*p, present)))
	return Invalid(codes.ExtensionsInACircle, "the row hands extensions round within its own user, and no order of its "+
		"steps can do it; do it in two files, of which the first clears %s: write %s there", column, validate.Null)
}

// alternateInACircle is the column of an alternate extension that a step gives away to others that
// hand it round: once it is cleared, there is an order.
func alternateInACircle(steps []model.Step, changes []extensionChange) string {
	for start, step := range steps {
		at := start
		for range steps {
			takes := changes[at].takes
			at = slices.IndexFunc(changes, func(c extensionChange) bool { return takes != "" && c.frees == takes })
			if at == start && step.Kind.Extensions == model.Alternate {
				column, _ := validate.ColumnOfStep(step.Name, "DtmfAccessId")
				return column.Name
			} else if at < 0 {
				break
			}
		}
	}
	return ""
}

// alreadyAlternate finds an extension that the plan takes and its own user has as an alternate one,
// which the plan does not free.
func (d *Snapshot) alreadyAlternate(p Plan, present []cupi.Object) verdict {
	changes := d.extensionChanges(p, present)
	for i, h := range changes {
		for _, member := range present {
			slot := member["IdIndex"]
			if h.takes == "" || slot == "0" ||
				extensionKey(member["DtmfAccessId"], member["PartitionObjectId"]) != h.takes ||
				slices.ContainsFunc(changes, func(other extensionChange) bool { return other.frees == h.takes }) {
				continue
			}
			of, _ := validate.ColumnOfStep(d.About.Alternate.Name+"/"+slot, "DtmfAccessId")
			return Invalid(codes.ExtensionTaken, "the extension %q is an alternate one of this user already (%s); to "+
				"move it, clear that in the same row: write %s there", member["DtmfAccessId"], p.Header.Heading(of.Name),
				validate.Null).about(p.extensionColumn(p.Steps[i]))
		}
	}
	return verdict{}
}

// movesPrimary reports whether an update gives its user another primary extension, as far as
// the listing shows it.
func (p Plan) movesPrimary() bool {
	extension := p.Steps.Wanted(p.About.Main.Name)["DtmfAccessId"]
	return p.Operation == validate.Update && extension != "" && extension != p.Target["DtmfAccessId"]
}

// ResolveExtensions finds an order of the steps of an update that its user's alternate extensions allow;
// else the verdict says what is in the way.
func (d *Snapshot) ResolveExtensions(p *Plan, present []cupi.Object) verdict {
	if end := d.orderExtensionSteps(p, present); end.Status != "" {
		return end
	}
	return d.alreadyAlternate(*p, present)
}

// extends reports whether a plan changes the alternate extensions of its user, where they were
// read.
func (d *Snapshot) extends(p Plan) bool {
	for i, h := range d.extensionChanges(p, d.alternates(p)) {
		if p.Steps[i].Kind.Extensions == model.Alternate && h != (extensionChange{}) {
			return true
		}
	}
	return false
}

// tooEarly finds a step that takes what a later one frees.
func tooEarly(steps []extensionChange) (takes, frees int, found bool) {
	for takes, taker := range steps {
		for frees := takes + 1; frees < len(steps); frees++ {
			if taker.takes != "" && taker.takes == steps[frees].frees {
				return takes, frees, true
			}
		}
	}
	return 0, 0, false
}

// mayFree reports whether a plan may free an alternate extension, so that only its
// user's list tells which.
func (p Plan) mayFree() bool {
	return p.About.Alternate != nil && p.Target["ObjectId"] != "" && (p.Operation == validate.Delete ||
		p.Operation == validate.Update && slices.ContainsFunc(p.Steps,
			func(step model.Step) bool { return step.Kind.Extensions == model.Alternate }))
}

// extensionColumn is the column by which a row asks for the extension of a step: that of
// the extension, or of its partition where the row gives nothing else.
func (p Plan) extensionColumn(step model.Step) string {
	fields, field := step.Wanted, "DtmfAccessId"
	if step.Kind.Main {
		fields = p.User()
	}
	if fields[field] == "" {
		field = "PartitionObjectId"
	}
	for _, name := range p.Record.Names {
		if name.Step == step.Name && name.Field == field {
			return name.Column
		}
	}
	column, _ := validate.ColumnOfStep(step.Name, field)
	return column.Name
}
