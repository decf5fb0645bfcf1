package cupitest

import (
	"net/http"
	"strings"
	"testing"
)

func TestContentNegotiation(t *testing.T) {
	t.Parallel()
	cases := []struct {
		accept        string
		jsonByDefault bool
		status        int
		want          string
	}{
		{"application/json", false, 200, jsonType},
		{"application/json, */*", false, 200, jsonType},
		{"application/xml, */*", true, 200, xmlType},
		{"text/xml", true, 200, xmlType},
		{"*/*", false, 200, xmlType},
		{"*/*", true, 200, jsonType},
		{"", false, 200, xmlType},
		{"", true, 200, jsonType},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false, 200, xmlType},
		{"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", false, 200, xmlType},
		{"application/xml;q=0.1, application/json", false, 200, jsonType},
		{"application/json;q=0, */*;q=0.1", false, 200, xmlType},
		{"application/json; charset=utf-8", false, 200, jsonType},
		{"text/csv", false, 406, "text/html;charset=utf-8"},
	}
	for _, test := range cases {
		t.Run(test.accept, func(t *testing.T) {
			t.Parallel()
			c := serve(t, &Server{JSONByDefault: test.jsonByDefault}, jsonType)
			answer := c.expect(test.status, "GET", "/vmrest/users", "", "Accept", test.accept)
			if got := answer.header.Get("Content-Type"); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if isJSON := strings.HasPrefix(answer.body, "{"); isJSON != (test.want == jsonType) {
				t.Errorf("the body does not match its type: %s", answer.body)
			}
		})
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, kind, body string
		want             int
	}{
		{"no type", "", `{"City":"x"}`, 415},
		{"a form", "application/x-www-form-urlencoded", "City=x", 415},
		{"JSON with a charset", "application/json; charset=utf-8", `{"City":"x"}`, 204},
		{"text/xml", "text/xml", `<User><City>x</City></User>`, 204},
		{"XML with a header", xmlType, xmlHeader + `<User><City>x</City></User>`, 204},
		{"JSON that says XML", xmlType, `{"City":"x"}`, 400},
		{"a boolean", jsonType, `{"ListInDirectory":true}`, 204},
		{"a number", jsonType, `{"Speed":100}`, 204},
		{"a null is left out", jsonType, `{"Alias":null}`, 204},
		{"a wrapper", jsonType, `{"User":{"City":"x"}}`, 400},
		{"an array", jsonType, `[{"City":"x"}]`, 400},
		{"twice", jsonType, `{"City":"x","City":"y"}`, 400},
		{"twice in XML", xmlType, `<User><City>x</City><City>y</City></User>`, 400},
		{"a root that is called otherwise", xmlType, `<Phone><City>x</City></Phone>`, 204},
		{"nested", xmlType, `<User><City><Name>x</Name></City></User>`, 400},
		{"cut off", xmlType, `<User><City>x</City>`, 400},
		{"cut off in JSON", jsonType, `{"City":"x"`, 400},
		{"two objects", jsonType, `{"City":"x"}{"City":"y"}`, 400},
		{"two roots", xmlType, `<User><City>x</City></User><User/>`, 400},
		{"too large", jsonType, `{"City":"` + strings.Repeat("x", maxBody) + `"}`, 413},
		{"nothing", "", "", 204},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := &Server{}
			c := serve(t, s, jsonType)
			c.expect(test.want, "PUT", "/vmrest/users/"+operatorID, test.body, "Content-Type", test.kind)
			changed := s.User(operatorID)["City"] == "x"
			if want := test.want == 204 && strings.Contains(test.body, "City"); changed != want {
				t.Errorf("changed is %v, want %v", changed, want)
			}
		})
	}
}

// TestHeadIsGetWithoutBody, as in every servlet.
func TestHeadIsGetWithoutBody(t *testing.T) {
	t.Parallel()
	c := serve(t, &Server{}, jsonType)
	for path, status := range map[string]int{"/vmrest/users": 200, "/vmrest/users/none": 404, "/vmrest/none": 404} {
		whole := c.expect(status, "GET", path, "")
		head := c.expect(status, "HEAD", path, "")
		if head.body != "" || head.header.Get("Content-Length") != whole.header.Get("Content-Length") || head.header.Get("Content-Type") != whole.header.Get("Content-Type") {
			t.Errorf("%s: got %v and %q", path, head.header, head.body)
		}
	}
}

func TestListShapes(t *testing.T) {
	t.Parallel()
	s := &Server{}
	c := serve(t, s, jsonType)
	cases := []struct{ wire, path, start, end string }{
		{jsonType, "/vmrest/partitions", `{"@total":"2","Partition":[{"URI":`, `"}]}`},
		{jsonType, "/vmrest/phonesystems", `{"@total":"1","PhoneSystem":{"URI":`, `"}}`},
		{jsonType, "/vmrest/users?query=(alias is x)", `{"@total":"0"}`, ""},
		{jsonType, "/vmrest/users?rowsPerPage=0", `{"@total":"2"}`, ""},
		{xmlType, "/vmrest/partitions", xmlHeader + `<Partitions total="2"><Partition><URI>`, `</Partition></Partitions>`},
		{xmlType, "/vmrest/phonesystems", xmlHeader + `<PhoneSystems total="1"><PhoneSystem><URI>`, `</PhoneSystem></PhoneSystems>`},
		{xmlType, "/vmrest/users?query=(alias is x)", xmlHeader + `<Users total="0"/>`, ""},
		{xmlType, "/vmrest/version", xmlHeader + `<VersionInformation><name>vmrest</name><version>`, `</VersionInformation>`},
		{jsonType, "/vmrest/version/product/", `{"name":"vmrest","version":"`, `"}`},
	}
	for _, test := range cases {
		got := c.expect(200, "GET", test.path, "", "Accept", test.wire).body
		if !strings.HasPrefix(got, test.start) || !strings.HasSuffix(got, test.end) {
			t.Errorf("%s %s: got %s", test.path, test.wire, got)
		}
	}
}

func TestSwitches(t *testing.T) {
	t.Parallel()
	c := serve(t, &Server{WrappedJSON: true, DoubledBrackets: true}, jsonType)
	one := c.expect(200, "GET", "/vmrest/users?query=(alias is operator)", "").body
	if !strings.HasPrefix(one, `{"Users":{"-total":"1","User":{"URI":`) || !strings.HasSuffix(one, "}}}") {
		t.Errorf("got %s", one)
	}
	if none := c.expect(200, "GET", "/vmrest/users?query=(alias is x)", "").body; none != `{"Users":{"-total":"0"}}` {
		t.Errorf("got %s", none)
	}
	doubled := c.expect(200, "GET", "/vmrest/users/"+operatorID, "", "Accept", xmlType).body
	if !strings.Contains(doubled, "<Inactive>>false</Inactive>") || !strings.Contains(doubled, "<IsVmEnrolled>>true</IsVmEnrolled>") || strings.Contains(doubled, ">>9") {
		t.Errorf("got %s", doubled)
	}
}

func TestErrorShapes(t *testing.T) {
	t.Parallel()
	body := `{"Alias":"","Titel":"x"}`
	one, all := serve(t, &Server{}, jsonType), serve(t, &Server{AllErrors: true}, jsonType)
	cases := []struct {
		c          *client
		wire, want string
	}{
		{one, jsonType, `{"errors":{"code":"DATA_EXCEPTION","message":"Alias may not be empty"}}`},
		{all, jsonType, `{"errors":[{"code":"DATA_EXCEPTION","message":"Alias may not be empty"},{"code":"DATA_EXCEPTION","message":"Titel is not a field of this resource"}]}`},
		{one, xmlType, xmlHeader + `<ErrorDetails><errors><code>DATA_EXCEPTION</code><message>Alias may not be empty</message></errors></ErrorDetails>`},
		{all, xmlType, xmlHeader + `<ErrorDetails><errors><code>DATA_EXCEPTION</code><message>Alias may not be empty</message></errors>` +
			`<errors><code>DATA_EXCEPTION</code><message>Titel is not a field of this resource</message></errors></ErrorDetails>`},
	}
	for _, test := range cases {
		if got := test.c.expect(400, "PUT", "/vmrest/users/"+operatorID, body, "Accept", test.wire).body; got != test.want {
			t.Errorf("got %s\nwant %s", got, test.want)
		}
	}
}

func TestUnknownPaths(t *testing.T) {
	t.Parallel()
	s := &Server{}
	c := serve(t, s, jsonType)
	answer := c.expect(http.StatusNotFound, "GET", "/vmrest/nothing", "")
	if !strings.HasPrefix(answer.header.Get("Content-Type"), "text/html") {
		t.Errorf("got %s", answer.header.Get("Content-Type"))
	}
	if allowed := c.expect(http.StatusMethodNotAllowed, "PATCH", "/vmrest/users/"+operatorID, "").header.Get("Allow"); allowed != "GET, PUT, DELETE, POST" {
		t.Errorf("allowed: %q", allowed)
	}
	c.expect(http.StatusOK, "GET", "/vmrest/users/", "")
	got := strings.Join(s.Unknown(), ", ")
	if want := "GET /vmrest/nothing, PATCH /vmrest/users/" + operatorID; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := s.Requests()["GET /vmrest/users"]; got != 1 || s.Total() != 3 {
		t.Errorf("got %d lists and %d requests, want 1 and 3", got, s.Total())
	}
}
