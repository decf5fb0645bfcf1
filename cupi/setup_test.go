package cupi

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	someID  = "49f257e7-adaa-5b18-86a5-6d51efb3216b"
	otherID = "76f604f3-6aa4-5c23-aeb7-473917fb71ff"
)

// arrival is one request as the server got it.
type arrival struct {
	method, target, body string
	header               http.Header
	password             bool
}

// arrivals records requests; it is safe for concurrent use.
type arrivals struct {
	mu  sync.Mutex
	all []arrival
}

func (a *arrivals) list() []arrival {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]arrival(nil), a.all...)
}

func (a *arrivals) passwords() int {
	n := 0
	for _, one := range a.list() {
		if one.password {
			n++
		}
	}
	return n
}

// record wraps a handler so that each request is kept before it is answered.
// The handler can read the body again.
func (a *arrivals) record(handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _, password := r.BasicAuth()
		a.mu.Lock()
		a.all = append(a.all, arrival{r.Method, r.RequestURI, string(body), r.Header.Clone(), password})
		a.mu.Unlock()
		handler(w, r)
	}
}

// setup starts a server on loopback and returns a client of it. The changes are
// made to the configuration first.
func setup(t testing.TB, handler http.HandlerFunc, changes ...func(*Config)) (*Client, *arrivals) {
	t.Helper()
	seen := &arrivals{}
	server := httptest.NewUnstartedServer(seen.record(handler))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	t.Cleanup(server.Close)
	return connect(t, server.URL, changes...), seen
}

func connect(t testing.TB, server string, changes ...func(*Config)) *Client {
	t.Helper()
	config := Config{Server: server, User: "admin", Password: "s3cret!"}
	for _, change := range changes {
		change(&config)
	}
	client, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func speak(wire Wire) func(*Config) { return func(c *Config) { c.Wire = wire } }
func workers(n int) func(*Config)   { return func(c *Config) { c.Workers = n } }

// reply answers every request alike.
func reply(status int, contentType, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func mustDo(t testing.TB, client *Client, r Request) Answer {
	t.Helper()
	answer, err := client.Do(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// failure does a request that must fail and returns the error.
func failure(t testing.TB, client *Client, ctx context.Context, r Request) *Error {
	t.Helper()
	answer, err := client.Do(ctx, r)
	failed, ok := err.(*Error)
	if !ok {
		t.Fatalf("got %+v and error %v, want an *Error", answer, err)
	}
	return failed
}
