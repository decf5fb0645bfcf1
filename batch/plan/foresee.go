package plan

import (
	"maps"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// What the rows of a file before do to names and lists, noted for the rows of this one.

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
	// The rows are about those too, and what they do to the names is not told by their own kind.
	delete(d.users, d.About.Key(c.gone).Match())
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
