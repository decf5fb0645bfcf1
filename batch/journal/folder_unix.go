//go:build !windows

package journal

import (
	"errors"
	"os"
)

// SyncFolder makes a new file's name durable.
func SyncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
