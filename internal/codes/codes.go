// Package codes is the table of codes: the stable words by which scripts know what a
// problem is, why a row is not done, and what ended a run. The problems that validate
// prints, the column Code of results.csv, report.html, the screen, `cucbulk codes` and
// docs/codes.md all read it. A code's spelling never changes.
//
// The server has codes of its own, such as INVALID_PARAMETER. They stand in results.csv
// as they were sent, and are not in the table.
package codes

// Code is a stable word. Every value of it that is not the server's own is a constant of
// this package.
type Code string

// Entry is what is known of a code.
type Entry struct {
	Code     Code     `json:"code"`
	Statuses []string `json:"statuses"` // of a row; or "warning"; or "exit" and the exit code of a run that it ends
	Means    string   `json:"means"`    // what happened
	Advice   string   `json:"advice"`   // what is safe, and what to do
}

type list = []string

// Section holds the codes that are about one thing.
type Section struct {
	About   string
	Entries []Entry
}
