package batch

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"cucbulk/cupi"
)

// The records that every row has are written by hand, field by field, in the spelling
// of encoding/json without what only web pages want escaped: reflection would cost as
// much as the rest of the journal. A test compares the two.

// AppendJSON adds the intent as JSON.
func (i Intent) AppendJSON(text []byte) []byte {
	w := objectWriter{append(text, '{')}
	w.numberIfAny("number", i.Number)
	w.number("row", i.Row)
	w.text("step", i.Step)
	w.number("attempt", i.Attempt)
	w.text("method", i.Method)
	w.text("path", i.Path)
	w.textIfAny("query", i.Query)
	w.textIfAny("alias", i.Alias)
	w.fieldsIfAny("fields", i.Fields)
	w.listIfAny("secret", i.Secret)
	w.fieldsIfAny("before", i.Before)
	w.textIfAny("user", i.User)
	if i.More {
		w.truth("more", true)
	}
	if len(i.Also) > 0 {
		w.value("also", i.Also)
	}
	w.timeIfAny("absentSince", i.AbsentSince)
	return append(w.json, '}')
}

// AppendJSON adds the answer as JSON.
func (a Answer) AppendJSON(text []byte) []byte {
	w := objectWriter{append(text, '{')}
	w.numberIfAny("number", a.Number)
	w.number("row", a.Row)
	w.text("step", a.Step)
	w.number("attempt", a.Attempt)
	w.truth("made", a.Made)
	w.truth("open", a.Open)
	if a.Unsent {
		w.truth("unsent", true)
	}
	w.numberIfAny("status", a.Status)
	w.textIfAny("code", a.Code)
	w.textIfAny("message", a.Message)
	w.textIfAny("objectId", a.ObjectID)
	w.timeIfAny("date", a.Date)
	if a.Seconds != 0 {
		w.float("seconds", a.Seconds)
	}
	return append(w.json, '}')
}

// AppendJSON adds the result as JSON.
func (r Result) AppendJSON(text []byte) []byte {
	w := objectWriter{append(text, '{')}
	w.number("row", r.Row)
	w.number("line", r.Line)
	w.text("operation", string(r.Operation))
	w.text("alias", r.Alias)
	w.textIfAny("dtmfAccessId", r.DtmfAccessID)
	w.textIfAny("objectId", r.ObjectID)
	w.text("status", string(r.Status))
	w.textIfAny("code", string(r.Code))
	w.textIfAny("message", r.Message)
	w.listIfAny("stepsDone", r.StepsDone)
	w.listIfAny("stepsFailed", r.StepsFailed)
	w.number("requests", r.Requests)
	w.number("attempts", r.Attempts)
	w.float("seconds", r.Seconds)
	w.text("reversible", string(r.Reversible))
	return append(w.json, '}')
}

// objectWriter writes the members of a JSON object, behind its brace.
type objectWriter struct{ json []byte }

func (w *objectWriter) name(name string) {
	if w.json[len(w.json)-1] != '{' {
		w.json = append(w.json, ',')
	}
	w.json = append(w.json, '"')
	w.json = append(w.json, name...)
	w.json = append(w.json, '"', ':')
}

func (w *objectWriter) number(name string, value int) {
	w.name(name)
	w.json = strconv.AppendInt(w.json, int64(value), 10)
}

func (w *objectWriter) numberIfAny(name string, value int) {
	if value != 0 {
		w.number(name, value)
	}
}

func (w *objectWriter) truth(name string, value bool) {
	w.name(name)
	w.json = strconv.AppendBool(w.json, value)
}

func (w *objectWriter) text(name, value string) {
	w.name(name)
	w.json = cupi.AppendText(w.json, value)
}

func (w *objectWriter) textIfAny(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

func (w *objectWriter) timeIfAny(name string, value time.Time) {
	if !value.IsZero() {
		w.name(name)
		w.json = append(value.AppendFormat(append(w.json, '"'), time.RFC3339Nano), '"')
	}
}

func (w *objectWriter) float(name string, value float64) {
	if value != 0 && (value < 1e-6 || value >= 1e21) { // which JSON writes with an exponent
		w.value(name, value)
		return
	}
	w.name(name)
	w.json = strconv.AppendFloat(w.json, value, 'f', -1, 64)
}

func (w *objectWriter) listIfAny(name string, values []string) {
	if len(values) == 0 {
		return
	}
	w.name(name)
	for i, value := range values {
		w.json = append(w.json, "[,"[min(i, 1)])
		w.json = cupi.AppendText(w.json, value)
	}
	w.json = append(w.json, ']')
}

func (w *objectWriter) fieldsIfAny(name string, fields cupi.Object) {
	if len(fields) == 0 {
		return
	}
	w.name(name)
	w.json = fields.AppendJSON(w.json)
}

// value writes what is rare enough for encoding/json. It is of types that can't fail.
func (w *objectWriter) value(name string, value any) {
	w.name(name)
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value)
	w.json = append(w.json, bytes.TrimSuffix(text.Bytes(), []byte("\n"))...)
}
