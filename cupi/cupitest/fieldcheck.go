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
