package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Rows about the members of lists name a member by who it is.

// memberBefore is whom an earlier start of the run added or took away for the row.
func (p *Plan) memberBefore() (someone, bool) {
	for _, c := range p.Before.Changes() {
		if kind := model.KindOf(c.Step); kind.Who.Name != "" {
			return someone{kind, cmp.Or(c.Intent.Fields[kind.Key], c.Intent.Before[kind.Key]), p.Record.Member}, true
		}
	}
	return someone{}, false
}

// resolveMembers finds whom a row means that is about who is in a list, and sets the steps that add them or take them away.
func (w *State) resolveMembers(p *Plan, wanted map[string]cupi.Object) {
	switch {
	case p.End.Status == "" && len(p.About.Members()) > 0:
		w.resolveMember(p, wanted)
		w.resolveOthers(p, wanted)
	case p.Record.Asks != "":
		p.Member = "the " + p.About.Table.One + " " + p.Record.Member
	}
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
	if p.Record.Asks == validate.Delete {
		w.part(p, wanted)
	}
}

// part notes that a row takes a list out of another.
func (w *State) part(p *Plan, wanted map[string]cupi.Object) {
	owner := model.Fold(p.Target["ObjectId"])
	for _, kind := range p.About.Members() {
		if id := wanted[kind.Name][kind.Key]; id != "" && kind.Who.Name == p.About.Collection.Name {
			if w.parted[owner] == nil {
				w.parted[owner] = map[string]int{}
			}
			w.parted[owner][model.Fold(id)] = p.Row
		}
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

// resolveOthers lets the last row about a list take those out of it whom no row names, where that is asked for. It
// goes by all rows: while one of them can't be done, nobody is foretold to go, and the run lets nobody go before all
// are done.
func (w *State) resolveOthers(p *Plan, wanted map[string]cupi.Object) {
	index := &w.checked.RowIndex
	if !w.checked.Options.Exact || len(w.checked.Verdicts) > 0 || p.asks.any() || p.End.Status == record.Invalid ||
		index.lastOf[index.hash(p.Record.Key, p.Record.KeyValue)] != p.Record.Row {
		return
	}
	var ids, names []string
	strangers := 0
	for _, member := range w.snapshot.members[model.Fold(p.Target["ObjectId"])].all {
		switch found := w.snapshot.whoIs(p.About, []cupi.Object{member}, ""); {
		case len(found) > 0 && !index.names(p.Record.KeyValue, found[0]):
			ids, names = append(ids, member["ObjectId"]), append(names, member["Alias"])
		case !slices.ContainsFunc(p.About.Members(), func(kind *model.StepKind) bool { return member[kind.Key] != "" }):
			strangers++
		}
	}
	var told []string
	if p.leaving = len(ids); p.leaving > 0 {
		wanted[p.About.Others.Name] = cupi.Object{"ObjectId": validate.JoinList(ids)}
		p.End = verdict{} // what the row itself asks for may be so already
	}
	if all := p.leaving + p.tookOut(ids); all > 0 {
		shown := names[:min(len(names), mostNamed)]
		text := fmt.Sprintf("%d whom the file does not name leave the %s", all, p.About.One())
		if len(shown) > 0 {
			text += ": " + strings.Join(shown, ", ")
		}
		if more := all - len(shown); more > 0 && len(shown) > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		told = append(told, text)
	}
	if strangers > 0 {
		told = append(told, fmt.Sprintf("%d in the %s stay, who are no %s of this server: no file can name them", strangers,
			p.About.One(), calledOf(p.About, "")))
	}
	p.others = strings.Join(told, "; ")
}

// mostNamed is how many of those who leave a list a result names.
const mostNamed = 10

// tookOut is how many earlier starts of the run took out for the row whom the file does not name, and who are not
// among those who are to leave.
func (p *Plan) tookOut(ids []string) (n int) {
	for _, c := range p.Before.Changes() {
		if model.KindOf(c.Step).Leaves && !slices.Contains(ids, model.LastPart(c.Intent.Path)) {
			n++
		}
	}
	return n
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
		p.End = Invalid(codes.UnknownName, "the server has no %s%s %q: mend the name, or make that one first",
			calledOf(p.About, entry.MemberKind), p.within, entry.Member).about(column)
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
			p.End = Invalid(codes.MemberNotTaken, "%s of that %s is false, so it takes no %s: set it to true first", flag,
				p.About.One(), who.kind.Many).about(column)
			return false
		}
	}
	if who.kind.Who.Name != p.About.Collection.Name {
		return true
	}
	circle, known := w.holds(p, who.id, owner, map[string]bool{}, nil)
	if circle && len(w.parted) > 0 { // a row before may open it
		p.needs = nil
		circle, known = w.holds(p, who.id, owner, map[string]bool{}, &p.needs)
	}
	switch {
	case !known:
		return false
	case circle:
		p.End = Invalid(codes.ListCircle, "the %s %q is that %s or holds it, at once or by way of others, so that it would "+
			"hold itself in a circle: take one of them out first, by a row before or a run of its own", who.kind.Called,
			p.Record.Member, p.About.One()).about(column)
		return false
	}
	w.joined[model.Fold(owner)] = append(w.joined[model.Fold(owner)], who.id)
	return true
}

// holds reports whether a list is another, or holds it, or will by what rows before add. known is false while
// somebody must be asked for that. With needs, those are not in a list whom rows before take out of it, and needs are these
// rows.
func (w *State) holds(p *Plan, list, other string, seen map[string]bool, needs *[]int) (is, known bool) {
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
				if row, parts := w.parted[list][model.Fold(id)]; parts && needs != nil {
					*needs = append(*needs, row)
					continue
				}
				within = append(within, id)
			}
		}
	}
	known = true
	for _, id := range within {
		is, told := w.holds(p, id, other, seen, needs)
		if is {
			return true, true
		}
		known = known && told
	}
	return false, known
}
