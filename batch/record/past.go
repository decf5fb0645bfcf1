package record

import (
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// Past is what earlier starts of a run did for one row.
type Past struct {
	Made      []AppliedChange // oldest first
	Open      *AppliedChange  // what became of it is not known
	Unproven  []AppliedChange // nor of these, and the row went on after them: its start had looked, and could not tell
	Doubted   *AppliedChange  // one that was open, until a look has shown that it is not there
	Meant     *AppliedChange  // the last change, when none was made or is in doubt: whom the row was about
	MeantNew  bool            // the last change, when none was made or is in doubt, was to make the user
	Journaled RowHistory      // what the journal has of the row
}

// Past reads what the journal holds of a row's changes.
func (l *Lookup) Past(number int) (Past, error) {
	var p Past
	row := l.history.Rows[number]
	if row == nil {
		return p, nil
	}
	p.Journaled.Changes = slices.Clone(row.Changes)
	if row.unconfirmed {
		p.Journaled.Status, p.Journaled.unconfirmed = row.Status, true
	}
	for i, c := range row.Changes {
		if !row.counts(i) {
			continue
		}
		change, err := l.change(c)
		if err != nil {
			return p, err
		}
		change.Life = l.history.lifeOf(c.offset)
		change.Life.reading = change.Life.readingOf(change.Intent)
		if c.Made {
			p.Made = append(p.Made, change)
			continue
		}
		if p.Open != nil {
			p.Unproven = append(p.Unproven, *p.Open)
		}
		p.Open = &change
	}
	if last := len(row.Changes) - 1; last >= 0 && p.First() == nil {
		change, err := l.change(row.Changes[last])
		if err != nil {
			return p, err
		}
		if of := (Past{Open: &change}); of.User() != "" {
			p.Meant = &change
		}
		p.MeantNew = change.Creates()
	}
	return p, nil
}

// OfAnother reports whether the row was about another user than its key finds now.
func (p Past) OfAnother(found cupi.Object) bool {
	return p.Meant != nil && !model.Same("ObjectId", Past{Open: p.Meant}.User(), found["ObjectId"])
}

// Created is the ObjectId of the user that was made, "" if none was.
func (p Past) Created() string {
	for _, c := range p.Made {
		if c.Creates() {
			return c.ObjectID
		}
	}
	return ""
}

// Fresh reports whether this run made the user itself.
func (p Past) Fresh() bool {
	for _, c := range p.Made {
		if c.Creates() {
			return !c.Earlier
		}
	}
	return false
}

// Earlier reports whether the run that this one continues did something of a step.
func (p Past) Earlier(step string) bool {
	return slices.ContainsFunc(p.Made, func(c AppliedChange) bool { return c.Step == step && c.Earlier })
}

// OthersOnly reports whether all of it was done by the run that this one continues.
func (p Past) OthersOnly() bool {
	return p.Open == nil && !slices.ContainsFunc(p.Made, func(c AppliedChange) bool { return !c.Earlier })
}

// Deleted reports whether the user was deleted.
func (p Past) Deleted() bool {
	return slices.ContainsFunc(p.Made, func(c AppliedChange) bool { return c.Deletes() })
}

// User is the ObjectId of the user that the changes were about, "" if they don't tell.
func (p Past) User() string {
	if id := p.Created(); id != "" {
		return id
	}
	for _, c := range p.Changes() {
		if c.Intent.User != "" {
			return c.Intent.User
		}
		if id := c.Intent.About().Of(c.Intent.Path); id != "" {
			return id
		}
	}
	return ""
}

// Origin gives the fields that a change overwrote as they were before the first change of
// them by this part of the row, or as somebody else has left them since.
func (p Past) Origin(of Intent, part UndoPart) cupi.Object {
	origin, written := cupi.Object{}, cupi.Object{}
	for _, c := range p.Made {
		if c.Intent.Path != of.Path || !part.Covers(c.Step) {
			continue
		}
		for name, before := range c.Intent.Before {
			if last, wrote := written[name]; !wrote || !model.Same(name, last, before) {
				origin[name] = before
			}
		}
		maps.Copy(written, c.Intent.Before)
		maps.Copy(written, c.Intent.Fields)
	}
	return model.Only(origin, slices.Collect(maps.Keys(of.Before))...)
}

// Knows reports whether a field of what a change was about has a value that this part of the row
// wrote, or that was there before it: so nobody else has changed it since. What it found at first,
// and somebody else had changed when it wrote again, is not that any more: whoever has put it
// back was not this row.
func (p Past) Knows(of Intent, name, value string, part UndoPart) bool {
	if origin, had := p.Origin(of, part)[name]; had && model.Same(name, value, origin) {
		return true
	}
	return slices.ContainsFunc(p.Made, func(c AppliedChange) bool {
		written, wrote := c.Intent.Fields[name]
		return part.Covers(c.Step) && c.Intent.Path == of.Path && wrote && model.Same(name, value, written)
	})
}

// Unsettled reports whether a change is in doubt of which a rollback must know what became
// of it. What hangs on a user that was made goes with it, whatever became of it.
func (p Past) Unsettled() bool {
	hangs := p.Created() != ""
	return len(p.Unproven) > 0 && !hangs || p.Open != nil && (!hangs || model.KindOf(p.Open.Step).Shape == model.WholeUser)
}

// Changes are all of them, also the one in flight.
func (p Past) Changes() []AppliedChange {
	if p.Open == nil {
		return p.Made
	}
	return append(slices.Clone(p.Made), *p.Open)
}

// Wrote gives what the changes of a step set, oldest first.
func (p Past) Wrote(step string) []cupi.Object {
	var all []cupi.Object
	for _, c := range p.Made {
		if c.Step == step {
			all = append(all, c.Intent.Fields)
		}
	}
	return all
}

// First is the change that came first, nil when there was none.
func (p Past) First() *AppliedChange {
	if len(p.Made) > 0 {
		return &p.Made[0]
	}
	return p.Open
}

// Sent reports whether a change with this method was made to a path that ends so.
func (p Past) Sent(method, end string) bool {
	return slices.ContainsFunc(p.Made, func(c AppliedChange) bool { return c.Method == method && strings.HasSuffix(c.Intent.Path, end) })
}

// Has reports whether a change was made already.
func (p Past) Has(intent Intent) bool {
	return slices.ContainsFunc(p.Made, func(c AppliedChange) bool { return c.Intent.Same(intent) })
}

// WasMade is a change that was in doubt, of which a look has found that it was made. unproven:
// perhaps by somebody else.
func (c AppliedChange) WasMade(objectID string, unproven bool) AppliedChange {
	c.Made, c.Open, c.ObjectID, c.Unproven = true, false, objectID, unproven
	return c
}

// Mended gives the fields of a user that a row wants otherwise than they were sent
// before. An import sends what the directory has; of it a row can mend the extension.
func (p Past) Mended(wanted cupi.Object, imports bool) cupi.Object {
	sent := cupi.Object{}
	for _, c := range p.Made {
		if model.KindOf(c.Step).Main {
			maps.Copy(sent, c.Intent.Shown())
		}
	}
	if imports {
		wanted = model.Only(wanted, "DtmfAccessId")
	}
	changed := cupi.Object{}
	for name, value := range wanted {
		if before, given := sent[name]; !given || !model.Same(name, before, value) {
			changed[name] = value
		}
	}
	return changed
}

// UndoPart is what of a row's changes a unit takes back.
type UndoPart int

// The parts of a row.
const (
	WholeRow   UndoPart = iota
	AllButMove          // but for the move to the temporary extension, which goes back later
	OnlyMove            // the move to the temporary extension
)

// Covers reports whether the part has the changes of a step.
func (p UndoPart) Covers(step string) bool {
	return p == WholeRow || model.KindOf(step).Temporary == (p == OnlyMove)
}
