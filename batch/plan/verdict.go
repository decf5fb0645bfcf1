package plan

import (
	"fmt"
	"maps"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Asked is what the file says in a row, and what its verdicts tell of. No plan changes it, but for a
// new alias that the row does not give after all.
type Asked struct {
	About     *model.Object // what the row is about
	Row, Line int
	Record    validate.Record
	Header    *validate.Header  // how the file spells its columns
	referring map[string]string // field -> collection of its ids; see referring
	within    string            // see one

	resetCredentials, allowMissing bool   // see [record.Options]
	ldapOwned                      string // the same
}

// verdict is the end of a row that is not sent: a rule, a conflict or a filter
// settled it before.
type verdict struct {
	Status  record.Status
	Code    codes.Code
	Message string
	Column  string // that it is about, "" for the whole row
	missing missingNames

	lastNamed string // the column of which the message tells last
}

// about says which column a verdict is about.
func (v verdict) about(column string) verdict {
	v.Column = column
	return v
}

// Invalid is the end of a row that can't be right on this server, with this file.
func Invalid(code codes.Code, format string, values ...any) verdict {
	return verdict{Status: record.Invalid, Code: code, Message: fmt.Sprintf(format, values...)}
}

// and joins what else is wrong with a row: what else it names that the server does not have.
func (v verdict) and(other verdict) verdict {
	switch {
	case v.Status == "":
		return other
	case other.missing == nil:
		return v
	}
	if other.Column == v.lastNamed {
		v.Message += "; " + other.Message
	} else {
		v.Message += "; " + Told(other.Column, other.Message)
	}
	v.lastNamed = other.Column
	joined := missingNames{}
	for _, names := range []missingNames{v.missing, other.missing} {
		maps.Copy(joined, names)
	}
	v.missing = joined
	return v
}

// lacks is the verdict of a row that names something which the server does not have.
func lacks(code codes.Code, list, name, column, instead, format string, values ...any) verdict {
	v := Invalid(code, format, values...).about(column)
	v.lastNamed = column
	v.missing.add(list, name, column, instead)
	return v
}

// Told is a message with the column that it is about, "" for the whole row, as a result
// tells it.
func Told(column, message string) string {
	if column == "" {
		return message
	}
	return column + ": " + message
}

// Conflict is a row that can't take what it wants.
type Conflict struct {
	Row, Line int
	Code      codes.Code
	Message   string
	column    string // that it is about, "" for the whole row
	warning   bool   // only the server can tell
	missing   missingNames
}

// conflictsNamed is for how many rows the pre-flight asks whom the Alias names, where
// it is not the user that the key finds. All others are told without that.
const conflictsNamed = 20

// Describe tells people which user is meant.
func Describe(user cupi.Object) string {
	text := user["Alias"]
	if name := user["DisplayName"]; name != "" {
		text += " (" + name + ")"
	}
	if extension := user["DtmfAccessId"]; extension != "" {
		text += ", extension " + extension
	}
	return text
}

// one is what the row is about, and of which tenant, where the run is narrowed to one.
func (p Asked) one() string { return p.About.One() + p.within }

// absent is the end of a row of a leaver who is gone already.
func (p Asked) absent(nothing string) verdict {
	return verdict{Status: record.Unchanged, Code: codes.AlreadyAbsent,
		Message: fmt.Sprintf("no %s has %s %q: %s", p.one(), p.Record.Key, p.Record.KeyValue, nothing)}
}
