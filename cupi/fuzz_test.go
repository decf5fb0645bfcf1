package cupi

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// readable checks what every decoded object promises.
func readable(t *testing.T, objects ...Object) {
	t.Helper()
	for _, o := range objects {
		for name, value := range o {
			if name != strings.TrimSpace(name) || value != strings.TrimSpace(value) || !utf8.ValidString(value) || value == ">true" {
				t.Errorf("got %q: %q, want it trimmed and valid", name, value)
			}
		}
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{`{"@total":"1","User":{"ObjectId":"1"}}`, `{"Users":{"-total":"2","User":[{"a":1},{"b":[{}]}]}}`, `{"@total":"0"}`, `{"User":[`, `{"a":null}`, `[]`, ``} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		page, err := decodeJSONPage([]byte(body), "Users", "User")
		if err == nil && (page.Total < len(page.Items) || !json.Valid([]byte(body))) {
			t.Errorf("accepted %q as %+v", body, page)
		}
		readable(t, page.Items...)
		o, err := decodeJSONObject([]byte(body), "User")
		if err == nil && (len(o) == 0 || !json.Valid([]byte(body))) {
			t.Errorf("accepted %q as %+v", body, o)
		}
		readable(t, o)
		if o, err = decodeNested("application/json", []byte(body)); err == nil && !json.Valid([]byte(body)) {
			t.Errorf("accepted %q as %+v", body, o)
		}
		readable(t, o)
	})
}

func FuzzDecodeXML(f *testing.F) {
	for _, seed := range []string{`<Users total="1"><User><ObjectId>1</ObjectId></User></Users>`, `<User><a>>false</a><b/><c><d/></c></User>`, `<Users/>`, `<Users><User>`, `<?xml version="1.0"?><!-- -->`, `<a/>b`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		page, err := decodeXMLPage([]byte(body), "Users", "User")
		if err == nil && page.Total < len(page.Items) {
			t.Errorf("accepted %q as %+v", body, page)
		}
		readable(t, page.Items...)
		o, err := decodeXMLObject([]byte(body), "")
		if err == nil && len(o) == 0 {
			t.Errorf("accepted %q as an object", body)
		}
		readable(t, o)
		o, _ = decodeNested("application/xml", []byte(body))
		readable(t, o)
	})
}

func FuzzDecodeError(f *testing.F) {
	for _, seed := range []string{`{"errors":{"code":"A","message":"b"}}`, `{"errors":["a",{"error":[{}]}]}`, `<ErrorDetails><errors><code>A</code><message>b</message></errors></ErrorDetails>`,
		tomcat500, tomcat401, "busy\x1b[2J", "\xff", "<errors><code>", "{"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		code, message := decodeError([]byte(body))
		for _, text := range []string{code, message} {
			if utf8.RuneCountInString(text) > maxMessage || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
				t.Errorf("got %q of %q, want at most %d printable characters", text, body, maxMessage)
			}
		}
	})
}

func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{"(alias startswith a)", "alias is x", "(emailaddress isnull)", "((a is b))", "(a is b) )", "", "(", "a is b & c is d", `alias is O'Brien "the boss") %26 &#x;=+é 100%`, "(alias is \u202e%00)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		query, err := ParseQuery(text)
		if err != nil {
			return
		}
		again, err := ParseQuery(query.String())
		if err != nil || again != query {
			t.Errorf("%q: got %#v, and of its text %#v and %v", text, query, again, err)
		}
		list := List(Users, query, 1, 100)
		if err := list.check(); err != nil {
			t.Errorf("%q: can't be sent: %v", text, err)
		}
		want := url.Values{"rowsPerPage": {"100"}, "pageNumber": {"1"}}
		if query != (Query{}) {
			want.Set("query", query.String())
		}
		if arrives, err := url.ParseQuery(list.Query); err != nil || !maps.EqualFunc(arrives, want, slices.Equal) {
			t.Errorf("%q: arrives as %v (%v), want %v", text, arrives, err, want)
		}
	})
}
