package validate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cucbulk/internal/codes"
)

func noOperation(o Options) string {
	return "it isn't said what to do: give --operation " + o.table().OperationsText() + ", or a column Operation"
}

func unknownOperation(text string, o Options) string {
	return quoted(text) + " is no operation: give " + o.table().OperationsText()
}

// keyColumn returns the column by which a row finds its user. A row that makes a
// user has none to find, and is known by its alias.
func keyColumn(operation Operation, o Options) string {
	if operation.MakesUsers() && o.table().Member == nil {
		return "Alias"
	}
	return o.table().MatchColumn(o.Match)
}

// needs lists what a row must give, each column once.
func needs(operation Operation, o Options) []need {
	var list []need
	add := func(column string, warning bool) {
		known := slices.ContainsFunc(list, func(n need) bool { return n.column == column })
		if column != "" && !known && !(column == "TemplateAlias" && o.Template != "") {
			list = append(list, need{column: column, warning: warning})
		}
	}
	if operation == ImportLDAP {
		list = append(list, need{column: "Alias", or: KeyPerson})
	} else {
		add(keyColumn(operation, o), false)
	}
	for _, column := range o.table().required[operation] {
		add(column, false)
	}
	for _, column := range o.table().wanted[operation] {
		add(column, true)
	}
	return list
}

// missing puts into words that a needed column has no value. has reports which columns the file has.
func (n need) missing(operation Operation, o Options, has func(column string) bool) (code codes.Code, message string) {
	code, message = n.lacking(operation, o)
	if n.warning || o.table() != Users || has(n.column) { // who has the column means users, and a cell was forgotten
		return code, message
	}
	var perhaps []string
	for _, other := range o.Others {
		of := o
		of.Table = other
		lacks := func(need need) bool { return !need.warning && !has(need.column) }
		if slices.Contains(other.operations, operation) && !slices.ContainsFunc(needs(operation, of), lacks) {
			perhaps = append(perhaps, "--object "+other.Object)
		}
	}
	if len(perhaps) > 0 {
		message += "; or the rows are not about users: the headings would fit " + strings.Join(perhaps, " or ")
	}
	return code, message
}

// lacking says it of rows that are about what the table is.
func (n need) lacking(operation Operation, o Options) (code codes.Code, message string) {
	switch {
	case n.warning:
		return codes.RequiredToCreate, "is empty: the row can't be done if its " + o.table().One + " doesn't exist yet"
	case n.column == "TemplateAlias":
		return codes.NoTemplate, "a new user is made from a template: give --template ALIAS, or a column TemplateAlias"
	}
	message = "is empty, and " + string(operation) + " needs it"
	if n.or != "" {
		message += ", or " + n.or
	}
	return codes.Required, message
}

// operationRules checks what the operation is, and what it allows.
func (l *dataLine) operationRules() {
	if l.operation == "" && !l.same {
		l.add("Operation", codes.NoOperation, noOperation(l.options), false)
	}
	if l.operation != Update && l.givenAt(l.at.newAlias) {
		l.add("NewAlias", codes.RenameWithoutUpdate, "renames a user that is there: only an update can do that", false)
	}
	if l.operation.MakesUsers() && l.valueAt(l.at.objectID) != "" {
		l.add("ObjectId", codes.ReadOnly, "the server gives a new "+l.options.table().One+" its id: not sent", !l.options.Strict)
	}
	if l.operation == Update || l.operation == ImportLDAP {
		for i := range l.slots {
			if l.slots[i].column.Access == CreateOnly && l.values[i] != "" {
				l.add(l.slots[i].column.Name, codes.CreateOnly, "counts only when a "+l.options.table().One+" is created: not sent",
					!l.options.Strict)
			}
		}
	}
	if l.destinations && l.operation != Delete {
		l.destinationTwice(func(column, other string) {
			l.add(column, codes.DestinationTwice, "says where the call goes, and so does "+l.header.Heading(other)+
				": keep one of the two", false)
		})
	}
	if l.operation == Delete && l.options.KeepMailbox && l.valueAt(l.at.successor) != "" {
		l.add("ReassignTo", codes.DeleteOnly, "names the successor of a user who is deleted, and with --keep-mailbox "+
			"nobody is: it is passed over", true)
	}
	if l.operation != Delete && l.valueAt(l.at.successor) != "" {
		l.add("ReassignTo", codes.DeleteOnly, "names the successor of a user who is deleted: only delete looks at it", true)
	}
	if l.operation != ImportLDAP && l.valueAt(l.at.person) != "" {
		l.add(KeyPerson, codes.ImportOnly, "names a user of the LDAP directory: only import-ldap looks at it", true)
	}
}

// missingValues reports what the operation needs and the row doesn't give.
func (l *dataLine) missingValues() {
	for _, n := range l.demands.needs {
		text := cmp.Or(l.valueAt(n.at), l.valueAt(n.orAt))
		if text == "" || isNull(text) && n.column != "Alias" && n.column != "DtmfAccessId" {
			code, message := n.missing(l.operation, l.options, l.slots.has)
			l.add(n.column, code, message, n.warning)
		}
	}
}

// fieldRules checks fields that depend on the operation.
// CUPI User API, Explanation of Data Fields: Inactive.
func (l *dataLine) fieldRules() {
	if boolean(l.valueAt(l.at.inactive)) != "true" {
		return
	}
	if l.operation.MakesUsers() {
		l.add("Inactive", codes.InactiveOnCreate, "a new user is active: a server takes Inactive only from true to false", false)
	} else {
		l.add("Inactive", codes.Inactive, "a server takes Inactive only from true to false: it refuses this for an active user", true)
	}
}

// defaults are the two settings of that kind.
// CUPI User API, Update Language and TimeZone: the language table has three rows.
// The system default (UseDefaultLanguage true) and the caller's language
// (UseCallLanguage true) need no Language; a language of the user's own needs one.
var defaults = []defaultPair{
	{"UseDefaultTimeZone", []string{"TimeZone", "TimeZoneName"}, "", codes.NeedsTimeZone, "TimeZone or TimeZoneName"},
	{"UseDefaultLanguage", []string{"Language", "LanguageTag"}, "UseCallLanguage", codes.NeedsLanguage, "Language or LanguageTag"},
}

// TurnsOff is the column that a value of this one sets to false, where the row does not
// say otherwise; "" for nearly all columns.
func (c Column) TurnsOff() string {
	for _, d := range defaults {
		if slices.Contains(d.sources, c.Name) {
			return d.useDefault
		}
	}
	return ""
}

// pairs finds the pairs of which the file has a column.
func (s slots) pairs() []pair {
	var found []pair
	for _, d := range defaults {
		p := pair{defaultPair: d, useDefaultAt: s.index(d.useDefault), overrideAt: s.index(d.override)}
		for _, source := range d.sources {
			if i := s.index(source); i >= 0 {
				p.sourcesAt = append(p.sourcesAt, i)
			}
		}
		if p.useDefaultAt >= 0 || len(p.sourcesAt) > 0 {
			found = append(found, p)
		}
	}
	return found
}

// source gives the column that has a value of the user's own, "" if none has.
func (l *dataLine) source(p *pair) string {
	for _, i := range p.sourcesAt {
		if l.givenAt(i) {
			return l.slots[i].column.Name
		}
	}
	return ""
}

// turnsOff says whether the row gives a value of its own and leaves open whether
// the default counts. The value decides then.
func (l *dataLine) turnsOff(p *pair) bool {
	return l.valueAt(p.useDefaultAt) == "" && l.source(p) != ""
}

func (l *dataLine) defaultRules() {
	for i := range l.pairs {
		p := &l.pairs[i]
		own := l.source(p)
		if own == "" && boolean(l.valueAt(p.useDefaultAt)) == "false" && boolean(l.valueAt(p.overrideAt)) != "true" {
			l.add(p.useDefault, p.code, fmt.Sprintf("is false, so the row must give %s", p.thing), false)
		}
		if p.useDefaultAt >= 0 && l.turnsOff(p) {
			l.add(own, codes.DefaultTurnedOff, p.useDefault+" is empty: it is set to false, so that this value counts", true)
		}
	}
}

// destinationTwice reports a destination that the row gives in a word and in fields too.
func (l *dataLine) destinationTwice(add func(column, other string)) {
	for i := range l.slots {
		column := l.slots[i].column
		if column.Destination == nil || l.values[i] == "" {
			continue
		}
		for j := range l.slots {
			if other := l.slots[j].column; j != i && l.values[j] != "" && other.Step == column.Step &&
				slices.Contains(column.Destination.Fields(), other.Field) {
				add(column.Name, other.Name)
			}
		}
	}
}
