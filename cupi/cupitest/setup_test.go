package cupitest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	jsonType = "application/json"
	xmlType  = "application/xml"
)

// wires is for tests that must hold in both.
var wires = []string{jsonType, xmlType}

// client sends requests to one server, each on a connection of its own so that nothing is sent twice.
type client struct {
	t    *testing.T
	http *http.Client
	base string
	wire string
}

// serve starts the server on loopback.
func serve(t *testing.T, s *Server, wire string) *client {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		web.Close()
		s.Wait()
	})
	transport := &http.Transport{DisableKeepAlives: true}
	return &client{t: t, base: web.URL, wire: wire, http: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// reply is an answer that was read whole.
type reply struct {
	status int
	header http.Header
	body   string
}

// try sends one request; spaces in the path are escaped. A body has the client's Content-Type.
func (c *client) try(method, path, body string, headers ...string) (reply, error) {
	r, err := http.NewRequest(method, c.base+strings.ReplaceAll(path, " ", "%20"), strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	r.SetBasicAuth("admin", "secret")
	r.Header.Set("Accept", c.wire)
	if body != "" {
		r.Header.Set("Content-Type", c.wire)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Del(headers[i])
		if headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	a, err := c.http.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	return reply{a.StatusCode, a.Header, string(text)}, err
}

// do is try where the request must be answered.
func (c *client) do(method, path, body string, headers ...string) reply {
	c.t.Helper()
	answer, err := c.try(method, path, body, headers...)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer
}

// expect is do with the status that must come.
func (c *client) expect(status int, method, path, body string, headers ...string) reply {
	c.t.Helper()
	answer := c.do(method, path, body, headers...)
	if answer.status != status {
		c.t.Fatalf("%s %s: got status %d, want %d: %s", method, path, answer.status, status, answer.body)
	}
	return answer
}

// write makes a body of the client's wire from name, value, name, value …
func (c *client) write(root string, pairs ...string) string {
	if c.wire == jsonType {
		text, _ := json.Marshal(pairsToMap(pairs))
		return string(text)
	}
	var text strings.Builder
	text.WriteString("<" + root + ">")
	for i := 0; i < len(pairs); i += 2 {
		text.WriteString("<" + pairs[i] + ">" + string(appendXMLText(nil, pairs[i+1])) + "</" + pairs[i] + ">")
	}
	return text.String() + "</" + root + ">"
}

// create makes a user and returns its id.
func (c *client) create(pairs ...string) string {
	c.t.Helper()
	made := c.expect(http.StatusCreated, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", c.write("User", pairs...))
	return strings.TrimPrefix(made.body, "/vmrest/users/")
}

// read is one object's fields.
func (c *client) read(path, root string) map[string]string {
	c.t.Helper()
	body := c.expect(http.StatusOK, "GET", path, "").body
	var fields map[string]string
	var err error
	if c.wire == jsonType {
		fields, err = decodeJSON([]byte(body))
	} else {
		fields, err = decodeXML([]byte(body))
	}
	if err != nil {
		c.t.Fatalf("GET %s: %v in %s", path, err, body)
	}
	return fields
}

// inBoth runs the test in JSON and in XML, each with a server of its own.
func inBoth(t *testing.T, prepare func() *Server, test func(*testing.T, *Server, *client)) {
	for _, wire := range wires {
		t.Run(wire, func(t *testing.T) {
			t.Parallel()
			s := prepare()
			test(t, s, serve(t, s, wire))
		})
	}
}

func fresh() *Server { return &Server{} }

// total is the count that a list answer tells.
func (r reply) total(t *testing.T) string {
	t.Helper()
	for _, mark := range []string{`total="`, `"@total":"`, `"-total":"`} {
		if _, after, found := strings.Cut(r.body, mark); found {
			number, _, _ := strings.Cut(after, `"`)
			return number
		}
	}
	t.Fatalf("no total in %s", r.body)
	return ""
}
