package cupi

import (
	"maps"
	"slices"
	"testing"
)

// Objects within objects, one or several of a name, in both wires, with a wrapper and without.
func TestDecodeNested(t *testing.T) {
	t.Parallel()
	want := Object{"Register.Status": "Registered", "Left": "87:0:36", "Usage.Tag.Id": "a", "Usage.Tag.Count": "3", "Usage.Tag.2.Id": "b", "Usage.Tag.2.Count": "0"}
	for wire, bodies := range map[string][]string{
		"application/json": {
			`{"Register":{"Status":"Registered"},"Left":"87:0:36","Usage":{"Tag":[{"Id":"a","Count":3},{"Id":"b","Count":"0"}]}}`,
			`{"Details":{"Register":{"Status":"Registered"},"Left":"87:0:36","Usage":{"Tag":[{"Id":"a","Count":"3"},{"Id":"b","Count":"0"}]},"Nothing":null}}`,
		},
		"application/xml": {
			`<Details><Register><Status>Registered</Status></Register><Left> 87:0:36 </Left><Usage><Tag><Id>a</Id><Count>3</Count></Tag><Tag><Id>b</Id><Count>0</Count></Tag></Usage></Details>`,
		},
	} {
		for _, body := range bodies {
			got, err := decodeNested(wire, []byte(body))
			if err != nil || !maps.Equal(got, want) {
				t.Errorf("%s: got %v, %v", body, got, err)
				continue
			}
			if tags := got.Within("Usage.Tag"); !slices.EqualFunc(tags, []Object{{"Id": "a", "Count": "3"}, {"Id": "b", "Count": "0"}}, maps.Equal) {
				t.Errorf("%s: the tags are %v", body, tags)
			}
			if none := got.Within("Usage.Tags"); none != nil {
				t.Errorf("%s: there are %v", body, none)
			}
		}
	}
	for body, wire := range map[string]string{`{}`: "application/json", `{"a":{`: "application/json", `{"a":1} x`: "application/json", `<a/>`: "application/xml", `<a><b>`: "application/xml"} {
		if got, err := decodeNested(wire, []byte(body)); err == nil {
			t.Errorf("%s is read as %v", body, got)
		}
	}
}
