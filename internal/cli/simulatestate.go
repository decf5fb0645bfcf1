package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"cucbulk/cupi/cupitest"
)

// load fills a simulator from the state file, and reports whether it was there. The file may
// be a pipe: when ctx ends, nothing waits for the rest of it.
func (o simulateOptions) load(ctx context.Context, simulator *cupitest.Server) (bool, error) {
	if o.state == "" {
		return false, nil
	}
	_, err := waitFor(ctx, func() ([]byte, error) {
		file, err := os.Open(o.state)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return nil, simulator.Load(file)
	}, func() {})
	switch {
	case ctx.Err() != nil:
		return false, fmt.Errorf("%w while %s was read for --state; nothing was changed", ctx.Err(), o.state)
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("--state %s: %w", o.state, err)
	}
	return true, nil
}

// save puts a simulator's state into the state file, whole or not at all.
func (o simulateOptions) save(simulator *cupitest.Server) error {
	if o.state == "" {
		return nil
	}
	beside := filepath.Join(filepath.Dir(o.state), "."+filepath.Base(o.state)+".new")
	os.Remove(beside) // a process that was killed may have left it
	file, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("--state: %w", err)
	}
	err = errors.Join(simulator.Save(file), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(beside, o.state)
	}
	if err != nil {
		return fmt.Errorf("--state %s was not saved: %w", o.state, errors.Join(err, os.Remove(beside)))
	}
	return nil
}

// saveEvery is how much of the changes a simulator that is killed may lose.
const saveEvery = time.Second

// keep saves a simulator's state while it serves, until the function that it returns is
// called: after changes, at most once a second, and a large state so seldom that saving
// takes a twentieth of the time. What goes wrong is told once, until it goes well again.
func (o simulateOptions) keep(simulator *cupitest.Server, report func(error)) (end func()) {
	if o.state == "" {
		return func() {}
	}
	changed, stop, ended := make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	note := func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	simulator.OnChange = func(cupitest.Change) error { note(); return nil }
	go func() {
		defer close(ended)
		for pause, failed := saveEvery, false; ; {
			select {
			case <-changed:
			case <-stop:
				return
			}
			select {
			case <-time.After(pause):
			case <-stop:
				return
			}
			select {
			case <-changed: // is saved with the others
			default:
			}
			began := time.Now()
			err := o.save(simulator)
			pause = max(saveEvery, 20*time.Since(began))
			if err != nil && !failed {
				report(err)
			}
			failed = err != nil
		}
	}()
	return func() {
		close(stop)
		<-ended
	}
}
