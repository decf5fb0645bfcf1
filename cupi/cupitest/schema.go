package cupitest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
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

// merged is what the fields would be after writing changes.
func merged(fields, changes map[string]string) map[string]string {
	all := maps.Clone(fields)
	maps.Copy(all, changes)
	return all
}

// check applies the rules of single fields and returns the fields as they are stored, or what is wrong, in the order of the names.
func (s *schema) check(d *data, fields map[string]string) (map[string]string, []string) {
	clean := map[string]string{}
	var problems []string
	for _, name := range sortedKeys(fields) {
		i, known := s.index[name]
		known = known && (!s.fields[i].is(doubted) || d.server.ContactFields)
		switch {
		case !known && d.passesOver:
			d.passedOver = append(d.passedOver, name)
			continue
		case !known:
			problems = append(problems, fmt.Sprintf("%s is not a field of this resource", name))
			continue
		}
		v, problem := s.fields[i].check(d, fields[name])
		if problem != "" {
			problems = append(problems, name+" "+problem)
		}
		clean[name] = v
	}
	return clean, problems
}

// withoutEcho is the fields of a request less the read-only ones that repeat what the document shows: scripts read an
// object, change a field, and send all of it back.
func (d *document) withoutEcho(fields map[string]string) map[string]string {
	changes := maps.Clone(fields)
	maps.DeleteFunc(changes, func(name, sent string) bool {
		i, known := d.schema.index[name]
		if !known || !d.schema.fields[i].isReadOnly() && name != voiceNameField {
			return false
		}
		shown, ok := d.value(name)
		return ok && sent == shown
	})
	return changes
}

// isReadOnly reports whether no request can set the field.
func (f field) isReadOnly() bool {
	return f.is(fixed) || f.kind == derived || f.kind == spaced || f.kind == keypad
}

// check returns the value as it is stored, or what is wrong with it. The value itself is not told: it may be secret.
func (f field) check(d *data, value string) (string, string) {
	switch {
	case f.isReadOnly():
		return "", "is read only"
	case value == "" && (f.is(required) || f.kind == boolean):
		return "", "may not be empty"
	case value == "":
		return "", ""
	case f.limit > 0 && utf8.RuneCountInString(value) > f.limit:
		return "", fmt.Sprintf("is longer than %d characters", f.limit)
	}
	if problem := f.outside(d, value); problem != "" {
		return "", problem
	}
	switch f.kind {
	case integer:
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return "", "is not a number"
		}
	case boolean:
		switch strings.ToLower(value) {
		case "true", "1":
			return "true", ""
		case "false", "0":
			return "false", ""
		}
		return "", "is neither true nor false"
	case country:
		letter := func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
		if len(value) != 2 || !letter(value[0]) || !letter(value[1]) {
			return "", "is not a country of two letters"
		}
	}
	return value, ""
}

// outside tells why the value is none of those that the field may have.
func (f field) outside(d *data, value string) string {
	switch n, err := strconv.Atoi(value); {
	case (f.least != 0 || f.most != 0) && err == nil && (n < f.least || n > f.most):
		return fmt.Sprintf("is not from %d to %d", f.least, f.most)
	case f.words != nil && !slices.Contains(f.words, value):
		return "is not one of " + strings.Join(f.words, ", ")
	case f.list != "" && !d.exists(f.list, value):
		return "names nothing in " + f.list
	case f.is(extension) && !dialable(value):
		return "is no extension"
	case f.name == voiceNameField && !d.isVoiceFile(value):
		return "is not the name of a voice file"
	}
	return ""
}

// dialable is true of what a handler or a list can have as its extension: digits and letters, fewer than an ObjectId has.
func dialable(extension string) bool {
	for _, r := range extension {
		if r > 'z' || !unicode.IsDigit(r) && !unicode.IsLetter(r) {
			return false
		}
	}
	return len(extension) < 32
}

// voiceNameField is the name of the recording by which one is called.
const voiceNameField = "VoiceName"

// voiceFileLife is how long the name of a voice file can be given.
const voiceFileLife = 30 * time.Minute

// isVoiceFile is true of the name of a recording that was put there not long ago.
func (d *data) isVoiceFile(name string) bool {
	made, known := d.voiceFiles[name]
	return d.server.AnyVoiceName || known && d.recordings[name] != "" && d.now().Sub(made) <= voiceFileLife
}
