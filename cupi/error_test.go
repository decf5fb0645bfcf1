package cupi

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"
)

const tomcat500 = `<!DOCTYPE html><html><head><title>HTTP Status 500 - boom</title><style>H1 {color:white}</style></head><body>
<b>Type</b> Exception Report <b> Exception: </b>
<pre>
   java.lang.IllegalStateException: can&#39;t   store
	at com.example.Store
</pre></body></html>`

func TestErrorsOfTheServer(t *testing.T) {
	t.Parallel()
	xml := func(entries string) string {
		return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><ErrorDetails>` + entries + `</ErrorDetails>`
	}
	tests := []struct {
		name, contentType, body string
		code, message           string
	}{
		{"XML", "application/xml", xml(`<errors><code>NOT_FOUND</code><message>user - ObjectId=1</message></errors>`), "NOT_FOUND", "user - ObjectId=1"},
		{"XML, several", "application/xml", xml(`<errors><code>A</code><message>one </message></errors><errors><code>B</code><message>two</message></errors>`), "A, B", "one; two"},
		{"XML, one code for several", "application/xml", xml(`<errors><code>A</code><message>one</message></errors><errors><code>A</code><message>two</message></errors>`), "A", "one; two"},
		{"XML, cut off", "application/xml", `<ErrorDetails><errors><code>DATA_EXCEPTION</code><message>User not found </mess`, "DATA_EXCEPTION", ""},
		{"XML, for a JSON request", "text/plain", xml(`<errors><code>A</code><message>one</message></errors>`), "A", "one"},
		{"JSON, object", "application/json", `{"errors":{"code":"DATA_EXCEPTION","message":"User not found "}}`, "DATA_EXCEPTION", "User not found"},
		{"JSON, array", "application/json", `{"errors":[{"code":"A","message":"one"},{"code":"B","message":"two"}]}`, "A, B", "one; two"},
		{"JSON, text", "application/json", `{"errors":"it broke"}`, "", "it broke"},
		{"JSON, error list inside", "application/json", `{"errors":{"code":"A","error":["one","two"]}}`, "A", "one; two"},
		{"JSON, wrapped", "application/json", `{"ErrorDetails":{"errors":{"code":"A","message":"one"}}}`, "A", "one"},
		{"JSON, nothing known", "application/json", `{"fault":1}`, "", `{"fault":1}`},
		{"JSON, broken", "application/json", `{"errors":`, "", `{"errors":`},
		{"nothing", "", "", "", ""},
		{"Tomcat, exception", "text/html", tomcat500, "", "java.lang.IllegalStateException: can't store at com.example.Store"},
		{"Tomcat, title", "text/html;charset=utf-8", tomcat401, "", "Apache Tomcat - Error report"},
		{"a web page without a title", "text/html", `<html><script>var x = "no";</script><body><p>Server&nbsp;busy</p></body></html>`, "", "Server busy"},
		{"text", "text/plain", "server busy\r\n", "", "server busy"},
		{"a terminal's escapes", "text/plain", "a\x1b[2Jb\x00c\u202Ed", "", "a [2Jb c d"},
		{"invalid UTF-8", "text/plain", "K\xf6ln", "", "K\uFFFDln"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client, _ := setup(t, reply(400, test.contentType, test.body))
			got := failure(t, client, context.Background(), GetUser(someID))
			if got.Code != test.code || got.Message != test.message || got.Kind != KindStatus || got.Status != 400 || got.Sent != Answered {
				t.Errorf("got code %q, message %q, %s, %d, %s\nwant code %q, message %q", got.Code, got.Message, got.Kind, got.Status, got.Sent, test.code, test.message)
			}
		})
	}
}

func TestLongErrorsAreCut(t *testing.T) {
	t.Parallel()
	client, _ := setup(t, reply(500, "text/plain", strings.Repeat("ä", 2<<20)))
	got := failure(t, client, context.Background(), GetUser(someID)).Message
	if n := utf8.RuneCountInString(got); n != 2000 || !strings.HasSuffix(got, "ä…") {
		t.Errorf("got %d characters, want 2000 and an ellipsis", n)
	}
}

func TestSentencesOfErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		handler http.HandlerFunc
		request Request
		kind    Kind
		want    string
	}{
		{"status", reply(404, "application/json", `{"errors":{"code":"NOT_FOUND","message":"user - ObjectId=1"}}`), GetUser("1"), KindStatus,
			"GET /vmrest/users/1: 404 Not Found: NOT_FOUND: user - ObjectId=1"},
		{"a status without a name", reply(599, "", ""), GetUser("1"), KindStatus, "GET /vmrest/users/1: 599"},
		{"sign-in", reply(401, "text/html", tomcat401), GetUser("1"), KindSignIn,
			"GET /vmrest/users/1: 401 Unauthorized: Apache Tomcat - Error report; check the user name and the password; nothing more is sent, because a few wrong ones lock the account"},
		{"redirect", reply(302, "text/html", "", "Location", "https://admin:hunter2@cuc1.example.com:8443/vmrest/users?token=hunter2"), DeleteUser("1"), KindRedirect,
			"DELETE /vmrest/users/1: 302 Found: the server sends us to https://cuc1.example.com:8443/vmrest/users; give that address as the server"},
		{"redirect of a POST", reply(307, "", ""), CreateUser("t", "", Object{"Alias": "a"}), KindRedirect,
			"POST /vmrest/users: 307 Temporary Redirect: the server sends us to an address that can't be read; give that address as the server"},
		{"a login page", reply(200, "text/html", "<html><title>Cisco Single Sign On</title></html>"), GetUser("1"), KindWebPage,
			`GET /vmrest/users/1: 200 OK: this is a web page, not CUPI: "Cisco Single Sign On": check the address and whether a proxy or a login page is in between`},
		{"a login page that calls itself JSON", reply(200, "application/json", "\n<!DOCTYPE html>\n<html><title>Login</title></html>"), GetUser("1"), KindWebPage,
			`GET /vmrest/users/1: 200 OK: this is a web page, not CUPI: "Login": check the address and whether a proxy or a login page is in between`},
		{"a login page to a PUT", reply(200, "text/html", "<html><title>Login</title></html>"), UpdateUser("1", Object{"Title": "x"}), KindWebPage,
			`PUT /vmrest/users/1: 200 OK: this is a web page, not CUPI: "Login": check the address and whether a proxy or a login page is in between`},
		{"an empty answer", reply(200, "application/json", ""), GetUser("1"), KindCut, "GET /vmrest/users/1: 200 OK: the answer is empty"},
		{"neither", reply(200, "text/plain", "hello\x1b[1m"), GetUser("1"), KindAnswer, `GET /vmrest/users/1: 200 OK: the answer is neither JSON nor XML: "hello [1m"`},
		{"an empty object", reply(200, "application/json", "{}"), GetUser("1"), KindAnswer, "GET /vmrest/users/1: 200 OK: the answer holds no field of User"},
		{"another element", reply(200, "application/xml", "<Cos><ObjectId>1</ObjectId></Cos>"), GetUser("1"), KindAnswer,
			`GET /vmrest/users/1: 200 OK: the answer holds "Cos" where User was expected`},
		{"another list", reply(200, "application/json", `{"@total":"1","Cos":{"ObjectId":"1"}}`), List(Users, Query{}, 0, 0), KindAnswer,
			`GET /vmrest/users: 200 OK: the answer holds "Cos" where User was expected`},
		{"no list", reply(200, "application/json", `{"name":"x"}`), List(Users, Query{}, 0, 0), KindAnswer, `GET /vmrest/users: 200 OK: the answer is no list of Users`},
		{"201 without an id", reply(201, "text/plain", "OK"), CreateUser("t", "", Object{"Alias": "a"}), KindAnswer,
			"POST /vmrest/users: 201 Created: the answer does not tell the id of what was made"},
		{"too large", reply(200, "application/json", `{"a":"`+strings.Repeat("x", 1<<20)+`"}`), GetUser("1"), KindAnswer,
			"GET /vmrest/users/1: 200 OK: the answer is larger than any that CUPI sends: more than 1 MiB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client, seen := setup(t, test.handler)
			got := failure(t, client, context.Background(), test.request)
			if got.Kind != test.kind || got.Sent != Answered {
				t.Errorf("got %s, %s; want %s, %s", got.Kind, got.Sent, test.kind, Answered)
			}
			if got.Error() != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if n := len(seen.list()); n != 1 {
				t.Errorf("got %d requests, want 1", n)
			}
		})
	}
}

// A redirect of any kind is an error, to whatever it leads: nothing follows it, and so
// nothing carries the password, cookies or a body to another host.
func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	var strays atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strays.Add(1) }))
	t.Cleanup(other.Close)
	for _, status := range []int{300, 301, 302, 303, 307, 308} {
		for _, target := range []string{other.URL + "/vmrest/users", "/vmrest/elsewhere", "//" + strings.TrimPrefix(other.URL, "http://") + "/", ""} {
			for _, request := range []Request{GetUser("1"), List(Users, Query{}, 0, 0), CreateUser("t", "", Object{"Alias": "a"}), UpdateUser("1", Object{"Title": "x"}), DeleteUser("1")} {
				client, seen := setup(t, reply(status, "text/html", "<html></html>", "Location", target))
				got := failure(t, client, context.Background(), request)
				if got.Kind != KindRedirect || got.Sent != Answered || got.Status != status || len(seen.list()) != 1 {
					t.Errorf("%d to %q, %s: got %s, %s, %d and %d requests", status, target, request.Method, got.Kind, got.Sent, got.Status, len(seen.list()))
				}
			}
		}
	}
	if strays.Load() != 0 {
		t.Errorf("%d requests went to another host", strays.Load())
	}
}

func TestHowMuchOfAnAnswerIsRead(t *testing.T) {
	t.Parallel()
	list := func(size int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, `{"@total":"1","User":{"ObjectId":"1","Note":"`)
			for block := strings.Repeat("x", 1<<20); size > 0; size -= len(block) {
				io.WriteString(w, block)
			}
			io.WriteString(w, `"}}`)
		}
	}
	client, _ := setup(t, list(3<<20))
	if got := mustDo(t, client, List(Users, Query{}, 0, 0)).Page; len(got.Items) != 1 || len(got.Items[0]["Note"]) != 3<<20 {
		t.Errorf("got a page of %d users", len(got.Items))
	}
	for want, request := range map[string]Request{"more than 32 MiB": List(Users, Query{}, 0, 0), "more than 1 MiB": GetUser("1")} {
		client, _ := setup(t, list(33<<20))
		if got := failure(t, client, context.Background(), request); got.Kind != KindAnswer || !strings.Contains(got.Error(), want) {
			t.Errorf("got %s, %v, want an error with %q", got.Kind, got, want)
		}
	}
}

// However a server repeats what it was sent, no message shows a secret of it.
func TestServerThatRepeatsSecrets(t *testing.T) {
	t.Parallel()
	const core = "Hush739158246Hush" // what every spelling below keeps, or encodes
	const secret = "Tr&ce \"<'" + core + "\\>  é"
	sent, err := JSON.encode("", Object{"Credentials": secret})
	if err != nil {
		t.Fatal(err)
	}
	inJSON := func(text string) string {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		return string(quoted)
	}
	account := base64.StdEncoding.EncodeToString([]byte("admin:s3cret!"))
	page := func(title string) string { return "<html><title>" + html.EscapeString(title) + "</title></html>" }
	far := strings.Repeat("x", maxMessage-30)
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
	}{
		{"as it is", reply(400, "text/plain", "not "+secret)},
		{"in a message", reply(400, "application/json", `{"errors":{"code":`+inJSON("BAD "+secret)+`,"message":`+inJSON(secret+" is trivial")+`}}`)},
		{"the body in a message", reply(400, "application/json", `{"errors":{"code":"A","message":`+inJSON(string(sent))+`}}`)},
		{"the body in a message that is cut", reply(400, "application/json", `{"errors":{"code":"A","message":`+inJSON(far+string(sent))+`}}`)},
		{"in XML", reply(400, "application/xml", "<ErrorDetails><errors><code>A</code><message>"+html.EscapeString(secret)+"</message></errors></ErrorDetails>")},
		{"in JSON that is cut off", reply(400, "application/json", `{"errors":{"message":`+string(sent))},
		{"in a web page", reply(400, "text/html", page(far+secret))},
		{"the body in a web page", reply(500, "text/html", page(string(sent)))},
		{"in a web page that is no error", reply(200, "text/html", page(string(sent)))},
		{"in an address", reply(400, "text/plain", "/x?pin="+url.QueryEscape(secret)+"&pin="+url.PathEscape(secret))},
		{"in hex", reply(400, "text/plain", hex.EncodeToString([]byte(secret))+" "+strings.ToUpper(hex.EncodeToString([]byte(secret))))},
		{"in base64", reply(400, "text/plain", base64.StdEncoding.EncodeToString([]byte(secret))+" "+base64.RawURLEncoding.EncodeToString([]byte(secret)))},
		{"the header with the password", reply(400, "text/plain", "Basic "+account+" s3cret!")},
		{"in a redirect", reply(302, "", "", "Location", "/login/"+url.PathEscape(secret)+"/"+account)},
		{"in what is no HTTP", func(w http.ResponseWriter, _ *http.Request) { hijack(w, "HTTP/1.1 400 Bad\r\n"+secret+"\r\n\r\n") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client, _ := setup(t, test.answer)
			got := failure(t, client, context.Background(), Request{Method: "PUT", Path: "/vmrest/users/1/credential/pin", Root: "Credential", Fields: Object{"Credentials": secret}})
			for _, text := range []string{got.Error(), fmt.Sprintf("%+v", *got)} {
				for _, hidden := range []string{core, core[:8], "s3cret!", account, account[:8], hex.EncodeToString([]byte(core)), strings.ToUpper(hex.EncodeToString([]byte(core))),
					base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret))} {
					if strings.Contains(text, hidden) {
						t.Errorf("got %s, which holds %s", text, hidden)
					}
				}
			}
			if !strings.Contains(got.Error(), "…") {
				t.Errorf("got %s, want the rest of the message, and … for the secret", got)
			}
		})
	}
}

func TestRetryAfterAndDate(t *testing.T) {
	t.Parallel()
	const date = "Mon, 02 Mar 2026 10:00:00 GMT"
	for text, want := range map[string]time.Duration{
		"":                              0,
		"30":                            30 * time.Second,
		" 5 ":                           5 * time.Second,
		"-5":                            0,
		"soon":                          0,
		"99999999999999999999":          0,
		"Mon, 02 Mar 2026 10:02:00 GMT": 2 * time.Minute,
		"Mon, 02 Mar 2026 09:00:00 GMT": 0,
	} {
		client, _ := setup(t, reply(503, "text/plain", "server busy", "Retry-After", text, "Date", date))
		if got := failure(t, client, context.Background(), GetUser("1")); got.RetryAfter != want || got.Status != 503 {
			t.Errorf("%q: got %s and status %d, want %s and 503", text, got.RetryAfter, got.Status, want)
		}
	}
	client, _ := setup(t, reply(200, "application/json", `{"ObjectId":"1"}`, "Date", date))
	if got, want := mustDo(t, client, GetUser("1")).Date, time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("got the date %s, want %s", got, want)
	}
	client, _ = setup(t, reply(204, "", "", "Date", "yesterday"))
	if got := mustDo(t, client, DeleteUser("1")).Date; !got.IsZero() {
		t.Errorf("got the date %s, want none", got)
	}
}

func TestIdOfWhatWasMade(t *testing.T) {
	t.Parallel()
	const id = someID
	tests := []struct{ name, body, location string }{
		{"text", "/vmrest/users/" + id, ""},
		{"blanks and a line end", " /vmrest/users/ " + id + " \r\n", ""},
		{"quotes", `"/vmrest/users/` + id + `"`, ""},
		{"a blank in the path", "/vmrest/voicemailboxstores /" + id, ""},
		{"another prefix", "/vmrest/user/schedules/" + id, ""},
		{"a whole address", "https://cuc1:8443/vmrest/users/" + id, ""},
		{"a doubled Location", "", "https://cuc1:8443/vmrest/users/vmrest/users/" + id},
		{"a Location beside a body without an id", "<html></html>", "/vmrest/users/" + id},
		{"a Location beside a word", "OK", "/vmrest/users/" + id + "?x=1"},
		{"the body before the Location", "/vmrest/users/" + id, "/vmrest/users/other"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client, _ := setup(t, reply(201, "text/plain", test.body, "Location", test.location))
			if got := mustDo(t, client, CreateUser("t", "", Object{"Alias": "a"})).ObjectID; got != id {
				t.Errorf("got id %q, want %q", got, id)
			}
		})
	}
}
