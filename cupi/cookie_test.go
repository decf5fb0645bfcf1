package cupi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestSessionThatNeverHolds(t *testing.T) {
	t.Parallel()
	// A 401 to fresh cookies too: the request is repeated once and not for ever.
	client, seen := setup(t, func(w http.ResponseWriter, r *http.Request) {
		if _, _, basic := r.BasicAuth(); !basic {
			reply(http.StatusUnauthorized, "text/html", tomcat401)(w, r)
			return
		}
		reply(http.StatusOK, "application/json", `{"ObjectId":"1"}`, "Set-Cookie", "JSESSIONID=1; Path=/")(w, r)
	})
	for range 3 {
		mustDo(t, client, GetUser(someID))
	}
	if got, want := len(seen.list()), 5; got != want {
		t.Errorf("got %d requests, want %d: one sign-in, then twice a refused cookie and a sign-in", got, want)
	}
}

// A worker that learns of the expiry late, when another has signed in again,
// must not end the new session.
func TestLateNewsOfAnExpiry(t *testing.T) {
	t.Parallel()
	s := newSession(&url.URL{Scheme: "https", Host: "cuc1.example.com"})
	enter := func() pass {
		p, err := s.enter(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	ok := &http.Response{StatusCode: 200, Header: http.Header{"Set-Cookie": {"JSESSIONID=1; Path=/vmrest/; Secure"}}}
	expired := &http.Response{StatusCode: 401, Header: http.Header{}}
	s.leave(enter(), ok, nil)
	early, late := enter(), enter()
	s.leave(early, expired, &Error{Kind: KindStatus})
	again := enter()
	s.leave(again, ok, nil)
	s.leave(late, expired, &Error{Kind: KindStatus})
	if got := enter(); early.password || !again.alone || got.password || got.generation != 2 {
		t.Errorf("got passes %+v, %+v, %+v; want cookies, a sign-in, and cookies of the second session", early, again, got)
	}
}

func TestCookiesThatTheServerTakesBack(t *testing.T) {
	t.Parallel()
	server := &sessions{password: "s3cret!"}
	client, seen := setup(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			for _, c := range r.Cookies() {
				path := map[string]string{"JSESSIONID": "/vmrest/"}[c.Name]
				http.SetCookie(w, &http.Cookie{Name: c.Name, Path: cmp.Or(path, "/"), MaxAge: -1})
			}
		}
		server.ServeHTTP(w, r)
	})
	mustDo(t, client, GetUser(someID))
	mustDo(t, client, DeleteUser(someID))
	mustDo(t, client, GetUser(someID))
	mustDo(t, client, GetUser(someID))
	var got []bool
	for _, one := range seen.list() {
		got = append(got, one.password)
	}
	if fmt.Sprint(got) != "[true false true false]" {
		t.Errorf("got passwords %v, want one more when the cookies were gone", got)
	}
}

func TestCookiesThatAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	const n = 10
	server := &sessions{password: "s3cret!"}
	client, seen := setup(t, func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(w, r)
		server.forget()
	}, workers(n))
	for _, err := range together(n, get(client)) {
		var failed *Error
		if errors.As(err, &failed) && (failed.Kind != KindStatus || failed.Status != http.StatusUnauthorized) {
			t.Errorf("got %v, want success or 401", err)
		}
	}
	if got := len(seen.list()); got > n*maxSessions {
		t.Errorf("got %d requests, want at most %d for each of %d", got, maxSessions, n)
	}
}

func TestServerWithoutCookies(t *testing.T) {
	t.Parallel()
	client, seen := setup(t, reply(http.StatusOK, "application/json", `{"ObjectId":"1"}`), workers(5))
	for _, err := range together(10, get(client)) {
		if err != nil {
			t.Error(err)
		}
	}
	if got := seen.passwords(); got != 10 {
		t.Errorf("got %d requests with the password, want all 10", got)
	}
}

func TestTokenTurnsOver(t *testing.T) {
	t.Parallel()
	server := &sessions{password: "s3cret!", handler: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Set-Cookie", "REQUEST_TOKEN_KEY=-7; Expires=Thu, 01-Jan-1970 00:00:10 GMT")
		w.Header().Add("Set-Cookie", "REQUEST_TOKEN_KEY=8; Path=/; Secure; HttpOnly")
		reply(http.StatusOK, "application/json", `{"ObjectId":"1"}`)(w, r)
	}}
	client, seen := setup(t, server.ServeHTTP)
	for range 3 {
		mustDo(t, client, GetUser(someID))
	}
	all := seen.list()
	if got := all[len(all)-1].header.Get("Cookie"); strings.Count(got, "REQUEST_TOKEN_KEY=") != 1 || !strings.Contains(got, "REQUEST_TOKEN_KEY=8") {
		t.Errorf("got cookies %q, want the new token only", got)
	}
	if seen.passwords() != 1 {
		t.Errorf("got %d passwords, want 1", seen.passwords())
	}
}

// A server may send the same cookies with every answer, and another one at any time; the
// same header says anew how long a cookie lasts.
func TestCookiesThatComeWithEveryAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSession(&url.URL{Scheme: "https", Host: "cuc1.example.com"})
		ask := func(cookie string) (shown string) {
			t.Helper()
			p, err := s.enter(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			s.leave(p, &http.Response{StatusCode: 200, Header: http.Header{"Set-Cookie": {cookie + "; Path=/; Max-Age=5"}}}, nil)
			return p.cookies
		}
		var got []string
		for _, answer := range []string{"JSESSIONID=1", "JSESSIONID=1", "JSESSIONID=2", "JSESSIONID=2", "JSESSIONID=1", "JSESSIONID=1"} {
			got = append(got, ask(answer))
		}
		want := []string{"", "JSESSIONID=1", "JSESSIONID=1", "JSESSIONID=2", "JSESSIONID=2", "JSESSIONID=1"}
		if !slices.Equal(got, want) {
			t.Errorf("got cookies %q, want %q", got, want)
		}
		for range 8 {
			time.Sleep(2 * time.Second)
			if got := ask("JSESSIONID=1"); got != "JSESSIONID=1" {
				t.Errorf("two seconds later: got cookies %q, want the session to last", got)
			}
		}
		time.Sleep(6 * time.Second)
		if got := ask("JSESSIONID=1"); got != "" {
			t.Errorf("got cookies %q when they had expired, want a sign-in", got)
		}
	})
}
