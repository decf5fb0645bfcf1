package send

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"cucbulk/batch/gate"
	"cucbulk/batch/journal"
	"cucbulk/batch/lock"
	"cucbulk/batch/record"
	"cucbulk/cupi"
)

// Session is what all workers of a run share. Its fields do not change while they
// work, but for the counters.
type Session struct {
	Client    *cupi.Client
	Workers   int             // requests in flight at most
	Journal   *journal.Writer // nil before a run begins: then only reads are sent
	patience  patience
	table     retryTable
	Gate      *gate.Gate
	Doubt     time.Duration // how long an absent answer is doubted before it is believed
	OpenUntil time.Time     // until then, what an earlier start sent without an answer may yet be carried out
	Location  string        // LocationObjectId of this server's users, "" if not known
	PreImage  string        // see [record.Options]
	Tenant    *Tenant       // to which it is narrowed, once that was found; nil: to none
	narrowTo  string        // the alias of that

	before    record.Footer                       // see [Server]
	IDs       record.IdHolders                    // whose ObjectIds are that the server tells
	clockRead atomic.Pointer[record.ClockReading] // the last of the server's clock
	Numbered  atomic.Int64                        // the highest number that an intent of the journal has
	Held      atomic.Int64                        // bytes of the lists that are being read, and of those that are kept
	lost      lostAnswers
	Lacks     *Unconfirmed // what the server was found not to have; nil: rows fail for want of it

	traffic
	permission

	toldWaits, toldGoesOn atomic.Bool // people know that rows wait for openUntil, and that they go on
}

// lostAnswers counts the rows whose answer was lost, in this start or an earlier one, and that
// wait for the end of a doubt window.
type lostAnswers struct {
	sync.Mutex
	rows  int
	until time.Time // when the last window ends
}

// NewSession is what all requests to a server share, with the options of a run.
func NewSession(server Server, options record.Options) *Session {
	e := &Session{Client: server.Client, Workers: server.Workers, patience: DefaultPatience(), table: newRetryTable(),
		Doubt: options.DoubtWindow, PreImage: options.PreImage, narrowTo: options.Tenant}
	e.patience.outage = options.MaxOutage
	if !options.Strict {
		e.Lacks = newUnconfirmed()
	}
	e.Gate = gate.New(gate.Options{Schedule: server.Schedule, Workers: server.Workers, Auto: server.Auto,
		MaxOutage: options.MaxOutage, Probe: e.probe, Notice: server.Notice})
	e.patience.now = e.Gate.Now
	e.before = server.Before
	return e
}

// NewReadingSession is for what only reads, of a tenant alone if one is named.
func NewReadingSession(server Server, tenant string) *Session {
	return NewSession(server, record.Options{Tenant: tenant, Patience: record.Patience{MaxOutage: DefaultOutage}})
}

// Footer tells what the session did.
func (e *Session) Footer() record.Footer {
	throttled, seconds := e.Gate.Throttled()
	requests := e.Client.Counts()
	for method, n := range e.before.Requests {
		if requests[method] -= n; requests[method] == 0 {
			delete(requests, method)
		}
	}
	return record.Footer{Requests: requests, SignIns: e.Client.SignIns() - e.before.SignIns, Retries: int(e.retries.Load()),
		Busy:      int(e.busy.Load()),
		Throttled: throttled, SecondsAt: seconds}
}

// probe asks the server for one user, past the gate.
func (e *Session) probe(ctx context.Context) error {
	_, err := e.Client.Do(context.WithoutCancel(ctx), cupi.OneUser())
	return err
}

// ServerClock is what the server's clock shows now, zero if no answer told.
func (e *Session) ServerClock() time.Time {
	if last := e.clockRead.Load(); last != nil {
		return last.Now()
	}
	return time.Time{}
}

// OfAttempt is the reach of a request whose attempt has just ended.
func (e *Session) OfAttempt() record.Reach {
	ended := time.Now()
	return func(now time.Time) time.Time { return now.Add(-time.Since(ended)).Add(e.Doubt + record.Slack) }
}

// Server is where a run goes, and as whom.
type Server struct {
	Client  *cupi.Client
	URL     string // as messages name it
	Account string
	Workers int  // requests in flight at most
	Auto    bool // as many of them as the server has room for; else always so many

	Schedule gate.Schedule // when it may send
	Lock     *lock.Lock    // of a command that changes the server, held by the address; nil: none
	AnyState bool          // such a command goes on whatever the servers say of themselves

	// Notice is told why a run is slow or stands still, and how many lost answers it waits
	// for, from any goroutine; it may be nil.
	Notice func(gate.Notice)

	// Before is what the client has sent for other files of the same run: it is not counted again.
	Before record.Footer
}

// Counted is the server with all that was sent so far counted as sent before.
func (s Server) Counted() Server {
	s.Before = record.Footer{Requests: s.Client.Counts(), SignIns: s.Client.SignIns()}
	return s
}

// NewPlace is that of a row that may send several changes, or does not. One that was begun
// by an earlier start has its place from the beginning, and waits.
func (e *Session) NewPlace(several, begun bool) *Place {
	s := &Place{Gate: e.Gate, Several: several, Held: several && begun, Begun: begun}
	if s.Held {
		s.Gate.Hold()
	}
	return s
}

// narrowed is a query of a collection that asks for nothing else than what is the tenant's, where the
// server can be asked that.
func (e *Session) narrowed(c cupi.Collection, query cupi.Query) cupi.Query {
	if e.Tenant == nil || query != (cupi.Query{}) { // a query has one clause
		return query
	}
	return cupi.OfTenant(c, e.Tenant.ObjectID)
}

// List asks for a page of what is the tenant's.
func (e *Session) List(c cupi.Collection, query cupi.Query, page, rows int) cupi.Request {
	return cupi.List(c, e.narrowed(c, query), page, rows)
}
