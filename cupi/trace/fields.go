package trace

import (
	"regexp"
	"slices"
	"strings"
)

var (
	objectID = regexp.MustCompile(`(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	moment   = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?Z?)?$`)
	release  = regexp.MustCompile(`^[0-9]+(\.[0-9]+)+(-[0-9]+)?$`)
	left     = regexp.MustCompile(`^[0-9]{1,3}(:[0-9]{1,2}){1,3}$`) // days, hours and minutes
)

// aboutPeople are parts of the names of fields that are about people, or say how to reach them
// or the server.
var aboutPeople = []string{
	"alias", "name", "extension", "dtmf", "phone", "number", "address", "mail", "initials", "title", "city", "country", "department",
	"building", "manager", "billing", "employee", "postal", "xfer", "host", "pin", "domain", "pkid", "dial", "fax",
	"description", "uri", "path", "prefix", "digits",
}

// ofPeople are fields whose words are never those of a list.
var ofPeople = []string{"firstname", "lastname", "altfirstname", "altlastname", "initials", "title", "city", "state",
	"country", "department", "building", "manager", "billingid", "employeeid", "address", "postalcode"}

// measures are parts of the names of fields that count or measure.
var measures = []string{
	"timeout", "delay", "rings", "quota", "size", "count", "length", "len", "interval", "limit", "max", "min", "days", "rows",
	"total", "bias", "language", "speed", "volume", "priority",
	"duration", "messages", "attempts", "lcid", "seconds", "retries", "order", "time",
}

// isFieldName reports whether a text is what fields are called, maybe with a sign before it as attributes have in JSON.
func isFieldName(text string) bool {
	if text != "" && (text[0] == '@' || text[0] == '-') {
		text = text[1:]
	}
	for i := range len(text) {
		letter := text[i]|0x20 >= 'a' && text[i]|0x20 <= 'z'
		if digit := text[i] >= '0' && text[i] <= '9'; !letter && (!digit || i == 0) {
			return false
		}
	}
	return 0 < len(text) && len(text) <= 64
}

// isNumber reports whether a text is a whole number, of at most 15 digits.
func isNumber(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return len(digits) > 0 && len(digits) <= 15
}

// isObjectID reports whether a text is an id as CUPI makes them.
func isObjectID(text string) bool { return len(text) == 36 && objectID.MatchString(text) }

func isSecret(field string) bool {
	field = strings.ToLower(field)
	return field == "credentials" || field == "pin" || strings.Contains(field, "password") && !strings.HasSuffix(field, "uri")
}

// isText reports whether a field holds sentences.
func isText(field string) bool {
	switch strings.ToLower(field) {
	case "message", "code", "error", "errors":
		return true
	}
	return false
}

func isBoolean(value string) bool {
	value = strings.TrimLeft(value, "> ") // as one of the vendor's pages prints it
	return strings.EqualFold(value, "true") || strings.EqualFold(value, "false")
}

// isKept reports whether a value tells nothing of anybody.
func isKept(field, value string) bool {
	field = strings.ToLower(field)
	within := func(parts []string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(field, part) })
	}
	switch {
	case len(value) > 4 && value[4] == '-' && moment.MatchString(value):
		return true
	case isNumber(value) && (within(aboutPeople) && !isChoice(field) || field == "state"):
		return false
	case isNumber(value):
		return len(strings.TrimPrefix(value, "-")) <= 3 || within(measures)
	case strings.HasSuffix(field, "version") && release.MatchString(value):
		return true
	case slices.Contains(ofPeople, field):
		return false
	case strings.HasSuffix(field, "remaining") && left.MatchString(value): // of a licence's evaluation
		return true
	}
	for part := range strings.SplitSeq(value, ",") {
		if !standard(strings.TrimSpace(part)) {
			return false
		}
	}
	return true
}

// isChoice reports whether a field, whatever it is about, chooses or counts.
func isChoice(field string) bool {
	for _, ending := range []string{"mode", "rule", "type", "pagenumber", "perpage"} {
		if strings.HasSuffix(field, ending) {
			return true
		}
	}
	return false
}

// kindOfID says of what an id is.
func kindOfID(element, field string) string {
	kind, _ := strings.CutSuffix(strings.ToLower(field), "objectid")
	switch {
	case kind == "" && element != "":
		kind = strings.ToLower(element)
	case strings.HasSuffix(kind, "user"), kind == "subscriber", kind == "membersubscriber":
		kind = "user"
	case kind == strings.ToLower(field): // another kind of id
		kind = "id"
	}
	return kind
}

// kindOf says of what a value is that is no id.
func kindOf(field, value string) string {
	field = strings.ToLower(field)
	for _, kind := range []struct{ part, kind string }{
		{"alias", "alias"}, {"dtmf", "extension"}, {"extension", "extension"}, {"xfer", "extension"}, {"number", "number"},
		{"email", "address"}, {"smtp", "address"}, {"host", "host"}, {"server", "host"},
		{"ipaddress", "host"}, {"domain", "host"}, {"address", "address"}, {"name", "name"}, {"pkid", "id"},
	} {
		if strings.Contains(field, kind.part) {
			return kind.kind
		}
	}
	if strings.Contains(value, "@") {
		return "address"
	}
	return "text"
}

// elementOf says what a path is about: of /vmrest/users/… it is user.
func elementOf(path string) string {
	element := ""
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/vmrest/"), "/") {
		if !isObjectID(segment) && segment != "" {
			element = singular(segment)
		}
	}
	return element
}

// singular takes the plural off the name of a collection.
func singular(collection string) string {
	collection = strings.ToLower(collection)
	for _, ending := range []struct{ many, one string }{{"coses", "cos"}, {"policies", "policy"}, {"entries", "entry"},
		{"addresses", "address"}, {"ss", "ss"}, {"s", ""}} {
		if stem, is := strings.CutSuffix(collection, ending.many); is {
			return stem + ending.one
		}
	}
	return collection
}
