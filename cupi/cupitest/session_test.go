package cupitest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// visitor is a client without a network, for tests in fake time. It keeps cookies as a browser does on https.
type visitor struct {
	s       *Server
	cookies map[string]string
}

// get asks for one user, with credentials if there are any.
func (v *visitor) get(credentials ...string) *http.Response {
	return v.ask("GET", "/vmrest/users/"+operatorID, credentials...)
}

func (v *visitor) ask(method, target string, credentials ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	if len(credentials) > 0 {
		r.SetBasicAuth(credentials[0], credentials[1])
	}
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	recorder := httptest.NewRecorder()
	v.s.ServeHTTP(recorder, r)
	answer := recorder.Result()
	for _, cookie := range answer.Cookies() {
		if v.cookies == nil {
			v.cookies = map[string]string{}
		}
		if cookie.Path != "" { // without a path it is another cookie, that of the path /vmrest
			v.cookies[cookie.Name] = cookie.Value
		}
	}
	return answer
}

func (v *visitor) want(t *testing.T, status int, credentials ...string) *http.Response {
	t.Helper()
	answer := v.get(credentials...)
	if answer.StatusCode != status {
		t.Fatalf("got status %d, want %d", answer.StatusCode, status)
	}
	return answer
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	s := &Server{Username: "admin", Password: "secret"}
	v := &visitor{s: s}
	refused := v.want(t, 401)
	if got := refused.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/html") {
		t.Errorf("the 401 is %s, want a page", got)
	}
	if refused.Header.Get("WWW-Authenticate") == "" {
		t.Error("the first 401 must tell how to sign in")
	}
	v.want(t, 401, "admin", "wrong")
	v.want(t, 401, "other", "secret")
	got := v.want(t, 200, "admin", "secret").Header.Values("Set-Cookie")
	want := []string{
		"JSESSIONIDSSO=" + v.cookies["JSESSIONIDSSO"] + "; Path=/; Secure; HttpOnly",
		"JSESSIONID=" + v.cookies["JSESSIONID"] + "; Path=/vmrest/; Secure; HttpOnly",
		"REQUEST_TOKEN_KEY=" + v.cookies["REQUEST_TOKEN_KEY"] + "; Path=/; Secure; HttpOnly",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got cookies\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	v.want(t, 200)
	if s.SignIns() != 1 || s.FailedSignIns() != 2 || s.Unauthorized() != 3 {
		t.Errorf("got %d sign-ins, %d failed, %d answers 401; want 1, 2, 3", s.SignIns(), s.FailedSignIns(), s.Unauthorized())
	}
	delete(v.cookies, "JSESSIONIDSSO")
	v.want(t, 401)
}

func TestAnyCredentialsWillDo(t *testing.T) {
	t.Parallel()
	v := &visitor{s: &Server{}}
	v.want(t, 401)
	v.want(t, 200, "anybody", "")
	v.want(t, 200)
}

func TestCookiesExpire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := &visitor{s: &Server{CookieLife: time.Minute}}
		v.want(t, 200, "a", "b")
		time.Sleep(59 * time.Second)
		v.want(t, 200)
		time.Sleep(time.Second)
		refused := v.want(t, 401)
		if got, want := refused.Header.Get("Set-Cookie"), "REQUEST_TOKEN_KEY=-"+v.cookies["REQUEST_TOKEN_KEY"]+"; Expires=Thu, 01-Jan-1970 00:00:10 GMT"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		v.want(t, 200, "a", "b") // credentials are good with expired cookies too
		v.want(t, 200)
	})
}

func TestTokensTurnOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := &visitor{s: &Server{TokenLife: time.Minute}}
		v.want(t, 200, "a", "b")
		first := v.cookies["REQUEST_TOKEN_KEY"]
		time.Sleep(time.Minute)
		turned := v.want(t, 200)
		second := v.cookies["REQUEST_TOKEN_KEY"]
		if got := turned.Header.Values("Set-Cookie"); second == first || len(got) != 2 || !strings.HasPrefix(got[0], "REQUEST_TOKEN_KEY=-"+first) {
			t.Errorf("got %v after the token %s", got, first)
		}
		v.cookies["REQUEST_TOKEN_KEY"] = first // a client that ignores the new token is let in for a while
		time.Sleep(59 * time.Second)
		v.want(t, 200)
		v.cookies["REQUEST_TOKEN_KEY"] = first
		time.Sleep(time.Second)
		v.want(t, 401)
		v.cookies["REQUEST_TOKEN_KEY"] = second
		v.want(t, 200)
		time.Sleep(2 * time.Minute)
		v.want(t, 401)
	})
}

func TestBasicPerSecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := &visitor{s: &Server{BasicPerSecond: 2}}
		v.want(t, 200, "a", "b")
		v.want(t, 200, "a", "b")
		v.want(t, 503, "a", "b")
		v.want(t, 200)
		time.Sleep(time.Second)
		v.want(t, 200, "a", "b")
		if got := v.s.Busy(); got != 1 {
			t.Errorf("got %d answers 503, want 1", got)
		}
	})
}

func TestAccountLocks(t *testing.T) {
	t.Parallel()
	v := &visitor{s: &Server{Username: "admin", Password: "secret", LockAfter: 3}}
	v.want(t, 401, "admin", "1")
	v.want(t, 401, "admin", "2")
	v.want(t, 200, "admin", "secret") // starts the count anew
	v.want(t, 401, "admin", "1")
	v.want(t, 401, "admin", "2")
	v.want(t, 401, "admin", "3")
	v.want(t, 401, "admin", "secret")
	v.want(t, 200) // a session goes on
}
