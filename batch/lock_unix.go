//go:build !windows

package batch

import (
	"io/fs"
	"os"
	"syscall"
)

// private reports whether a folder is this account's, and closed to others.
func private(about fs.FileInfo) bool {
	owner, known := about.Sys().(*syscall.Stat_t)
	return known && int(owner.Uid) == os.Getuid() && about.Mode().Perm()&0o077 == 0
}
