package batch

import (
	"slices"
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// doneChange is a change with its intent.
type doneChange struct {
	DoneChange
	ObjectID string // of what was made
	intent   Intent
	earlier  bool // by the run that this one continues
}

// past is what earlier starts of a run did for one row.
type past struct {
	made      []doneChange // oldest first
	open      *doneChange  // in flight when the last start ended
	journaled RowHistory   // what the journal has of the row
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
		last := i == len(row.Changes)-1
		if !c.Made && !(c.Open && last) {
			continue
		}
		change, err := l.change(c)
		if err != nil {
			return p, err
		}
		if c.Made {
			p.made = append(p.made, change)
		} else {
			p.open = &change
		}
	}
	return p, nil
}

// created is the ObjectId of the user that was made, "" if none was.
func (p past) created() string {
	for _, c := range p.made {
		if c.Method == "POST" && c.Step == validate.StepUser {
			return c.ObjectID
		}
	}
	return ""
}

// fresh reports whether this run made the user itself.
func (p past) fresh() bool {
	for _, c := range p.made {
		if c.Method == "POST" && c.Step == validate.StepUser {
			return !c.earlier
		}
	}
	return false
}

// earlier reports whether the run that this one continues did something of a step.
func (p past) earlier(step string) bool {
	return slices.ContainsFunc(p.made, func(c doneChange) bool { return c.Step == step && c.earlier })
}

// deleted reports whether the user was deleted.
func (p past) deleted() bool {
	return slices.ContainsFunc(p.made, func(c doneChange) bool { return c.Method == "DELETE" && c.Step == validate.StepUser })
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
		if path, of := strings.CutPrefix(c.intent.Path, cupi.Users.Path+"/"); of {
			id, _, _ := strings.Cut(path, "/")
			return id
		}
	}
	return ""
}

// unsettled reports whether a change is in doubt that keeps the others from being taken
// back. What hangs on a user that was made goes with it, whatever became of it.
func (p past) unsettled() bool {
	return p.open != nil && (p.created() == "" || kindOf(p.open.Step).shape == wholeUser)
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
