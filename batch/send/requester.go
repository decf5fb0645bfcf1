package send

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"cucbulk/batch/gate"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Requester is one row's (or the pre-flight's) way to the server, by which it reads. It counts
// what it costs.
type Requester struct {
	*Session
	Row      int
	Starting context.Context // ends when no row may begin any more; nil: this is no row of a run
	began    time.Time       // when its first request could be sent
	taken    gate.Slot       // for the next request
	Place    *Place          // among the rows that are half made; nil: it makes no row
	Begun    bool            // a change of the row was sent, in this start or an earlier one
	Requests int
	Attempts int           // the most that one request needed
	seconds  float64       // that the last request took
	trying   time.Duration // what its requests took, busy servers aside, and how long it doubted
	Nothing  bool          // the last answer said that nothing is there
	Clock    time.Time     // the server's, as the last answer told it
	Beyond   bool          // it reads lists whole, also what is not of the tenant to which the session is narrowed
	Optional bool          // what it asks for is good to know: a server that does not tell ends nothing
}

// pass waits at the gate for the next request, which do must send. The error is a
// *Stop.
func (e *Requester) pass(ctx context.Context) (err error) {
	turn := gate.Begun
	if e.Starting != nil && !e.Begun {
		ctx, turn = e.Starting, gate.Read
		if e.Requests == 0 {
			turn = gate.Fresh
		}
	}
	if e.taken, err = e.Gate.Pass(ctx, turn); err != nil {
		return record.AsStop(err)
	}
	if e.Place != nil {
		e.Place.sent()
	}
	if e.began.IsZero() {
		e.began = time.Now()
	}
	return nil
}

// ReadOnce asks once for what is good to know and no more. The error is one of the gate:
// whatever else goes wrong is a problem, and the server did not tell.
func (e *Requester) ReadOnce(ctx context.Context, request cupi.Request) (answer cupi.Answer, problem *cupi.Error, err error) {
	if err := e.pass(ctx); err != nil {
		return answer, nil, err
	}
	answer, problem = e.do(ctx, request)
	return answer, problem, nil
}

// AtWork is how long the row has taken since its first request could be sent, in
// seconds.
func (e *Requester) AtWork() float64 {
	if e.began.IsZero() {
		return 0
	}
	return time.Since(e.began).Seconds()
}

// do sends a request once. Ending ctx ends waiting, never a request in flight.
func (e *Requester) do(ctx context.Context, request cupi.Request) (cupi.Answer, *cupi.Error) {
	e.Requests++
	e.Begun = e.Begun || request.Method != http.MethodGet
	began := time.Now()
	answer, err := e.Client.Do(context.WithoutCancel(ctx), request)
	e.Sent.Add(1)
	took := time.Since(began)
	e.took.Add(int64(took))
	e.seconds = took.Seconds()
	e.trying += took
	e.Gate.Answered(e.taken, request, took, err)
	e.Nothing = false
	if err == nil {
		e.permitted(request.Method)
		if !answer.Date.IsZero() {
			e.Clock = answer.Date
			e.clockRead.Store(&record.ClockReading{Server: answer.Date, Local: time.Now()})
		}
		return answer, nil
	}
	var problem *cupi.Error
	if !errors.As(err, &problem) {
		problem = &cupi.Error{Method: request.Method, Path: request.Path, Kind: cupi.KindRequest, Sent: cupi.NotSent, Err: err}
	}
	e.Nothing = problem.Status == http.StatusNotFound || problem.Status == http.StatusGone
	if problem.Status == 503 {
		e.busy.Add(1)
		e.trying -= took
	}
	if problem.Kind == cupi.KindStatus && problem.Status != 403 {
		e.permitted(request.Method)
	}
	return answer, problem
}

// Read sends a GET until it is answered. An object that is not there is
// reported by found, not as an error.
func (e *Requester) Read(ctx context.Context, request cupi.Request) (answer cupi.Answer, found bool, err error) {
	found = true
	tries := 0
	err = e.patience.Retry(ctx, e.patience.reads, func(number int) Next {
		if err := e.pass(ctx); err != nil {
			return Next{Err: err}
		}
		tries++
		e.tried(tries, number)
		var problem *cupi.Error
		answer, problem = e.do(ctx, request)
		if problem == nil {
			return Next{}
		}
		switch decided := e.table.Decide(request.Method, problem); decided {
		case Absent:
			found = false
			return Next{}
		case Again, Busy:
			return e.sendAgain(decided, tries, problem)
		case forbidden:
			if !e.Optional {
				return Next{Err: e.noPermission(problem)}
			}
			return Next{Err: &Failure{record.Failed, codes.Forbidden, problem.Error()}}
		case Stop:
			if !e.Optional || problem.Status == 0 || problem.Kind == cupi.KindSignIn {
				return Next{Err: fatal(problem)}
			}
		}
		code := codes.Refused
		if problem.Kind == cupi.KindAnswer { // which is no answer about what was asked for
			code = codes.Unreadable
		}
		return Next{Err: &Failure{record.Failed, code, problem.Error()}}
	})
	return answer, found, err
}

// tried counts a try of a request.
func (e *Requester) tried(tries, number int) {
	if tries > 1 {
		e.retries.Add(1)
	}
	e.Attempts = max(e.Attempts, number)
}

// fatal makes the error that stops a run from what no other row can escape.
func fatal(problem *cupi.Error) error {
	code := codes.NotCUPI
	switch problem.Kind {
	case cupi.KindCertificate:
		code = codes.Certificate
		if pin := (*cupi.PinError)(nil); errors.As(problem, &pin) {
			code = codes.OtherKey
		}
	case cupi.KindSignIn:
		code = codes.SignIn
	case cupi.KindRedirect:
		code = codes.Redirect
	case cupi.KindWebPage:
		code = codes.WebPage
	}
	return &record.Stop{Exit: record.ExitFailed, Code: code, Reason: "the run can't go on", Err: problem}
}

// givenUp is a failure after so many attempts, with what became of the last one.
type givenUp struct {
	*Failure
	last *cupi.Error
}

func (g *givenUp) Unwrap() []error { return []error{g.Failure, g.last} }

// sendAgain asks for another attempt, if the run may still retry. Its error is
// what the row ends with when that was the last one.
func (e *Requester) sendAgain(decided Decision, tries int, problem *cupi.Error) Next {
	if decided == Again && problem.Sent == cupi.NotSent && e.Journal != nil {
		decided = Busy // nobody heard it: the breaker says when the server is back
	}
	if decided == Busy {
		return Next{Decision: Busy, After: problem.RetryAfter, Err: problem}
	}
	if e.Row > 0 && e.trying >= e.patience.row {
		return Next{Err: &Failure{record.Failed, codes.RowDeadline, fmt.Sprintf("not tried again, because the row has taken "+
			"%s of trying: %v", e.trying.Round(time.Second), problem)}}
	}
	if !e.mayRetry() {
		return Next{Err: &Failure{record.Failed, codes.RetryBudget, fmt.Sprintf("not tried again, because a fifth of the "+
			"run's requests were already: %v", problem)}}
	}
	return Next{Decision: Again, After: problem.RetryAfter, attempts: e.table.rule(problem).attempts[problem.Method],
		Err: &givenUp{&Failure{record.Failed, codes.GaveUp, fmt.Sprintf("gave up after %d attempts: %v", tries, problem)}, problem}}
}
