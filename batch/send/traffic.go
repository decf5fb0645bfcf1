package send

import (
	"sync/atomic"
	"time"
)

// traffic counts what is sent to a server, and what of it again.
type traffic struct {
	Sent    atomic.Int64 // requests
	took    atomic.Int64 // nanoseconds that they took, added up
	retries atomic.Int64 // requests sent again
	spent   atomic.Int64 // of the retry budget: what was sent again for another reason than 503
	busy    atomic.Int64 // 503 answers
}

// The run's budget of retries.
const (
	retryFloor = 10
	retryShare = 5 // one in so many requests
)

// mayRetry spends one of the run's retries: a fifth of its requests, and at least
// ten. A server that makes everything be sent twice is not to be hurried.
func (t *traffic) mayRetry() bool {
	allowed := max(retryFloor, t.Sent.Load()/retryShare)
	return t.spent.Add(1) <= allowed
}

// MeanLatency is how long a request took so far, 0 before the first.
func (t *traffic) MeanLatency() time.Duration {
	return time.Duration(t.took.Load() / max(1, t.Sent.Load()))
}
