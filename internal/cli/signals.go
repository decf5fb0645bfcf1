package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// EndSignals are the signals that ask a command to end: an interrupt, a request to
// terminate, and a terminal or an SSH session that goes away, unless the command was
// started so that it outlives those (nohup). A pipe that nobody reads any more is no
// signal from here on but an error of the write, which must not kill a request in flight.
func EndSignals() []os.Signal {
	signal.Ignore(syscall.SIGPIPE)
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		ends = append(ends, syscall.SIGHUP)
	}
	return ends
}
