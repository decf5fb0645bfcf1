package export

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cucbulk/batch/journal"
	"cucbulk/batch/model"
	"cucbulk/cupi/audio"
)

// The files of a portable export.
const (
	PeopleFile   = "users.csv"       // what leads to nobody
	LinksFile    = "links.csv"       // what leads to people: it is run when they are there
	LeftFile     = "not-carried.csv" // what of each person is in neither
	ManifestFile = "manifest.json"
	audioFolder  = "audio"
	peopleFile   = "unfinished.journal"
)

// portableHeader says what an export was asked for, so that only the same is gone on with.
type portableHeader struct {
	Format int    `json:"format"`
	Server string `json:"server"`
	Query  string `json:"query,omitempty"`
	Tenant string `json:"tenant,omitempty"`
	Among  string `json:"among,omitempty"` // SHA-256 of the aliases that were named

	Began time.Time `json:"began"`
}

// same reports whether both ask for the same.
func (h portableHeader) same(other portableHeader) bool {
	h.Began, other.Began = time.Time{}, time.Time{}
	return h == other
}

// The kinds of record.
const (
	aHeader = "portable"
	aPerson = "person"
)

// Folder is one that is being filled.
type Folder struct {
	path   string
	people *journal.Writer
	began  time.Time
}

// Unfinished reports whether a folder holds a portable export that ended early.
func Unfinished(folder string) bool {
	_, begun := os.Stat(filepath.Join(folder, peopleFile))
	_, whole := os.Stat(filepath.Join(folder, ManifestFile))
	return begun == nil && whole != nil
}

// openFolder makes a folder for a portable export, or goes on with one. read has the aliases of those who
// are in it already, by folded ObjectId.
func openFolder(path string, header portableHeader) (f *Folder, read map[string]string, err error) {
	if _, err := os.Stat(filepath.Join(path, ManifestFile)); err == nil {
		return nil, nil, fmt.Errorf("%s holds a portable export that is finished, and nothing is ever overwritten: give another --out",
			path)
	}
	read = map[string]string{}
	people := filepath.Join(path, peopleFile)
	_, err = os.Stat(people)
	if errors.Is(err, fs.ErrNotExist) {
		return newFolder(path, header)
	}
	began := false
	tail, err := journal.Read(people, func(r journal.Record) error {
		if r.Type == aHeader {
			var asked portableHeader
			if err := r.Decode(&asked); err != nil {
				return err
			}
			if began = true; !asked.same(header) {
				return fmt.Errorf("%s holds a portable export that was begun of other users, or of another server (%s): type "+
					"the same command, or give another --out", path, asked.Server)
			}
			header.Began = asked.Began
			return nil
		}
		var one person
		err := r.Decode(&one)
		read[model.Fold(one.ID)] = one.Alias
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	writer, err := journal.Continue(people, journal.Options{Expect: &tail})
	if err != nil {
		return nil, nil, err
	}
	f = &Folder{path, writer, header.Began}
	if !began {
		err = writer.Append(aHeader, header)
	}
	return f, read, errors.Join(err, f.dropReceiving())
}

func newFolder(path string, header portableHeader) (*Folder, map[string]string, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, nil, fmt.Errorf("the folder of the export can't be made: %w", err)
	}
	there, err := os.ReadDir(path)
	if err != nil {
		return nil, nil, err
	}
	if slices.ContainsFunc(there, func(entry os.DirEntry) bool { return !strings.HasPrefix(entry.Name(), peopleFile) }) {
		return nil, nil, fmt.Errorf("%s holds something else: name a folder with --out that is empty, or not there yet", path)
	}
	writer, err := journal.Create(filepath.Join(path, peopleFile), journal.Options{})
	if err != nil {
		return nil, nil, err
	}
	return &Folder{path, writer, header.Began}, map[string]string{}, writer.Append(aHeader, header)
}

// dropReceiving removes what a start that was killed had not received whole.
func (f *Folder) dropReceiving() error {
	parts, err := filepath.Glob(filepath.Join(f.path, audioFolder, audio.Receiving))
	for _, part := range parts {
		err = errors.Join(err, os.Remove(part))
	}
	return err
}

// add puts a person into the folder. It is on the disk when add returns.
func (f *Folder) add(one *person) error { return f.people.Append(aPerson, one) }
