package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"cucbulk/cupi/cupitest"
)

// load fills a simulator from the state file, and reports whether it was there.
func (o simulateOptions) load(simulator *cupitest.Server) (bool, error) {
	if o.state == "" {
		return false, nil
	}
	file, err := os.Open(o.state)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("--state: %w", err)
	}
	defer file.Close()
	if err := simulator.Load(file); err != nil {
		return false, fmt.Errorf("--state %s: %w", o.state, err)
	}
	return true, nil
}

// save puts a simulator's state into the state file, whole or not at all.
func (o simulateOptions) save(simulator *cupitest.Server) error {
	if o.state == "" {
		return nil
	}
	file, err := os.CreateTemp(filepath.Dir(o.state), "."+filepath.Base(o.state)+".*")
	if err != nil {
		return fmt.Errorf("--state: %w", err)
	}
	err = errors.Join(simulator.Save(file), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), o.state)
	}
	if err != nil {
		return fmt.Errorf("--state %s was not saved: %w", o.state, errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}
