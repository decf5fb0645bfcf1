package cupitest

import "slices"

// list is one collection.
type list struct {
	seededList
	key       string
	schema    *schema
	documents []*document
	byKey     map[string]*document
}

// add enters an element.
func (l *list) add(own map[string]string) *document {
	d := &document{schema: l.schema, own: own}
	l.documents = append(l.documents, d)
	if l.byKey[own[l.key]] == nil { // a language has elements for several uses
		l.byKey[own[l.key]] = d
	}
	return d
}

// remove takes one out.
func (l *list) remove(d *document) {
	delete(l.byKey, d.own[l.key])
	l.documents = slices.DeleteFunc(l.documents, func(other *document) bool { return other == d })
}

// find is the element with the id; nil is none.
func (l *list) find(id string) *document { return l.byKey[id] }

// abbreviated is the language with an abbreviation, which may stand in a path in place of its code.
func (l *list) abbreviated(text string) *document {
	i := slices.IndexFunc(l.documents, func(d *document) bool { return d.own["LanguageAbbreviation"] == text })
	if i < 0 || l.path != "languagemap" {
		return nil
	}
	return l.documents[i]
}

// seededList is one collection of a fresh server. columns and rows are its elements: a column is a field name, and "*" after it marks the
// key, that is the id in the path ("ObjectId" where no column is marked).
type seededList struct {
	path, wrapper, element string
	columns                string
	rows                   [][]string // a "" is NULL
}
