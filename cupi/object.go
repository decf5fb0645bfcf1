package cupi

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Object is one CUPI resource: field name, spelled as CUPI spells it, to text.
// An absent field is NULL; an empty text is empty, and on writing clears the
// field. Nested resources are not part of it.
type Object map[string]string

// Page is one page of a list.
type Page struct {
	Total int      // all matches on the server, not only those of this page
	Items []Object // in the server's order
}

// identity lists the fields that say which resource an object is. An answer
// that holds one of them twice can't be trusted about any of it.
var identity = map[string]bool{"ObjectId": true, "Alias": true, "DtmfAccessId": true, "URI": true}

// add puts a field that was read into the object. Blanks around names and
// values are artefacts of the server and go.
func (o Object) add(name, value string) error {
	name = strings.TrimSpace(name)
	if _, there := o[name]; there && identity[name] {
		return fmt.Errorf("the field %s is there twice", name)
	}
	o[name] = clean(value)
	return nil
}

// clean trims a value and drops the stray ">" that the vendor's page shows, once
// or more, before booleans.
func clean(value string) string {
	value = strings.TrimSpace(value)
	if flag := strings.TrimLeft(value, "> "); flag == "true" || flag == "false" {
		return flag
	}
	return value
}

// check refuses what can't be written. The error names the field and never its
// value, which may be a PIN.
func (o Object) check() error {
	for name, value := range o {
		if !isName(name) {
			return fmt.Errorf("%q is no field name: use letters and digits", printable(name, 64))
		}
		if !utf8.ValidString(value) {
			return fmt.Errorf("the field %s is not valid UTF-8: save the input as UTF-8", name)
		}
		for _, r := range value {
			if !writable(r) {
				return fmt.Errorf("the field %s holds the control character %U: remove it", name, r)
			}
		}
	}
	return nil
}

// writable tells whether both wires carry the character unchanged. Line breaks
// and tabs pass: a value that another tool stored with them must be restorable.
func writable(r rune) bool {
	switch r {
	case '\t', '\n', '\r':
		return true
	case 0xFFFE, 0xFFFF: // no characters, and not allowed in XML
		return false
	}
	return !unicode.IsControl(r)
}

// isName tells whether the text is a CUPI name: a letter, then letters and digits.
func isName(text string) bool {
	for i, r := range text {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return text != ""
}

// Memory is how much the object takes in memory, in bytes, roughly.
func (o Object) Memory() int {
	memory := objectMemory
	for name, value := range o {
		memory += fieldMemory + len(name) + len(value)
	}
	return memory
}

// page turns what a list answer held into a Page. The vendor's own example
// prints a total that is lower than the elements that follow, so the larger counts.
func page(total int, items []Object) Page {
	return Page{Total: max(total, len(items)), Items: items}
}
