package cupi

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"unicode/utf8"
)

// AppendJSON adds the object as JSON, with sorted names and without blanks: what
// encoding/json writes, without reflection.
func (o Object) AppendJSON(text []byte) []byte {
	names := slices.AppendSeq(make([]string, 0, len(o)), maps.Keys(o))
	slices.Sort(names)
	text = append(text, '{')
	for i, name := range names {
		if i > 0 {
			text = append(text, ',')
		}
		text = appendText(text, name)
		text = append(text, ':')
		text = appendText(text, o[name])
	}
	return append(text, '}')
}

// appendText adds a text in quotes, as JSON has it. One with anything to escape, or
// that is not ASCII, goes the long way.
func appendText(text []byte, value string) []byte {
	for i := range len(value) {
		if c := value[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return append(text, inJSON(value)...)
		}
	}
	text = append(text, '"')
	text = append(text, value...)
	return append(text, '"')
}

// inJSON is a text as encoding/json writes it. What only web pages want escaped stays.
func inJSON(value string) []byte {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // texts and buffers have no errors
	return bytes.TrimSuffix(body.Bytes(), []byte("\n"))
}
