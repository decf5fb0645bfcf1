package trace

import (
	"fmt"
	"hash/maphash"
	"math"
	"time"
)

// Exchange masks an exchange.
func (m *Marks) Exchange(raw Raw) Exchange {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	k := masking{Marks: m, clean: raw.Clean, closely: true}
	if k.clean == nil {
		k.clean = func(text string) string { return text }
	}
	address := raw.Request.URL
	e := Exchange{
		At: seconds(raw.Began.Sub(m.began)), Seconds: seconds(raw.Took), Attempt: m.attempt(raw), Method: raw.Request.Method,
		Path: k.path(address.EscapedPath()), Query: k.query(address.RawQuery), Failure: raw.Failure, Sent: raw.Sent,
	}
	element := elementOf(address.EscapedPath())
	e.Request = k.message(raw.RequestBody, raw.Request.Header.Get("Content-Type"), element)
	e.Request.Headers = k.requestHeaders(raw.Request.Header)
	if raw.Answer != nil {
		answer := k.message(raw.AnswerBody, raw.Answer.Header.Get("Content-Type"), element)
		answer.Headers = k.answerHeaders(raw.Answer)
		e.Status, e.Answer = raw.Answer.StatusCode, &answer
	}
	if raw.Error != nil {
		e.Error, _ = k.text(raw.Error.Error())
	}
	return e
}

// attempt counts how often this request was sent since it last succeeded.
func (m *Marks) attempt(raw Raw) int {
	var hash maphash.Hash
	hash.SetSeed(m.seed)
	fmt.Fprintf(&hash, "%s %s\n%s", raw.Request.Method, raw.Request.URL.RequestURI(), raw.RequestBody)
	key := hash.Sum64()
	n := m.again[key] + 1
	switch {
	case raw.Answer != nil && raw.Answer.StatusCode/100 == 2 && raw.Failure == "":
		delete(m.again, key)
	case len(m.again) < mostFailing || n > 1:
		m.again[key] = n
	}
	return n
}

// mostFailing is how many requests without success are remembered.
const mostFailing = 10_000

// seconds, to a thousandth.
func seconds(d time.Duration) float64 { return math.Round(d.Seconds()*1000) / 1000 }
