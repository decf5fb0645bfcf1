package record

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
// What is a pipe or a device is refused too: nobody knows when it ends. The folder itself
// may be a link. Reports that are links are replaced.
func refuseLinks(folder string) error {
	for _, name := range []string{JournalFile, JournalFile + ".lock", InputFile} {
		about, err := os.Lstat(filepath.Join(folder, name))
		switch {
		case err != nil || about.Mode().IsRegular():
		case about.Mode().Type()&fs.ModeSymlink != 0:
			return fmt.Errorf("%s in %s is a link: %w; put the file itself there", name, folder, errLinked)
		default:
			return fmt.Errorf("%s in %s is no file, but a folder, a pipe or a device: nothing is read from it or "+
				"written to it; put the file itself there", name, folder)
		}
	}
	return nil
}

// openRemains opens a file that a report left in a run folder. A link, a pipe or a device
// is none.
func openRemains(path string) (*os.File, error) {
	about, err := os.Lstat(path)
	if err == nil && !about.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file", path)
	}
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}
