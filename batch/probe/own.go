package probe

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cucbulk/batch/model"
)

// ownFormat is the version of the file's format.
const ownFormat = 1

// own is what a probe knows of the one user that is its own. Each line of its file is such a
// value, with what that line adds; it is on the disk before what it tells of can happen.
type own struct {
	Format  int        `json:"probe,omitempty"`
	Server  string     `json:"server,omitempty"`
	Aliases []string   `json:"aliases,omitempty"` // that it has, or may get
	Mark    string     `json:"mark,omitempty"`    // its BillingId
	Sent    *time.Time `json:"sent,omitempty"`    // when it was sent for last, by this computer's clock
	Refused *time.Time `json:"refused,omitempty"` // when the server last refused that
	Lost    bool       `json:"lost,omitempty"`    // one that was sent has no answer that says what became of it
	ID      string     `json:"objectId,omitempty"`

	path string
	file *os.File
}

// Owned is where the probe that writes its exchanges to a path keeps what user it made.
func Owned(path string) string { return path + ".user" }

// begin makes the file. One that is there belongs to a probe that was cut off.
func begin(path string, o own) (*own, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	o.Format, o.path, o.file = ownFormat, path, file
	if err := o.add(o); err != nil {
		return nil, errors.Join(err, o.forget())
	}
	if folder, err := os.Open(filepath.Dir(path)); err == nil {
		_ = folder.Sync() // not every system can
		folder.Close()
	}
	return &o, nil
}

// readOwn reads a file that another probe left. A last line that is cut off tells of what did not
// happen.
func readOwn(path string) (*own, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return nil, err
	}
	o := &own{path: path, file: file}
	lines := bufio.NewReader(file)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break
		}
		if json.Unmarshal(line, o) != nil || o.Format != ownFormat {
			file.Close()
			return nil, fmt.Errorf("%s is not what a probe left", path)
		}
	}
	if len(o.Aliases) == 0 { // it was killed before the file was whole, and so before anything was sent
		o.Sent = nil
	}
	return o, nil
}

// add makes a line durable.
func (o *own) add(line own) error {
	text, err := json.Marshal(line)
	if err == nil {
		_, err = o.file.Write(append(text, '\n'))
	}
	if err == nil {
		err = o.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("%s can't be written: %w", o.path, err)
	}
	return nil
}

// sending is called before a request that may make the user leaves.
func (o *own) sending() error {
	now := time.Now()
	o.Sent = &now
	return o.add(own{Sent: &now})
}

// refused is called when the server has said that it does not make the user.
func (o *own) refused() error {
	now := time.Now()
	o.Refused = &now
	return o.add(own{Refused: &now})
}

// lost is called when it is not known what became of it.
func (o *own) lost() error {
	o.Lost = true
	return o.add(own{Lost: true})
}

// open reports whether a request that may make the user has no answer.
func (o *own) open() bool {
	return o.Sent != nil && (o.Lost || o.Refused == nil || o.Refused.Before(*o.Sent))
}

// made is called when the server has told the user's id.
func (o *own) made(id string) error {
	if o.ID == id {
		return nil
	}
	o.ID = id
	return o.add(own{ID: id})
}

// has reports whether an alias is one of the user's.
func (o *own) has(alias string) bool {
	return alias != "" && slices.ContainsFunc(o.Aliases, func(mine string) bool { return model.Fold(mine) == model.Fold(alias) })
}

// leave closes the file and lets it be.
func (o *own) leave() { o.file.Close() }

// forget removes the file: nothing of the user is left.
func (o *own) forget() error { return errors.Join(o.file.Close(), os.Remove(o.path)) }
