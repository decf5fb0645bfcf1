package cupi

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Kind says what went wrong with a request.
type Kind string

// The kinds of failure.
const (
	KindStatus      Kind = "status"      // answered with a status that is no success
	KindNetwork     Kind = "network"     // no connection, it broke, or the caller's context ended
	KindTimeout     Kind = "timeout"     // no answer within [Config].Timeout
	KindCertificate Kind = "certificate" // the server is not proven to be the right one
	KindRedirect    Kind = "redirect"    // the server sends elsewhere; never followed
	KindSignIn      Kind = "sign-in"     // 401 to the password; final for this client
	KindCut         Kind = "cut"         // 2xx whose body broke off
	KindAnswer      Kind = "answer"      // 2xx that can't be read: too large, another resource, no document at all
	KindWebPage     Kind = "web-page"    // 2xx with a web page: a login page or a proxy answers, not CUPI
	KindRequest     Kind = "request"     // refused before sending: the request itself is wrong
)

// Sent says whether the server may have got the request.
type Sent string

// What is known about a request that failed.
const (
	NotSent  Sent = "not-sent" // provably no byte of it left
	Answered Sent = "answered" // a status line came back
	InDoubt  Sent = "in-doubt" // it may have arrived and may have been carried out
)

// Error is a request that failed. It never holds a body, a password or a PIN.
type Error struct {
	Method, Path string
	Kind         Kind
	Sent         Sent
	Status       int    // of HTTP; 0: no answer
	Code         string // CUPI's error code, as sent; often empty
	Message      string // the server's message or what was refused; one line, at most 2000 characters
	// It was sent before too, and met a 401 to a cookie, which something in between may have said
	// of what was done.
	Repeated   bool
	RetryAfter time.Duration // how long the server asks to wait; 0: it did not
	Err        error         // the cause below, if there is one
}

// advice is what to do about a kind of failure.
var advice = map[Kind]string{
	KindCertificate: "nothing was sent: trust its CA, or pin its public key",
	KindRedirect:    "give that address as the server",
	KindSignIn:      "check the user name and the password; nothing more is sent, because a few wrong ones lock the account",
}

// Error is one sentence: method, path, status, code, message, what to do.
func (e *Error) Error() string {
	parts := []string{e.Method + " " + e.Path}
	if e.Status != 0 {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))))
	}
	for _, part := range []string{e.Code, e.Message} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if e.Err != nil {
		parts = append(parts, printable(e.Err.Error(), maxMessage))
	}
	text := strings.TrimSuffix(strings.Join(parts, ": "), ".")
	if e.Sent == InDoubt && e.Method != http.MethodGet {
		text += "; it may have been carried out"
	}
	if next, ok := advice[e.Kind]; ok {
		text += "; " + next
	}
	return text
}

// Unwrap gives the cause, so that errors.Is finds context.Canceled.
func (e *Error) Unwrap() error { return e.Err }
