package batch

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// How a run is held to a plan that somebody agreed to.

// SavedPlan is what a plan is bound to that the pre-flight leaves in a folder: of what, with
// what, where, as whom, and when the server was looked at. What each row does are the
// [Preview]s that belong to it.
type SavedPlan struct {
	Version  int             `json:"version"`
	Tool     string          `json:"tool"`
	Made     time.Time       `json:"made"`
	Path     string          `json:"path"` // where the input was, from the root; "" if it was read once
	Input    record.Input    `json:"input"`
	Server   record.Identity `json:"server"`
	Account  string          `json:"account"`
	Options  record.Options  `json:"options"`
	Forecast *Forecast       `json:"forecast"`
}

// SavedPlanVersion is that of the plans that this program writes, and reads.
const SavedPlanVersion = 1

// CheckServer refuses a server that is not the one that the plan is about.
func (s SavedPlan) CheckServer(now record.Identity) error {
	if s.Server.SameAs(now) {
		return nil
	}
	return fmt.Errorf("this is not the server of the plan: it was made for %s (location %s), and this is %s (location "+
		"%s); nothing was sent", s.Server.URL, s.Server.Location, now.URL, now.Location)
}

// Agreed is what a run is held to.
type Agreed struct {
	Rows iter.Seq2[Preview, error] // what the plan says of each, in their order
	// The file or the flags are not those of the plan: then a secret that a row sends can't be
	// known to be the one that was agreed to.
	Moved bool

	// Before is what files changed and made that go before this one, by the same plan, and have gone.
	// The plan foretold that without having seen it, so it is no difference.
	Before record.Touched
}

// HoldTo looks at every row again, and rejects those that would not do what was agreed to.
// Rejecting one may change what others do, so it looks until none
// is left. It gives how many rows would not
// do what was agreed to: those, and those that had got invalid before.
func (p *Preparation) HoldTo(ctx context.Context, agreed Agreed, report func(validate.Problem)) (int, error) {
	unlike := map[int]bool{}
	report = p.Input.Placed(p.Header, report)
	for {
		drifted, invalid, err := p.drifted(ctx, agreed)
		for _, row := range invalid {
			unlike[row] = true
		}
		if err != nil || len(drifted) == 0 {
			return len(unlike), err
		}
		for _, d := range drifted {
			unlike[d.Row] = true
			p.Reject(d.Row, d.Code, d.Message)
			// So that a resume knows it.
			p.Order.Conflicts = append(p.Order.Conflicts, record.Conflict{Row: d.Row, Code: d.Code, Message: d.Message})
			report(p.Header.WithHeading(validate.Problem{File: p.Input.Name, Line: d.Line, Row: d.Row, Message: d.Message, Code: d.Code}))
		}
		warnings := p.Warnings
		if err := p.Arrange(ctx, nil, func(validate.Problem) {}); err != nil {
			return len(unlike), err
		}
		p.Warnings = warnings
	}
}

// drifted finds the rows that would do otherwise than agreed, and those that would do something
// and are invalid.
func (p *Preparation) drifted(ctx context.Context, agreed Agreed) (list []plan.Conflict, invalid []int, err error) {
	next, stop := iter.Pull2(agreed.Rows)
	defer stop()
	was, err, more := next()
	for now, problem := range p.Previews(ctx) {
		if problem != nil {
			return nil, nil, problem
		}
		for more && err == nil && was.Row < now.Row {
			was, err, more = next()
		}
		if err != nil {
			return nil, nil, err
		}
		planned := Preview{Status: "not in it"}
		if more && was.Row == now.Row {
			planned = was
		}
		planned = planned.knowing(now, agreed.Before)
		if now.Status == record.Invalid && planned.does() {
			invalid = append(invalid, now.Row)
		}
		if !now.does() && !(now.Status == record.Unchanged && planned.does()) {
			continue // nothing is sent for it
		}
		if text := planned.unlike(now, agreed.Moved); text != "" {
			list = append(list, plan.Conflict{Row: now.Row, Line: now.Line, Code: codes.PlanDrift, Message: text})
		}
	}
	return list, invalid, nil
}

// knowing is what was planned, where the plan could not know what is known now: whom rows of files before were to make,
// and did. What these made since is no difference, and what somebody else made is one.
func (p Preview) knowing(now Preview, done record.Touched) Preview {
	unmade := func(id string) bool { return id == "" || id == unknownID || plan.IsUnmade(id) }
	known := func(then, today string) string {
		if then != "" && unmade(then) && (unmade(today) || done.HasID(today) || done.HasAlias(today)) {
			return today
		}
		return then
	}
	made := unmade(p.ObjectID) && !unmade(now.ObjectID) && done.HasID(now.ObjectID)
	switch {
	case made, unmade(p.ObjectID) && unmade(now.ObjectID):
		p.ObjectID = now.ObjectID
	case p.ObjectID == "" && p.does():
		p.ObjectID = "of one who was to be made"
	}
	if made && p.Status == record.Updated && now.Status == record.Unchanged { // it was made so
		p.Status = record.Unchanged
	}
	today := map[string]FieldChange{}
	for _, change := range now.Changes {
		today[change.Name()] = change
	}
	planned := p.Changes
	p.Changes = nil
	for _, change := range planned {
		current, is := today[change.Name()]
		if made && !is {
			continue // it was made so
		}
		change.Old, change.New = known(change.Old, current.Old), known(change.New, current.New)
		if made {
			change.Old, change.OldName = current.Old, current.OldName
		}
		p.Changes = append(p.Changes, change)
	}
	if p.Removed = slices.Clone(p.Removed); made {
		p.Removed = now.Removed
	}
	for i, removal := range p.Removed {
		at := slices.IndexFunc(now.Removed, func(other Removal) bool { return other.Step == removal.Step && other.What == removal.What })
		if at < 0 {
			continue
		}
		current, id := now.Removed[at], removal.Fields["ObjectId"]
		theirs := id != "" && unmade(id) && done.HasID(now.ObjectID) // they put it there
		if !theirs && !done.HasID(current.Fields["ObjectId"]) {
			continue
		}
		fields := maps.Clone(current.Fields) // what is shown of it is not the same, before those files and after
		for name := range fields {
			if planned, is := removal.Fields[name]; is && !unmade(planned) {
				fields[name] = planned
			}
		}
		p.Removed[i].Fields = fields
	}
	return p
}

// does reports whether a row would change something.
func (p Preview) does() bool {
	return p.Status == record.Created || p.Status == record.Updated || p.Status == record.Deleted
}

// unlike says how what a row would do now is not what was planned; "" if it is.
func (p Preview) unlike(now Preview, moved bool) string {
	if p.Status != now.Status || p.Operation != now.Operation || !strings.EqualFold(p.Alias, now.Alias) {
		return fmt.Sprintf("the plan says %s, and now it would be %s; nothing is done to it", p.short(), now.short())
	}
	if p.ObjectID != "" && now.ObjectID != "" && !strings.EqualFold(p.ObjectID, now.ObjectID) {
		return fmt.Sprintf("%s is not the user of the plan, but another one who has its alias now: ObjectId %s in the "+
			"plan, and now %s; nothing is done to it", now.Alias, p.ObjectID, now.ObjectID)
	}
	then, today := p.facts(), now.facts()
	var differ []string
	for _, name := range slices.Sorted(maps.Keys(merged(then, today))) {
		if then[name] != today[name] {
			differ = append(differ, fmt.Sprintf("%s is %s in the plan, and now %s", name, cmp.Or(then[name].told, "not there"),
				cmp.Or(today[name].told, "not there")))
		}
	}
	if len(differ) == 0 && moved && slices.ContainsFunc(now.Changes, func(c FieldChange) bool { return c.New == secretShown }) {
		differ = append(differ, "it sends a secret, and the file or the flags are not those of the plan, so that it may be another one")
	}
	if len(differ) == 0 {
		return ""
	}
	return strings.Join(differ, "; ") + "; nothing is done to it"
}

// short is what a row does, in few words.
func (p Preview) short() string {
	text := string(p.Status)
	if p.Alias != "" {
		text += " " + p.Alias
	}
	if p.Code != "" {
		text += " (" + string(p.Code) + ")"
	}
	return text
}

// fact is one thing that a plan says of a row, and how people are told it.
type fact struct{ is, told string }

// facts are what a plan says of a row, by name: the old and the new value of each field, and
// all that is lost of what goes.
func (p Preview) facts() map[string]fact {
	facts := map[string]fact{}
	from := func(old, now string) string { return strconv.Quote(old) + " -> " + strconv.Quote(now) }
	for _, change := range p.Changes {
		name := change.Name()
		for facts[name].is != "" { // several members of one list
			name += "+"
		}
		facts[name] = fact{from(change.Old, change.New), from(model.Told(change.Field, change.Old), model.Told(change.Field, change.New))}
	}
	for _, removal := range p.Removed {
		facts["removing "+removal.What] = fact{"planned", "planned"}
		for name, value := range removal.Fields {
			facts[name+" of "+removal.What] = fact{strconv.Quote(value), strconv.Quote(value)}
		}
	}
	return facts
}

// merged has the keys of both.
func merged(a, b map[string]fact) map[string]fact {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}
