package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cucbulk/cupi/audio"
)

// Manifest says what a portable export holds.
type Manifest struct {
	Format     int            `json:"format"`
	Server     string         `json:"server"`
	Tool       string         `json:"tool"`
	Began      time.Time      `json:"began"` // when the first start began to read
	Ended      time.Time      `json:"ended"`
	Users      int            `json:"users"`
	Recordings int            `json:"recordings"`
	Left       int            `json:"left"` // rows of LeftFile
	NotCarried []string       `json:"notCarried"`
	Files      []ManifestFact `json:"files"`
}

// ManifestFact is one file of the folder.
type ManifestFact struct {
	Name   string `json:"name"` // with slashes
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

const manifestFormat = 1

// sounds are the files of recordings. Each is called by its hash, which was worked out of what was
// received.
func (f *Folder) sounds() (facts []ManifestFact, err error) {
	entries, err := os.ReadDir(filepath.Join(f.path, audioFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, entry := range entries {
		info, unread := entry.Info()
		if unread != nil {
			return nil, unread
		}
		facts = append(facts, ManifestFact{audioFolder + "/" + entry.Name(), info.Size(),
			strings.TrimSuffix(entry.Name(), filepath.Ext(entry.Name()))})
	}
	return facts, err
}

// CheckManifest sees that a file of a portable export, and what is recorded beside it, are as they were
// written. A file that stands beside no manifest is whatever it is, and so is one of a name that the manifest does
// not have; the recordings count for that too.
func CheckManifest(path, sha256 string, store *audio.Store) error {
	folder, name := filepath.Split(path)
	text, err := os.ReadFile(filepath.Join(folder, ManifestFile))
	var m Manifest
	if err != nil || json.Unmarshal(text, &m) != nil || m.Format != manifestFormat ||
		!slices.ContainsFunc(m.Files, func(fact ManifestFact) bool { return fact.Name == PeopleFile }) {
		return nil
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return err
	}
	const mend = "copy the folder of the export again"
	for _, fact := range m.Files {
		switch {
		case fact.Name == name && fact.SHA256 != sha256:
			return fmt.Errorf("%s is not as the export wrote it, by %s beside it; nothing was sent: %s, or, where it was "+
				"changed on purpose, give it another name in the folder", path, ManifestFile, mend)
		case !strings.HasPrefix(fact.Name, audioFolder+"/") || strings.Contains(fact.Name, ".."):
			continue
		}
		recording, err := store.Check(filepath.Join(folder, filepath.FromSlash(fact.Name)))
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is gone, which the export wrote beside %s; nothing was sent: %s", fact.Name, path, mend)
		}
		if err != nil || audio.FileName(recording.Digest) != fact.SHA256+".wav" {
			return fmt.Errorf("%s is not as the export wrote it, by %s; nothing was sent: %s", fact.Name, ManifestFile, mend)
		}
	}
	return nil
}
