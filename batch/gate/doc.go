// Package gate decides when a request of a run may be sent. Every request passes one
// gate, whatever row it is of.
//
// A run makes its gate with [New]. For each request, [Gate.Pass] waits until it may be
// sent, the caller sends it, and [Gate.Answered] tells how it ended. The gate knows
// nothing of users, retries or journals: it learns from what it is told of answers.
//
// # What a request waits for
//
// First the hours: the [Schedule] may hold a run until its [Window] opens or a file is
// removed, and ends it at a moment. Then the breaker: while the server is out, all
// requests wait, and one caller probes from time to time whether it is back. Then a
// slot, of which there is one for each request in flight; a request gets it by its [Turn],
// those of rows that were begun first. Last the rate. Waiting for a slot may take long,
// so the hours and the breaker are looked at again after it.
//
// # How many rows are half made
//
// One more than there are slots: a row of several changes waits for its place in
// [Gate.Begin] before its first one is sent, and gives it back in [Gate.End].
//
// # How many slots there are
//
// The throttle says. Their number is fixed, or left to it: then it tries one slot more
// and one less, and compares what requests of the same kind take, since with n at once a
// server that has room answers n in the time of one. A server that says that it is busy,
// or does not answer in time, halves the number either way, and it comes back step by
// step.
//
// # What people are told
//
// A [Notice], whenever the run begins or ends to wait or to be slow. When package batch
// makes the whole run wait, it tells that through [Gate.Tell]; of the lost answers that
// it settles meanwhile the gate knows nothing.
//
// # How a run ends here
//
// A [Closed] says why nothing may be sent any more. What ends with ctx is waiting, never
// a request in flight.
package gate
