package torture

import "net"

// listener is a server's listener whose connections are in memory: whoever dials puts one in.
type listener struct {
	accepted chan net.Conn
	closed   chan struct{}
}

func newListener() listener { return listener{make(chan net.Conn), make(chan struct{})} }

func (l *listener) Accept() (net.Conn, error) {
	select {
	case connection := <-l.accepted:
		return connection, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error   { close(l.closed); return nil }
func (l *listener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }
