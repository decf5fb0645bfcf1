package validate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

const noOperation = "it isn't said what to do: give --operation create, update, delete or upsert, or a column Operation"

func unknownOperation(text string) string {
	return quoted(text) + " is no operation: it is one of create, update, delete, upsert"
}

// matchColumn returns the column that Options.Match names, "" when rows can't be
// matched by it.
func matchColumn(o Options) string {
	for _, column := range matchColumns {
		if strings.EqualFold(column, cmp.Or(o.Match, matchColumns[0])) {
			return column
		}
	}
	return ""
}

// keyColumn returns the column by which a row finds its user. A row that makes a
// user has none to find, and is known by its alias.
func keyColumn(operation Operation, o Options) string {
	if operation.makesUsers() {
		return "Alias"
	}
	return matchColumn(o)
}

// need is a column that an operation can't do without.
type need struct {
	column  string
	warning bool // only if it turns out that the user must be created
}

// needs lists what a row must give, each column once.
func needs(operation Operation, o Options) []need {
	var list []need
	add := func(column string, warning bool) {
		known := slices.ContainsFunc(list, func(n need) bool { return n.column == column })
		if column != "" && !known && !(column == "TemplateAlias" && o.Template != "") {
			list = append(list, need{column, warning})
		}
	}
	add(keyColumn(operation, o), false)
	for _, column := range required[operation] {
		add(column, false)
	}
	for _, column := range wanted[operation] {
		add(column, true)
	}
	return list
}

// missing puts into words that a needed column has no value.
func (n need) missing(operation Operation) (code, message string) {
	switch {
	case n.warning:
		return "required-to-create", "is empty: the row can't be done if its user doesn't exist yet"
	case n.column == "TemplateAlias":
		return "no-template", "a new user is made from a template: give --template ALIAS, or a column TemplateAlias"
	}
	return "required", "is empty, and " + string(operation) + " needs it"
}

// operationRules checks what the operation is, and what it allows.
func (l *dataLine) operationRules() {
	if l.operation == "" && !l.same {
		l.add("Operation", "no-operation", noOperation, false)
	}
	if l.given("NewAlias") && l.operation != Update {
		l.add("NewAlias", "rename-without-update", "renames a user that is there: only an update can do that", false)
	}
	if l.operation.makesUsers() && l.get("ObjectId") != "" {
		l.add("ObjectId", "read-only", "the server gives a new user its id: not sent", !l.options.Strict)
	}
	if l.operation == Update {
		for i := range l.slots {
			if l.slots[i].column.Access == CreateOnly && l.values[i] != "" {
				l.add(l.slots[i].column.Name, "create-only", "counts only when a user is created: not sent", !l.options.Strict)
			}
		}
	}
}

// missingValues reports what the operation needs and the row doesn't give. Where
// the whole file lacks the column, the header has said so.
func (l *dataLine) missingValues() {
	for _, n := range needs(l.operation, l.options) {
		if _, there := l.position[n.column]; !there && l.same {
			continue
		}
		text := l.get(n.column)
		if text == "" || isNull(text) && n.column != "Alias" && n.column != "DtmfAccessId" {
			code, message := n.missing(l.operation)
			l.add(n.column, code, message, n.warning)
		}
	}
}

// fieldRules checks fields that depend on the operation.
// CUPI User API, Explanation of Data Fields: Inactive.
func (l *dataLine) fieldRules() {
	if boolean(l.get("Inactive")) != "true" {
		return
	}
	if l.operation.makesUsers() {
		l.add("Inactive", "inactive-on-create", "a new user is active: a server takes Inactive only from true to false", false)
	} else {
		l.add("Inactive", "inactive", "a server takes Inactive only from true to false: it refuses this for an active user", true)
	}
}

// defaultPair is a setting of the user that a default of the server can replace.
type defaultPair struct {
	useDefault string   // the column that says whether the default counts
	sources    []string // the columns that give the user's own value
	override   string   // a column that, when true, makes the user's own value needless
	code       string
	thing      string
}

// defaults are the two settings of that kind.
// CUPI User API, Update Language and TimeZone: the language table has three rows.
// The system default (UseDefaultLanguage true) and the caller's language
// (UseCallLanguage true) need no Language; a language of the user's own needs one.
var defaults = []defaultPair{
	{"UseDefaultTimeZone", []string{"TimeZone", "TimeZoneName"}, "", "needs-timezone", "TimeZone or TimeZoneName"},
	{"UseDefaultLanguage", []string{"Language", "LanguageTag"}, "UseCallLanguage", "needs-language", "Language or LanguageTag"},
}

func (l *dataLine) source(d defaultPair) string {
	for _, column := range d.sources {
		if l.given(column) {
			return column
		}
	}
	return ""
}

// turnsOff says whether the row gives a value of its own and leaves open whether
// the default counts. The value decides then.
func (l *dataLine) turnsOff(d defaultPair) bool {
	return l.source(d) != "" && l.get(d.useDefault) == ""
}

func (l *dataLine) defaultRules() {
	for _, d := range defaults {
		own := l.source(d)
		if boolean(l.get(d.useDefault)) == "false" && own == "" && boolean(l.get(d.override)) != "true" {
			l.add(d.useDefault, d.code, fmt.Sprintf("is false, so the row must give %s", d.thing), false)
		}
		if _, there := l.position[d.useDefault]; there && l.turnsOff(d) {
			l.add(own, "default-turned-off", d.useDefault+" is empty: it is set to false, so that this value counts", true)
		}
	}
}
