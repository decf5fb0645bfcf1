package cupi

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"sync"
	"time"
)

// session decides what proves each request's right: the password, or the
// cookies that came back for it.
//
// The password goes alone: while one request carries it, all others wait. So a
// wrong password costs one failed sign-in and not one for each worker, and
// expired cookies cost one new sign-in however many workers learn of it.
// Generations make the latter work: a 401 ends the session only if its cookies
// were those of the present generation.
type session struct {
	server *url.URL // with https, so that the jar gives Secure cookies back on loopback http too

	mu         sync.Mutex
	jar        *cookiejar.Jar
	generation int           // counts the sign-ins that succeeded
	signedIn   bool          // the cookies of this generation hold, as far as we know
	cookieless bool          // this server sets none: each request carries the password
	signing    chan struct{} // closed when the sign-in in flight ends; nil: none is
	refused    *Error        // the 401 to a password; final

	shown      []*http.Cookie // what the jar gave last
	shownLine  string         // the same as a header
	shownWhen  time.Time
	toldBefore []string // the last Set-Cookie headers that the jar was given
}

// showAgain is how long the same cookies are shown without asking the jar, which sorts
// them and looks for expired ones, and how long the same headers are no news to it. One
// that expires meanwhile costs a new sign-in.
const showAgain = time.Second

// cookies gives the header of those to show; "": there are none. The mutex is held.
func (s *session) cookies() string {
	if s.shownWhen.IsZero() || time.Since(s.shownWhen) > showAgain {
		s.shown, s.shownWhen, s.toldBefore = s.jar.Cookies(s.server), time.Now(), nil
		header := http.Request{Header: http.Header{}}
		for _, cookie := range s.shown {
			header.AddCookie(cookie)
		}
		s.shownLine = header.Header.Get("Cookie")
	}
	return s.shownLine
}

// isNews reports whether a cookie is other than what is shown. The mutex is held.
func (s *session) isNews(cookie *http.Cookie) bool {
	return cookie.MaxAge < 0 || !slices.ContainsFunc(s.shown,
		func(shown *http.Cookie) bool { return shown.Name == cookie.Name && shown.Value == cookie.Value })
}

// pass is what one request may show.
type pass struct {
	password   bool // carry the password
	alone      bool // it is a sign-in, and the others wait for it
	generation int
	cookies    string // the header
}

func newSession(server *url.URL) *session {
	return &session{server: &url.URL{Scheme: "https", Host: server.Host, Path: "/vmrest/"}}
}

// enter waits for a pass. It fails when the password has been refused, or when
// the context ends.
func (s *session) enter(ctx context.Context) (pass, error) {
	for {
		s.mu.Lock()
		if s.refused != nil {
			defer s.mu.Unlock()
			return pass{}, s.refused
		}
		if s.signedIn {
			p := pass{password: s.cookieless, generation: s.generation}
			if !s.cookieless {
				p.cookies = s.cookies()
			}
			if s.cookieless || p.cookies != "" {
				s.mu.Unlock()
				return p, ctx.Err()
			}
			// The cookies have run out: sign in as if there had been none.
		}
		if s.signing == nil {
			if err := ctx.Err(); err != nil {
				s.mu.Unlock()
				return pass{}, err
			}
			s.signing = make(chan struct{})
			s.mu.Unlock()
			return pass{password: true, alone: true}, nil
		}
		signing := s.signing
		s.mu.Unlock()
		select {
		case <-signing:
		case <-ctx.Done():
			return pass{}, ctx.Err()
		}
	}
}

// leave hands a pass back with what its request met: the answer, nil if none
// came, and the error that Do will return. Every pass must be handed back.
func (s *session) leave(p pass, answer *http.Response, failure *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.alone {
		close(s.signing)
		s.signing = nil
	}
	switch {
	case answer == nil:
	case failure != nil && failure.Kind == KindSignIn:
		s.refused = failure
	case answer.StatusCode == http.StatusUnauthorized:
		if p.generation == s.generation {
			s.signedIn = false
		}
	case p.alone:
		s.begin(answer)
	case p.generation == s.generation:
		s.learn(answer)
	}
}

// learn takes the cookies of an answer. Most answers bring none, or the same again. The
// mutex is held.
func (s *session) learn(answer *http.Response) {
	told := answer.Header["Set-Cookie"]
	if len(told) == 0 || slices.Equal(told, s.toldBefore) {
		return
	}
	cookies := answer.Cookies()
	s.jar.SetCookies(s.server, cookies)
	if slices.ContainsFunc(cookies, s.isNews) {
		s.shownWhen = time.Time{}
	}
	s.cookieless = s.cookieless && s.cookies() == ""
	s.toldBefore = told
}

// begin starts a generation if the answer to a password shows that it was
// accepted: a success, or a refusal of the request itself that brought cookies.
func (s *session) begin(answer *http.Response) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return
	}
	jar.SetCookies(s.server, answer.Cookies())
	cookieless := len(jar.Cookies(s.server)) == 0
	success := answer.StatusCode/100 == 2
	if success || answer.StatusCode/100 == 4 && !cookieless {
		s.jar, s.cookieless, s.signedIn, s.shownWhen, s.toldBefore = jar, cookieless, true, time.Time{}, nil
		s.generation++
	}
}
