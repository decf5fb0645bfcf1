package cupi

import (
	"net/url"
	"strings"
	"testing"
)

func TestCollections(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, c := range Collections() {
		if names[c.Name] {
			t.Errorf("%s is there twice", c.Name)
		}
		names[c.Name] = true
		if got, ok := CollectionByName(c.Name); !ok || got != c {
			t.Errorf("got %v by the name %s, want %v", got, c.Name, c)
		}
		if err := List(c, Query{}, 1, 100).check(); err != nil || !strings.HasSuffix(c.Path, "/"+c.Name) {
			t.Errorf("%s has the path %s: %v", c.Name, c.Path, err)
		}
		for _, name := range []string{c.Wrapper, c.Element, c.NameField, c.IDField} {
			if !isName(name) {
				t.Errorf("%s holds %q, which is no name", c.Name, name)
			}
		}
	}
	for _, name := range strings.Fields(`users callhandlers usertemplates coses partitions searchspaces phonesystems mailboxstores schedulesets schedules
		timezones installedlanguages languagemap roles authenticationrules credentialpolicies messageagingpolicies externalservices
		connectionlocations callhandlertemplates distributionlists tenants`) {
		if !names[name] {
			t.Errorf("%s is missing", name)
		}
	}
	if _, ok := CollectionByName("Users"); ok {
		t.Error("got a collection by a name that none has")
	}
}

func TestParseQuery(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Query{
		"":                                 {},
		" () ":                             {},
		"(alias startswith a)":             {"alias", StartsWith, "a"},
		"alias is x":                       {"alias", Is, "x"},
		" ( DisplayName  IS  Ane  Ulv ) ":  {"DisplayName", Is, "Ane  Ulv"},
		"(emailaddress isnull)":            {"emailaddress", IsNull, ""},
		"(emailaddress isnotnull)":         {"emailaddress", IsNotNull, ""},
		"(displayname is Holm (external))": {"displayname", Is, "Holm (external)"},
	} {
		got, err := ParseQuery(text)
		if got != want || err != nil {
			t.Errorf("%q: got %#v and %v, want %#v", text, got, err, want)
		}
		again, err := ParseQuery(got.String())
		if again != got || err != nil {
			t.Errorf("%q: got %#v and %v from %q", text, again, err, got)
		}
	}
	for text, want := range map[string]string{
		"(alias is x":                      "closing",
		"alias":                            "compares by",
		"(alias contains x)":               "startswith",
		"(alias is )":                      "isnull",
		"(alias isnull x)":                 "takes none",
		"(al-ias is x)":                    "letters only",
		"(firstname is a & lastname is b)": "one clause",
		"(alias is a\x00)":                 "control character",
	} {
		if got, err := ParseQuery(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %#v and %v, want an error with %q", text, got, err, want)
		}
	}
}

func TestQueryInTheAddress(t *testing.T) {
	t.Parallel()
	for _, value := range []string{`O'Brien "Bo"`, "a) & (alias is b", "a&pageNumber=9", "100%", "%26", "a b  c", " é 日本 ", "a=b;c#d?e/f\\", "+49", "$filter"} {
		for name, query := range map[string]string{"query": List(Users, Query{"alias", Is, value}, 2, 50).Query, "templateAlias": CreateUser(value, "", Object{"Alias": "a"}).Query} {
			values, err := url.ParseQuery(query)
			want := map[string]string{"query": "(alias is " + value + ")", "templateAlias": value}[name]
			if err != nil || values.Get(name) != want || len(values) != map[string]int{"query": 3, "templateAlias": 1}[name] || strings.Contains(query, "+") {
				t.Errorf("%q arrives as %v (%v) by %s", value, values, err, query)
			}
		}
	}
	got := List(Users, Query{"displayname", Is, "Ö & (x) + 100%"}, 2, 50).Query
	if want := "query=(displayname%20is%20%C3%96%20%26%20%28x%29%20%2B%20100%25)&rowsPerPage=50&pageNumber=2"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
