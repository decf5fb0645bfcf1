package gate

import (
	"fmt"

	"cucbulk/internal/codes"
)

// Closed is the error of a gate that lets nothing pass any more, so that the run ends.
type Closed struct {
	Code   codes.Code
	Reason string // a sentence: what happened, what to do
	Failed bool   // something is wrong; else the run is only interrupted, and may go on later
	Err    error  // the cause, if another error is it
}

func (c *Closed) Error() string {
	if c.Err == nil {
		return c.Reason
	}
	return fmt.Sprintf("%s: %v", c.Reason, c.Err)
}

func (c *Closed) Unwrap() error { return c.Err }
