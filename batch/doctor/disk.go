package doctor

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// What a run needs of the disk under its folder, in bytes: a journal holds about a
// kilobyte a request.
const (
	littleRoom = 1 << 30
	noRoom     = 100 << 20

	slowSync    = time.Second
	syncsTimed  = 7
	syncedBytes = 4 << 10
)

// disk checks the folder in which a run would leave its journal.
func (d *doctor) disk() {
	folder, err := nearestFolder(d.Runs)
	if err != nil {
		d.fail("disk", err.Error(), "type the command where runs may leave their folders, or name another folder")
		return
	}
	took, err := timeSync(folder)
	if err != nil {
		d.fail("disk", err.Error(), "give this account the right to write there, or name another folder")
		return
	}
	free, err := freeBytes(folder)
	if err != nil {
		d.warn("disk", err.Error(), "see yourself that there is room")
		return
	}
	about := fmt.Sprintf("%s: %s free, %s to make a record durable", folder, sizeText(free), took.Round(10*time.Microsecond))
	switch {
	case free < noRoom:
		d.fail("disk", about, "make room: a run stops when its journal can't be written")
	case free < littleRoom:
		d.warn("disk", about, "make room: 10,000 users need about 100 MB")
	case took > slowSync:
		d.warn("disk", about, "take a folder on a disk of this computer: each change waits for its record")
	default:
		d.ok("disk", "%s", about)
	}
}

// nearestFolder is path, or the nearest folder above it that is there.
func nearestFolder(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	for {
		about, err := os.Stat(path)
		switch {
		case err == nil && about.IsDir():
			return path, nil
		case err == nil:
			return "", fmt.Errorf("%s is no folder", path)
		case !errors.Is(err, os.ErrNotExist) || filepath.Dir(path) == path:
			return "", err
		}
		path = filepath.Dir(path)
	}
}

// timeSync writes a file of its own, tells how long a sync takes mostly, and
// removes it.
func timeSync(folder string) (mostly time.Duration, err error) {
	file, err := os.CreateTemp(folder, ".cucbulk-doctor-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	var took []time.Duration
	for range syncsTimed {
		began := time.Now()
		if _, err := file.Write(make([]byte, syncedBytes)); err != nil {
			return 0, err
		}
		if err := file.Sync(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

// sizeText is a number of bytes as people say it.
func sizeText(bytes uint64) string {
	if bytes >= 10<<30 {
		return fmt.Sprintf("%d GB", bytes>>30)
	}
	return fmt.Sprintf("%d MB", bytes>>20)
}
