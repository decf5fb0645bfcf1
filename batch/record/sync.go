package record

import "time"

// Names of files in the folder of a run that was made from a file about everybody.
const (
	// OwnFile is the copy of the file that was given; [InputFile] is what was made of it. It goes with that.
	OwnFile = "file.csv"

	// NightFile tells later runs whom the file did not name, and since when.
	NightFile = "night.json"

	// LeaversFile is that for people.
	LeaversFile = "leavers.csv"

	// NewSuffix stands behind the names of both while they are written.
	NewSuffix = ".new"
)

// What becomes of those who are on the server and not in the file.
const (
	LeaversReport = "report"       // they are told
	LeaversDelete = "delete"       // they are deleted
	LeaversKeep   = "keep-mailbox" // as [KeptMailboxes] has it
)

// Sync says that the file is the truth about everybody within a scope, and what follows from that.
type Sync struct {
	Scope      string        `json:"scope"` // as it is typed
	Leavers    string        `json:"leavers"`
	Grace      time.Duration `json:"grace,omitempty"`      // so long somebody must have been missing
	MaxShrink  Limit         `json:"maxShrink"`            // by so much the file may be shorter than the last one
	Alias      string        `json:"alias,omitempty"`      // rule for aliases of new ones; "": the file has them
	Extensions string        `json:"extensions,omitempty"` // ranges for extensions of new ones; "": the file has them
	Among      []string      `json:"among,omitempty"`      // folders of run folders in which the night before is looked for
}

// ofRows leaves out what says nothing of what rows do.
func (s *Sync) ofRows() *Sync {
	if s == nil {
		return nil
	}
	rows := *s
	rows.MaxShrink, rows.Among = Limit{}, nil
	return &rows
}

// Leavers tells of an input that was made of a file about everybody whom that did not name, and which
// rows were added for those of them who leave.
type Leavers struct {
	States   map[string]int `json:"states"` // how many are reported, marked, due …
	FirstRow int            `json:"firstRow,omitempty"`
	Aliases  []string       `json:"aliases,omitempty"` // by row
}

// of is the alias of whom a row is about that was added.
func (l *Leavers) of(row int) (alias string, is bool) {
	if l == nil || row < l.FirstRow || row >= l.FirstRow+len(l.Aliases) {
		return "", false
	}
	return l.Aliases[row-l.FirstRow], true
}
