package cupi

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"cucbulk/cupi/audio"
	"cucbulk/cupi/trace"
)

// Config says which server to use and how. Server, User and Password are needed.
type Config struct {
	Server   string        // host, host:port or URL
	User     string        // an account with the roles for user administration
	Password string        // of that account
	Wire     Wire          // zero: JSON
	Workers  int           // connections at most; zero: 4. The server works on 5 requests at a time, for all clients
	Timeout  time.Duration // of one HTTP request, from dialling to the last byte; zero: 60 s
	CA       []byte        // PEM; certificates that are trusted instead of the system's; empty: the system's
	Pin      string        // "sha256//BASE64" of the server's public key; replaces CA and host name

	Trace *trace.Writer // gets every exchange; nil: nobody does
	Audio *audio.Store  // where recordings are; nil: there are none

	// DialContext makes the connections; nil: a net.Dialer.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
}

// String tells the server and the account, and never the password.
func (c Config) String() string {
	return fmt.Sprintf("%s as %s", printable(c.Server, 300), printable(c.User, 100))
}

// Client talks to one server as one account. It is safe for concurrent use.
type Client struct {
	server         *url.URL
	user, password string
	wire           Wire
	timeout        time.Duration
	transport      *http.Transport
	session        *session
	header         http.Header // of every request; its values are shared
	secrets        *secrets
	recorder       *trace.Writer
	audio          *audio.Store
	large          chan struct{} // holds one while a large answer is read and decoded

	mu      sync.Mutex
	counts  map[string]int
	signIns int
}
