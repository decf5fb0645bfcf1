package batch

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"cucbulk/batch/gate"
	"cucbulk/batch/journal"
	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// engine is what all workers of a run share. Its fields do not change while they
// work, but for the counters.
type engine struct {
	client    *cupi.Client
	workers   int             // requests in flight at most
	journal   *journal.Writer // nil before a run begins: then only reads are sent
	patience  patience
	table     retryTable
	gate      *gate.Gate
	doubt     time.Duration // how long an absent answer is doubted before it is believed
	openUntil time.Time     // until then, what an earlier start sent without an answer may yet be carried out
	location  string        // LocationObjectId of this server's users, "" if not known
	preImage  string        // see [Options]

	ids       record.IdHolders                    // whose ObjectIds are that the server tells
	clockRead atomic.Pointer[record.ClockReading] // the last of the server's clock
	numbered  atomic.Int64                        // the highest number that an intent of the journal has
	held      atomic.Int64                        // bytes of the lists that are being read, and of those that are kept
	sent      atomic.Int64                        // requests
	took      atomic.Int64                        // nanoseconds that they took, added up
	retries   atomic.Int64                        // requests sent again
	spent     atomic.Int64                        // of the retry budget: what was sent again for another reason than 503
	busy      atomic.Int64                        // 503 answers
	lost      lostAnswers
	forbidden [2]atomic.Int64 // 403 answers in a row: to reads, and to changes
	allowed   atomic.Bool     // a request was answered with something else than 403
	misplaced atomic.Int64    // users that could not be made, because the server has no such place
	placed    atomic.Bool     // a user was made

	toldWaits, toldGoesOn atomic.Bool // people know that rows wait for openUntil, and that they go on
}

// lostAnswers counts the rows whose answer was lost in this start, and that wait for the end of
// a doubt window of their own.
type lostAnswers struct {
	sync.Mutex
	rows  int
	until time.Time // when the last window ends
}

func newEngine(server Server, options record.Options) *engine {
	e := &engine{client: server.Client, workers: server.Workers, patience: defaultPatience(), table: newRetryTable(), doubt: options.DoubtWindow, preImage: options.PreImage}
	e.patience.outage = options.MaxOutage
	e.gate = gate.New(gate.Options{Schedule: server.Schedule, Workers: server.Workers, Auto: server.Auto, MaxOutage: options.MaxOutage, Probe: e.probe, Notice: server.Notice})
	e.patience.now = e.gate.Now
	return e
}

// footer tells what the engine did.
func (e *engine) footer() record.Footer {
	throttled, seconds := e.gate.Throttled()
	return record.Footer{Requests: e.client.Counts(), SignIns: e.client.SignIns(), Retries: int(e.retries.Load()), Busy: int(e.busy.Load()),
		Throttled: throttled, SecondsAt: seconds}
}

// probe asks the server for one user, past the gate.
func (e *engine) probe(ctx context.Context) error {
	_, err := e.client.Do(context.WithoutCancel(ctx), cupi.OneUser())
	return err
}

// mayRetry spends one of the run's retries: a fifth of its requests, and at least
// ten. A server that makes everything be sent twice is not to be hurried.
func (e *engine) mayRetry() bool {
	allowed := max(retryFloor, e.sent.Load()/retryShare)
	return e.spent.Add(1) <= allowed
}

// The run's budget of retries.
const (
	retryFloor = 10
	retryShare = 5 // one in so many requests
)

// meanLatency is how long a request took so far, 0 before the first.
func (e *engine) meanLatency() time.Duration {
	return time.Duration(e.took.Load() / max(1, e.sent.Load()))
}

// permitted notes an answer that was not "forbidden".
func (e *engine) permitted(method string) {
	e.forbiddenTo(method).Store(0)
	e.allowed.Store(true)
}

// forbiddenTo counts the 403 answers in a row to requests of a method. Reads and changes
// have a count each, because an account may be allowed to read and not to change.
func (e *engine) forbiddenTo(method string) *atomic.Int64 {
	if method == http.MethodGet {
		return &e.forbidden[0]
	}
	return &e.forbidden[1]
}

// noPermission decides about a 403: the first answer of all, or three in a row,
// speak of the account and not of the row.
func (e *engine) noPermission(problem *cupi.Error) error {
	if count := e.forbiddenTo(problem.Method).Add(1); count >= 3 || !e.allowed.Load() {
		return &record.Stop{Exit: record.ExitFailed, Code: codes.Forbidden, Err: problem,
			Reason: "the server forbids this account what the run needs; it needs the role System Administrator or User Administrator"}
	}
	return &failure{record.Failed, codes.Forbidden, problem.Error()}
}

// noPlace decides about a 404 to a POST: three before any user was made speak of
// the template or of the address, and not of the row.
func (e *engine) noPlace(c change, problem *cupi.Error) error {
	if model.Creates(c.step, c.request.Method) && e.misplaced.Add(1) >= 3 && !e.placed.Load() {
		return &record.Stop{Exit: record.ExitFailed, Code: codes.NoPlace, Err: problem,
			Reason: "the server makes no users at this address; see that --server names a Unity Connection server and that the template is there, then resume"}
	}
	return &failure{record.Failed, codeOf(problem), problem.Error()}
}

// serverClock is what the server's clock shows now, zero if no answer told.
func (e *engine) serverClock() time.Time {
	if last := e.clockRead.Load(); last != nil {
		return last.Now()
	}
	return time.Time{}
}

// ofAttempt is the reach of a request whose attempt has just ended.
func (e *engine) ofAttempt() record.Reach {
	ended := time.Now()
	return func(now time.Time) time.Time { return now.Add(-time.Since(ended)).Add(e.doubt + record.Slack) }
}
