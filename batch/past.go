package batch

import (
	"maps"
	"slices"
	"strings"

	"cucbulk/cupi"
)

// doneChange is a change with its intent.
type doneChange struct {
	DoneChange
	ObjectID string // of what was made
	intent   Intent
	life     lifetime // the start that sent it
	earlier  bool     // by the run that this one continues
}

// past is what earlier starts of a run did for one row.
type past struct {
	made      []doneChange // oldest first
	open      *doneChange  // what became of it is not known
	unproven  []doneChange // nor of these, and the row went on after them: its start had looked, and could not tell
	doubted   *doneChange  // one that was open, until a look has shown that it is not there
	meant     *doneChange  // the last change, when none was made or is in doubt: whom the row was about
	journaled RowHistory   // what the journal has of the row
}

// counts reports whether a change of the row is on the server, or may be. What became of one
// that was tried again is what became of the last try.
func (r *RowHistory) counts(i int) bool {
	c := r.Changes[i]
	triedAgain := i+1 < len(r.Changes) && r.Changes[i+1].Attempt > c.Attempt
	return c.Made || c.Open && !triedAgain
}

// past reads what the journal holds of a row's changes.
func (l *lookup) past(number int) (past, error) {
	var p past
	row := l.history.Rows[number]
	if row == nil {
		return p, nil
	}
	p.journaled.Changes = slices.Clone(row.Changes)
	for i, c := range row.Changes {
		if !row.counts(i) {
			continue
		}
		change, err := l.change(c)
		if err != nil {
			return p, err
		}
		change.life = l.history.lifeOf(c.offset)
		change.life.reading = change.life.readingOf(change.intent)
		if c.Made {
			p.made = append(p.made, change)
			continue
		}
		if p.open != nil {
			p.unproven = append(p.unproven, *p.open)
		}
		p.open = &change
	}
	if last := len(row.Changes) - 1; last >= 0 && p.first() == nil {
		change, err := l.change(row.Changes[last])
		if err != nil {
			return p, err
		}
		if of := (past{open: &change}); of.user() != "" {
			p.meant = &change
		}
	}
	return p, nil
}

// ofAnother reports whether the row was about another user than its key finds now.
func (p past) ofAnother(found cupi.Object) bool {
	return p.meant != nil && !same("ObjectId", past{open: p.meant}.user(), found["ObjectId"])
}

// created is the ObjectId of the user that was made, "" if none was.
func (p past) created() string {
	for _, c := range p.made {
		if c.creates() {
			return c.ObjectID
		}
	}
	return ""
}

// fresh reports whether this run made the user itself.
func (p past) fresh() bool {
	for _, c := range p.made {
		if c.creates() {
			return !c.earlier
		}
	}
	return false
}

// earlier reports whether the run that this one continues did something of a step.
func (p past) earlier(step string) bool {
	return slices.ContainsFunc(p.made, func(c doneChange) bool { return c.Step == step && c.earlier })
}

// othersOnly reports whether all of it was done by the run that this one continues.
func (p past) othersOnly() bool {
	return p.open == nil && !slices.ContainsFunc(p.made, func(c doneChange) bool { return !c.earlier })
}

// deleted reports whether the user was deleted.
func (p past) deleted() bool {
	return slices.ContainsFunc(p.made, func(c doneChange) bool { return c.deletes() })
}

// user is the ObjectId of the user that the changes were about, "" if they don't tell.
func (p past) user() string {
	if id := p.created(); id != "" {
		return id
	}
	for _, c := range p.changes() {
		if c.intent.User != "" {
			return c.intent.User
		}
		if id := c.intent.about().of(c.intent.Path); id != "" {
			return id
		}
	}
	return ""
}

// origin gives the fields that a change overwrote as they were before the first change of
// them by this part of the row, or as somebody else has left them since.
func (p past) origin(of Intent, part undoPart) cupi.Object {
	origin, written := cupi.Object{}, cupi.Object{}
	for _, c := range p.made {
		if c.intent.Path != of.Path || !part.covers(c.Step) {
			continue
		}
		for name, before := range c.intent.Before {
			if last, wrote := written[name]; !wrote || !same(name, last, before) {
				origin[name] = before
			}
		}
		maps.Copy(written, c.intent.Before)
		maps.Copy(written, c.intent.Fields)
	}
	return only(origin, slices.Collect(maps.Keys(of.Before))...)
}

// knows reports whether an object's field has a value that this part of the row wrote, or
// found there: so nobody else has changed it since.
func (p past) knows(path, name, value string, part undoPart) bool {
	return slices.ContainsFunc(p.made, func(c doneChange) bool {
		if !part.covers(c.Step) {
			return false
		}
		written, wrote := c.intent.Fields[name]
		found, had := c.intent.Before[name]
		return c.intent.Path == path && (wrote && same(name, value, written) || had && same(name, value, found))
	})
}

// unsettled reports whether a change is in doubt of which a rollback must know what became
// of it. What hangs on a user that was made goes with it, whatever became of it.
func (p past) unsettled() bool {
	hangs := p.created() != ""
	return len(p.unproven) > 0 && !hangs || p.open != nil && (!hangs || kindOf(p.open.Step).shape == wholeUser)
}

// changes are all of them, also the one in flight.
func (p past) changes() []doneChange {
	if p.open == nil {
		return p.made
	}
	return append(slices.Clone(p.made), *p.open)
}

// first is the change that came first, nil when there was none.
func (p past) first() *doneChange {
	if len(p.made) > 0 {
		return &p.made[0]
	}
	return p.open
}

// sent reports whether a change with this method was made to a path that ends so.
func (p past) sent(method, end string) bool {
	return slices.ContainsFunc(p.made, func(c doneChange) bool { return c.Method == method && strings.HasSuffix(c.intent.Path, end) })
}

// has reports whether a change was made already.
func (p past) has(intent Intent) bool {
	return slices.ContainsFunc(p.made, func(c doneChange) bool { return c.intent.same(intent) })
}

// wasMade is a change that was in doubt, of which a look has found that it was made. unproven:
// perhaps by somebody else.
func (c doneChange) wasMade(objectID string, unproven bool) doneChange {
	c.Made, c.Open, c.ObjectID, c.unproven = true, false, objectID, unproven
	return c
}

// mended gives the fields of a user that a row wants otherwise than they were sent
// before. An import sends what the directory has; of it a row can mend the extension.
func (p past) mended(wanted cupi.Object, imports bool) cupi.Object {
	sent := cupi.Object{}
	for _, c := range p.made {
		if kindOf(c.Step).main {
			maps.Copy(sent, c.intent.shown())
		}
	}
	if imports {
		wanted = only(wanted, "DtmfAccessId")
	}
	changed := cupi.Object{}
	for name, value := range wanted {
		if before, given := sent[name]; !given || !same(name, before, value) {
			changed[name] = value
		}
	}
	return changed
}
