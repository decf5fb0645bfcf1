package cupi

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// sendTrace watches one request on its way out, to tell whether it can have
// reached the server and to count what really went: the transport repeats a GET
// by itself when a kept connection turns out to be dead.
type sendTrace struct{ connected atomic.Bool }

// attach returns a context that reports to the trace and to the client's counts.
func (t *sendTrace) attach(ctx context.Context, c *Client, method string, password bool) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) {
			// A second connection for a change means that nothing was written to
			// the first: only then does the transport repeat a change.
			if method != http.MethodGet {
				t.connected.Store(false)
			}
		},
		GotConn: func(httptrace.GotConnInfo) { t.connected.Store(true) },
		WroteHeaders: func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.counts[method]++
			if password {
				c.signIns++
			}
		},
	})
}

// sent is what is provable about a request without an answer: without a
// connection (name, dial, handshake, certificate, waiting) no byte of it left.
func (t *sendTrace) sent() Sent {
	if t.connected.Load() {
		return InDoubt
	}
	return NotSent
}
