package cupitest

import (
	"encoding/json"
	"encoding/xml"
	"maps"
	"testing"
)

func sortedPairs(fields map[string]string) []pair {
	var pairs []pair
	for _, name := range sortedKeys(fields) {
		pairs = append(pairs, pair{name, fields[name]})
	}
	return pairs
}

func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `{"Alias":" texoma ","Speed":100,"Inactive":false,"City":null}`, `{"a":{"b":1}}`, `{"a":1}x`, `[`, `{"a":"\u0007"}`, `{"":"\ud800"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		fields, err := decodeJSON(body)
		if err != nil {
			return
		}
		if !json.Valid(body) {
			t.Errorf("it took what is no JSON: %q", body)
		}
		again, err := decodeJSON(appendJSON(nil, sortedPairs(fields)))
		if err != nil || !maps.Equal(again, fields) {
			t.Errorf("got %q after writing %q: %v", again, fields, err)
		}
	})
}

func FuzzDecodeXML(f *testing.F) {
	for _, seed := range []string{`<User/>`, `<User><Alias > texoma </Alias ></User>`, xmlHeader + `<User><City>a &amp; b</City></User>`, `<User><a><b/></a></User>`, `<Use`,
		`<!DOCTYPE x><User/>`, `<User><!-- c --><City><![CDATA[<x>]]></City></User>`, `<User>x</User>`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		fields, err := decodeXML(body)
		if err != nil {
			return
		}
		if err := xml.Unmarshal(body, new(struct{})); err != nil {
			t.Errorf("it took what is no XML: %q: %v", body, err)
		}
		again, err := decodeXML(appendXML(nil, "User", sortedPairs(fields), false))
		if err != nil || !maps.Equal(again, fields) {
			t.Errorf("got %q after writing %q: %v", again, fields, err)
		}
	})
}

func FuzzParseClause(f *testing.F) {
	for _, seed := range []string{"alias is x", "emailaddress isnull", "alias startswith  a b ", "ListInDirectory is 1", "x", "", " is "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		one, problem := parseClause(userSchema(), text)
		if (problem == "") == (one == clause{}) {
			t.Errorf("got %+v and %q", one, problem)
		}
		if problem == "" {
			again, problem := parseClause(userSchema(), one.column+" "+one.operator+" "+one.value)
			if problem != "" || again != one {
				t.Errorf("got %+v after %+v: %s", again, one, problem)
			}
		}
	})
}
