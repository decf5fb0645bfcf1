package roster

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/validate"
)

// Night is what one night's run leaves for the next: how long the file was, and whom within the
// scope it did not name.
type Night struct {
	Version int             `json:"version"`
	Made    time.Time       `json:"made"`
	File    string          `json:"file"` // its name, without the folder
	Server  record.Identity `json:"server"`
	Scope   string          `json:"scope"`
	Match   string          `json:"match"`
	Rows    int             `json:"rows"`             // of the file, without those that repeat others
	Unread  bool            `json:"unread,omitempty"` // the file was refused by itself; no server was asked
	Leavers []Leaver        `json:"leavers,omitempty"`

	Given   []string `json:"given,omitempty"`   // extensions that it gave new ones
	Refused []string `json:"refused,omitempty"` // and those that the server refused, up to that night

	folder string // in which it was found
}

const nightVersion = 1

// What is known of somebody who is within the scope and not in the file.
const (
	Reported = "reported" // told, and nothing more
	Marked   = "marked"   // the grace is not over
	Due      = "due"      // the run deletes the user, or keeps the mailbox and hides it
	Kept     = "kept"     // an earlier run has kept the mailbox
	Returned = "returned" // the file names a user whose mailbox was kept and is hidden still
	Doubtful = "doubtful" // perhaps the file means this user, by another value
)

// Leaver is one of them.
type Leaver struct {
	ObjectID    string    `json:"objectId"`
	Alias       string    `json:"alias"`
	Key         string    `json:"key"` // in the column of --match
	Extension   string    `json:"extension,omitempty"`
	DisplayName string    `json:"displayName,omitempty"`
	Since       time.Time `json:"since"` // when the file first did not name the user
	State       string    `json:"state"`
	Kept        string    `json:"kept,omitempty"` // the folder of the run that kept the mailbox
	Why         string    `json:"why,omitempty"`  // of one that is doubtful
}

// goesOn reports whether the next night counts on from what is known of a leaver.
func (l Leaver) goesOn() bool { return l.State != Doubtful && l.State != Returned }

// Folder is in which folder it was found.
func (n *Night) Folder() string { return n.folder }

// lastOf gives of nights, the newest first, the last one that read the file: nil where none did. refused tells
// whether the file was refused since.
func lastOf(nights []*Night) (last *Night, refused bool) {
	for _, night := range nights {
		if !night.Unread {
			return night, refused
		}
		refused = true
	}
	return nil, refused
}

// carriedOut is that of some nights, the newest first, with which the length of a file is compared: the last one of
// which rows were sent. Where there is none yet, the first one: files that were only looked at do not make
// shorter ones right.
func carriedOut(nights []*Night) *Night {
	var first *Night
	for _, night := range nights {
		if night.Unread {
			continue
		}
		first = night
		if history, err := record.ReadHistory(night.folder); err == nil && history.Finished() &&
			history.Exit() != record.ExitInvalid && history.Exit() != record.ExitRail {
			return night
		}
	}
	return first
}

// SaveRefused leaves in the folder of a run that its file was refused: whom it named, nobody knows.
func (f *File) SaveRefused(folder string, options record.Options, now time.Time) error {
	return f.night(options, now, true).Save(folder)
}

// night is what a night knows before the server is asked.
func (f *File) night(options record.Options, now time.Time, unread bool) Night {
	return Night{Version: nightVersion, Made: now.UTC(), File: filepath.Base(f.Input.Name), Scope: options.Sync.Scope,
		Match: validate.Users.MatchColumn(options.Match), Rows: f.Rows, Unread: unread}
}

// Superseded tells whether a later night of the same file, scope and server has read the file since the
// run in a folder, and which, whatever became of it. What that run has left is not as the newest file has it then.
func Superseded(folder string, among []string) (later string, err error) {
	night, err := readNight(folder)
	if err != nil || night == nil {
		return "", err
	}
	nights, err := night.others(append(slices.Clone(among), filepath.Dir(folder)))
	if err != nil || len(nights) == 0 || !nights[0].Made.After(night.Made) {
		return "", err
	}
	return nights[0].folder, nil
}

// others finds what the nights of the same file, scope and server left, the newest first.
func (n *Night) others(among []string) (nights []*Night, err error) {
	for _, folder := range among {
		entries, _ := os.ReadDir(folder) // it need not be there
		for _, entry := range entries {
			night, err := readNight(filepath.Join(folder, entry.Name()))
			if err != nil {
				return nil, err
			}
			if night != nil && night.like(*n) {
				nights = append(nights, night)
			}
		}
	}
	slices.SortStableFunc(nights, func(a, b *Night) int { return b.Made.Compare(a.Made) })
	return nights, nil
}

func (n *Night) like(other Night) bool {
	return n.File == other.File && (n.Unread || other.Unread || n.Server.SameAs(other.Server)) && strings.EqualFold(n.Scope,
		other.Scope) && n.Match == other.Match
}

// readNight reads what a run left in its folder; nil where it left no such thing.
func readNight(folder string) (*Night, error) {
	if !isFolder(folder) {
		return nil, nil
	}
	text, err := os.ReadFile(filepath.Join(folder, record.NightFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	night := &Night{folder: folder}
	if err == nil {
		err = json.Unmarshal(text, night)
	}
	if err == nil && night.Version != nightVersion {
		err = fmt.Errorf("it is of version %d, and this program reads version %d", night.Version, nightVersion)
	}
	if err != nil {
		return nil, fmt.Errorf("what the night in %s left can't be read, and without it nobody knows who is missing since "+
			"when: %w; move that folder elsewhere, and type the command again", folder, err)
	}
	return night, nil
}

func isFolder(path string) bool {
	about, err := os.Stat(path)
	return err == nil && about.IsDir()
}

// Save leaves a night in the folder of its run, and the list of leavers for people, if there are any.
func (n Night) Save(folder string) error {
	text, err := json.Marshal(n)
	if err == nil && len(n.Leavers) > 0 {
		err = n.saveLeavers(folder)
	}
	if err != nil {
		return err
	}
	return save(folder, record.NightFile, func(w io.Writer) error { _, err := w.Write(append(text, '\n')); return err })
}

func (n Night) saveLeavers(folder string) error {
	return save(folder, record.LeaversFile, func(w io.Writer) error {
		out := csv.NewWriter(w)
		_ = out.Write([]string{"State", "Alias", n.Match, "DtmfAccessId", "DisplayName", "MissingSince", "ObjectId", "Note"})
		for _, l := range n.Leavers {
			note := l.Why
			if l.Kept != "" {
				note = "the mailbox was kept by the run in " + l.Kept
			}
			_ = out.Write([]string{l.State, record.Inert(l.Alias), record.Inert(l.Key), record.Inert(l.Extension),
				record.Inert(l.DisplayName),
				l.Since.UTC().Format(time.RFC3339), l.ObjectID, record.Inert(note)})
		}
		out.Flush()
		return out.Error()
	})
}

// save writes a new file aside, and gives it its name when it is on the disk.
func save(folder, name string, write func(io.Writer) error) error {
	path := filepath.Join(folder, name)
	file, err := os.OpenFile(path+record.NewSuffix, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	err = write(file)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	return os.Rename(path+record.NewSuffix, path)
}

// known gives the leavers by their folded ObjectIds, with what the night's run did to those that were due.
func (n *Night) known() (map[string]Leaver, error) {
	leavers := map[string]Leaver{}
	if n == nil {
		return leavers, nil
	}
	due := false
	for _, l := range n.Leavers {
		leavers[model.Fold(l.ObjectID)] = l
		due = due || l.State == Due
	}
	if !due {
		return leavers, nil
	}
	history, err := record.ReadHistory(n.folder)
	if err != nil {
		return leavers, nil // nobody knows, so it is done again
	}
	for result, err := range history.Results() {
		if err != nil {
			return nil, err
		}
		id := model.Fold(result.ObjectID)
		if l, is := leavers[id]; is && l.State == Due && (result.Status == record.Updated || result.Status == record.Unchanged) {
			l.Kept = n.folder
			leavers[id] = l
		}
	}
	return leavers, nil
}
