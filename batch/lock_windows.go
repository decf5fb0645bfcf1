package batch

import "io/fs"

// private can't tell there: the folder of temporary files is the person's own.
func private(fs.FileInfo) bool { return true }
