package cupi

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestReadingLists(t *testing.T) {
	t.Parallel()
	one := Page{Total: 1, Items: []Object{{"ObjectId": "1", "Alias": "ane"}}}
	two := Page{Total: 26, Items: []Object{{"ObjectId": "1", "Alias": "ane"}, {"ObjectId": "2"}}}
	tests := []struct {
		name, contentType, body string
		want                    Page
	}{
		{"none", "application/json", `{"@total":"0"}`, Page{}},
		{"none, a number", "application/json", `{"@total":0,"User":[]}`, Page{}},
		{"none, and no total", "application/json", `{}`, Page{}},
		{"none, null", "application/json", `{"@total":"0","User":null}`, Page{}},
		{"none, in the wrapper", "application/json", `{"Users":{"-total":"0"}}`, Page{}},
		{"none, an empty wrapper", "application/json", `{"Users":""}`, Page{}},
		{"one is an object", "application/json", `{"@total":"1","User":{"ObjectId":"1","Alias":"ane"}}`, one},
		{"one in a list", "application/json", `{"total":"1","User":[{"ObjectId":"1","Alias":"ane"}]}`, one},
		{"the wrapper", "application/json", `{"Users":{"-total":"1","User":{"ObjectId":"1","Alias":"ane"}}}`, one},
		{"no total", "application/json", `{"User":{"ObjectId":"1","Alias":"ane"}}`, one},
		{"a bare element", "application/json", `{"ObjectId":"1","Alias":"ane","Nested":{"User":1}}`, one},
		{"two of many", "application/json", `{"@total":"26","User":[{"ObjectId":"1","Alias":"ane"},{"ObjectId":"2"}]}`, two},
		{"the total at the end", "application/json", `{"User":[{"ObjectId":"1","Alias":"ane"},{"ObjectId":"2"}],"@total":"26"}`, two},
		{"the name twice", "application/json", `{"User":{"ObjectId":"1","Alias":"ane"},"User":{"ObjectId":"2"},"@total":"26"}`, two},
		{"another case", "application/json", `{"@total":"1","USER":{"ObjectId":"1","Alias":"ane"}}`, one},
		{"only a count", "application/json", `{"@total":"26"}`, Page{Total: 26}},
		{"XML, none", "application/xml", `<Users total="0"/>`, Page{}},
		{"XML, none, no total", "application/xml", `<Users></Users>`, Page{}},
		{"XML, one", "application/xml", `<Users total="1"><User><ObjectId>1</ObjectId><Alias>ane</Alias></User></Users>`, one},
		{"XML, a bare element", "application/xml", `<User><ObjectId>1</ObjectId><Alias>ane</Alias></User>`, one},
		{"XML, two of many", "text/xml; charset=UTF-8", "\uFEFF<?xml version=\"1.0\"?>\n<!-- x --><Users total=\"26\">\n<User><ObjectId>1</ObjectId><Alias >ane</Alias ></User><User><ObjectId>2</ObjectId></User>\n</Users>\n<!-- end -->\n", two},
		{"XML, another wrapper with a total", "application/xml", `<list total="1"><User><ObjectId>1</ObjectId><Alias>ane</Alias></User></list>`, one},
		{"XML without a content type", "", ` <Users total="1"><User><ObjectId>1</ObjectId><Alias>ane</Alias></User></Users>`, one},
		{"JSON without a content type", "text/plain", ` {"@total":"1","User":{"ObjectId":"1","Alias":"ane"}}`, one},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := decodePage(test.contentType, []byte(test.body), "Users", "User")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadingObjects(t *testing.T) {
	t.Parallel()
	want := Object{"ObjectId": "1", "Speed": "100", "Big": "12345678901234567890", "Inactive": "false", "Vui": "true", "City": "", "Name": "Ödön & Fia"}
	for name, body := range map[string]string{
		"application/json":                ` {"ObjectId":" 1 ","Speed":100,"Big":12345678901234567890,"Inactive":false,"Vui":">true","City":"","Name ":"Ödön \u0026 Fia\n","Gone":null,"List":[1,{"ObjectId":2}],"More":{"Alias":"x"}} `,
		"application/json;charset=x":      `{"User":{"ObjectId":"1","Speed":"100","Big":"12345678901234567890","Inactive":"false","Vui":"true","City":" ","Name":"Ödön & Fia"},"x":"y"}`,
		"application/xml":                 `<User><ObjectId> 1</ObjectId><Speed>100</Speed><Big>12345678901234567890</Big><Inactive>>false</Inactive><Vui>true</Vui><City/><Name>Ödön &amp; Fia</Name><More><Alias>x</Alias></More></User>`,
		"application/vnd.example.cuc+xml": "<?xml version=\"1.0\" encoding=\"UTF-8\"?><user xmlns=\"urn:x\"><ObjectId a=\"b\">1</ObjectId><Speed>100</Speed><Big><![CDATA[12345678901234567890]]></Big><Inactive>false</Inactive><Vui>true</Vui><City>\n</City><Name>Ödön <!-- and -->&#38; Fia</Name></user>",
	} {
		got, err := decodeObject(name, []byte(body), "User")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Where any resource will do, its name may stand around it in JSON as it does in XML.
func TestReadingAnyObject(t *testing.T) {
	t.Parallel()
	want := Object{"name": "vmrest", "version": "12.5.1.1"}
	for _, body := range []string{
		`{"name":"vmrest","version":"12.5.1.1"}`,
		`{"VersionInformation":{"name":"vmrest","version":"12.5.1.1"}}`,
		`{"name":"vmrest","version":"12.5.1.1","links":{"self":"x"}}`,
		`<VersionInformation><name>vmrest</name><version>12.5.1.1</version></VersionInformation>`,
	} {
		got, err := decodeObject("", []byte(body), "")
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", body, err, diff)
		}
	}
	if got, err := decodeObject("", []byte(`{"a":{"b":"1"},"c":{"d":"2"}}`), ""); err == nil {
		t.Errorf("of two resources, got %v", got)
	}
}

// Only true and false lose the stray ">": another value may really begin with one.
func TestValuesStayAsTheyAre(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{">>false": "false", ">true": "true", ">True": ">True", "> true": "true", ">x": ">x", "0042": "0042", " a  b ": "a  b"} {
		if got := clean(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestReadingRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, body, want string }{
		{"ObjectId twice", `{"User":{"ObjectId":"1","ObjectId":"1"}}`, "ObjectId is there twice"},
		{"Alias twice, with a blank", `{"User":{"Alias":"a","Alias ":"b"}}`, "Alias is there twice"},
		{"DtmfAccessId twice", `<Users><User><DtmfAccessId>1</DtmfAccessId><DtmfAccessId >2</DtmfAccessId></User></Users>`, "DtmfAccessId is there twice"},
		{"URI twice", `<Users><User><URI>1</URI><X/><URI>2</URI></User></Users>`, "URI is there twice"},
		{"a bare Alias twice", `{"URI":"/vmrest/users/1","Alias":"a","Alias":"b"}`, "Alias is there twice"},
		{"more after the end", `{"@total":"0"} {"@total":"1"}`, "goes on after its end"},
		{"more XML after the end", `<Users total="0"/><Users total="1"/>`, "goes on after its end"},
		{"text after the end", `<Users total="0"/>x`, "goes on after its end"},
		{"cut off", `{"@total":"1","User":{"ObjectId":"1"`, "unexpected EOF"},
		{"cut off in a nested thing", `{"@total":"1","User":{"a":[{"b":`, "unexpected EOF"},
		{"XML cut off", `<Users total="1"><User><ObjectId>1</ObjectId>`, "unexpected EOF"},
		{"no commas, as the page prints", "{\"URI\":\"1\"\n\"Alias\":\"a\"}", "can't be read"},
		{"unclosed XML", `<Users><User><ObjectId>1</User></Users>`, "can't be read"},
		{"an unknown entity", `<Users><User><Alias>&me;</Alias></User></Users>`, "can't be read"},
		{"another encoding", `<?xml version="1.0" encoding="UTF-16"?><Users/>`, "can't be read"},
		{"invalid UTF-8", "{\"User\":{\"Alias\":\"K\xf6ln\"}}", "UTF-8"},
		{"invalid UTF-8 in XML", "<Users><User><Alias>K\xf6ln</Alias></User></Users>", "UTF-8"},
		{"an array", `[{"ObjectId":"1"}]`, "neither JSON nor XML"},
		{"a total that is none", `{"@total":"many"}`, "no count"},
		{"a negative total", `<Users total="-1"/>`, "no count"},
		{"text in the list", `{"@total":"1","User":["a"]}`, "something else than a User"},
		{"text for the list", `{"@total":"1","User":"a"}`, "neither an object nor a list"},
		{"another element", `<Users total="1"><Cos><ObjectId>1</ObjectId></Cos></Users>`, `"Cos" where User was expected`},
		{"another root", `<Coses><Cos/></Coses>`, `"Coses" where Users was expected`},
		{"an error document", `{"errors":{"code":"A","message":"b"}}`, `"errors" where User was expected`},
		{"nothing", ` `, "empty"},
		{"a web page", `<!-- x --><HTML lang="en"><Title>Sign in</Title></HTML>`, `"Sign in"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := decodePage("", []byte(test.body), "Users", "User")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v and error %v, want an error with %q", got, err, test.want)
			}
		})
	}
}

// What is written is read back unchanged, in both wires, whatever the text.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	name := rapid.StringMatching(`[A-Za-z][A-Za-z0-9]{0,20}`)
	value := rapid.String().Filter(func(text string) bool {
		return Object{"x": text}.check() == nil && clean(text) == text
	})
	rapid.Check(t, func(t *rapid.T) {
		want := Object(rapid.MapOfN(name, value, 1, 20).Draw(t, "object"))
		for _, wire := range []Wire{JSON, XML} {
			body, err := wire.encode("Resource1", want)
			if err != nil {
				t.Fatal(err)
			}
			got, err := decodeObject("", body, "Resource1")
			if err != nil {
				t.Fatal(wire, string(body), err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatal(wire, diff)
			}
		}
	})
}

func TestWritingIsSorted(t *testing.T) {
	t.Parallel()
	o := Object{"b": "2\t3", "a": "<1>", "c": ""}
	for wire, want := range map[Wire]string{JSON: `{"a":"<1>","b":"2\t3","c":""}`, XML: `<User><a>&lt;1&gt;</a><b>2&#x9;3</b><c></c></User>`} {
		if got, err := wire.encode("User", o); string(got) != want || err != nil {
			t.Errorf("%s: got %s and %v, want %s", wire, got, err, want)
		}
	}
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Time{
		"2013-03-05T10:54:38Z":      time.Date(2013, 3, 5, 10, 54, 38, 0, time.UTC),
		"2013-03-05 10:54:39.02":    time.Date(2013, 3, 5, 10, 54, 39, 20e6, time.UTC),
		" 1972-01-01 00:00:00.0 ":   time.Date(1972, 1, 1, 0, 0, 0, 0, time.UTC),
		"2013-03-05T12:54:38+02:00": time.Date(2013, 3, 5, 10, 54, 38, 0, time.UTC),
	} {
		if got, err := ParseTime(text); !got.Equal(want) || err != nil {
			t.Errorf("%q: got %s and %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "yesterday", "2013-03-05"} {
		if got, err := ParseTime(text); err == nil {
			t.Errorf("%q: got %s, want an error", text, got)
		}
	}
}

func benchmarkPage(wire Wire) []byte {
	var body strings.Builder
	items := make([]string, 100)
	for i := range items {
		o := Object{}
		for field := range 37 {
			o[fmt.Sprint("Field", field)] = fmt.Sprintf("/vmrest/users/%s/%d", someID, i)
		}
		text, _ := wire.encode("User", o)
		items[i] = string(text)
	}
	if wire == JSON {
		fmt.Fprintf(&body, `{"@total":"100","User":[%s]}`, strings.Join(items, ","))
	} else {
		fmt.Fprintf(&body, `<Users total="100">%s</Users>`, strings.Join(items, ""))
	}
	return []byte(body.String())
}

func BenchmarkDecodePage(b *testing.B) {
	for _, wire := range []Wire{JSON, XML} {
		b.Run(string(wire), func(b *testing.B) {
			body := benchmarkPage(wire)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if page, err := decodePage("", body, "Users", "User"); err != nil || len(page.Items) != 100 {
					b.Fatal(len(page.Items), err)
				}
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	o := Object{"Alias": "mholm", "DtmfAccessId": "0042", "DisplayName": "Maren Holm", "FirstName": "Maren", "LastName": "Holm", "ListInDirectory": "true"}
	for _, wire := range []Wire{JSON, XML} {
		b.Run(string(wire), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := wire.encode("User", o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
