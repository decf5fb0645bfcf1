package cli

import (
	"github.com/spf13/cobra"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
	"cucbulk/internal/shell"
	"cucbulk/validate"
)

// What a dry run is asked for, and what it finds.

// What --show can ask for.
const (
	showProblems = "problems"
	showChanges  = "changes"
	showAll      = "all"
)

// dryRunOptions are what validate and a dry run do.
type dryRunOptions struct {
	*screen
	access *access

	batch      record.Options
	connection *connection  // nil: offline
	opened     *send.Server // that was asked already; nil: none was
	asked      int          // requests for which it was
	seen       *plan.Seen   // what it told; nil: nothing
	show       string
	json       bool

	allProblems bool // each on a line of its own

	file string // as it was named
	out  string // the folder in which it leaves what it found; "": none

	checkAgain, carryOut shell.Command                     // to type next
	runFile              func(path string) shell.Command   // another file, with the same flags
	runPlan              func(sha256 string) shell.Command // the plan that was left in out
}

func showFlag(command *cobra.Command, show *string) {
	command.Flags().StringVar(show, "show", "", "of what a run would do, print `problems|changes|all` (default problems, as JSON all)")
}

// fillShow takes the value of --show; without one, JSON holds everything.
func (o *dryRunOptions) fillShow(show string) error {
	switch show {
	case "":
		o.show = showProblems
		if o.json {
			o.show = showAll
		}
	case showProblems, showChanges, showAll:
		o.show = show
	default:
		return misused("--show takes problems, changes or all, not %q", show)
	}
	return nil
}

// shows reports whether a row is printed.
func (o *dryRunOptions) shows(preview batch.Preview) bool {
	switch preview.Status {
	case record.Failed: // which is a problem
		return o.json
	case record.Created, record.Updated, record.Deleted:
		return o.show != showProblems
	}
	return o.show == showAll
}

// dryRunReport is the end of what validate and a dry run print.
type dryRunReport struct {
	Type      string             `json:"type"` // "summary"
	File      string             `json:"file"`
	Rows      int                `json:"rows"`
	Invalid   int                `json:"invalid"` // rows with an error
	Warnings  int                `json:"warnings"`
	ExitCode  int                `json:"exitCode"`
	Server    *record.Identity   `json:"server,omitempty"`       // this and what follows is missing when offline
	Forecast  *batch.Forecast    `json:"forecast,omitempty"`     // of a run, without the invalid rows
	Workers   int                `json:"workers,omitempty"`      // that the forecast of the time counts on
	Missing   []plan.MissingName `json:"missingNames,omitempty"` // what rows name and the server does not have
	Preflight map[string]int     `json:"preflight,omitempty"`    // requests that it sent, by method
	Out       string             `json:"out,omitempty"`          // the folder that it left
	PlanSHA   string             `json:"planSha256,omitempty"`

	base       int           // requests of the pre-flight that a run sends too
	inPart     record.Counts // rows that a rollback brings back only in part, or not
	deletes    int           // users that a run would delete
	maxDeletes int           // users that it may delete without a question

	list     *problems         // as they are found
	problems []*problemsOfKind // by kind, when all are found
	plan     batch.SavedPlan   // what the rows are bound to

	since       string // of rows that are not looked at; "": all are
	failing     int    // rows that a run would fail
	noOperation bool   // nothing says what to do with any row
	about       string // of one of several files: what its rows are about, see [validate.Table]
}

// problemLine, previewLine and kindLine are a problem, a preview and all problems of a kind
// as scripts read them.
type (
	problemLine struct {
		Type string `json:"type"`
		validate.Problem
	}
	previewLine struct {
		Type string `json:"type"`
		batch.Preview
	}
	kindLine struct {
		Type string `json:"type"`
		*problemsOfKind
	}
)

// take takes a problem of the file.
func (f *dryRunReport) take(problem validate.Problem) {
	f.noOperation = f.noOperation || problem.Row == 0 && problem.Code == codes.NoOperation
	f.list.take(problem)
}

// counts are the rows by what a run would give them; where none was looked at, the invalid ones alone.
func (f *dryRunReport) counts() record.Counts {
	switch {
	case f.Forecast != nil:
		return f.Forecast.Counts
	case f.Invalid > 0:
		return record.Counts{record.Invalid: f.Invalid}
	}
	return record.Counts{}
}

// conclude counts what was found, when the rows were looked at.
func (f *dryRunReport) conclude(o dryRunOptions, checked *plan.Checked) {
	f.problems = f.list.sorted()
	f.Rows, f.Invalid, f.Warnings = checked.Rows, checked.Invalid, checked.Warnings
	if f.Forecast != nil {
		f.failing = f.Forecast.Counts[record.Failed]
	}
	if checked.Refused() || checked.Invalid+f.failing > 0 && !o.batch.SkipInvalid {
		f.ExitCode = record.ExitInvalid
	}
}
