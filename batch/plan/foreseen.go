package plan

import (
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// What the files before leave, where rows name it by a name in place of an id: whom they make and rename, and who is in
// lists by then. Whoever is still to be made has no id, and something else stands for it.

// foreseen is that, in a snapshot.
type foreseen struct {
	renamed map[string]map[string]cupi.Object // by collection and folded name, who has it then, of names that change; nil: nobody has
	unmade  map[string]bool                   // folded, what stands for the ids of those who are to be made
	shown   map[string]cupi.Object            // by folded ObjectId, fields of lists that change
	joins   map[string][]joining              // by folded ObjectId of a list, who gets into it, and who leaves it
}

// joining is a member that a row adds, or takes away.
type joining struct {
	someone
	leaves bool
}

func newForeseen() *foreseen {
	return &foreseen{map[string]map[string]cupi.Object{}, map[string]bool{}, map[string]cupi.Object{}, map[string][]joining{}}
}

// renamedTo gives who has a name then; changed is false for a name that nothing changes.
func (f *foreseen) renamedTo(collection, name string) (who cupi.Object, changed bool) {
	who, changed = f.renamed[collection][model.Fold(name)]
	return who, changed
}

// Unmade reports whether an id stands for that of something that is to be made.
func (f *foreseen) Unmade(id string) bool { return f.unmade[model.Fold(id)] }

// unmadeBegins is how what stands for an id begins.
const unmadeBegins = "(that of "

// unmadeID stands for the id of whom a row is to make.
func unmadeID(row string) string { return unmadeBegins + row + ")" }

// IsUnmade reports whether something stands for the id of whom a row of some file is to make.
func IsUnmade(id string) bool { return strings.HasPrefix(id, unmadeBegins) }

// nameChange is what a row before does to the names by which others are told.
type nameChange struct {
	row        int
	gone, made string      // names; "": none
	object     cupi.Object // who has the name that is made
	told       string      // what people call the row
}

// nameChangeOf tells what a plan does to the name of what it is about.
func nameChangeOf(p Plan) nameChange {
	c := nameChange{row: p.Row, object: cupi.Object{}}
	maps.Copy(c.object, p.Target)
	switch renamed := p.Record.NewAlias; {
	case len(p.About.Members()) > 0: // it is about who is in it
		return c
	case p.Operation == validate.Delete:
		c.gone = p.Alias
	case p.Operation.MakesUsers():
		c.made, c.object = p.Alias, cupi.Object{}
	case renamed != "" && !model.Same("Alias", renamed, p.Alias):
		c.gone, c.made = p.Alias, renamed
	}
	maps.Copy(c.object, p.User())
	if c.made != "" {
		c.object[p.About.Collection.NameField] = c.made
	}
	return c
}

// namesOf reports whether own rows may mean somebody of a kind by a name that changes. everybody says that they go by all who
// are in lists.
func (n *RowIndex) namesOf(kind *model.Object, c nameChange, everybody bool) bool {
	collection := kind.Collection
	switch {
	case c.gone == "" && c.made == "":
		return false
	case everybody:
		return true
	case n.joining.has(n.hash("", c.gone)) || n.joining.has(n.hash("", c.made)):
		return true
	case collection.Name == n.About.Collection.Name:
		return n.HasKey(collection.NameField, c.gone) || n.HasKey(collection.NameField, c.made)
	}
	return n.Names[collection.Name]
}

// rename lets names mean whom they will mean.
func (d *Snapshot) rename(kind *model.Object, c nameChange) {
	collection, id := kind.Collection, c.object["ObjectId"]
	if c.made != "" && id == "" {
		id = unmadeID(c.told)
		d.unmade[model.Fold(id)] = true
		c.object["ObjectId"], c.object["CallHandlerObjectId"] = id, id
		d.members[model.Fold(id)], d.ownerFlags[model.Fold(id)] = newMemberList(), c.object
	}
	names := d.renamed[collection.Name]
	if names == nil {
		names = map[string]cupi.Object{}
		d.renamed[collection.Name] = names
	}
	names[model.Fold(c.gone)] = nil
	if c.made != "" {
		names[model.Fold(c.made)] = c.object
	}
	if _, read := d.Lists.asked(collection.Name); read {
		d.Lists.rename(collection.Name, c.gone, c.made, id)
	}
	if kind == d.About || collection.Name != d.About.Collection.Name {
		return
	}
	delete(d.users, d.About.Key(c.gone).Match()) // the rows are about those too, and what they do to the names is not told by their own kind
	if c.made != "" {
		d.users[d.About.Key(c.made).Match()] = []cupi.Object{c.object}
	}
}

// foreseeParts notes what a plan of a file before does to lists, for rows about their members.
func (d *Snapshot) foreseeParts(p Plan) {
	list := model.Fold(p.Target["ObjectId"])
	if len(d.About.Members()) == 0 || p.About.Collection.Name != d.About.Collection.Name || list == "" {
		return
	}
	if p.About != d.About {
		d.shown[list] = p.User()
		return
	}
	for _, step := range p.Steps {
		kind := step.Kind
		if kind.Who.Name == "" {
			continue
		}
		_, leaves := step.Wanted[p.About.Table.Member.Cleared]
		join := joining{someone{kind, step.Wanted[kind.Key], p.Record.Member}, leaves}
		if d.Unmade(p.Target["ObjectId"]) {
			d.members[list] = d.members[list].with(join)
		}
		d.joins[list] = append(d.joins[list], join)
	}
}

func newMemberList() memberList {
	return memberList{named: map[string][]cupi.Object{}, byID: map[string]cupi.Object{}}
}

// add adds a member.
func (l *memberList) add(kinds []*model.StepKind, member cupi.Object) {
	name := model.Fold(member["Alias"])
	l.all, l.named[name] = append(l.all, member), append(l.named[name], member)
	for _, kind := range kinds {
		if member[kind.Key] != "" {
			l.byID[whoKey(kind.Key, member[kind.Key])] = member
		}
	}
}

// with is the list with one more member, or without one.
func (l memberList) with(j joining) memberList {
	name, key := model.Fold(j.name), whoKey(j.kind.Key, j.id)
	isIt := func(member cupi.Object) bool { return model.Same("ObjectId", member[j.kind.Key], j.id) }
	l.all, l.named[name] = slices.DeleteFunc(l.all, isIt), slices.DeleteFunc(l.named[name], isIt)
	delete(l.byID, key)
	if !j.leaves {
		member := cupi.Object{"ObjectId": unmadeID("the " + j.kind.Called + " " + j.name), "Alias": j.name, j.kind.Key: j.id}
		l.all, l.named[name], l.byID[key] = append(l.all, member), append(l.named[name], member), member
	}
	return l
}

// membersThen is a list with those of its members who are still there, as they are called then.
func (f *foreseen) membersThen(kinds []*model.StepKind, list memberList) memberList {
	then := newMemberList()
	then.why = list.why
	for _, member := range list.all {
		for _, kind := range kinds {
			id := member[kind.Key]
			who, changed := f.renamedTo(kind.Who.Name, member["Alias"])
			if id == "" || !changed || who != nil && model.Same("ObjectId", who["ObjectId"], id) {
				continue
			}
			if name, there := f.nameOf(kind.Who, id); there {
				member = maps.Clone(member)
				member["Alias"] = name
			} else {
				member = nil // the name is somebody else's, or nobody's
			}
			break
		}
		if member != nil {
			then.add(kinds, member)
		}
	}
	return then
}

// nameOf gives the name that somebody gets.
func (f *foreseen) nameOf(collection cupi.Collection, id string) (string, bool) {
	for _, who := range f.renamed[collection.Name] {
		if who != nil && model.Same("ObjectId", who["ObjectId"], id) {
			return who[collection.NameField], true
		}
	}
	return "", false
}

// foreseePeople lays over the people of some names those who have these then.
func (d *knownMembers) foreseePeople(names []string) {
	for _, name := range names {
		for _, kind := range d.About.Members() {
			who, changed := d.foreseen.renamedTo(kind.Who.Name, name)
			if !changed {
				continue
			}
			d.people[name] = slices.DeleteFunc(d.people[name], func(one someone) bool { return one.kind == kind })
			if who != nil {
				d.people[name] = append(d.people[name], someone{kind, who["ObjectId"], who[kind.Who.NameField]})
			}
		}
	}
}
