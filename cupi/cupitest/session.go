package cupitest

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"time"
)

// maxSessions is how many sessions are remembered; the oldest goes first.
const maxSessions = 10_000

// admit lets the request in by its credentials or else by its cookies, and returns the cookies to set; or it
// returns the answer that keeps it out.
func (s *Server) admit(r *http.Request) (cookies []string, refusal *answer) {
	s.door.mu.Lock()
	defer s.door.mu.Unlock()
	now := time.Now()
	if r.Header.Get("Authorization") != "" {
		return s.signIn(r, now)
	}
	current := s.session(r, now)
	if current == nil {
		return nil, refuse(r)
	}
	return s.turn(current, now), nil
}

// signIn checks credentials. They are good whatever cookies come along; cookies that are good too are kept.
func (s *Server) signIn(r *http.Request, now time.Time) ([]string, *answer) {
	d := &s.door
	if s.BasicPerSecond > 0 {
		for len(d.recent) > 0 && now.Sub(d.recent[0]) >= time.Second {
			d.recent = d.recent[1:]
		}
		if len(d.recent) >= s.BasicPerSecond {
			a := busy(0)
			return nil, &a
		}
		d.recent = append(d.recent, now)
	}
	user, password, ok := r.BasicAuth()
	if s.Username != "" || s.Password != "" {
		ok = ok && equal(user, s.Username) && equal(password, s.Password)
	}
	if !ok || d.locked {
		d.bad++
		d.locked = d.locked || s.LockAfter > 0 && d.bad >= s.LockAfter
		s.tally.signIn(false)
		return nil, refuse(r)
	}
	d.bad = 0
	s.tally.signIn(true)
	if current := s.session(r, now); current != nil {
		return s.turn(current, now), nil
	}
	return s.open(now), nil
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// open starts a session and returns its cookies, with the paths that servers were recorded to give them.
func (s *Server) open(now time.Time) []string {
	d := &s.door
	if d.sessions == nil {
		d.sessions = map[string]*session{}
	}
	opened := &session{
		single: s.secret(), id: s.secret(), token: s.secret(),
		opened: now, turned: now,
	}
	d.sessions[opened.id] = opened
	d.order = append(d.order, opened.id)
	if len(d.order) > maxSessions {
		delete(d.sessions, d.order[0])
		d.order = d.order[1:]
	}
	return []string{
		"JSESSIONIDSSO=" + opened.single + "; Path=/; Secure; HttpOnly",
		"JSESSIONID=" + opened.id + "; Path=/vmrest/; Secure; HttpOnly",
		tokenCookie(opened.token),
	}
}

// secret is the next cookie value. It is not random: a simulator keeps nobody out for good.
func (s *Server) secret() string {
	s.door.issued++
	return fmt.Sprintf("%016X", mix(s.Seed^mix(s.door.issued)))
}

func tokenCookie(token string) string {
	return "REQUEST_TOKEN_KEY=" + token + "; Path=/; Secure; HttpOnly"
}

// session finds the session that all three cookies name, unless it is too old.
func (s *Server) session(r *http.Request, now time.Time) *session {
	id, err := r.Cookie("JSESSIONID")
	if err != nil {
		return nil
	}
	found := s.door.sessions[id.Value]
	if found == nil || s.CookieLife > 0 && now.Sub(found.opened) >= s.CookieLife {
		return nil
	}
	single, err := r.Cookie("JSESSIONIDSSO")
	if err != nil || single.Value != found.single {
		return nil
	}
	token, err := r.Cookie("REQUEST_TOKEN_KEY")
	if err != nil {
		return nil
	}
	age := now.Sub(found.turned)
	switch {
	case token.Value == found.token && (s.TokenLife == 0 || age < 2*s.TokenLife):
		return found
	case token.Value == found.previous && age < s.TokenLife:
		return found
	}
	return nil
}

// turn sets the token cookie anew, and gives the session its next token when the old one's life is over.
func (s *Server) turn(current *session, now time.Time) []string {
	if s.TokenLife == 0 || now.Sub(current.turned) < s.TokenLife {
		return []string{tokenCookie(current.token)}
	}
	current.previous, current.token, current.turned = current.token, s.secret(), now
	return []string{expired(current.previous), tokenCookie(current.token)}
}

// expired is the cookie that ends a token, as recorded: with a minus sign, and without a path.
func expired(token string) string {
	return "REQUEST_TOKEN_KEY=-" + token + "; Expires=Thu, 01-Jan-1970 00:00:10 GMT"
}

// refuse is the 401. A client that brought no cookies is told how to sign in; one with cookies is told that its token ended.
func refuse(r *http.Request) *answer {
	a := unauthorized()
	if token, err := r.Cookie("REQUEST_TOKEN_KEY"); err == nil {
		a.cookies = []string{expired(token.Value)}
	} else {
		a = a.with("WWW-Authenticate", `Basic realm="Cisco Unity Connection"`)
	}
	return &a
}
