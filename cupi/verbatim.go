package cupi

import (
	"context"
	"net/http"
	"time"

	"cucbulk/cupi/trace"
)

// unknownSession is a cookie that no server gave: it is as good as one that has expired.
const unknownSession = "JSESSIONIDSSO=00000000000000000000000000000000"

// Verbatim is a request with headers of its own, of which the answer is wanted as it came.
type Verbatim struct {
	Request
	Header  map[string]string // in place of the usual ones; an empty text leaves one out
	Expired bool              // it shows a cookie that is not valid, in place of what proves who asks
	Sound   []byte            // the body of a [Sound], as it is
}

// Say sends a request and gives the exchange as it was, whatever the server's answer means: a
// refusal is no error. It makes one attempt, as [Client.Do] does, and signs in again as that does.
// An error is an [*Error]: no answer came, or not all of it.
func (c *Client) Say(ctx context.Context, v Verbatim) (trace.Raw, error) {
	err := v.Request.check()
	body := v.Sound
	if err == nil && v.Fields != nil {
		body, err = c.wire.encode(v.Root, v.Fields)
	}
	if err != nil {
		return trace.Raw{}, &Error{Method: v.Method, Path: printable(v.Path, 200), Kind: KindRequest, Sent: NotSent, Message: err.Error()}
	}
	c.hideSent(v.Request)
	for sessions := 1; ; sessions++ {
		var p pass
		if !v.Expired {
			if p, err = c.session.enter(ctx); err != nil {
				return trace.Raw{}, notEntered(v.Request, err)
			}
		}
		raw, failure := c.say(ctx, v, body, p)
		if failure != nil {
			failure.Repeated = sessions > 1
			return raw, failure
		}
		if v.Expired || raw.Answer.StatusCode != http.StatusUnauthorized || p.password || sessions == maxSessions {
			return raw, nil
		}
	}
}

// say sends it once and hands the pass back.
func (c *Client) say(ctx context.Context, v Verbatim, body []byte, p pass) (raw trace.Raw, failure *Error) {
	var response *http.Response
	refused := false // the password
	defer func() {
		if v.Expired {
			return
		}
		about := failure
		if refused {
			about = &Error{Method: v.Method, Path: v.Path, Kind: KindSignIn, Sent: Answered, Status: http.StatusUnauthorized}
		}
		c.session.leave(p, response, about)
	}()
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	sending := &sendTrace{}
	request, err := c.newRequest(sending.attach(limited, c, v.Method, p.password), v.Request, body, p)
	if err != nil {
		return raw, &Error{Method: v.Method, Path: v.Path, Kind: KindRequest, Sent: NotSent, Err: err}
	}
	if v.Expired {
		request.Header.Set("Cookie", unknownSession)
	}
	for name, value := range v.Header {
		request.Header.Del(name)
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	raw = trace.Raw{Request: request, RequestBody: body, Began: time.Now(), Clean: c.secrets.clean}
	if response, err = c.transport.RoundTrip(request); err != nil {
		failure = &Error{Method: v.Method, Path: v.Path, Kind: kindOf(ctx, err), Sent: sending.sent(), Err: cause(ctx, err)}
		failure.hush(c.secrets)
		c.record(raw, failure)
		return raw, failure
	}
	defer response.Body.Close()
	refused = p.password && response.StatusCode == http.StatusUnauthorized
	raw.AnswerBody, err = readBody(response.Body, v.limit(response.StatusCode), func() error { return nil })
	raw.Answer, raw.Took = response, time.Since(raw.Began)
	if err != nil {
		failure = &Error{Method: v.Method, Path: v.Path, Kind: kindOf(ctx, err), Sent: Answered,
			Status: response.StatusCode, Err: cause(ctx, err)}
		failure.hush(c.secrets)
	}
	c.record(raw, failure)
	return raw, failure
}

// Made is the id of what the answer to a POST says was made, "" if it does not tell one.
func Made(raw trace.Raw) string {
	if raw.Answer == nil || raw.Request.Method != http.MethodPost || raw.Answer.StatusCode/100 != 2 {
		return ""
	}
	return madeID(received{response: raw.Answer, body: raw.AnswerBody})
}

// Shown is what the answer to a GET shows: the elements of a list, or the one object.
func (r Request) Shown(raw trace.Raw) []Object {
	var answer Answer
	if raw.Answer == nil || raw.Answer.StatusCode/100 != 2 || answer.read(r, received{response: raw.Answer, body: raw.AnswerBody}) != nil {
		return nil
	}
	if r.Wrapper != "" {
		return answer.Page.Items
	}
	return []Object{answer.Object}
}
