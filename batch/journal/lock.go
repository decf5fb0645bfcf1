package journal

import (
	"errors"
	"fmt"

	"github.com/gofrs/flock"
)

// ErrInUse is wrapped by the error of [Create] and [Continue] when another writer
// has the journal, in this process or in another.
var ErrInUse = errors.New("another process is writing it: wait until that run ends, or stop it")

// ErrMoved is wrapped by the error of [Continue] when the journal grew after it
// was read.
var ErrMoved = errors.New("another process went on with it meanwhile: begin again")

// take keeps every other writer away from the journal until it is given back, by
// the kernel even when the process is killed. The lock is on a file beside the
// journal, because Windows lets nobody read a file that is locked.
func take(path string) (*flock.Flock, error) {
	lock := flock.New(path+".lock", flock.SetPermissions(0o600))
	taken, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("cannot lock the journal %s: %w", path, err)
	}
	if !taken {
		return nil, fmt.Errorf("cannot write the journal %s: %w", path, ErrInUse)
	}
	return lock, nil
}
