package cupitest

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// delivery is how an answer reaches the client.
type delivery int

const (
	whole     delivery = iota
	cut                // the connection ends, nothing was sent
	reset              // the connection is reset, nothing was sent
	truncated          // the body ends half-way
	twice              // another answer follows
)

// answer is one response, made before any of it is sent.
type answer struct {
	status   int
	headers  [][2]string
	cookies  []string // values of Set-Cookie
	body     []byte
	delivery delivery
	again    []byte // the body of the other answer
}

func (a answer) with(name, value string) answer {
	a.headers = append(a.headers, [2]string{name, value})
	return a
}

// deliver sends the answer, or what its fault leaves of it.
func (a answer) deliver(w http.ResponseWriter) {
	switch a.delivery {
	case reset:
		resetConnection(w)
		return
	case cut:
		panic(http.ErrAbortHandler)
	}
	header := w.Header()
	header.Set("Cache-Control", "private")
	header.Set("Expires", "Wed, 31 Dec 1969 16:00:00 PST")
	header.Set("X-Frame-Options", "SAMEORIGIN")
	for _, pair := range a.headers {
		header.Set(pair[0], pair[1])
	}
	for _, cookie := range a.cookies {
		header.Add("Set-Cookie", cookie)
	}
	body := a.body
	if a.status != http.StatusNoContent {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	if a.delivery == truncated {
		body = body[:len(body)/2]
	}
	if a.delivery == twice && a.deliverTwice(w) {
		return
	}
	w.WriteHeader(a.status)
	w.Write(body) // a client that has left hears nothing
	if len(body) < len(a.body) {
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// deliverTwice sends the answer and at once a second one, which nobody asked for; then the connection ends. It reports
// whether it could.
func (a answer) deliverTwice(w http.ResponseWriter) bool {
	header := w.Header()
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return false
	}
	defer connection.Close()
	var text bytes.Buffer
	fmt.Fprintf(&text, "HTTP/1.1 %d %s\r\nDate: %s\r\n", a.status, http.StatusText(a.status), time.Now().UTC().Format(http.TimeFormat))
	header.Write(&text) // a buffer has no errors
	fmt.Fprintf(&text, "\r\n%sHTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", a.body,
		len(a.again), a.again)
	connection.Write(text.Bytes()) // a client that has left hears nothing
	return true
}

// resetConnection closes the connection so that the client sees a reset, where the transport can.
func resetConnection(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 resets the stream
	}
	plain := connection
	if secure, ok := connection.(interface{ NetConn() net.Conn }); ok {
		plain = secure.NetConn()
	}
	if tcp, ok := plain.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	plain.Close()
}

// webPage is an answer in HTML, of the kind that the web server gives by itself.
func webPage(status int, text string) answer {
	title := fmt.Sprintf("HTTP Status %d - %s", status, html.EscapeString(text))
	body := fmt.Sprintf("<!DOCTYPE html>\n<html><head><title>%s</title></head>\n<body><h1>%s</h1>\n"+
		"<hr><h3>Apache Tomcat</h3></body></html>\n", title, title)
	return answer{status: status, body: []byte(body)}.with("Content-Type", "text/html;charset=utf-8")
}

// busy is the answer of a server whose queue is full or too slow.
// notAllowed answers a method that a path does not have.
func notAllowed(allowed ...string) answer {
	return webPage(http.StatusMethodNotAllowed, "The method is not allowed for the requested resource.").
		with("Allow", strings.Join(allowed, ", "))
}

func busy(retryAfter time.Duration) answer {
	return webPage(http.StatusServiceUnavailable, "Server busy").retryAfter(retryAfter)
}

// internalError is the page of an exception that nobody caught.
func internalError() answer {
	a := webPage(http.StatusInternalServerError, "Internal Server Error")
	a.body = []byte("<html><head><title>Apache Tomcat - Error report</title></head><body><h1>HTTP Status 500</h1>" +
		"<p><b>Exception:</b> <pre>com.example.cuc.DatabaseException: the statement failed\n</pre></p></body></html>\n")
	return a
}

// unauthorized is the page for credentials or cookies that are not good.
func unauthorized() answer {
	return webPage(http.StatusUnauthorized, "This request requires HTTP authentication.")
}

// withBody is the request with its body unread.
func withBody(r *http.Request, body []byte) *http.Request {
	unread := r.Clone(r.Context())
	unread.Body = io.NopCloser(bytes.NewReader(body))
	return unread
}

// failure is a request that was understood and refused: a status, a code, and one message or more.
type failure struct {
	status   int
	code     string
	messages []string
}

// invalid is a request that breaks rules: 400.
func invalid(messages ...string) *failure {
	return &failure{http.StatusBadRequest, "DATA_EXCEPTION", messages}
}

// notFound is a resource that does not exist: 404 with the element's name in lower case, as servers write it.
func notFound(element, key, id string) *failure {
	return &failure{http.StatusNotFound, "NOT_FOUND", []string{fmt.Sprintf("%s - %s=%s", element, key, id)}}
}

// retryAfter adds the header, in whole seconds, unless wait is zero.
func (a answer) retryAfter(wait time.Duration) answer {
	if wait <= 0 {
		return a
	}
	return a.with("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
}
