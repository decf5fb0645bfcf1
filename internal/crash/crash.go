// Package crash turns a panic into an error that holds none of its values: what a panic
// says may be a cell, a PIN or what a server sent, and Go prints it on stderr.
package crash

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// Error is a panic: a mistake in the program.
type Error struct {
	Kind  string   // the type of its value
	Calls []string // the functions that were at work, the innermost first, each with its file and line
}

func (e *Error) Error() string {
	return fmt.Sprintf("this is a mistake in the program (%s at %s); please report this line", e.Kind,
		strings.Join(e.Calls, ", called by "))
}

// mostCalls is how many functions are told.
const mostCalls = 12

// Caught does the work, and returns its panic as an [*Error], if there is one.
func Caught(work func()) (err error) {
	defer func() {
		value := recover()
		if known, is := value.(*Error); is { // of another goroutine
			err = known
		} else if value != nil {
			err = &Error{fmt.Sprintf("%T", value), calls()}
		}
	}()
	work()
	return nil
}

// calls are the functions between the panic and [Caught].
func calls() (told []string) {
	counters := make([]uintptr, 64)
	frames := runtime.CallersFrames(counters[:runtime.Callers(3, counters)])
	for {
		frame, more := frames.Next()
		switch {
		case strings.HasSuffix(frame.Function, "internal/crash.Caught"), frame.Function == "", len(told) == mostCalls:
			return told
		case !strings.HasPrefix(frame.Function, "runtime."):
			told = append(told, fmt.Sprintf("%s (%s:%d)", path.Base(frame.Function), path.Base(frame.File), frame.Line))
		}
		if !more {
			return told
		}
	}
}
