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
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// How names that stand for ids are looked up.

// learnNames reads the lists in which the input's names are looked up, each once.
// A list that the server does not have stays unknown.
func (d *Snapshot) learnNames(ctx context.Context, session *send.Session, checked *Checked) error {
	wanted := maps.Clone(checked.Names)
	if d.tenant != nil && len(checked.Templates) > 0 {
		d.noteUnchecked(fmt.Sprintf("whether somebody outside the tenant %q has the alias of a new %s: the server refuses it then",
			d.tenant.Alias, d.About.One()))
	}
	if d.tenant != nil && len(checked.extensions) > 0 {
		d.noteUnchecked(fmt.Sprintf("whether something outside the tenant %q has an extension in its partition that rows set: "+
			"the server refuses it then", d.tenant.Alias))
	}
	if d.About.ForAdministrators && len(checked.Templates) > 0 {
		d.noteUnchecked(fmt.Sprintf("whether a user with a mailbox has the alias of a new %s: the server refuses it then", d.About.One()))
	}
	switch {
	case len(checked.Templates) == 0:
	case d.About.Templates.Name != "":
		wanted[d.About.Templates.Name] = true
	case d.About.TemplateBy != "":
		d.noteUnchecked(fmt.Sprintf("whether there is the %s template %s: no list of them is known, so the first %[1]s that is made tells",
			d.About.One(), strings.Join(slices.Sorted(maps.Keys(checked.Templates)), ", ")))
	}
	return d.ReadNames(ctx, session, slices.Collect(maps.Keys(wanted)))
}

// ReadNames reads lists of names and ids, several at once.
func (d *Snapshot) ReadNames(ctx context.Context, session *send.Session, names []string) error {
	collections := make([]cupi.Collection, len(names))
	for i, name := range slices.Sorted(slices.Values(names)) {
		collection, known := cupi.CollectionByName(name)
		if !known {
			return fmt.Errorf("no list called %q is known", name)
		}
		collections[i] = collection
	}
	lists, err := pool.AllAtOnce(session.Workers, collections,
		func(collection cupi.Collection) (nameList, error) { return d.readList(ctx, session, collection) })
	if err != nil {
		return err
	}
	for _, list := range lists {
		d.learnList(list)
	}
	return nil
}

// nameList is one list of names and ids.
type nameList struct {
	collection cupi.Collection
	items      []cupi.Object
	refused    *send.Failure // why the server does not tell them; nil: it does
}

func (d *Snapshot) readList(ctx context.Context, session *send.Session, collection cupi.Collection) (nameList, error) {
	items, err := d.pages(ctx, session, collection, collection.Named())
	session.Held.Add(send.MemoryOf(items)) // they are kept until the run ends
	list := nameList{collection: collection, items: items}
	if err == nil || errors.As(err, &list.refused) {
		return list, nil
	}
	return list, fmt.Errorf("the list of %s can't be read: %w", collection.Name, err)
}

// learnList takes the names and ids from a list.
func (d *Snapshot) learnList(list nameList) {
	collection := list.collection
	if list.refused != nil {
		d.noteUnchecked(fmt.Sprintf("names and ids of %s: %s", collection.Name, list.refused.Untold()))
		d.Lists.lack(collection.Name, list.refused)
		return
	}
	narrow := collection.Named()
	items := slices.DeleteFunc(list.items, func(item cupi.Object) bool { // a server may pass over the query
		value, shown := item[narrow.Column]
		return shown && model.Boolean(value) != model.Boolean(narrow.Value)
	})
	its := d.tenant.Its(collection, items)
	d.Lists.learn(collection, its)
	if len(its) < len(items) {
		d.Lists.noteOthers(collection, items)
	}
	for _, item := range its {
		if collection.Name == d.About.Templates.Name {
			d.Template[model.Fold(item[collection.NameField])] = item
		}
		for _, kind := range d.otherHolders() { // see learnOtherExtensions
			if kind.collection.Name == collection.Name {
				d.noteOtherExtension(kind.what, item)
			}
		}
	}
}

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
