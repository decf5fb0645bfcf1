package batch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// errLinked is a run folder of which a part is elsewhere.
var errLinked = errors.New("nothing is read or written through a link out of a run folder")

// refuseLinks refuses a run folder whose journal, lock or copy of the input is a link: what
// is written would go to a file that somebody else chose, and what is read come from there.
// The folder itself may be a link. Reports that are links are replaced.
func refuseLinks(folder string) error {
	for _, name := range []string{JournalFile, JournalFile + ".lock", InputFile} {
		about, err := os.Lstat(filepath.Join(folder, name))
		if err == nil && about.Mode().Type()&fs.ModeSymlink != 0 {
			return fmt.Errorf("%s in %s is a link: %w; put the file itself there", name, folder, errLinked)
		}
	}
	return nil
}
