package plan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Rows about the members of lists name a member by who it is. Who is in the lists that rows name is read once,
// and whoever is not in them is looked for among all that can be a member: in the pages of each listing, or by
// a query for each name, whichever costs fewer requests.

// memberLists are who is in the lists that rows name, by the lists' folded ObjectIds. A run reads them before
// its rows begin, and they stay as they were then: like all that a pre-flight knows, they only say what a row
// need not do, and the server refuses the rest.
type memberLists map[string]memberList

// memberList is one of them.
type memberList struct {
	named map[string][]cupi.Object // by folded name
	all   []cupi.Object            // in the server's order
	byID  map[string]cupi.Object   // by whose id it is, see whoKey
	why   string                   // why the server does not show it; "": it does
}

// knownMembers are what rows about members must know of the server.
type knownMembers struct {
	*inquiry
	members      memberLists            // see resolveMember
	ownerFlags   map[string]cupi.Object // by folded ObjectId, lists that were read whole for that
	people       map[string][]someone   // by folded name, who has it, of names that were asked for
	peopleUntold string                 // whom the server does not tell of, and why; "": it tells of all
}

// whoKey stands for the one whose id is in a member's field.
func whoKey(field, id string) string { return field + " " + model.Fold(id) }

// MemberOf gives the member of a list that is the one with an id, as it was read before the run; nil if there
// was none.
func (d *knownMembers) MemberOf(listID, field, id string) cupi.Object {
	return d.members[model.Fold(listID)].byID[whoKey(field, id)]
}

// LeavingOf gives the members of a list with these ObjectIds, as they were read before the run.
func (d *knownMembers) LeavingOf(listID string, ids []string) (members []cupi.Object) {
	leaving := map[string]bool{}
	for _, id := range ids {
		leaving[id] = true
	}
	for _, member := range d.members[model.Fold(listID)].all {
		if leaving[member["ObjectId"]] {
			members = append(members, member)
		}
	}
	return members
}

// memberAsks are what rows about members must know of the server.
type memberAsks struct {
	lists map[string]bool // ObjectIds: who is in them
	names map[string]bool // folded: who has them
	flags map[string]bool // ObjectIds of lists: what they show beyond the listing
}

func newMemberAsks() memberAsks {
	return memberAsks{map[string]bool{}, map[string]bool{}, map[string]bool{}}
}

func (a memberAsks) any() bool { return len(a.lists)+len(a.names)+len(a.flags) > 0 }

// add takes those of one plan.
func (a memberAsks) add(asks memberAsks) {
	maps.Copy(a.lists, asks.lists)
	maps.Copy(a.names, asks.names)
	maps.Copy(a.flags, asks.flags)
}

// someone is who can be a member.
type someone struct {
	kind *model.StepKind
	id   string
	name string // as the server spells it
}

// memberBefore is whom an earlier start of the run added or took away for the row.
func (p *Plan) memberBefore() (someone, bool) {
	for _, c := range p.Before.Changes() {
		if kind := model.KindOf(c.Step); kind.Who.Name != "" {
			return someone{kind, cmp.Or(c.Intent.Fields[kind.Key], c.Intent.Before[kind.Key]), p.Record.Member}, true
		}
	}
	return someone{}, false
}

// resolveMember finds who is to be a member of the row's owner, or is one and is to go, and sets the step that
// does it. What is not known yet it asks for.
func (w *State) resolveMember(p *Plan, wanted map[string]cupi.Object) {
	p.asks = newMemberAsks()
	owner := p.Target["ObjectId"]
	list, read := w.snapshot.members[model.Fold(owner)]
	switch who, begun := p.memberBefore(); {
	case !read:
		p.asks.lists[owner] = true
		return
	case list.why != "":
		p.End = Invalid(codes.NotShown, "who is in that %s can't be told: %s", p.About.One(), list.why)
		return
	case begun:
		p.sets(who, wanted)
	default:
		w.findMember(p, list, wanted)
	}
}

// sets lets a step add somebody, or take somebody away.
func (p *Plan) sets(who someone, wanted map[string]cupi.Object) {
	fields := cupi.Object{who.kind.Key: who.id}
	if p.Record.Asks == validate.Delete {
		fields[p.About.Table.Member.Cleared] = ""
	}
	wanted[who.kind.Name] = fields
	p.Member = "the " + who.kind.Called + " " + p.Record.Member
}

// findMember finds whom a row means that was not begun: in the list, or else among all that can be in one.
func (w *State) findMember(p *Plan, list memberList, wanted map[string]cupi.Object) {
	entry, column := p.Record, p.About.Table.Member.Column
	found := w.snapshot.whoIs(p.About, list.named[model.Fold(entry.Member)], entry.MemberKind)
	switch {
	case len(found) > 1:
		p.End = severalMembers(entry, found).about(column)
	case len(found) == 1:
		p.sets(found[0], wanted)
	case entry.Asks == validate.Delete && p.Before.First() != nil: // whom the row was about is gone, and it has changed something else
	case entry.Asks == validate.Delete:
		p.End = p.absent("nothing to delete")
		p.End.Message = fmt.Sprintf("%q is not in that %s: nothing to delete", entry.Member, p.About.One())
	default:
		w.findNewMember(p, wanted)
	}
}

// resolveOthers lets the last row about a list take those out of it whom no row names, where that is asked for. It
// goes by all rows: while one of them is not done, nobody goes.
func (w *State) resolveOthers(p *Plan, wanted map[string]cupi.Object) {
	index := &w.checked.RowIndex
	if !w.checked.Options.Exact || len(w.checked.Verdicts) > 0 || p.asks.any() || p.End.Status == record.Invalid ||
		index.lastOf[index.hash(p.Record.Key, p.Record.KeyValue)] != p.Record.Row {
		return
	}
	var ids []string
	for _, member := range w.snapshot.members[model.Fold(p.Target["ObjectId"])].all {
		if !index.inLists.has(index.memberHash(p.Record.KeyValue, member["Alias"])) && len(w.snapshot.whoIs(p.About, []cupi.Object{member}, "")) > 0 {
			ids = append(ids, member["ObjectId"])
		}
	}
	if p.leaving = len(ids); p.leaving > 0 {
		wanted[p.About.Others.Name] = cupi.Object{"ObjectId": validate.JoinList(ids)}
		p.End = verdict{} // what the row itself asks for may be so already
		p.Member = cmp.Or(p.Member, "nothing else to do") + fmt.Sprintf("; %d whom the file does not name leave the %s", p.leaving, p.About.One())
	}
}

// whoIs tells who members are, as far as they are of a kind that is meant; "" means all kinds.
func (d *knownMembers) whoIs(about *model.Object, members []cupi.Object, meant string) (found []someone) {
	for _, member := range members {
		for _, kind := range about.Members() {
			if kind.Unnamed != "" && model.Same(kind.Unnamed, member[kind.Unnamed], "true") {
				continue
			}
			if id := member[kind.Key]; id != "" && (meant == "" || strings.EqualFold(meant, kind.Called)) {
				found = append(found, someone{kind, id, member["Alias"]})
			}
		}
	}
	return found
}

func severalMembers(entry validate.Record, found []someone) verdict {
	var kinds []string
	for _, who := range found {
		kinds = append(kinds, "a "+who.kind.Called)
	}
	return Invalid(codes.SeveralUsers, "%q is %s: say which is meant in %s", entry.Member, strings.Join(kinds, " and "), "MemberType")
}

// findNewMember finds who is to be added, who is not in the list.
func (w *State) findNewMember(p *Plan, wanted map[string]cupi.Object) {
	d, entry, column := w.snapshot, p.Record, p.About.Table.Member.Column
	all, asked := d.people[model.Fold(entry.Member)]
	if !asked {
		p.asks.names[model.Fold(entry.Member)] = true
		return
	}
	var found []someone
	for _, who := range all {
		if entry.MemberKind == "" || strings.EqualFold(entry.MemberKind, who.kind.Called) {
			found = append(found, who)
		}
	}
	switch {
	case len(found) > 1:
		p.End = severalMembers(entry, found).about(column)
	case len(found) == 0 && d.peopleUntold != "":
		p.End = Invalid(codes.NamesNotShown, "who %q is can't be told: %s", entry.Member, d.peopleUntold).about(column)
	case len(found) == 0:
		p.End = Invalid(codes.UnknownName, "the server has no %s %q: mend the name, or make that one first", calledOf(p.About, entry.MemberKind), entry.Member).about(column)
	default:
		if w.mayJoin(p, found[0], column) {
			p.sets(found[0], wanted)
		}
	}
}

// calledOf names the kinds that a row may mean.
func calledOf(about *model.Object, meant string) string {
	if meant != "" {
		return strings.ToLower(meant)
	}
	var called []string
	for _, kind := range about.Members() {
		called = append(called, kind.Called)
	}
	last := len(called) - 1
	return strings.Join(called[:last], ", ") + " or " + called[last]
}

// mayJoin reports whether somebody can be in the row's list: it takes such members, and is not in what would be
// in it. What is not known yet it asks for.
func (w *State) mayJoin(p *Plan, who someone, column string) bool {
	owner := p.Target["ObjectId"]
	if flag := who.kind.Takes; flag != "" {
		shown, read := w.snapshot.ownerFlags[model.Fold(owner)]
		switch {
		case !read:
			p.asks.flags[owner] = true
			return false
		case model.Same(flag, shown[flag], "false"):
			p.End = Invalid(codes.MemberNotTaken, "%s of that %s is false, so it takes no %s: set it to true first", flag, p.About.One(), who.kind.Many).about(column)
			return false
		}
	}
	if who.kind.Who.Name != p.About.Collection.Name {
		return true
	}
	switch circle, known := w.holds(p, who.id, owner, map[string]bool{}); {
	case !known:
		return false
	case circle:
		p.End = Invalid(codes.ListCircle, "the %s %q is that %s or holds it, at once or by way of others, so that it would hold itself in a circle: take one of them out", who.kind.Called, p.Record.Member, p.About.One()).about(column)
		return false
	}
	w.joined[model.Fold(owner)] = append(w.joined[model.Fold(owner)], who.id)
	return true
}

// holds reports whether a list is another, or holds it, or will by what rows before add. known is false while
// somebody must be asked for that.
func (w *State) holds(p *Plan, list, other string, seen map[string]bool) (is, known bool) {
	if list = model.Fold(list); list == model.Fold(other) {
		return true, true
	}
	if seen[list] {
		return false, true
	}
	seen[list] = true
	members, read := w.snapshot.members[list]
	if !read {
		p.asks.lists[list] = true
		return false, false
	}
	within := slices.Clone(w.joined[list])
	for _, member := range members.byID {
		for _, kind := range p.About.Members() {
			if id := member[kind.Key]; id != "" && kind.Who.Name == p.About.Collection.Name {
				within = append(within, id)
			}
		}
	}
	known = true
	for _, id := range within {
		is, told := w.holds(p, id, other, seen)
		if is {
			return true, true
		}
		known = known && told
	}
	return false, known
}

// learnMembers finds out what rows about members must know. It reports whether it asked.
func (d *knownMembers) learnMembers(ctx context.Context, session *send.Session, asks memberAsks) (bool, error) {
	if !asks.any() {
		return false, nil
	}
	err := pool.AtOnce(session.Workers, slices.Values(slices.Sorted(maps.Keys(asks.lists))), func(id string) error { return d.readMemberList(ctx, session, id) })
	if err == nil {
		err = pool.AtOnce(session.Workers, slices.Values(slices.Sorted(maps.Keys(asks.flags))), func(id string) error { return d.readOwner(ctx, session, id) })
	}
	if err == nil && len(asks.names) > 0 {
		err = d.learnPeople(ctx, session, slices.Sorted(maps.Keys(asks.names)))
	}
	return true, err
}

// readMemberList reads who is in a list.
func (d *knownMembers) readMemberList(ctx context.Context, session *send.Session, id string) error {
	kinds := d.About.Members()
	e := &send.Requester{Session: session, Optional: true}
	items, told, err := e.All(ctx, kinds[0].In(id), cupi.Query{})
	list := memberList{named: map[string][]cupi.Object{}, byID: map[string]cupi.Object{}}
	var refusal *send.Failure
	switch {
	case errors.As(err, &refusal):
		list.why = refusal.Untold()
	case err != nil:
		return err
	case !told:
		list.why = "the server does not show it"
	}
	fields := []string{"ObjectId", "Alias", "DisplayName", "IsUserTemplate"}
	for _, kind := range kinds {
		fields = append(fields, kind.Key)
	}
	for i, item := range items {
		items[i] = model.Only(item, fields...)
		list.named[model.Fold(item["Alias"])] = append(list.named[model.Fold(item["Alias"])], items[i])
		for _, kind := range kinds {
			if item[kind.Key] != "" {
				list.byID[whoKey(kind.Key, item[kind.Key])] = items[i]
			}
		}
	}
	list.all = items
	session.Held.Add(send.MemoryOf(items)) // they are kept until the run ends
	d.paid(e)
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.members[model.Fold(id)] = list
	return nil
}

// readOwner reads a list for what the listing does not show.
func (d *knownMembers) readOwner(ctx context.Context, session *send.Session, id string) error {
	e := &send.Requester{Session: session}
	owner, _, err := e.Whole(ctx, d.About, id)
	if err != nil {
		return fmt.Errorf("the %s can't be read: %w", d.About.Many(), err)
	}
	d.paid(e)
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.ownerFlags[model.Fold(id)] = owner
	return nil
}

// learnPeople finds out who has some names, of each kind that can be a member.
func (d *knownMembers) learnPeople(ctx context.Context, session *send.Session, names []string) error {
	wanted := make(map[string]bool, len(names))
	for _, name := range names {
		wanted[name], d.people[name] = true, nil
	}
	for _, kind := range d.About.Members() {
		keep := func(items []cupi.Object) {
			d.mutex.Lock()
			defer d.mutex.Unlock()
			for _, item := range items {
				name, who := model.Fold(item[kind.Who.NameField]), someone{kind, item[kind.Who.IDField], item[kind.Who.NameField]}
				if wanted[name] && !slices.Contains(d.people[name], who) {
					d.people[name] = append(d.people[name], who)
				}
			}
		}
		err := d.readPeople(ctx, session, kind, names, keep)
		var refusal *send.Failure
		if errors.As(err, &refusal) {
			d.peopleUntold = fmt.Sprintf("the %s: %s", kind.Many, refusal.Untold())
			d.noteUnchecked("which " + d.peopleUntold)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// readPeople reads the listing of a kind, or asks for each name.
func (d *knownMembers) readPeople(ctx context.Context, session *send.Session, kind *model.StepKind, names []string, keep func([]cupi.Object)) error {
	e := &send.Requester{Session: session, Optional: true}
	first, found, err := e.Read(ctx, cupi.List(kind.Who, cupi.Query{}, 1, send.ListingRows))
	d.paid(e)
	if err != nil || !found {
		return err // a server without contacts has none of that name
	}
	keep(first.Page.Items)
	if len(first.Page.Items) >= first.Page.Total { // one page is one moment, and shows all
		return nil
	}
	if send.PagesOf(first.Page)-1 <= len(names) {
		reading := &send.Reading{IdField: kind.Who.IDField}
		err := reading.ReadPages(first, session.Workers, func(page int) (cupi.Answer, error) {
			return d.fetch(ctx, session, cupi.List(kind.Who, cupi.Query{}, page, send.ListingRows))
		}, func(_ int, fresh []cupi.Object) error { keep(fresh); return nil })
		if err != nil || reading.Proven(nil) {
			return err
		}
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
			return slices.ContainsFunc(d.people[name], func(who someone) bool { return who.kind == kind })
		})
	}
	return pool.AtOnce(session.Workers, slices.Values(names), func(name string) error {
		e := &send.Requester{Session: session, Optional: true}
		hits, _, err := e.LookUp(ctx, kind.Who, kind.Who.NameField, name, true)
		d.paid(e)
		keep(hits)
		return err
	})
}
