package send

import (
	"context"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v4"

	"cucbulk/batch/gate"
	"cucbulk/batch/record"
	"cucbulk/cupi"
)

// Decision says what to do about a request that did not succeed.
type Decision string

const (
	Again     Decision = "again"     // send it once more, later; this spends an attempt
	Busy      Decision = "busy"      // the server says wait: spends nothing
	Reconcile Decision = "reconcile" // find out whether it was done, then decide
	LookFirst Decision = "lookFirst" // as reconcile, but spends no attempt
	Refused   Decision = "refused"   // the server said no: look why, then the row fails
	Absent    Decision = "absent"    // the object is not there
	forbidden Decision = "forbidden" // the account may not do this
	Misplaced Decision = "misplaced" // the server has no such place: for this row, or for all
	Fail      Decision = "fail"      // the row fails
	Stop      Decision = "stop"      // the run stops
)

// retryRule is what to do, by method, when something happened to a request.
type retryRule struct {
	event                  string // see eventOf
	Get, Post, Put, Delete Decision
	attempts               map[string]int // by method, where it is fewer than the [patience] for it
}

// retryRules is the whole policy. A status without a line of its own falls to
// the line of its class (4xx, 5xx), and whatever is unknown to "other".
func retryRules() []retryRule {
	atFaults := map[string]int{"GET": 4, "POST": 2} // a server that fails at a request seldom does it the next time
	return []retryRule{
		{"certificate", Stop, Stop, Stop, Stop, nil},
		{"sign-in", Stop, Stop, Stop, Stop, nil},
		{"redirect", Stop, Stop, Stop, Stop, nil},
		{"web-page", Stop, Reconcile, Reconcile, Reconcile, nil},
		{"bad-request", Fail, Fail, Fail, Fail, nil},
		{"not-sent", Again, Again, Again, Again, nil},
		{"lost", Again, Reconcile, Reconcile, Reconcile, nil},
		{"cut", Again, Reconcile, Reconcile, Reconcile, nil},
		{"unreadable", Fail, Reconcile, Reconcile, Reconcile, nil}, // it would be so again
		{"400", Fail, Refused, Refused, Fail, nil},
		{"401", Again, Again, Again, Again, nil}, // to a cookie: nothing was done
		{"403", forbidden, forbidden, forbidden, forbidden, nil},
		{"404", Absent, Misplaced, Absent, Absent, nil},
		{"405", Stop, Stop, Stop, Stop, nil},
		{"406", Stop, Stop, Stop, Stop, nil},
		{"408", Again, Reconcile, Reconcile, Reconcile, nil},
		{"409", Fail, Refused, Refused, Fail, nil},
		{"410", Absent, Misplaced, Absent, Absent, nil},
		{"415", Stop, Stop, Stop, Stop, nil},
		{"429", Again, Again, Again, Again, nil},
		{"500", Again, Reconcile, Reconcile, Reconcile, atFaults},
		{"501", Stop, Stop, Stop, Stop, nil},
		{"502", Again, Reconcile, Reconcile, Reconcile, nil},
		{"503", Busy, LookFirst, Busy, Busy, nil},
		{"504", Again, Reconcile, Reconcile, Reconcile, nil},
		{"4xx", Fail, Fail, Fail, Fail, nil},
		{"5xx", Again, Reconcile, Reconcile, Reconcile, atFaults},
		{"other", Stop, Reconcile, Reconcile, Reconcile, nil},
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

func (t retryTable) Decide(method string, err *cupi.Error) Decision {
	rule := t.rule(err)
	switch method {
	case "GET":
		return rule.Get
	case "POST":
		return rule.Post
	case "PUT":
		return rule.Put
	}
	return rule.Delete
}

// DefaultOutage is how long a server may be out, where nothing else is asked for.
const DefaultOutage = 15 * time.Minute

// patience is how often and how long a request is tried.
type patience struct {
	reads, changes int              // attempts
	first, longest time.Duration    // between attempts
	row            time.Duration    // of trying, after which nothing of a row is tried again
	outage         time.Duration    // how long one request may be put off by a busy server; 0: not at all
	now            func() time.Time // by which that is measured
}

// DefaultPatience is how long and how often a request is tried, if nobody says otherwise.
func DefaultPatience() patience {
	return patience{reads: 5, changes: 3, first: 500 * time.Millisecond, longest: 30 * time.Second, row: 5 * time.Minute,
		outage: DefaultOutage, now: time.Now}
}

// Next is what a try asks for.
type Next struct {
	Decision Decision      // again, busy, or anything else for "settled"
	After    time.Duration // the server's own wish, 0 if it has none
	attempts int           // at most, for what happened now; 0: as many as it began with
	Err      error
}

// Retry calls try, with its number, until it is settled, the attempts are spent,
// or ctx ends. The error is the last try's own, or a *Stop when ctx ended.
func (p patience) Retry(ctx context.Context, attempts int, try func(number int) Next) error {
	waits := &serverWishBackOff{patience: p}
	number := 1
	settled := false
	var since time.Time // when the server was first too busy
	operation := func() error {
		if ctx.Err() != nil { // backoff does not see it before the first try
			settled = true
			return backoff.Permanent(record.AsStop(ctx.Err()))
		}
		n := try(number)
		waits.wish = n.After
		switch n.Decision {
		case Busy: // the breaker may not see it, where the server has time for other requests
			if since.IsZero() {
				since = p.now()
			}
			out := p.now().Sub(since)
			if out < p.outage {
				return n.Err
			}
			n.Err = record.AsStop(gate.TooLong(out, n.Err))
		case Again:
			most := attempts
			if n.attempts > 0 {
				most = min(most, n.attempts)
			}
			if number++; number <= most {
				return n.Err
			}
		}
		settled = true
		if n.Err != nil {
			return backoff.Permanent(n.Err)
		}
		return nil
	}
	err := backoff.Retry(operation, backoff.WithContext(waits, ctx))
	if !settled && ctx.Err() != nil { // backoff gives the context's error, or the try's
		return record.AsStop(ctx.Err())
	}
	return err
}

// serverWishBackOff waits as long as the server wished, if that is longer, but never
// longer than twice the longest wait: backoff alone knows no wishes. It is made for every
// request, and waits for few.
type serverWishBackOff struct {
	patience    patience
	exponential backoff.BackOff // nil before the first wait
	wish        time.Duration
}

func (w *serverWishBackOff) Reset() { w.exponential = nil }

func (w *serverWishBackOff) NextBackOff() time.Duration {
	if w.exponential == nil {
		w.exponential = backoff.NewExponentialBackOff(
			backoff.WithInitialInterval(w.patience.first), backoff.WithMaxInterval(w.patience.longest),
			backoff.WithMultiplier(2), backoff.WithRandomizationFactor(0.9), backoff.WithMaxElapsedTime(0))
	}
	return max(w.exponential.NextBackOff(), min(w.wish, 2*w.patience.longest))
}
