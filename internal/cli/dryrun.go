package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
	"cucbulk/internal/shell"
	"cucbulk/reports"
	"cucbulk/validate"
)

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

// dryRun finds out what is wrong with a file and what a run of it would do, and
// changes nothing.
func (o *dryRunOptions) dryRun(ctx context.Context, in record.Input) (exit int, err error) {
	if o.out != "" {
		if err := makeNew(o.out); err != nil {
			return 0, err
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, unmakeFolder(o.out))
			}
		}()
	}
	found, checked, err := o.checkRows(in)
	if err != nil {
		return 0, err
	}
	if o.looksAt(checked) {
		err = o.previewRows(ctx, checked, found)
	} else if found.conclude(*o, checked); o.out != "" {
		err = o.writePlan(checked, nil, found)
	}
	if err != nil {
		return 0, err
	}
	o.tell(found)
	if o.json {
		return found.ExitCode, nil
	}
	if found.Out != "" {
		o.tellFolder(found.Out)
	}
	o.suggest(o.next(*found))
	return found.ExitCode, nil
}

// checkRows applies the rules to the rows of a file.
func (o *dryRunOptions) checkRows(in record.Input) (*dryRunReport, *plan.Checked, error) {
	list := o.newProblems(o.allProblems, false)
	if o.json {
		list.together, list.each = false, func(problem validate.Problem) { o.printJSON(problemLine{"problem", problem}) }
	}
	found := &dryRunReport{Type: "summary", File: in.Name, list: list}
	options := o.batch
	options.Audio = o.access.audio
	options.SkipInvalid = true // the valid rows are looked at whatever the others are
	checked, err := check(in, options, found.take)
	if err != nil {
		list.tell()
	}
	return found, checked, err
}

// looksAt reports whether a server is asked what a run would do.
func (o *dryRunOptions) looksAt(checked *plan.Checked) bool {
	return o.connection != nil && !checked.Refused() && checked.Invalid < checked.Rows
}

// tell prints what was found, but for what was printed as it was found.
func (o *dryRunOptions) tell(found *dryRunReport) {
	found.list.tell()
	if !o.json {
		o.printReport(*found)
		return
	}
	for _, kind := range found.list.sorted() {
		o.printJSON(kindLine{"problems", kind})
	}
	o.printJSON(found)
}

// take takes a problem of the file.
func (f *dryRunReport) take(problem validate.Problem) {
	f.noOperation = f.noOperation || problem.Row == 0 && problem.Code == codes.NoOperation
	f.list.take(problem)
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

func (o *dryRunOptions) next(found dryRunReport) []reports.Suggestion {
	var next []reports.Suggestion
	if found.Forecast != nil && o.show == showProblems && found.Forecast.Counts.Changed() > 0 {
		next = append(next, suggestion("See what each row would change:", o.checkAgain.Flag("show", showChanges)))
	}
	if found.list.shortened {
		next = append(next, suggestion("See every problem on a line of its own:", o.checkAgain.Switch("all")))
	}
	switch {
	case found.noOperation:
		return append(next, suggestion("Say what to do with the rows, for example:", o.checkAgain.Flag("operation", "create")))
	case found.ExitCode != 0 && found.Out != "" && found.Invalid+found.failing > 0:
		return append(next, suggestion("Mend the file, then check it again:", o.checkAgain), suggestion("Or mend only the rows that are wrong, and run those:", o.runProblems()))
	case found.ExitCode != 0:
		return append(next, suggestion("Mend the file, then check it again:", o.checkAgain))
	case found.Forecast == nil:
		return append(next, suggestion("See what a run would do on the server:", o.carryOut.Switch("dry-run")))
	}
	if found.PlanSHA != "" {
		next = append(next, suggestion("When it is agreed to, do just what the plan says:", o.runPlan(found.PlanSHA)))
	}
	return append(next, suggestion("Do what the file says:", o.carryOut))
}

func (o *dryRunOptions) open(ctx context.Context) (send.Server, error) {
	if o.opened != nil {
		return *o.opened, nil
	}
	return o.connection.open(ctx, o.access)
}

// previewRows asks the server what a run of the valid rows would do.
func (o *dryRunOptions) previewRows(ctx context.Context, checked *plan.Checked, found *dryRunReport) error {
	server, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer server.Client.Close()
	checked.Seen = o.seen
	_, err = o.previewOn(ctx, server, checked, found)
	return err
}

// previewOn does that on a connection that is there already, and gives what the next file is previewed after.
func (o *dryRunOptions) previewOn(ctx context.Context, server send.Server, checked *plan.Checked, found *dryRunReport,
	before ...*batch.Preparation) (*batch.Preparation, error) {
	made, sent := time.Now().UTC(), server.Client.Counts()
	if o.opened != nil { // what was asked before was asked for this file
		clear(sent)
	}
	preparation, err := preflight(ctx, server, checked, found.take, before...)
	found.list.tell() // before what the rows would do
	if err != nil {
		return nil, err
	}
	if found.Missing = preparation.Missing(); !o.json {
		o.tellMissing(o.Stdout, found.Missing, o.batch.Maps())
	}
	preparation.CheckSurroundings(ctx)
	forecast := preparation.Forecast()
	checked.Warnings += len(forecast.Warnings)
	found.inPart = record.Counts{}
	rows := func(yield func(batch.Preview, error) bool) {
		for preview, err := range preparation.Previews(ctx) {
			if err != nil {
				yield(preview, beforeChanges(ctx, err))
				return
			}
			forecast.Add(preview)
			if problem, fails := preparation.Problem(preview); fails {
				found.take(problem)
			}
			if preview.Reversible != record.FullyReversible && len(preview.Requests) > 0 {
				found.inPart[preview.Status]++
			}
			if o.shows(preview) {
				o.printPreview(preview)
			}
			if !yield(preview, nil) {
				return
			}
		}
		preparation.Estimate(forecast)
		found.Server, found.Forecast, found.Workers = &preparation.Identity, forecast, server.Workers
		found.Preflight, found.base = server.Client.Counts(), preparation.Requests+o.asked
		for method, n := range sent { // for the files before
			found.Preflight[method] -= n
		}
		found.deletes, found.maxDeletes = preparation.Share().Deletes, o.batch.MaxDeletes.Of(preparation.PlannedRows())
		found.since = sinceText(preparation)
		found.plan = batch.SavedPlan{Made: made, Server: preparation.Identity, Account: server.Account, Forecast: forecast}
		found.conclude(*o, checked)
	}
	if o.out != "" {
		return preparation, o.writePlan(checked, rows, found)
	}
	for _, err := range rows {
		if err != nil {
			return nil, err
		}
	}
	return preparation, nil
}

// preflight asks the server what the run must know, after those of the files that run before.
func preflight(ctx context.Context, server send.Server, checked *plan.Checked, problems func(validate.Problem), before ...*batch.Preparation) (*batch.Preparation, error) {
	preparation, err := batch.Preflight(ctx, server, checked, problems, before...)
	if err == nil {
		err = preparation.LookAround(ctx, problems)
	}
	return preparation, beforeChanges(ctx, err)
}
