package plan

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"

	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// verdict is the end of a row that is not sent: a rule, a conflict or a filter
// settled it before.
type verdict struct {
	Status  record.Status
	Code    codes.Code
	Message string
	Column  string // that it is about, "" for the whole row
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
}

// conflictsNamed is for how many rows the pre-flight asks whom the Alias names, where
// it is not the user that the key finds. All others are told without that.
const conflictsNamed = 20

// CouldNotStart makes the error of a command that got no further than the
// server's door.
func CouldNotStart(err error) error {
	var refusal *send.Failure
	if !errors.As(err, &refusal) {
		return err
	}
	code := refusal.Code
	if code == codes.GaveUp {
		code = codes.Unreachable
		if record := (tls.RecordHeaderError{}); errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch) {
			code = codes.NotTLS
		}
	}
	return &record.Stop{Exit: record.ExitFailed, Code: code, Reason: "nothing was changed", Err: err}
}

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
