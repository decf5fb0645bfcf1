package plan

import (
	"cucbulk/batch/model"
)

// Spelled gives what people call the objects whose ids fields hold, as far as the lists tell
// that were read. Previews share it.
type Spelled struct {
	collections map[string]string            // by field
	names       map[string]map[string]string // collection -> folded id -> name
}

// Spelled turns round what the pre-flight knows of names.
func (d *Snapshot) Spelled() Spelled {
	s := Spelled{referring(d.About), map[string]map[string]string{}}
	for _, column := range d.About.Table.Columns() {
		if column.Collection != "" && column.List != "" {
			s.collections[column.Field] = column.Collection
		}
	}
	for collection := range d.Lists.shown {
		s.names[collection] = d.Lists.ByID(collection)
	}
	for _, kind := range d.About.Members() {
		s.collections[kind.Key], s.names[kind.Name] = kind.Name, map[string]string{}
	}
	for _, found := range d.people {
		for _, who := range found {
			s.names[who.kind.Name][model.Fold(who.id)] = who.name
		}
	}
	users := map[string]string{}
	for _, found := range d.users {
		for _, user := range found {
			users[model.Fold(user["ObjectId"])] = d.About.Name(user)
		}
	}
	s.names[d.About.Collection.Name] = users
	return s
}

// Of gives the name of what a field's value is the id of; "" where it is none, or not known.
func (s Spelled) Of(field, value string) string {
	collection, refers := s.collections[field]
	if !refers || value == "" {
		return ""
	}
	return s.names[collection][model.Fold(value)]
}
