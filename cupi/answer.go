package cupi

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// limit is how many bytes an answer to this request may have.
func (r Request) limit(status int) int {
	switch {
	case status/100 != 2:
		return maxErrorBytes
	case r.Wrapper != "":
		return maxPageBytes
	}
	return maxObjectBytes
}

// readBody reads at most limit bytes; it returns what it got also on an error. Before
// it goes beyond what answers usually have, it asks for leave.
func readBody(body io.Reader, limit int, leave func() error) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(body, int64(min(limit, maxSmallBytes)+1)))
	if len(text) > maxSmallBytes && err == nil {
		if err = leave(); err != nil {
			return text, err
		}
		whole := append(make([]byte, 0, limit+1), text...) // at once: a slice that grows would take twice as much
		for err == nil && len(whole) < cap(whole) {
			var n int
			n, err = body.Read(whole[len(whole):cap(whole)])
			whole = whole[:len(whole)+n]
		}
		if text = whole; err == io.EOF {
			err = nil
		}
	}
	if len(text) > limit {
		return text[:limit], excess("more than " + size(limit))
	}
	return text, err
}

// received is an answer as it came: body may be cut off, then err says why.
type received struct {
	response *http.Response
	body     []byte
	kind     Kind
	err      error
}

// interpret turns what came back into an Answer or an Error. It is the only
// place where HTTP statuses get a meaning.
func (c *Client) interpret(r Request, got received, p pass) (Answer, *Error) {
	header, status := got.response.Header, got.response.StatusCode
	failure := &Error{Method: r.Method, Path: r.Path, Sent: Answered, Status: status}
	answer := Answer{Status: status}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		answer.Date = date
	}
	switch status / 100 {
	case 2:
		err := answer.read(r, got)
		if err == nil {
			return answer, nil
		}
		failure.Kind, failure.Err = KindAnswer, err
		switch {
		case got.err != nil:
			failure.Kind, failure.Err = got.kind, got.err
		case isWebPage(got.body):
			failure.Kind = KindWebPage
		case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errEmpty):
			failure.Kind = KindCut
		}
		return Answer{}, failure
	case 3:
		failure.Kind, failure.Message = KindRedirect, "the server sends us to "+redirectTarget(header)
		return Answer{}, failure
	}
	failure.Kind = KindStatus
	if status == http.StatusUnauthorized && p.password {
		failure.Kind = KindSignIn
	}
	failure.Code, failure.Message = decodeError(got.body)
	failure.RetryAfter = retryAfter(header, answer.Date)
	return Answer{}, failure
}

// read takes from a success what its method promises.
func (a *Answer) read(r Request, got received) error {
	contentType := got.response.Header.Get("Content-Type")
	switch {
	case r.Method == http.MethodPost:
		a.ObjectID = madeID(got)
		if a.ObjectID == "" {
			return errors.New("the answer does not tell the id of what was made")
		}
		return nil
	case r.Method != http.MethodGet:
		// Documents name 200 and 204, real servers send 204; a login page is also a 200.
		if isWebPage(got.body) {
			_, _, err := detect(contentType, got.body)
			return err
		}
		a.Empty = got.err == nil && len(bytes.TrimSpace(got.body)) == 0
		return nil
	case got.err != nil:
		return got.err
	case r.sounds():
		if isWebPage(got.body) {
			_, _, err := detect(contentType, got.body)
			return err
		}
		return errors.New("the answer is no recording")
	}
	var err error
	switch {
	case r.Wrapper != "":
		a.Page, err = decodePage(contentType, got.body, r.Wrapper, r.Root)
	case r.Nested:
		a.Object, err = decodeNested(contentType, got.body)
	default:
		a.Object, err = decodeObject(contentType, got.body, r.Root)
	}
	return err
}

// madeID finds the id of a new resource: in the text "/vmrest/users/<id>" of the
// body, or in the Location header. Both come with odd prefixes (the header's
// path is doubled), so the last part counts. What has not the form of an id is none:
// paths are built of it. Two that differ are none, either.
func madeID(got received) string {
	header := idIn(got.response.Header.Get("Location"))
	if got.err != nil { // an id that is cut off looks like an id
		return header
	}
	body := idIn(string(got.body))
	if header != "" && body != "" && !strings.EqualFold(header, body) {
		return ""
	}
	return cmp.Or(body, header)
}

// idIn is the id at the end of a resource's address, "" if there is none.
func idIn(address string) string {
	address = strings.Trim(address, " \t\r\n\"'\uFEFF")
	address, _, _ = strings.Cut(address, "?")
	id := strings.TrimSpace(address[strings.LastIndex(address, "/")+1:])
	if !strings.Contains(address, "/vmrest/") || !isObjectID(id) {
		return ""
	}
	return id
}

// redirectTarget is where the server points to, without anything that could be secret.
func redirectTarget(header http.Header) string {
	target, err := url.Parse(header.Get("Location"))
	if err != nil || target.String() == "" {
		return "an address that can't be read"
	}
	return printable((&url.URL{Scheme: target.Scheme, Host: target.Host, Path: target.Path}).String(), 300)
}

// retryAfter reads the header in both its forms. A date is compared with the
// server's own clock if that is known.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	if now.IsZero() {
		now = time.Now()
	}
	return max(0, until.Sub(now))
}
