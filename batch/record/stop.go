package record

import (
	"context"
	"errors"
	"fmt"

	"cucbulk/batch/gate"
	"cucbulk/batch/input"
	"cucbulk/internal/codes"
)

// Stop is the error of a run that ended before its last row. What was not
// reached is pending, and resume goes on with it.
type Stop struct {
	Exit   int        // the exit code it asks for
	Code   codes.Code // which limit, or what happened
	Reason string     // a sentence: what happened, what is safe, what to do
	Err    error      // the cause, if another error is it
}

func (s *Stop) Error() string {
	if s.Err == nil {
		return s.Reason
	}
	return fmt.Sprintf("%s: %v", s.Reason, s.Err)
}

func (s *Stop) Unwrap() error { return s.Err }

// AsStop makes a Stop of whatever ended a run.
func AsStop(err error) *Stop {
	var stop *Stop
	var closed *gate.Closed
	switch {
	case errors.As(err, &stop):
		return stop
	case errors.As(err, &closed):
		exit := ExitInterrupted
		if closed.Failed {
			exit = ExitFailed
		}
		return &Stop{Exit: exit, Code: closed.Code, Reason: closed.Reason, Err: closed.Err}
	case errors.Is(err, input.ErrChanged):
		return &Stop{Exit: ExitFailed, Code: codes.InputChanged, Reason: "what was sent stays", Err: err}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &Stop{Exit: ExitInterrupted, Code: codes.Interrupted, Reason: "interrupted"}
	}
	return &Stop{Exit: ExitFailed, Code: codes.Error, Reason: "the run can't go on", Err: err}
}
