package cupi

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// exchange is one request of the page and its answer.
type exchange struct {
	name    string
	request Request
	target  string          // what must arrive
	body    map[Wire]string // what must arrive; nil: no body
	status  int
	answer  map[Wire]string // what the server sends
	headers []string
	check   func(t *testing.T, wire Wire, got Answer)
}

func section(t *testing.T, exchanges ...exchange) {
	t.Parallel()
	for _, e := range exchanges {
		for _, wire := range []Wire{JSON, XML} {
			t.Run(e.name+"/"+string(wire), func(t *testing.T) {
				t.Parallel()
				contentType := "application/" + string(wire)
				client, seen := setup(t, reply(e.status, contentType, e.answer[wire], e.headers...), speak(wire))
				got := mustDo(t, client, e.request)
				if got.Status != e.status {
					t.Errorf("got status %d, want %d", got.Status, e.status)
				}
				arrived := seen.list()
				if len(arrived) != 1 {
					t.Fatalf("got %d requests, want 1", len(arrived))
				}
				if got, want := arrived[0].method+" "+arrived[0].target, e.request.Method+" "+e.target; got != want {
					t.Errorf("got %s\nwant %s", got, want)
				}
				if got, want := arrived[0].body, e.body[wire]; got != want {
					t.Errorf("got body  %s\nwant body %s", got, want)
				}
				checkHeaders(t, arrived[0], contentType)
				if e.check != nil {
					e.check(t, wire, got)
				}
			})
		}
	}
}

func checkHeaders(t *testing.T, got arrival, contentType string) {
	t.Helper()
	want := map[string]string{"Accept": contentType, "Cache-Control": "no-cache", "Content-Type": ""}
	if got.method == http.MethodPost || got.method == http.MethodPut {
		want["Content-Type"] = contentType
	}
	for name, value := range want {
		if got.header.Get(name) != value {
			t.Errorf("got %s %q, want %q", name, got.header.Get(name), value)
		}
	}
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if got.header.Get(name) != "" {
			t.Errorf("got %s, which makes net/http send a POST twice", name)
		}
	}
}

// both gives a fixture in each wire.
func both(t *testing.T, name string) map[Wire]string {
	return map[Wire]string{JSON: fixture(t, name+".json"), XML: fixture(t, name+".xml")}
}

// shown compares some fields of an object; "(absent)" stands for a field that is not there.
func shown(t *testing.T, got Object, want Object) {
	t.Helper()
	for name, value := range want {
		have, there := got[name]
		if !there {
			have = "(absent)"
		}
		if have != value {
			t.Errorf("got %s %q, want %q", name, have, value)
		}
	}
}

func aliases(p Page) string {
	var all []string
	for _, item := range p.Items {
		all = append(all, item["Alias"])
	}
	return strings.Join(all, " ")
}

// fieldCount counts the distinct names of a fixture without decoding it.
func fieldCount(text string, wire Wire) int {
	pattern := map[Wire]string{JSON: `(?m)^\s*"(\w+)":`, XML: `(?m)^  <(\w+)`}
	names := map[string]bool{}
	for _, match := range regexp.MustCompile(pattern[wire]).FindAllStringSubmatch(text, -1) {
		names[match[1]] = true
	}
	return len(names)
}
