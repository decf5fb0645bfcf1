package cupi

import (
	"context"
	"errors"
	"fmt"
	"net"
)

// What kind of failure an attempt was, and whether its request left.

// notEntered is the error of a request for which the session gave no pass.
func notEntered(r Request, err error) *Error {
	failure := &Error{Method: r.Method, Path: r.Path, Kind: KindNetwork, Sent: NotSent, Err: err}
	var refused *Error
	if errors.As(err, &refused) {
		*failure = *refused
		failure.Method, failure.Path, failure.Sent = r.Method, r.Path, NotSent
	}
	return failure
}

// kindOf sorts the errors of connecting, sending and reading. The caller's own
// end of patience is no time-out of the server.
func kindOf(ctx context.Context, err error) Kind {
	var timeout net.Error
	var beyond excess
	switch {
	case isCertificateError(err):
		return KindCertificate
	case ctx.Err() != nil:
		return KindNetwork
	case errors.As(err, &beyond):
		return KindAnswer
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return KindTimeout
	}
	return KindNetwork
}

// cause is the error to report: the caller's context explains whatever followed
// from its end.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil && !errors.Is(err, ctx.Err()) {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}
