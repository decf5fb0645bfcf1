package cupi

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"no server", func(c *Config) { c.Server = " " }, "no server"},
		{"http beyond loopback", func(c *Config) { c.Server = "http://cuc1.example.com" }, "plain http would send the password readable"},
		{"another scheme", func(c *Config) { c.Server = "ftp://cuc1" }, "ftp://"},
		{"a password in the address", func(c *Config) { c.Server = "https://admin:hunter2@cuc1" }, "give them separately"},
		{"a password in the address, no scheme", func(c *Config) { c.Server = "admin:hunter2@cuc1" }, "give them separately"},
		{"a broken address", func(c *Config) { c.Server = "https://admin:hunter2@cuc1:%zz" }, "can't be read"},
		{"no host", func(c *Config) { c.Server = "https://" }, "no host"},
		{"a path", func(c *Config) { c.Server = "https://cuc1/cuadmin/home.do" }, "more than a host"},
		{"a query", func(c *Config) { c.Server = "https://cuc1/?a=b" }, "more than a host"},
		{"a port out of range", func(c *Config) { c.Server = "https://cuc1:70000" }, "between 1 and 65535"},
		{"no user", func(c *Config) { c.User = "" }, "no user name"},
		{"no password", func(c *Config) { c.Password = "" }, "no password"},
		{"a colon", func(c *Config) { c.User = "a:b" }, "colon"},
		{"a wire", func(c *Config) { c.Wire = "soap" }, "neither json nor xml"},
		{"workers", func(c *Config) { c.Workers = -1 }, "negative"},
		{"timeout", func(c *Config) { c.Timeout = -1 }, "negative"},
		{"a CA that is none", func(c *Config) { c.CA = []byte("hello") }, "PEM"},
		{"a pin without prefix", func(c *Config) { c.Pin = strings.Repeat("A", 43) + "=" }, "sha256//"},
		{"a short pin", func(c *Config) { c.Pin = "sha256//AAAA" }, "sha256//"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			config := Config{Server: "cuc1", User: "admin", Password: "hunter2"}
			test.change(&config)
			_, err := New(config)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got error %v, want one that says %q and no password", err, test.want)
			}
		})
	}
}

func TestServerAddress(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"cuc1.example.com":                "https://cuc1.example.com",
		"CUC1.example.com:8443":           "https://cuc1.example.com:8443",
		" https://cuc1.example.com/ ":     "https://cuc1.example.com",
		"https://cuc1.example.com/vmrest": "https://cuc1.example.com",
		"HTTPS://cuc1:8443/vmrest/":       "https://cuc1:8443",
		"http://127.0.0.1:8080":           "http://127.0.0.1:8080",
		"http://localhost:8080/vmrest":    "http://localhost:8080",
		"http://[::1]:8080":               "http://[::1]:8080",
	} {
		if got := connect(t, text).Server(); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestConfigNeverTellsThePassword(t *testing.T) {
	t.Parallel()
	config := Config{Server: "cuc1", User: "admin", Password: "hunter2"}
	for _, format := range []string{"%v", "%+v", "%s"} {
		if got, want := fmt.Sprintf(format, config), "cuc1 as admin"; got != want {
			t.Errorf("%s: got %q, want %q", format, got, want)
		}
	}
}

func TestRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		request Request
		want    string
	}{
		{"no id", GetUser(""), "no object id"},
		{"an id with a slash", GetUser("a/b"), "no object id"},
		{"dots", DeleteUser(".."), "no object id"},
		{"a blank", UpdateUser("a b", Object{"Title": "x"}), "no object id"},
		{"an escape", GetUser("a%2Fb"), "no object id"},
		{"a long id", GetUser(strings.Repeat("a", 65)), "no object id"},
		{"a call handler's id", Get(CallHandlers, "?"), "no object id"},
		{"a call handler's id on writing", Update(CallHandlers, "../x", Object{}), "no object id"},
		{"a store", CreateUser("t", "a&b", Object{"Alias": "x"}), "no object id"},
		{"no template", CreateUser(" ", "", Object{"Alias": "x"}), "template"},
		{"no template of an import", ImportUser("", Object{"pkid": "1"}, "42"), "template"},
		{"nobody to import", ImportUser("t", Object{"alias": "x"}, "42"), "pkid"},
		{"too many of the directory", ListDirectoryUsers(Query{}, 0, 2001), "2000"},
		{"the directory from before its start", ListDirectoryUsers(Query{}, -1, 10), "2000"},
		{"a control character", UpdateUser(someID, Object{"Title": "a\x00b"}), "the field Title holds the control character U+0000"},
		{"an escape sequence", UpdateUser(someID, Object{"Title": "\x1b[2J"}), "U+001B"},
		{"invalid UTF-8", UpdateUser(someID, Object{"City": "K\xf6ln"}), "the field City is not valid UTF-8"},
		{"no character", UpdateUser(someID, Object{"City": "\uFFFE"}), "U+FFFE"},
		{"a field name", UpdateUser(someID, Object{"City><Alias": "x"}), "no field name"},
		{"no field name", UpdateUser(someID, Object{"": "x"}), "no field name"},
		{"a query's column", List(Users, Query{"al ias", Is, "x"}, 0, 0), "use letters only"},
		{"a query's comparison", List(Users, Query{"alias", "contains", "x"}, 0, 0), "startswith"},
		{"a query without a value", List(Users, Query{"alias", Is, ""}, 0, 0), "isnull"},
		{"a query with a value", List(Users, Query{"alias", IsNull, "x"}, 0, 0), "takes none"},
		{"a query's value", List(Users, Query{"alias", Is, "a\r\x00"}, 0, 0), "control character"},
		{"a page", List(Users, Query{}, -1, 0), "negative"},
		{"a method", Request{Method: "PATCH", Path: "/vmrest/users"}, "no method"},
		{"a body with GET", Request{Method: "GET", Path: "/vmrest/users", Fields: Object{}}, "no body"},
		{"a path elsewhere", Request{Method: "GET", Path: "/cuadmin/home.do"}, "no path"},
		{"a path that climbs", Request{Method: "GET", Path: "/vmrest/users/../coses"}, "no path"},
		{"a path with a host", Request{Method: "GET", Path: "@example.org/vmrest/users"}, "no path"},
		{"a raw query", Request{Method: "GET", Path: "/vmrest/users", Query: "a=b c"}, "not escaped"},
		{"a fragment", Request{Method: "GET", Path: "/vmrest/users", Query: "a=b#c"}, "not escaped"},
	}
	client, seen := setup(t, reply(200, "application/json", `{}`))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := failure(t, client, context.Background(), test.request)
			if got.Kind != KindRequest || got.Sent != NotSent || !strings.Contains(got.Error(), test.want) {
				t.Errorf("got %s, %s, %v; want it refused because of %q", got.Kind, got.Sent, got, test.want)
			}
		})
	}
	if got := len(seen.list()); got != 0 {
		t.Errorf("got %d requests, want none", got)
	}
}

// Ids come from files and from answers. Whatever they hold, no request leaves the place
// that its constructor gives it.
func TestIdsStayInTheirPlace(t *testing.T) {
	t.Parallel()
	client, seen := setup(t, reply(200, "application/json", `{"ObjectId":"1"}`))
	for _, id := range []string{"", ".", "..", "a/b", "a/../b", "/", "a%2Fb", "%2e%2e", "%", "a?b=c", "a#b", "a;b", "a\\b", "a&b", "a\nb", "a@b", "ä", strings.Repeat("a", 65)} {
		for name, request := range map[string]Request{
			"GetUser": GetUser(id), "UpdateUser": UpdateUser(id, Object{"Title": "x"}), "DeleteUser": DeleteUser(id), "CreateUser": CreateUser("t", id+"/", Object{"Alias": "x"}),
			"GetMailbox": GetMailbox(id), "GetUserTemplate": GetUserTemplate(id),
			"Get": Get(Coses, id), "Update": Update(Coses, id, Object{"a": "b"}), "Delete": Delete(Coses, id),
			"AlternateExtensionsOf": List(AlternateExtensionsOf(id), Query{}, 0, 0), "CredentialsOf": Get(CredentialsOf(id), "pin"), "MwisOf": Create(MwisOf(id), Object{"a": "b"}),
			"PhoneDevicesOf": List(PhoneDevicesOf(id), Query{}, 0, 0), "PagerDevicesOf": List(PagerDevicesOf(id), Query{}, 0, 0), "SmtpDevicesOf": List(SmtpDevicesOf(id), Query{}, 0, 0),
			"HtmlDevicesOf": List(HtmlDevicesOf(id), Query{}, 0, 0), "MessageHandlersOf": List(MessageHandlersOf(id), Query{}, 0, 0), "ExternalServiceAccountsOf": List(ExternalServiceAccountsOf(id), Query{}, 0, 0),
			"UserRolesOf": List(UserRolesOf(id), Query{}, 0, 0), "PrivateListsOf": List(PrivateListsOf(id), Query{}, 0, 0), "TransferOptionsOf": Get(TransferOptionsOf(id), offHours),
			"GreetingsOf": Get(GreetingsOf(id), "Busy"), "MembersOf": List(MembersOf(id), Query{}, 0, 0), "PrivateListMembers": List(PrivateListMembers(Get(PrivateListsOf(someID), id).Path), Query{}, 0, 0),
		} {
			if strings.Contains(name, "Of") || name == "GetMailbox" || name == "PrivateListMembers" {
				if len(id) == 65 {
					continue // a long part of a path leads nowhere else
				}
			}
			if _, err := client.Do(context.Background(), request); err == nil {
				t.Errorf("%s(%q) was sent, to %s", name, id, request.Path)
			}
		}
	}
	if got := len(seen.list()); got != 0 {
		t.Errorf("got %d requests, want none", got)
	}
}

func TestXMLNeedsARoot(t *testing.T) {
	t.Parallel()
	client, _ := setup(t, reply(204, "", ""), speak(XML))
	got := failure(t, client, context.Background(), Request{Method: "PUT", Path: "/vmrest/users/1/credential/pin", Fields: Object{"Credentials": "73915"}})
	if got.Kind != KindRequest || strings.Contains(got.Error(), "73915") {
		t.Errorf("got %v, want it refused without the PIN", got)
	}
}

func TestSubresourceByHand(t *testing.T) {
	t.Parallel()
	client, seen := setup(t, reply(204, "", ""), speak(XML))
	mustDo(t, client, Request{Method: "PUT", Path: "/vmrest/users/" + someID + "/credential/pin", Root: "Credential", Fields: Object{"Credentials": "73915"}})
	if got, want := seen.list()[0].body, "<Credential><Credentials>73915</Credentials></Credential>"; got != want {
		t.Errorf("got body %s, want %s", got, want)
	}
}

func TestCallHandlerAndVersion(t *testing.T) {
	t.Parallel()
	client, seen := setup(t, func(w http.ResponseWriter, r *http.Request) {
		body := `{"name":"vmrest","version":"14.0.1.10000-1"}`
		if strings.Contains(r.URL.Path, "callhandlers") {
			body = `{"ObjectId":"` + otherID + `","ScheduleSetObjectId":"` + someID + `"}`
		}
		reply(200, "application/json", body)(w, r)
	})
	if got := mustDo(t, client, GetVersion()).Object["version"]; got != "14.0.1.10000-1" {
		t.Errorf("got version %q", got)
	}
	if got := mustDo(t, client, Get(CallHandlers, otherID)).Object["ScheduleSetObjectId"]; got != someID {
		t.Errorf("got schedule set %q, want %q", got, someID)
	}
	mustDo(t, client, Update(CallHandlers, otherID, Object{"ScheduleSetObjectId": someID}))
	last := seen.list()[2]
	if got, want := last.method+" "+last.target+" "+last.body, `PUT /vmrest/handlers/callhandlers/`+otherID+` {"ScheduleSetObjectId":"`+someID+`"}`; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
