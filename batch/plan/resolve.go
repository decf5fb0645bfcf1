package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// How names that stand for ids are looked up.

// ID resolves a name. known is false when the server has no such list at all.
func (d *Snapshot) ID(collection, name string) (id string, found, known bool) {
	if collection == d.About.Collection.Name {
		user := d.called(name)
		return user["ObjectId"], user != nil, true
	}
	return d.Lists.id(collection, name)
}

// named resolves a name in a row.
func (d *Snapshot) named(name validate.NameReference) (id string, found, known bool) {
	if name.Shows == "" {
		return d.ID(name.Collection, name.Name)
	}
	user := d.called(name.Name)
	if d.Unmade(user["ObjectId"]) { // it has that as soon as it is made
		return user["ObjectId"], true, true
	}
	return user[name.Shows], user[name.Shows] != "", true
}

// called gives whom a name means of what the rows are about, when the files before have run; nil: nobody.
func (d *Snapshot) called(name string) cupi.Object {
	if user, changed := d.renamedTo(d.About.Collection.Name, name); changed {
		return user
	}
	if users := d.find(d.About.Collection.NameField, name); len(users) > 0 {
		return users[0]
	}
	return nil
}

// resolve turns the names of a row into ids. The result has the wanted fields by step. A name that is not the tenant's
// stands for what the row's target has by it already.
func (d *Snapshot) resolve(record validate.Record, target cupi.Object) (map[string]cupi.Object, verdict) {
	wanted, end := map[string]cupi.Object{}, verdict{}
	for step, fields := range record.Steps {
		wanted[step] = maps.Clone(fields)
	}
	for _, name := range record.Names {
		id, found, known := d.named(name)
		if !known {
			return nil, Invalid(codes.NamesNotShown, "%s; %s", d.Lists.missing(name.Collection), insteadOf(name)).about(name.Column)
		}
		if has := target[name.Field]; !found && !name.List && slices.ContainsFunc(d.Lists.others[name.Collection][model.Fold(name.Name)],
			func(other string) bool { return model.Same(name.Field, other, has) }) {
			id, found = has, true
		}
		if !found {
			instead := cmp.Or(d.Lists.suggestID(name), d.Lists.suggest(name.Collection, name.Name))
			end = end.and(lacks(codes.UnknownName, name.Collection, name.Name, name.Column, instead, "%s%s",
				d.hasNo(name.Collection, "", name.Name), instead))
			continue
		}
		if wanted[name.Step] == nil {
			wanted[name.Step] = cupi.Object{}
		}
		given, is := wanted[name.Step][name.Field]
		if is && name.List {
			wanted[name.Step][name.Field] = given + ";" + id
			continue
		}
		if is && !strings.EqualFold(given, id) {
			return nil, Invalid(codes.NameAndIDDiffer, "%q is %s, but the column %s says %s", name.Name, id, name.Field,
				given).about(name.Column)
		}
		wanted[name.Step][name.Field] = id
	}
	return wanted, end
}

// checkTemplate makes sure that the template is there. A server that shows no
// templates is believed.
func (d *Snapshot) checkTemplate(alias string) verdict {
	_, found, known := d.ID(d.About.Templates.Name, alias)
	switch {
	case known && !found:
		instead := d.Lists.suggest(d.About.Templates.Name, alias)
		return lacks(codes.UnknownTemplate, d.About.Templates.Name, alias, "TemplateAlias", instead, "%s%s",
			d.hasNo(d.About.Templates.Name, "user template ", alias), instead)
	case d.About.ForAdministrators && model.Same("IsAdministrator", d.Template[model.Fold(alias)]["IsAdministrator"], "false"):
		return Invalid(codes.AdministratorTemplate, "%q is a template for users with a mailbox: name one for administrators, "+
			"such as administratortemplate", alias).about("TemplateAlias")
	case !d.About.ForAdministrators && model.Same("IsAdministrator", d.Template[model.Fold(alias)]["IsAdministrator"], "true"):
		return Invalid(codes.AdministratorTemplate, "%q is a template for administrators: it makes users without "+
			"mailboxes; name a voicemail template", alias).about("TemplateAlias")
	}
	return verdict{}
}

// hasNo says that there is no entry of a name, and where there is one that is not the tenant's, that.
func (d *Snapshot) hasNo(collection, what, name string) string {
	switch {
	case d.tenant == nil:
		return fmt.Sprintf("the server has no %s%q", what, name)
	case len(d.Lists.others[collection][model.Fold(name)]) > 0:
		return fmt.Sprintf("the %s%q is not the tenant %q's, to which --tenant narrows the run", what, name, d.tenant.Alias)
	}
	return fmt.Sprintf("the tenant %q, to which --tenant narrows the run, has no %s%q", d.tenant.Alias, what, name)
}

// insteadOf says what to do about a name that can't be looked up: not every field has
// a column for its id too.
func insteadOf(name validate.NameReference) string {
	if column, known := validate.ColumnOfStep(name.Step, name.Field); known && column.Collection == "" {
		return "give the id in a column " + column.Name
	}
	return "take the column out"
}

// reference is a field of a row that names another object of the server by its id.
type reference struct {
	field, id  string
	collection string // in which the id must be
}

// references lists what a plan newly refers to. What the user refers to already
// is there.
func (p Plan) references() []reference {
	var list []reference
	add := func(field, id string) {
		if collection := p.referring[field]; collection != "" && id != "" && !model.Same(field, p.Target[field], id) {
			list = append(list, reference{field, id, collection})
		}
	}
	for _, step := range p.Steps {
		for field, id := range step.Wanted {
			add(field, id)
		}
	}
	if p.Operation == validate.Create {
		add("MailboxStoreObjectId", p.MailboxStore)
	}
	return list
}

// checkIDs finds an id that the server does not have, in the lists that were read.
func (l NameLists) checkIDs(p Plan) verdict {
	for _, r := range p.references() {
		if l.lacksID(r.collection, r.id) {
			return Invalid(codes.UnknownID, "none of the server's %s%s has the id %s%s", r.collection, p.within, r.id,
				l.suggest(r.collection, r.id)).about(r.field)
		}
	}
	return verdict{}
}

// resolveWanted gives what a row wants, by step: names are ids by then, and what comes from the directory, the tenant and
// the alias is in it.
func (d *Snapshot) resolveWanted(p *Plan) map[string]cupi.Object {
	wanted, end := d.resolve(p.Record, p.Target)
	p.MailboxStore = cmp.Or(p.Record.MailboxStoreObjectId, wanted[""]["MailboxStoreObjectId"])
	if p.End = end; !p.Operation.MakesUsers() {
		return wanted
	}
	if (end.Status == "" || end.missing != nil) && p.About.Templates.Name != "" {
		p.End = end.and(d.checkTemplate(p.Record.TemplateAlias))
	}
	if p.End.Status == "" && p.Operation == validate.ImportLDAP {
		p.importParts(wanted)
	}
	if d.tenant != nil {
		p.About.Belongs(wanted, d.tenant.ObjectID, d.tenant.PartitionID)
	}
	model.OfAlias(wanted[p.About.Main.Name], p.Record.Alias)
	return wanted
}
