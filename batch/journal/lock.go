package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// ErrInUse is wrapped by the error of [Create] and [Continue] when another writer
// has the journal, in this process or in another.
var ErrInUse = errors.New("another process is writing it: wait until that run ends, or stop it")

// ErrMoved is wrapped by the error of [Continue] when the journal grew after it
// was read.
var ErrMoved = errors.New("another process went on with it meanwhile: begin again")

// lockSuffix makes the path of the lock from that of its journal.
const lockSuffix = ".lock"

// lookLasts is longer than [InUse] keeps the lock.
const lookLasts = 200 * time.Millisecond

// InUse reports whether a writer has the journal at path now, in this process or in
// another.
func InUse(path string) bool {
	lock := flock.New(path+lockSuffix, flock.SetFlag(os.O_RDONLY))
	free, err := lock.TryRLock()
	if free {
		_ = lock.Unlock()
	}
	return !free && err == nil
}

// take keeps every other writer away from the journal until it is given back, by
// the kernel even when the process is killed. The lock is on a file beside the
// journal, because Windows lets nobody read a file that is locked.
func take(path string) (*flock.Flock, error) {
	lock := flock.New(path+lockSuffix, flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), lookLasts)
	defer cancel()
	taken, err := lock.TryLockContext(ctx, lookLasts/10)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("cannot lock the journal %s: %w", path, err)
	}
	if !taken {
		return nil, fmt.Errorf("cannot write the journal %s: %w", path, ErrInUse)
	}
	return lock, nil
}
