package model

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// Together lists fields of which the server checks one against the other: when
// one of a group changes, all that the row gives of the group are sent.
func Together() [][]string {
	return [][]string{
		{"UseDefaultTimeZone", "TimeZone"},
		{"UseCallLanguage", "UseDefaultLanguage", "Language"},
		{"Enabled", "TimeExpires"},
		{usePrimary, ownExtension},
		{"Action", "TargetConversation", "TargetHandlerObjectId"},
		{"ExitAction", "ExitTargetConversation", "ExitTargetHandlerObjectId"},
		{"AfterMessageAction", "AfterMessageTargetConversation", "AfterMessageTargetHandlerObjectId"},
		{"AfterGreetingAction", "AfterGreetingTargetConversation", "AfterGreetingTargetHandlerObjectId"},
	}
}

// With names a field and those that the server checks it against.
func With(name string) []string {
	names := []string{name}
	for _, group := range Together() {
		if slices.Contains(group, name) {
			names = append(names, group...)
		}
	}
	return names
}

// While a call goes to the user's primary extension, its own extension shows that one, and
// can't be sent; while it does not, both are sent.
const (
	usePrimary   = "UsePrimaryExtension"
	ownExtension = "Extension"
)

// Sendable leaves out of the fields of a change what the server does not take beside the others.
func Sendable(fields cupi.Object) cupi.Object {
	if _, given := fields[ownExtension]; !given || !Same(usePrimary, fields[usePrimary], "true") {
		return fields
	}
	fields = maps.Clone(fields)
	delete(fields, ownExtension)
	return fields
}

// Follows reports whether the server sets a field by itself, by others that were sent.
func Follows(name string, sent cupi.Object) bool {
	switch name {
	case "TimeExpires": // of Enabled
		return true
	case ownExtension:
		return Same(usePrimary, sent[usePrimary], "true")
	}
	return false
}

// Lost gives the fields that a change empties without setting them: by what it sets, their
// object shows another thing in their place. before is what it overwrites.
func Lost(before, sent cupi.Object) cupi.Object {
	lost := cupi.Object{}
	if Follows(ownExtension, sent) && before[ownExtension] != "" && Same(usePrimary, before[usePrimary], "false") {
		lost[ownExtension] = ""
	}
	return lost
}

// Differences gives the fields of wanted whose value the server does not have
// already.
func Differences(present, wanted cupi.Object) cupi.Object {
	changed := cupi.Object{}
	for name, value := range wanted {
		if !Shows(present, name) || !Same(name, Value(present, name), value) {
			changed[name] = value
		}
	}
	for _, group := range Together() {
		if !touches(changed, group) {
			continue
		}
		for _, name := range group {
			if value, given := wanted[name]; given {
				changed[name] = value
			}
		}
	}
	return changed
}

// NotShown gives the fields of wanted of which a member does not show that it has them.
func NotShown(member, wanted cupi.Object) cupi.Object {
	changed := Differences(member, wanted)
	for name, value := range wanted {
		if _, shown := member[name]; !shown {
			changed[name] = value
		}
	}
	return changed
}

func touches(changed cupi.Object, group []string) bool {
	for _, name := range group {
		if _, is := changed[name]; is {
			return true
		}
	}
	return false
}

// Same compares two values of a field as the server means them: absent and empty
// are one, blanks around a value do not count, true is 1, and aliases and addresses
// have no case.
func Same(name, one, other string) bool {
	one, other = strings.TrimSpace(one), strings.TrimSpace(other)
	if one == other {
		return true
	}
	if one, other = norm.NFC.String(one), norm.NFC.String(other); one == other { // nobody sees which of Unicode's forms a letter has
		return true
	}
	column, known := validate.ColumnOfField(name)
	switch {
	case strings.HasSuffix(name, "TargetConversation"): // the vendor's pages spell one in two ways
		return strings.Replace(one, "GreetingsAdministrator", "GreetingAdministrator", 1) == strings.Replace(other,
			"GreetingsAdministrator", "GreetingAdministrator", 1)
	case name == "Alias", name == "SmtpAddress", column.LocalPartOf != "":
		return strings.EqualFold(one, other)
	case !known: // a flag that has no column
		return isFlag(one) && isFlag(other) && Boolean(one) == Boolean(other)
	case column.Type == validate.Boolean:
		return Boolean(one) == Boolean(other)
	case column.Type == validate.ID, column.Collection != "":
		return strings.EqualFold(one, other)
	case column.Type == validate.Time:
		return sameMoment(one, other)
	case column.Type == validate.Integer:
		return strings.TrimLeft(one, "0") == strings.TrimLeft(other, "0") && one != "" && other != ""
	}
	return false
}

// sameMoment reports whether two texts are one moment, which servers write in several ways.
func sameMoment(one, other string) bool {
	first, err := cupi.ParseTime(one)
	second, wrong := cupi.ParseTime(other)
	return err == nil && wrong == nil && first.Equal(second)
}

// Value is what an object shows of a field: itself, or in the address of which it is a part.
func Value(object cupi.Object, name string) string {
	value, shown := object[name]
	if column, _ := validate.ColumnOfField(name); !shown && column.LocalPartOf != "" {
		value, _, _ = strings.Cut(object[column.LocalPartOf], "@")
	}
	return value
}

// WholeAddresses puts addresses in the place of parts of them that are to change: no user has a
// field for those.
func WholeAddresses(present, changed cupi.Object) {
	for name, part := range maps.Clone(changed) {
		column, _ := validate.ColumnOfField(name)
		_, domain, is := strings.Cut(present[column.LocalPartOf], "@")
		if column.LocalPartOf == "" || !is {
			continue
		}
		if delete(changed, name); changed[column.LocalPartOf] == "" {
			changed[column.LocalPartOf] = part + "@" + domain
		}
	}
}

// OfAlias takes out parts of addresses that the server makes of a new user's alias by itself.
func OfAlias(fields cupi.Object, alias string) {
	made := strings.ReplaceAll(strings.TrimSpace(alias), " ", "_")
	maps.DeleteFunc(fields, func(name, part string) bool {
		column, _ := validate.ColumnOfField(name)
		return column.LocalPartOf != "" && strings.EqualFold(part, made)
	})
}

// Shows reports whether an object tells the value of a field. A field that is not
// there is empty; but a flag is never empty, so one that is not there is not told.
func Shows(object cupi.Object, name string) bool {
	if _, is := object[name]; is {
		return true
	}
	column, known := validate.ColumnOfField(name)
	return !known || column.Type != validate.Boolean
}

// Boolean gives the server's spelling.
func Boolean(text string) string {
	switch strings.ToLower(text) {
	case "1", "true", "yes":
		return "true"
	}
	return "false"
}

// isFlag reports whether a text can only be a flag, as servers write one.
func isFlag(text string) bool {
	return text == "1" || text == "0" || strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
}

// PreImage takes from present the values of the fields that a change overwrites,
// and of those that the server checks them against. A field that is not there is
// kept as what makes it so again: empty; a flag that is not told, as the vendor's
// default, if there is one.
func PreImage(present, changed cupi.Object) cupi.Object {
	before := cupi.Object{}
	keep := func(name string) {
		if Shows(present, name) {
			before[name] = present[name]
		} else if column, _ := validate.ColumnOfField(name); column.Default != "" {
			before[name] = column.Default
		}
	}
	for name := range changed {
		keep(name)
	}
	for _, group := range Together() {
		if !touches(changed, group) {
			continue
		}
		for _, name := range group {
			if _, shown := present[name]; shown {
				keep(name)
			}
		}
	}
	return before
}

// Agrees reports whether present shows every value of sent, as far as it tells.
func Agrees(present, sent cupi.Object) bool {
	for name, value := range sent {
		if Shows(present, name) && !Same(name, Value(present, name), value) {
			return false
		}
	}
	return true
}

// ChangedSince names, in order, the fields of sent that present shows with another
// value: somebody else changed them, or the server did not keep them.
func ChangedSince(present, sent cupi.Object) []string {
	var names []string
	for name, value := range sent {
		if Shows(present, name) && !Same(name, Value(present, name), value) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Only gives some fields of an object, those that are there.
func Only(object cupi.Object, names ...string) cupi.Object {
	some := cupi.Object{}
	for _, name := range names {
		if value, is := object[name]; is {
			some[name] = value
		}
	}
	return some
}

// Secret reports whether a field holds what no record may show.
func Secret(name string) bool {
	column, known := validate.ColumnOfField(name)
	return known && column.Secret
}

// ShownFields are those of an object that a record may show. No answer of Unity
// Connection has a secret in it; a server that shows one does not make it less secret.
func ShownFields(object cupi.Object) cupi.Object {
	for name := range object {
		if Secret(name) {
			object = maps.Clone(object)
			maps.DeleteFunc(object, func(name, _ string) bool { return Secret(name) })
			return object
		}
	}
	return object
}

// Holds reports whether one with this ObjectId is among objects of a list already: who moves
// to another page while the pages are read shows twice.
func Holds(objects []cupi.Object, objectID string) bool {
	for _, object := range objects {
		if strings.EqualFold(object["ObjectId"], objectID) {
			return true
		}
	}
	return false
}
