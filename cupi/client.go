package cupi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cucbulk/cupi/audio"
	"cucbulk/cupi/trace"
)

// New checks a configuration and returns a client. It sends nothing. Its errors
// say which setting is wrong and never repeat the password.
func New(config Config) (*Client, error) {
	server, err := parseServer(config.Server)
	if err != nil {
		return nil, err
	}
	switch {
	case config.User == "" || config.Password == "":
		return nil, errors.New("no user name or no password: give both")
	case strings.Contains(config.User, ":"):
		return nil, errors.New("the user name holds a colon, which HTTP sign-in can't carry")
	case config.Wire == "":
		config.Wire = JSON
	case config.Wire != JSON && config.Wire != XML:
		return nil, fmt.Errorf("the wire %q is neither json nor xml", printable(string(config.Wire), 20))
	}
	if config.Workers < 0 || config.Timeout < 0 {
		return nil, errors.New("workers and timeout can't be negative")
	}
	if config.Workers == 0 {
		config.Workers = 4
	}
	if config.Timeout == 0 {
		config.Timeout = time.Minute
	}
	trust, err := tlsConfig(config.CA, config.Pin)
	if err != nil {
		return nil, err
	}
	if config.Audio == nil {
		config.Audio = new(audio.Store)
	}
	if config.DialContext == nil {
		config.DialContext = (&net.Dialer{Timeout: config.Timeout}).DialContext
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	secrets := newSecrets()
	secrets.add(config.Password)
	return &Client{
		server: server, secrets: secrets, user: config.User, password: config.Password,
		wire: config.Wire, timeout: config.Timeout, recorder: config.Trace, audio: config.Audio,
		session: newSession(server),
		large:   make(chan struct{}, 1),
		header: http.Header{
			"Accept": {config.Wire.mediaType()}, "Cache-Control": {"no-cache"}, "User-Agent": {"cucbulk"},
			"Content-Type": {config.Wire.mediaType()},
		},
		counts: map[string]int{},
		// Called directly, not through http.Client: no redirect is followed, no
		// proxy is used, and no header follows to another host.
		transport: &http.Transport{
			DialContext:         config.DialContext,
			TLSClientConfig:     trust,
			TLSHandshakeTimeout: config.Timeout,
			Protocols:           protocols,
			MaxIdleConnsPerHost: config.Workers, // the default of 2 would cost a handshake a request
			MaxConnsPerHost:     config.Workers,
			IdleConnTimeout:     15 * time.Second, // shorter than the server's, or a POST may meet a closed connection
			DisableCompression:  true,             // an answer is as large as it comes

			MaxResponseHeaderBytes: maxHeaderBytes,
		},
	}, nil
}

// Server is the server's address in one spelling: "https://host" or "https://host:port".
func (c *Client) Server() string { return c.server.String() }

// Counts returns how many HTTP requests were really sent, by method: repeats
// after an expired session and by the transport count too.
func (c *Client) Counts() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.counts)
}

// SignIns returns how many of them carried the password.
func (c *Client) SignIns() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.signIns
}

// Close drops the idle connections. Requests in flight go on.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// maxSessions is how many sessions a request may see. Cookies that another
// worker's sign-in brought can expire too before this request used them. A 401 to a cookie
// means that nothing was done; should it not, [Error.Repeated] tells that there is a doubt.
const maxSessions = 3

// Do sends a request and reads its answer. It makes one attempt, within
// Config.Timeout; waiting for another's sign-in is bounded by ctx only. An error
// is always an [*Error].
func (c *Client) Do(ctx context.Context, r Request) (Answer, error) {
	err := r.check()
	var body []byte
	if err == nil && r.Fields != nil && !r.sounds() {
		body, err = c.wire.encode(r.Root, r.Fields)
	}
	if err != nil {
		return Answer{}, &Error{Method: r.Method, Path: printable(r.Path, 200), Kind: KindRequest, Sent: NotSent, Message: err.Error()}
	}
	c.hideSent(r)
	for sessions := 1; ; sessions++ {
		answer, failure := c.inSession(ctx, r, body)
		if failure == nil {
			return answer, nil
		}
		expired := failure.Kind == KindStatus && failure.Status == http.StatusUnauthorized
		if expired && sessions < maxSessions {
			continue
		}
		own := *failure // the session may give others the same one
		if own.Repeated = sessions > 1; own.Repeated && own.Sent == NotSent {
			own.Sent = Answered // before
		}
		return Answer{}, &own
	}
}

// inSession sends the request once, as soon as there is a session.
func (c *Client) inSession(ctx context.Context, r Request, body []byte) (Answer, *Error) {
	p, err := c.session.enter(ctx)
	if err != nil {
		return Answer{}, notEntered(r, err)
	}
	return c.attempt(ctx, r, body, p)
}

// attempt sends the request once and hands the pass back.
func (c *Client) attempt(ctx context.Context, r Request, body []byte, p pass) (answer Answer, failure *Error) {
	var response *http.Response
	defer func() { c.session.leave(p, response, failure) }()

	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	sending := &sendTrace{}
	request, err := c.newRequest(sending.attach(limited, c, r.Method, p.password), r, body, p)
	if err != nil {
		failure = &Error{Method: r.Method, Path: r.Path, Kind: KindRequest, Sent: NotSent, Err: err}
		if r.sounds() {
			failure.Code = BadRecording
		}
		return Answer{}, failure
	}
	began := time.Now()
	response, err = c.transport.RoundTrip(request)
	if err != nil {
		failure = &Error{Method: r.Method, Path: r.Path, Kind: kindOf(ctx, err), Sent: sending.sent(), Err: cause(ctx, err)}
		if failure.Kind == KindTimeout {
			failure.Message = "no answer within " + c.timeout.String()
		}
		failure.hush(c.secrets) // it may quote what came back
		c.record(trace.Raw{Request: request, RequestBody: body, Began: began}, failure)
		return Answer{}, failure
	}
	defer response.Body.Close()
	if r.sounds() && r.Method == http.MethodGet && isSound(response) {
		answer, failure = c.receive(ctx, r, response)
		answer.Took = time.Since(began)
		c.record(trace.Raw{Request: request, Began: began, Answer: response}, failure)
		return answer, failure
	}
	large := false // this answer is the large one
	text, err := readBody(response.Body, r.limit(response.StatusCode), func() error {
		select {
		case c.large <- struct{}{}:
			large = true
			return nil
		case <-limited.Done():
			return limited.Err()
		}
	})
	defer func() {
		if large {
			<-c.large
		}
	}()
	read := received{response: response, body: text}
	if err != nil {
		read.kind, read.err = kindOf(ctx, err), cause(ctx, err)
		if read.kind == KindNetwork && ctx.Err() == nil {
			read.kind = KindCut // a status came, then the body broke off
		}
	}
	if answer, failure = c.interpret(r, read, p); failure != nil {
		failure = c.withoutSecrets(failure, r, read, p)
	}
	answer.Took = time.Since(began)
	c.record(trace.Raw{Request: request, RequestBody: body, Began: began, Answer: response, AnswerBody: text}, failure)
	return answer, failure
}

// record hands an exchange to the trace, if there is one.
func (c *Client) record(raw trace.Raw, failure *Error) {
	if c.recorder == nil {
		return
	}
	raw.Took, raw.Clean = time.Since(raw.Began), c.secrets.clean
	if failure != nil {
		raw.Failure, raw.Sent, raw.Error = string(failure.Kind), string(failure.Sent), failure.Err
		if raw.Error == nil && failure.Status == 0 {
			raw.Error = errors.New(failure.Message)
		}
	}
	c.recorder.Record(raw)
}

// newRequest builds the HTTP request. It carries no Idempotency-Key: net/http
// would take it as leave to send a POST twice.
func (c *Client) newRequest(ctx context.Context, r Request, text []byte, p pass) (*http.Request, error) {
	var body io.Reader
	if text != nil {
		body = bytes.NewReader(text)
	}
	path, err := url.PathUnescape(r.Path)
	if err != nil {
		return nil, err
	}
	// With its address in parts it is not put together first and then parsed again.
	request, err := http.NewRequestWithContext(ctx, r.Method, "", body)
	if err != nil {
		return nil, err
	}
	request.URL = &url.URL{Scheme: c.server.Scheme, Host: c.server.Host, Path: path, RawPath: r.Path, RawQuery: r.Query}
	request.Host, request.Header = c.server.Host, maps.Clone(c.header)
	if r.Method != http.MethodPost && r.Method != http.MethodPut {
		request.Header.Del("Content-Type")
	}
	if r.sounds() {
		if err := c.attachSound(request, r); err != nil {
			return nil, err
		}
	}
	if p.password {
		request.SetBasicAuth(c.user, c.password)
	}
	if p.cookies != "" {
		request.Header.Set("Cookie", p.cookies)
	}
	return request, nil
}

// hideSent keeps the secrets of a request that is about to be sent.
func (c *Client) hideSent(r Request) {
	for _, name := range secretFields {
		if value := r.Fields[name]; value != "" {
			c.secrets.add(value)
		}
	}
}

// withoutSecrets tells a failure anew from an answer in which no secret stands. They
// are taken out of the body, because a message that is cut could keep half of one, and
// out of the message, because some are spelled there only.
func (c *Client) withoutSecrets(failure *Error, r Request, got received, p pass) *Error {
	if len(got.body) > maxErrorBytes { // to be searched; what its bounds say repeats nothing of it
		if _, bound := failure.Err.(excess); !bound && failure.Err != nil {
			failure.Err = errors.New("the answer can't be read, and is too long to say why")
		}
		failure.hush(c.secrets)
		return failure
	}
	got.body = []byte(c.secrets.clean(string(got.body)))
	if _, again := c.interpret(r, got, p); again != nil {
		failure = again
	}
	failure.hush(c.secrets)
	return failure
}

// Hide keeps a secret out of all that the client will tell of the server, as if it had
// been sent: another process may have.
func (c *Client) Hide(secret string) { c.secrets.add(secret) }

// Clean takes every secret that was sent, or hidden, out of a text of the server. What the
// client tells in errors is clean already.
func (c *Client) Clean(text string) string { return c.secrets.clean(text) }
