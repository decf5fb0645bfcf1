package cupi

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// What a request met on its way decides whether it may have been carried out.
func TestSent(t *testing.T) {
	t.Parallel()
	cut := func(bytes ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { hijack(w, bytes...) }
	}
	tests := []struct {
		name    string
		handler http.HandlerFunc
		kind    Kind
		sent    Sent
		status  int
	}{
		{"closed before an answer", cut(), KindNetwork, InDoubt, 0},
		{"half a status line", cut("HTTP/1.1 2"), KindNetwork, InDoubt, 0},
		{"no HTTP", cut("hello\r\n\r\n"), KindNetwork, InDoubt, 0},
		{"a body that breaks off", cut("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ObjectId\":"), KindCut, Answered, 200},
		{"a chunk that breaks off", cut("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{\"Obj"), KindCut, Answered, 200},
		{"an error that breaks off", cut("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\n{\"errors\":"), KindStatus, Answered, 500},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client, _ := setup(t, test.handler)
			got := failure(t, client, context.Background(), GetUser(someID))
			if got.Kind != test.kind || got.Sent != test.sent || got.Status != test.status {
				t.Errorf("got %s, %s, %d (%v); want %s, %s, %d", got.Kind, got.Sent, got.Status, got, test.kind, test.sent, test.status)
			}
		})
	}
}

func TestNoConnectionIsNotSent(t *testing.T) {
	t.Parallel()
	refused := errors.New("no route to the moon")
	client := connect(t, "https://cuc1.example.com", func(c *Config) {
		c.DialContext = func(context.Context, string, string) (net.Conn, error) { return nil, refused }
	})
	got := failure(t, client, context.Background(), CreateUser("t", "", Object{"Alias": "a"}))
	if got.Kind != KindNetwork || got.Sent != NotSent || !errors.Is(got, refused) {
		t.Errorf("got %s, %s, %v; want network, not-sent", got.Kind, got.Sent, got)
	}
	if got := client.Counts()["POST"] + client.SignIns(); got != 0 {
		t.Errorf("got %d counted, want 0: nothing was sent", got)
	}
}

func TestChangeThatWasAnsweredSurvivesABrokenBody(t *testing.T) {
	t.Parallel()
	client, _ := setup(t, func(w http.ResponseWriter, _ *http.Request) {
		hijack(w, "HTTP/1.1 201 Created\r\nLocation: /vmrest/users/"+someID+"\r\nContent-Length: 50\r\n\r\n/vmrest/users/49f2")
	})
	if got := mustDo(t, client, CreateUser("t", "", Object{"Alias": "a"})).ObjectID; got != someID {
		t.Errorf("got id %q, want the one of the Location", got)
	}
}

// The transport repeats a GET on a connection that turned out to be dead, and
// never a POST.
func TestDeadConnection(t *testing.T) {
	t.Parallel()
	var number atomic.Int32
	client, seen := setup(t, func(w http.ResponseWriter, r *http.Request) {
		if n := number.Add(1); n == 2 || n == 5 {
			hijack(w)
			return
		}
		reply(200, "application/json", `{"ObjectId":"1"}`)(w, r)
	}, workers(1))
	mustDo(t, client, GetUser(someID)) // 1
	mustDo(t, client, GetUser(someID)) // 2 dies, 3 is the transport's
	if got := client.Counts()["GET"]; got != 3 {
		t.Errorf("got %d GETs counted, want 3: the repeat counts", got)
	}
	mustDo(t, client, GetUser(someID)) // 4
	got := failure(t, client, context.Background(), CreateUser("t", "", Object{"Alias": "a"}))
	if got.Sent != InDoubt || got.Kind != KindNetwork || !strings.Contains(got.Error(), "may have been carried out") {
		t.Errorf("got %s, %s, %v; want network, in doubt, and a sentence that says so", got.Kind, got.Sent, got)
	}
	if got := len(seen.list()); got != 5 || client.Counts()["POST"] != 1 {
		t.Errorf("got %d requests and %d POSTs, want 5 and 1", got, client.Counts()["POST"])
	}
}

// pipes is a listener in memory, so that time can be made up around it.
type pipes struct {
	connections chan net.Conn
	closed      chan struct{}
	once        sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case connection := <-p.connections:
		return connection, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }
func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.connections <- far:
		return near, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// inFakeTime runs a server in memory and a client of it under a made-up clock.
func inFakeTime(t *testing.T, handler http.HandlerFunc, test func(t *testing.T, client *Client)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		listener := &pipes{connections: make(chan net.Conn), closed: make(chan struct{})}
		server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: handler}}
		server.Start()
		defer server.Close()
		client, err := New(Config{Server: "http://127.0.0.1", User: "admin", Password: "s3cret!", Workers: 1, DialContext: listener.dial})
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		test(t, client)
	})
}

func TestTimeout(t *testing.T) {
	inFakeTime(t, func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body); <-r.Context().Done() }, func(t *testing.T, client *Client) {
		start := time.Now()
		got := failure(t, client, context.Background(), UpdateUser(someID, Object{"Title": "x"}))
		if got.Kind != KindTimeout || got.Sent != InDoubt || !strings.Contains(got.Error(), "no answer within 1m0s") {
			t.Errorf("got %s, %s, %v; want a time-out in doubt", got.Kind, got.Sent, got)
		}
		if took := time.Since(start); took != time.Minute {
			t.Errorf("took %s, want the default of a minute", took)
		}
	})
}

func TestTimeoutInTheBody(t *testing.T) {
	inFakeTime(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}, func(t *testing.T, client *Client) {
		got := failure(t, client, context.Background(), GetUser(someID))
		if got.Kind != KindTimeout || got.Sent != Answered || got.Status != 200 {
			t.Errorf("got %s, %s, %d; want a time-out after the status", got.Kind, got.Sent, got.Status)
		}
	})
}

func TestCallersEndIsNoTimeout(t *testing.T) {
	inFakeTime(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, func(t *testing.T, client *Client) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		got := failure(t, client, ctx, GetUser(someID))
		if got.Kind != KindNetwork || got.Sent != InDoubt || !errors.Is(got, context.DeadlineExceeded) {
			t.Errorf("got %s, %s, %v; want the caller's deadline", got.Kind, got.Sent, got)
		}
		stopped, stop := context.WithCancel(context.Background())
		time.AfterFunc(time.Second, stop)
		got = failure(t, client, stopped, DeleteUser(someID))
		if got.Kind != KindNetwork || got.Sent != InDoubt || !errors.Is(got, context.Canceled) {
			t.Errorf("got %s, %s, %v; want the caller's cancellation", got.Kind, got.Sent, got)
		}
		got = failure(t, client, stopped, DeleteUser(someID))
		if got.Sent != NotSent || !errors.Is(got, context.Canceled) {
			t.Errorf("got %s, %v; want nothing sent after the end", got.Sent, got)
		}
	})
}

// Connections are kept, as many as there are workers and no more: each would cost a
// handshake, and the server has few slots.
func TestAWorkerKeepsItsConnection(t *testing.T) {
	t.Parallel()
	const workers, waves = 4, 10
	var made atomic.Int32
	var wave atomic.Pointer[sync.WaitGroup] // of requests that are answered together; nil: alone
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if together := wave.Load(); together != nil {
			together.Done()
			together.Wait()
		}
		reply(200, "application/json", `{"ObjectId":"1"}`)(w, r)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			made.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client := connect(t, server.URL, func(c *Config) { c.Workers = workers })
	mustDo(t, client, GetUser(someID)) // sign in
	send := func(requests int) {
		var all sync.WaitGroup
		for range requests {
			all.Go(func() {
				if _, err := client.Do(context.Background(), GetUser(someID)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	for range waves { // between two waves all connections are idle
		var together sync.WaitGroup
		together.Add(workers)
		wave.Store(&together)
		send(workers)
	}
	wave.Store(nil)
	send(5 * workers)
	if got := made.Load(); got > workers {
		t.Errorf("%d connections were made, want at most %d", got, workers)
	}
}
