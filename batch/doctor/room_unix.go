//go:build !windows

package doctor

import "golang.org/x/sys/unix"

// freeBytes is how much this account may still write to the disk of a folder.
func freeBytes(folder string) (uint64, error) {
	var about unix.Statfs_t
	if err := unix.Statfs(folder, &about); err != nil {
		return 0, err
	}
	return uint64(about.Bavail) * uint64(about.Bsize), nil
}
