package batch

import (
	"cucbulk/batch/gate"
	"cucbulk/cupi"
)

// Server is where a run goes, and as whom.
type Server struct {
	Client  *cupi.Client
	URL     string // as messages name it
	Account string
	Workers int  // requests in flight at most
	Auto    bool // as many of them as the server has room for; else always so many

	Schedule gate.Schedule // when it may send
	Lock     *ServerLock   // of a command that changes the server, held by the address; nil: none

	// Notice is told why a run is slow or stands still, and how many lost answers it waits
	// for, from any goroutine; it may be nil.
	Notice func(gate.Notice)
}
