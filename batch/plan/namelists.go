package plan

import (
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// NameLists are the lists of the server that were read for the names which stand for ids.
type NameLists struct {
	ids    map[string]map[string]string   // collection -> folded name -> id
	shown  map[string][]string            // collection -> its names as the server spells them
	known  map[string]map[string]bool     // collection -> its ids, folded; nil for one that the server does not list
	unread map[string]string              // collection -> why its list could not be read whole
	others map[string]map[string][]string // collection, of which some are not the tenant's -> folded names of all -> ids
}

func newNameLists() NameLists {
	return NameLists{map[string]map[string]string{}, map[string][]string{}, map[string]map[string]bool{}, map[string]string{},
		map[string]map[string][]string{}}
}

// learn takes the names and ids of a list.
func (l NameLists) learn(collection cupi.Collection, items []cupi.Object) {
	ids, known := map[string]string{}, map[string]bool{}
	for _, item := range items {
		name, id := item[collection.NameField], item[collection.IDField]
		ids[model.Fold(name)], known[model.Fold(id)] = id, true
		l.shown[collection.Name] = append(l.shown[collection.Name], name)
	}
	slices.Sort(l.shown[collection.Name])
	l.ids[collection.Name], l.known[collection.Name] = ids, known
}

// noteOthers takes the names of a list of which some are not the tenant's.
func (l NameLists) noteOthers(collection cupi.Collection, items []cupi.Object) {
	others := map[string][]string{}
	for _, item := range items {
		name := model.Fold(item[collection.NameField])
		others[name] = append(others[name], item[collection.IDField])
	}
	l.others[collection.Name] = others
}

// rename takes a name out of a list, and puts one in.
func (l NameLists) rename(collection, gone, made, id string) {
	if gone != "" {
		delete(l.known[collection], model.Fold(l.ids[collection][model.Fold(gone)]))
		delete(l.ids[collection], model.Fold(gone))
		l.shown[collection] = slices.DeleteFunc(slices.Clone(l.shown[collection]),
			func(name string) bool { return model.Fold(name) == model.Fold(gone) })
	}
	if made != "" {
		l.ids[collection][model.Fold(made)], l.known[collection][model.Fold(id)] = id, true
		l.shown[collection] = append(l.shown[collection], made)
		slices.Sort(l.shown[collection])
	}
}

// lack takes note that the server does not tell a list.
func (l NameLists) lack(collection string, why *send.Failure) {
	l.known[collection] = nil
	if why.Code == codes.ListMoves || why.Code == codes.Unreadable {
		l.unread[collection] = why.Message
	}
}

// asked reports whether a list was asked for, and read whether the server told it.
func (l NameLists) asked(collection string) (asked, read bool) {
	ids, asked := l.known[collection]
	return asked, ids != nil
}

// id resolves a name. known is false when the server has no such list at all.
func (l NameLists) id(collection, name string) (id string, found, known bool) {
	ids, known := l.ids[collection]
	id, found = ids[model.Fold(name)]
	return id, found, known
}

// lacksID reports whether a list was read, and has not this id.
func (l NameLists) lacksID(collection, id string) bool {
	ids := l.known[collection]
	return ids != nil && !ids[model.Fold(id)]
}

// ByID gives the names of a list by their folded ids.
func (l NameLists) ByID(collection string) map[string]string {
	names := map[string]string{}
	for _, name := range l.shown[collection] {
		names[model.Fold(l.ids[collection][model.Fold(name)])] = name
	}
	return names
}

// missing says why a name can't be looked up.
func (l NameLists) missing(collection string) string {
	if why := l.unread[collection]; why != "" {
		return why
	}
	return "this server has no list of " + collection
}

// suggest names what the server has instead.
func (l NameLists) suggest(collection, name string) string {
	shown := l.shown[collection]
	if len(shown) == 0 {
		return ""
	}
	if near := validate.Nearest(name, shown); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	if len(shown) > 5 {
		return fmt.Sprintf("; it has %s and %d more", strings.Join(shown[:5], ", "), len(shown)-5)
	}
	return "; it has " + strings.Join(shown, ", ")
}

// suggestID names the entry that is meant by another name of a language or a time zone.
func (l NameLists) suggestID(name validate.NameReference) string {
	column, _ := validate.ColumnByHeading(name.Column)
	meant := column.IDNamed(name.Name)
	if meant == "" {
		return ""
	}
	for _, shown := range l.shown[name.Collection] {
		if id := l.ids[name.Collection][model.Fold(shown)]; id == meant {
			return fmt.Sprintf("; did you mean %q?", shown)
		}
	}
	return ""
}

// referring tells in which collection the ids of a field are. What the columns of
// names resolve to is that; languages must be installed, and not only known.
func referring(about *model.Object) map[string]string {
	fields := map[string]string{}
	for _, column := range about.Table.Columns() {
		if column.Collection != "" && column.List == "" {
			fields[column.Field] = column.Collection
		}
	}
	fields["Language"] = cupi.InstalledLanguages.Name
	return fields
}
