package cupitest

import (
	"maps"
	"strings"
)

// kind is what a field holds.
type kind int

const (
	text      kind = iota
	integer        // a whole number
	boolean        // true or false
	country        // two letters
	reference      // the id of an element of the field's list
	derived        // made of other fields when it is read: the field's value with each {Name} filled in
	spaced         // the same as a path, in which a blank is %20
	keypad         // the fields that its value names, spelled on a telephone's keypad
)

// flags say what may be done with a field.
type flags int

const (
	listed    flags = 1 << iota // shown in lists too
	fixed                       // read only
	required                    // may not be empty
	hidden                      // never shown
	indexed                     // lists do not show it, but queries may name it
	blanked                     // shown as empty, whatever it is
	extension                   // digits and letters that a telephone can dial
	once                        // set when it is made, and read only then
	doubted                     // only BAT is known to have it: a server has it where it is told so
)

// field is one field of a resource.
type field struct {
	name        string
	kind        kind
	limit       int      // the most characters; 0 is any number
	least, most int      // the numbers that it may be; both 0 are any
	words       []string // what it may be; none is anything
	list        string   // it is the key of an element of this list
	value       string   // the default ("" is none), or what the kind says
	flags       flags
	source      string // who says that there is such a field
}

func (f field) is(flag flags) bool { return f.flags&flag != 0 }

// schema is the fields of one kind of resource, in the order in which they are written.
type schema struct {
	fields []field
	index  map[string]int // by name
	folded map[string]int // by name in lower case, for queries

	targets []string // what the names of fields begin with that say together where a call goes
}

func newSchema(fields ...field) *schema {
	s := &schema{fields: fields, index: map[string]int{}, folded: map[string]int{}}
	for i, f := range fields {
		s.index[f.name] = i
		s.folded[strings.ToLower(f.name)] = i
	}
	return s
}

// merged is what the fields would be after writing changes.
func merged(fields, changes map[string]string) map[string]string {
	all := maps.Clone(fields)
	maps.Copy(all, changes)
	return all
}
