package batch

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// What the records write of themselves is what encoding/json writes of them.
func TestRecordsWriteThemselvesAsJSONDoes(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zA-Z0-9 "\\<>&/\n\x{2028}\x{fffd}-]{0,12}`), rapid.SampledFrom([]string{"", "\xff", "plain"}))
	fields := rapid.Custom(func(t *rapid.T) cupi.Object {
		return rapid.MapOfN(text, text, -1, 4).Draw(t, "fields")
	})
	times := rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "no time") {
			return time.Time{}
		}
		return time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "seconds"), rapid.Int64Range(0, 999999999).Draw(t, "nanoseconds")).UTC()
	})
	seconds := rapid.OneOf(rapid.Float64Range(0, 1e4), rapid.Float64Range(0, 1e-5), rapid.SampledFrom([]float64{0, 1, 1e-6, 9e-7, 1e21}))
	same := func(t *rapid.T, record interface{ AppendJSON([]byte) []byte }) {
		if got, want := string(record.AppendJSON(nil)), marshalled(t, record); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		number, list := rapid.IntRange(0, 300), rapid.SliceOfN(text, -1, 3)
		same(t, Intent{Number: number.Draw(t, "number"), Row: number.Draw(t, "row"), Step: text.Draw(t, "step"), Attempt: number.Draw(t, "attempt"), Method: text.Draw(t, "method"),
			Path: text.Draw(t, "path"), Query: text.Draw(t, "query"), Alias: text.Draw(t, "alias"), Fields: fields.Draw(t, "fields"),
			Secret: list.Draw(t, "secret"), Before: fields.Draw(t, "before"), AbsentSince: times.Draw(t, "absent since"),
			Also: rapid.MapOfN(text, rapid.SliceOfN(fields, -1, 2), -1, 2).Draw(t, "also")})
		same(t, Answer{Number: number.Draw(t, "number"), Row: number.Draw(t, "row"), Step: text.Draw(t, "step"), Attempt: number.Draw(t, "attempt"), Made: rapid.Bool().Draw(t, "made"),
			Open: rapid.Bool().Draw(t, "open"), Unsent: rapid.Bool().Draw(t, "unsent"), Status: number.Draw(t, "status"), Code: text.Draw(t, "code"), Message: text.Draw(t, "message"),
			ObjectID: text.Draw(t, "object"), Date: times.Draw(t, "date"), Seconds: seconds.Draw(t, "seconds")})
		same(t, Result{Row: number.Draw(t, "row"), Line: number.Draw(t, "line"), Operation: validate.Operation(text.Draw(t, "operation")),
			Alias: text.Draw(t, "alias"), DtmfAccessID: text.Draw(t, "extension"), ObjectID: text.Draw(t, "object"), Status: Status(text.Draw(t, "status")),
			Code: codes.Code(text.Draw(t, "code")), Message: text.Draw(t, "message"), StepsDone: list.Draw(t, "done"), StepsFailed: list.Draw(t, "failed"),
			Requests: number.Draw(t, "requests"), Attempts: number.Draw(t, "attempts"), Seconds: seconds.Draw(t, "seconds"), Reversible: Reversible(text.Draw(t, "reversible"))})
	})
}

// marshalled is what encoding/json makes of a record.
func marshalled(t interface{ Fatal(...any) }, record any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(record); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(text.String(), "\n")
}

// No field of a record is forgotten.
func TestRecordsWriteEveryField(t *testing.T) {
	t.Parallel()
	var intent Intent
	var answer Answer
	var result Result
	for _, record := range []interface{ AppendJSON([]byte) []byte }{&intent, &answer, &result} {
		fields := reflect.ValueOf(record).Elem()
		for i := range fields.NumField() {
			switch field := fields.Field(i); field.Interface().(type) {
			case time.Time:
				field.Set(reflect.ValueOf(time.Unix(1, 0).UTC()))
			case []string:
				field.Set(reflect.ValueOf([]string{"one"}))
			case cupi.Object:
				field.Set(reflect.ValueOf(cupi.Object{"Alias": "one"}))
			case map[string][]cupi.Object:
				field.Set(reflect.ValueOf(map[string][]cupi.Object{"lists": {{"Alias": "one"}}}))
			default:
				switch field.Kind() {
				case reflect.String:
					field.SetString("one")
				case reflect.Int:
					field.SetInt(1)
				case reflect.Float64:
					field.SetFloat(1)
				case reflect.Bool:
					field.SetBool(true)
				default:
					t.Fatalf("a field of type %s: tell this test of it", field.Type())
				}
			}
		}
		if got, want := string(record.AppendJSON(nil)), marshalled(t, record); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}
