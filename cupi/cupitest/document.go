package cupitest

import (
	"maps"
	"strings"
)

// document is one resource on the server. A field that is absent is NULL.
type document struct {
	schema *schema
	own    map[string]string    // what was written to it; "" is cleared
	base   *document            // whose fields it inherits: a user's template; nil is none
	owner  *document            // whose fields {owner.Name} means: a call handler's user; nil is none
	parts  map[string]*document // what belongs to it and goes with it, such as a user's call handler
}

// value is the named field's text; false means NULL. Only a text can be empty without being NULL.
func (d *document) value(name string) (string, bool) {
	i, known := d.schema.index[name]
	if !known {
		return "", false
	}
	return d.read(d.schema.fields[i])
}

// read is value for a field of the document's schema.
func (d *document) read(f field) (string, bool) {
	v, has := d.own[f.name]
	if !has && d.base != nil && !f.is(fixed) {
		v, has = d.base.own[f.name]
	}
	if !has {
		v, has = d.standard(f)
	}
	if f.kind == spaced {
		v = strings.ReplaceAll(v, " ", "%20")
	}
	return v, has && (v != "" || f.kind == text)
}

// standard is the field's value where nothing was written.
func (d *document) standard(f field) (string, bool) {
	switch {
	case f.kind == keypad:
		return d.spell(strings.Fields(f.value))
	case strings.Contains(f.value, "{"):
		return d.fill(f.value)
	}
	return f.value, f.value != ""
}

// fill replaces each {Name} of the pattern; false when one of them is NULL. A {?Name} stands for nothing, and must not be NULL.
func (d *document) fill(pattern string) (string, bool) {
	var filled strings.Builder
	for {
		before, rest, found := strings.Cut(pattern, "{")
		filled.WriteString(before)
		if !found {
			return filled.String(), true
		}
		name, after, _ := strings.Cut(rest, "}")
		source, asked := d, strings.HasPrefix(name, "?")
		name = strings.TrimPrefix(name, "?")
		if owned, ok := strings.CutPrefix(name, "owner."); ok {
			source, name = d.owner, owned
		}
		if source == nil {
			return "", false
		}
		v, ok := source.value(name)
		if !ok || v == "" {
			return "", false
		}
		if !asked {
			filled.WriteString(v)
		}
		pattern = after
	}
}

// keys is the keypad: the digit of each letter from a to z.
const keys = "22233344455566677778889999"

func (d *document) spell(names []string) (string, bool) {
	var digits strings.Builder
	for _, name := range names {
		v, _ := d.value(name)
		for _, r := range strings.ToLower(v) {
			switch {
			case r >= 'a' && r <= 'z':
				digits.WriteByte(keys[r-'a'])
			case r >= '0' && r <= '9':
				digits.WriteRune(r)
			}
		}
	}
	return digits.String(), digits.Len() > 0
}

// pairs is the document as it is written: all of it, or only what lists show.
func (d *document) pairs(inList bool) []pair {
	pairs := make([]pair, 0, len(d.schema.fields))
	for _, f := range d.schema.fields {
		if inList && !f.is(listed) || f.is(hidden) {
			continue
		}
		if f.is(blanked) {
			pairs = append(pairs, pair{f.name, ""})
		} else if v, ok := d.read(f); ok {
			pairs = append(pairs, pair{f.name, v})
		}
	}
	return pairs
}

// fields is the document as a map, everything that a GET by id shows.
func (d *document) fields() map[string]string {
	fields := map[string]string{}
	for _, p := range d.pairs(false) {
		fields[p.name] = p.value
	}
	return fields
}

// write sets the fields.
func (d *document) write(fields map[string]string) {
	if d.own == nil {
		d.own = map[string]string{}
	}
	maps.Copy(d.own, fields)
}
