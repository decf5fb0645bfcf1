package trace

import (
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"sync"
	"time"
)

// Marks replaces what is personal. The same value gets the same mark for as long as the Marks
// live. It is safe for concurrent use.
type Marks struct {
	Elements int // of a list that are shown, at most; set it before the first exchange

	began time.Time
	seed  maphash.Seed

	mutex  sync.Mutex
	known  map[string]string // value, in small letters, to its mark
	counts map[string]int    // marks of each kind
	names  map[string]bool   // of fields that bodies had, in small letters
	again  map[uint64]int    // how often a request was sent without success
}

// NewMarks knows no value yet. Exchanges are timed from began.
func NewMarks(began time.Time) *Marks {
	return &Marks{Elements: mostElements, began: began, seed: maphash.MakeSeed(), known: map[string]string{},
		counts: map[string]int{}, names: usualNames(), again: map[uint64]int{}}
}

// Keep has a text stand in place of a value where a mark would: the value itself, of one that
// was made up and tells of nobody, or one that every server has and that is of its kind.
func (m *Marks) Keep(value, as string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if folded(value) != "" && m.known[folded(value)] == "" {
		m.known[folded(value)] = as
	}
}

// mostFailing is how many requests without success are remembered.
const mostFailing = 10_000

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

// seconds, to a thousandth.
func seconds(d time.Duration) float64 { return math.Round(d.Seconds()*1000) / 1000 }

// mark gives the value's mark; a new one is of the kind.
func (m *Marks) mark(kind, value string) string {
	value = folded(value)
	mark, known := m.known[value]
	if !known {
		for mark == "" || standard(mark) { // MWI-1 is what every server calls one
			m.counts[kind]++
			mark = fmt.Sprintf("%s-%d", kind, m.counts[kind])
		}
		m.known[value] = mark
	}
	return mark
}

func folded(value string) string { return strings.ToLower(strings.TrimSpace(value)) }

// masking is the masking of one exchange.
type masking struct {
	*Marks
	clean   func(string) string
	closely bool     // each text that is kept is searched for secrets; else all of a body are at once
	kept    []string // those of the body
	fields  []string // names that bodies had not before, in small letters
}

// hides reports whether a text that would be kept holds a secret.
func (k *masking) hides(text string) bool {
	if !k.closely {
		if !slices.Contains(k.kept, text) {
			k.kept = append(k.kept, text)
		}
		return false
	}
	return k.clean(text) != text
}

// secret stands for every PIN and password.
const secret = "secret"

// value masks what a field of an element holds.
func (k *masking) value(element, field, value string) string {
	trimmed := strings.TrimSpace(value)
	switch {
	case trimmed == "", isBoolean(trimmed):
		return value
	case isSecret(field):
		return secret
	case isText(field), strings.EqualFold(field, "status") && !isNumber(trimmed): // of a licence
		text, _ := k.text(value)
		return text
	case isKept(field, trimmed):
		if k.hides(trimmed) {
			return secret
		}
		return value
	case isObjectID(trimmed):
		return k.mark(kindOfID(element, field), trimmed)
	case strings.HasPrefix(trimmed, "/vmrest/"):
		return k.path(trimmed)
	case strings.Contains(trimmed, "://"):
		return k.url(trimmed)
	}
	return k.mark(kindOf(field, trimmed), trimmed)
}
