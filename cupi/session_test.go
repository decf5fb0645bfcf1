package cupi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

const tomcat401 = `<html><head><title>Apache Tomcat - Error report</title></head><body><h1>HTTP Status 401 - </h1></body></html>`

// sessions is a server that signs in as the real one does: the password brings
// three cookies, and the cookies are good until it forgets them.
type sessions struct {
	password string
	handler  http.HandlerFunc // what a signed-in request meets; nil: 200 with a user

	mu     sync.Mutex
	number int
}

func (s *sessions) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number++
}

func (s *sessions) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	valid := fmt.Sprint("session", s.number)
	s.mu.Unlock()
	_, password, basic := r.BasicAuth()
	cookie, err := r.Cookie("JSESSIONID")
	if basic && password != s.password || !basic && (err != nil || cookie.Value != valid) {
		http.SetCookie(w, &http.Cookie{Name: "REQUEST_TOKEN_KEY", Value: "-1", MaxAge: -1})
		reply(http.StatusUnauthorized, "text/html", tomcat401)(w, r)
		return
	}
	if basic {
		for _, c := range []http.Cookie{{Name: "JSESSIONIDSSO", Path: "/"}, {Name: "JSESSIONID", Path: "/vmrest/"}, {Name: "REQUEST_TOKEN_KEY", Path: "/"}} {
			c.Value, c.Secure, c.HttpOnly = valid, true, true
			http.SetCookie(w, &c)
		}
	}
	if s.handler != nil {
		s.handler(w, r)
		return
	}
	reply(http.StatusOK, "application/json", `{"ObjectId":"`+someID+`"}`)(w, r)
}

// together does n requests at once and returns their errors.
func together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var done sync.WaitGroup
	for i := range n {
		done.Go(func() { errs[i] = do(i) })
	}
	done.Wait()
	return errs
}

func get(client *Client) func(int) error {
	return func(int) error {
		_, err := client.Do(context.Background(), GetUser(someID))
		return err
	}
}

func TestPasswordGoesOnce(t *testing.T) {
	t.Parallel()
	server := &sessions{password: "s3cret!"}
	client, seen := setup(t, server.ServeHTTP, workers(20))
	for i, err := range together(20, get(client)) {
		if err != nil {
			t.Errorf("request %d: %v", i, err)
		}
	}
	all := seen.list()
	if !all[0].password || seen.passwords() != 1 || client.SignIns() != 1 {
		t.Errorf("got %d passwords and %d sign-ins, first %v; want the first only", seen.passwords(), client.SignIns(), all[0].password)
	}
	for i, one := range all[1:] {
		if got := len(strings.Split(one.header.Get("Cookie"), ";")); got != 3 {
			t.Errorf("request %d carries %d cookies, want 3: %q", i+1, got, one.header.Get("Cookie"))
		}
	}
	if got := client.Counts()["GET"]; got != 20 || len(all) != 20 {
		t.Errorf("got %d counted and %d arrived, want 20", got, len(all))
	}
}

func TestWrongPasswordCostsOneRequest(t *testing.T) {
	t.Parallel()
	server := &sessions{password: "another"}
	client, seen := setup(t, server.ServeHTTP, workers(20))
	answered := 0
	for _, err := range together(20, get(client)) {
		var failed *Error
		if !errors.As(err, &failed) || failed.Kind != KindSignIn || failed.Status != 401 {
			t.Fatalf("got %v, want a sign-in error", err)
		}
		if failed.Sent == Answered {
			answered++
		} else if failed.Sent != NotSent {
			t.Errorf("got %s, want %s", failed.Sent, NotSent)
		}
	}
	if got := failure(t, client, context.Background(), DeleteUser(otherID)); got.Kind != KindSignIn || got.Method != "DELETE" || !strings.Contains(got.Path, otherID) {
		t.Errorf("got %v, want the sign-in error for this request", got)
	}
	if len(seen.list()) != 1 || answered != 1 || client.SignIns() != 1 {
		t.Errorf("got %d requests, %d answered, %d sign-ins; want 1 each", len(seen.list()), answered, client.SignIns())
	}
}

func TestExpiryCostsOneSignIn(t *testing.T) {
	t.Parallel()
	const n = 20
	var mu sync.Mutex
	made := map[string]int{}
	server := &sessions{password: "s3cret!", handler: func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		made[r.URL.Query().Get("templateAlias")]++
		mu.Unlock()
		reply(http.StatusCreated, "text/plain", "/vmrest/users/"+someID)(w, r)
	}}
	// Once armed, the server holds answers back until all workers have asked
	// with the old cookies, so that all of them learn of the expiry at once.
	var waiting sync.WaitGroup
	var armed sync.Map
	client, seen := setup(t, func(w http.ResponseWriter, r *http.Request) {
		if _, yes := armed.LoadAndDelete(r.URL.RawQuery); yes {
			waiting.Done()
			waiting.Wait()
		}
		server.ServeHTTP(w, r)
	}, workers(n))
	create := func(i int) error {
		_, err := client.Do(context.Background(), CreateUser(fmt.Sprint("t", i), "", Object{"Alias": fmt.Sprint("user", i)}))
		return err
	}
	if err := create(n); err != nil {
		t.Fatal(err)
	}
	server.forget()
	waiting.Add(n)
	for i := range n {
		armed.Store(fmt.Sprint("templateAlias=t", i), true)
	}
	for i, err := range together(n, create) {
		if err != nil {
			t.Errorf("request %d: %v", i, err)
		}
	}
	if got := client.SignIns(); got != 2 || seen.passwords() != 2 {
		t.Errorf("got %d sign-ins and %d passwords, want 2: the first, and one more", got, seen.passwords())
	}
	if got, want := len(seen.list()), 1+2*n; got != want || client.Counts()["POST"] != want {
		t.Errorf("got %d requests, want %d: each again once", got, want)
	}
	for i := range n {
		if got := made[fmt.Sprint("t", i)]; got != 1 {
			t.Errorf("user %d was made %d times", i, got)
		}
	}
	for _, one := range seen.list() {
		if !strings.Contains(one.body, `"Alias":"user`) {
			t.Errorf("a request came without its body: %+v", one)
		}
	}
}

func TestPasswordChangedDuringTheRun(t *testing.T) {
	t.Parallel()
	server := &sessions{password: "s3cret!"}
	client, seen := setup(t, server.ServeHTTP, workers(5))
	mustDo(t, client, GetUser(someID))
	server.password = "another"
	server.forget()
	for _, err := range together(5, get(client)) {
		var failed *Error
		if !errors.As(err, &failed) || failed.Kind != KindSignIn {
			t.Errorf("got %v, want a sign-in error", err)
		}
	}
	if got := seen.passwords(); got != 2 {
		t.Errorf("got %d passwords sent, want 2", got)
	}
}

func TestFirstRequestFails(t *testing.T) {
	t.Parallel()
	first := map[string]http.HandlerFunc{
		"503":        reply(http.StatusServiceUnavailable, "text/plain", "busy", "Set-Cookie", "JSESSIONID=x"),
		"redirect":   reply(http.StatusFound, "text/html", "", "Location", "https://cuc1.example.com/"),
		"no answer":  func(w http.ResponseWriter, _ *http.Request) { hijack(w) },
		"403 barely": reply(http.StatusForbidden, "text/plain", "no"),
	}
	for name, handler := range first {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &sessions{password: "s3cret!"}
			var once sync.Once
			client, seen := setup(t, func(w http.ResponseWriter, r *http.Request) {
				next := server.ServeHTTP
				once.Do(func() { next = handler })
				next(w, r)
			})
			failure(t, client, context.Background(), GetUser(someID))
			mustDo(t, client, GetUser(someID))
			mustDo(t, client, GetUser(someID))
			var got []bool
			for _, one := range seen.list() {
				got = append(got, one.password)
			}
			if fmt.Sprint(got) != "[true true false]" {
				t.Errorf("got passwords %v, want them in the first two requests", got)
			}
		})
	}
}

func TestRefusedRequestSignsInWhenCookiesCame(t *testing.T) {
	t.Parallel()
	server := &sessions{password: "s3cret!", handler: reply(http.StatusNotFound, "application/json", `{"errors":{"code":"NOT_FOUND","message":"x"}}`)}
	client, seen := setup(t, server.ServeHTTP)
	for range 2 {
		if got := failure(t, client, context.Background(), GetUser(someID)); got.Status != 404 {
			t.Fatalf("got %v, want 404", got)
		}
	}
	if got := seen.passwords(); got != 1 {
		t.Errorf("got %d passwords, want 1", got)
	}
}

func TestWaitingForASignInObeysTheContext(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	server := &sessions{password: "s3cret!"}
	client, seen := setup(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-release
		server.ServeHTTP(w, r)
	})
	signIn := make(chan error)
	go func() { signIn <- get(client)(0) }()
	<-arrived
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	got := failure(t, client, ctx, UpdateUser(someID, Object{"Title": "x"}))
	if got.Kind != KindNetwork || got.Sent != NotSent || !errors.Is(got, context.Canceled) {
		t.Errorf("got %+v, want a cancelled request that was not sent", got)
	}
	close(release)
	if err := <-signIn; err != nil {
		t.Error(err)
	}
	if got := len(seen.list()); got != 1 {
		t.Errorf("got %d requests, want 1", got)
	}
}

// hijack closes the connection after the given bytes.
func hijack(w http.ResponseWriter, bytes ...string) {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	io.WriteString(connection, strings.Join(bytes, ""))
	connection.Close()
}
