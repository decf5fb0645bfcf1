package batch

import (
	"context"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v4"

	"cucbulk/batch/gate"
	"cucbulk/batch/record"
	"cucbulk/cupi"
)

// decision says what to do about a request that did not succeed.
type decision string

const (
	again     decision = "again"     // send it once more, later; this spends an attempt
	busy      decision = "busy"      // the server says wait: spends nothing
	settle    decision = "settle"    // find out whether it was done, then decide
	lookFirst decision = "lookFirst" // as settle, but spends no attempt
	refused   decision = "refused"   // the server said no: look why, then the row fails
	absent    decision = "absent"    // the object is not there
	forbidden decision = "forbidden" // the account may not do this
	misplaced decision = "misplaced" // the server has no such place: for this row, or for all
	fail      decision = "fail"      // the row fails
	stop      decision = "stop"      // the run stops
)

// retryRule is what to do, by method, when something happened to a request.
type retryRule struct {
	event                  string // see eventOf
	get, post, put, delete decision
	attempts               map[string]int // by method, where it is fewer than the [patience] for it
}

// retryRules is the whole policy. A status without a line of its own falls to
// the line of its class (4xx, 5xx), and whatever is unknown to "other".
func retryRules() []retryRule {
	atFaults := map[string]int{"GET": 4, "POST": 2} // a server that fails at a request seldom does it the next time
	return []retryRule{
		{"certificate", stop, stop, stop, stop, nil},
		{"sign-in", stop, stop, stop, stop, nil},
		{"redirect", stop, stop, stop, stop, nil},
		{"web-page", stop, settle, settle, settle, nil},
		{"bad-request", fail, fail, fail, fail, nil},
		{"not-sent", again, again, again, again, nil},
		{"lost", again, settle, settle, settle, nil},
		{"cut", again, settle, settle, settle, nil},
		{"unreadable", fail, settle, settle, settle, nil}, // it would be so again
		{"400", fail, refused, refused, fail, nil},
		{"401", again, again, again, again, nil}, // to a cookie: nothing was done
		{"403", forbidden, forbidden, forbidden, forbidden, nil},
		{"404", absent, misplaced, absent, absent, nil},
		{"405", stop, stop, stop, stop, nil},
		{"406", stop, stop, stop, stop, nil},
		{"408", again, settle, settle, settle, nil},
		{"409", fail, refused, refused, fail, nil},
		{"410", absent, misplaced, absent, absent, nil},
		{"415", stop, stop, stop, stop, nil},
		{"429", again, again, again, again, nil},
		{"500", again, settle, settle, settle, atFaults},
		{"501", stop, stop, stop, stop, nil},
		{"502", again, settle, settle, settle, nil},
		{"503", busy, lookFirst, busy, busy, nil},
		{"504", again, settle, settle, settle, nil},
		{"4xx", fail, fail, fail, fail, nil},
		{"5xx", again, settle, settle, settle, atFaults},
		{"other", stop, settle, settle, settle, nil},
	}
}

// eventOf names what happened, in the words of the rules.
func eventOf(err *cupi.Error) string {
	switch err.Kind {
	case cupi.KindCertificate:
		return "certificate"
	case cupi.KindSignIn:
		return "sign-in"
	case cupi.KindRedirect:
		return "redirect"
	case cupi.KindWebPage:
		return "web-page"
	case cupi.KindRequest:
		return "bad-request"
	case cupi.KindCut:
		return "cut"
	case cupi.KindAnswer:
		return "unreadable"
	case cupi.KindStatus:
		return strconv.Itoa(err.Status)
	}
	if err.Sent == cupi.NotSent {
		return "not-sent"
	}
	return "lost"
}

// retryTable finds a rule by its event.
type retryTable map[string]retryRule

func newRetryTable() retryTable {
	table := retryTable{}
	for _, rule := range retryRules() {
		table[rule.event] = rule
	}
	return table
}

// rule finds what is to be done about an error.
func (t retryTable) rule(err *cupi.Error) retryRule {
	event := eventOf(err)
	rule, known := t[event]
	if !known && len(event) == 3 {
		rule, known = t[event[:1]+"xx"]
	}
	if !known {
		rule = t["other"]
	}
	return rule
}

func (t retryTable) decide(method string, err *cupi.Error) decision {
	rule := t.rule(err)
	switch method {
	case "GET":
		return rule.get
	case "POST":
		return rule.post
	case "PUT":
		return rule.put
	}
	return rule.delete
}

// defaultOutage is how long a server may be out, where nothing else is asked for.
const defaultOutage = 15 * time.Minute

// patience is how often and how long a request is tried.
type patience struct {
	reads, changes int              // attempts
	first, longest time.Duration    // between attempts
	row            time.Duration    // of trying, after which nothing of a row is tried again
	outage         time.Duration    // how long one request may be put off by a busy server; 0: not at all
	now            func() time.Time // by which that is measured
}

func defaultPatience() patience {
	return patience{reads: 5, changes: 3, first: 500 * time.Millisecond, longest: 30 * time.Second, row: 5 * time.Minute, outage: defaultOutage, now: time.Now}
}

// next is what a try asks for.
type next struct {
	decision decision      // again, busy, or anything else for "settled"
	after    time.Duration // the server's own wish, 0 if it has none
	attempts int           // at most, for what happened now; 0: as many as it began with
	err      error
}

// retry calls try, with its number, until it is settled, the attempts are spent,
// or ctx ends. The error is the last try's own, or a *Stop when ctx ended.
func (p patience) retry(ctx context.Context, attempts int, try func(number int) next) error {
	waits := &wishfulBackOff{patience: p}
	number := 1
	settled := false
	var since time.Time // when the server was first too busy
	operation := func() error {
		if ctx.Err() != nil { // backoff does not see it before the first try
			settled = true
			return backoff.Permanent(record.AsStop(ctx.Err()))
		}
		n := try(number)
		waits.wish = n.after
		switch n.decision {
		case busy: // the breaker may not see it, where the server has time for other requests
			if since.IsZero() {
				since = p.now()
			}
			out := p.now().Sub(since)
			if out < p.outage {
				return n.err
			}
			n.err = record.AsStop(gate.TooLong(out, n.err))
		case again:
			most := attempts
			if n.attempts > 0 {
				most = min(most, n.attempts)
			}
			if number++; number <= most {
				return n.err
			}
		}
		settled = true
		if n.err != nil {
			return backoff.Permanent(n.err)
		}
		return nil
	}
	err := backoff.Retry(operation, backoff.WithContext(waits, ctx))
	if !settled && ctx.Err() != nil { // backoff gives the context's error, or the try's
		return record.AsStop(ctx.Err())
	}
	return err
}

// wishfulBackOff waits as long as the server wished, if that is longer, but never
// longer than twice the longest wait: backoff alone knows no wishes. It is made for every
// request, and waits for few.
type wishfulBackOff struct {
	patience    patience
	exponential backoff.BackOff // nil before the first wait
	wish        time.Duration
}

func (w *wishfulBackOff) Reset() { w.exponential = nil }

func (w *wishfulBackOff) NextBackOff() time.Duration {
	if w.exponential == nil {
		w.exponential = backoff.NewExponentialBackOff(
			backoff.WithInitialInterval(w.patience.first), backoff.WithMaxInterval(w.patience.longest),
			backoff.WithMultiplier(2), backoff.WithRandomizationFactor(0.9), backoff.WithMaxElapsedTime(0))
	}
	return max(w.exponential.NextBackOff(), min(w.wish, 2*w.patience.longest))
}
