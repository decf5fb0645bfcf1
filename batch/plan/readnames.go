package plan

import (
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
)

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
