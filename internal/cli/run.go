package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/shell"
	"cucbulk/reports"
	"cucbulk/validate"
)

// runOptions are what run was asked to do.
type runOptions struct {
	connection
	batch     record.Options
	file, out string
	sheet     string     // of a workbook
	plan      *agreement // nil: none is given
	dryRun    bool
	json      bool
	all       bool // each problem on a line of its own
	progress  string
	preview   dryRunOptions // of a dry run

	limitedDeletes bool // --max-deletes was given

	again again
	begun func() // tells that the journal says so, and the folder is no start's any more
}

const runHelp = `Check the file, ask the server what it must know (the pre-flight), and then do what
the rows say. Every row ends in exactly one status, and everything that is sent is
in the journal before it leaves.

FILE is CSV as spreadsheets write it, a workbook (.xlsx), or - for standard input.
See cucbulk fields for its columns. Each row is a create, an update, a delete, an
upsert or an import from the LDAP directory (import-ldap): the column Operation says
which, or --operation for the whole file.

The run leaves a folder (--out, else runs/<time>-<file>) with report.html, results.csv,
rejects.csv, rollback.csv, summary.json and the journal.

Ctrl-C ends it: nothing more is started, what is in flight is finished, and resume
goes on. A second Ctrl-C leaves at once.`

const runExample = `  cucbulk run users.csv --operation create --template voicemailusertemplate
  cucbulk run leavers.csv --operation delete --max-deletes 25
  cucbulk run nightly.csv --operation upsert --match EmployeeId --skip-invalid
  cucbulk run users.csv --dry-run --show changes
  cucbulk run users.csv --dry-run --out friday
  cucbulk run --plan friday`

func (p *program) runCommand() *cobra.Command {
	o := runOptions{}
	var show string
	command := &cobra.Command{
		Use: "run FILE|--plan DIR [flags]", Short: "Validate, pre-flight, then do what the rows say",
		Long: runHelp + exitStatus + runExits, Example: runExample, Args: fileOrPlan,
	}
	declare(command, groupsOfClient)
	declare(command, groupRows|groupSheet)
	declare(command, groupFilter|groupInvalid|groupProblems)
	declare(command, groupsOfLimits)
	declare(command, groupContinues|groupCopy|groupPlan|groupSince)
	flags := command.Flags()
	flags.BoolVar(&o.dryRun, "dry-run", false, "end before the first change, and leave no folder without --out; prints what validate --server prints, and with --json as its --format json does")
	showFlag(command, &show)
	flags.StringVar(&o.out, "out", "", "make the run folder `DIR`, or with --dry-run that of the pre-flight, as validate --out does; it must not be there yet")
	outputFlags(command, &o.progress, &o.json)
	command.RunE = p.does(func(ctx context.Context, arguments []string) (int, error) {
		a := asked{batch: record.Options{MaxFailures: record.DefaultMaxFailures()}}
		err := a.take(command, groupsOfFile|groupPlan|groupProblems|groupsOfClient|groupsOfLimits)
		if err == nil {
			o.file, o.plan, err = a.takePlan(command, arguments)
		}
		if err == nil {
			err = a.continueRun(command, o.file)
		}
		if err == nil {
			err = errors.Join(a.checkLeavers(), a.checkPINs(), a.checkSince(o.out), checkProgress(o.progress))
		}
		a.setDoubtWindow(command)
		o.connection, o.batch, o.sheet = a.connection, a.batch, a.sheet
		o.all = a.allProblems
		o.limitedDeletes = flags.Changed(flagMaxDeletes)
		o.again = typedAgain(command, groupsOfServer|groupsOfLimits|groupPlan)
		if err == nil && o.plan != nil && o.dryRun {
			err = misused("--plan runs a plan that there is, and a dry run makes one: give one of the two")
		}
		if err == nil && show != "" && !o.dryRun {
			err = misused("--show tells what a dry run prints: give --dry-run too")
		}
		if err == nil {
			err = errors.Join(o.fillSurvey(show), o.connection.ready(ctx, p))
		}
		if err != nil {
			return 0, err
		}
		return p.run(ctx, o)
	})
	return command
}

// fileOrPlan refuses a command line that names neither a file nor a plan.
func fileOrPlan(command *cobra.Command, arguments []string) error {
	if planned, _ := command.Flags().GetString("plan"); planned != "" && len(arguments) == 0 {
		return nil
	}
	return oneArgument("the CSV file, or -")(command, arguments)
}

// continueRun takes from the run whose rejects the input is what the command line
// does not say.
func (a *asked) continueRun(command *cobra.Command, file string) error {
	if a.continues == "" {
		return nil
	}
	history, err := record.ReadHistory(a.continues)
	if err != nil {
		return err
	}
	if history.Running {
		return fmt.Errorf("%s is still at work: wait until it has ended; then type the command again", a.continues)
	}
	if !history.Finished() {
		return fmt.Errorf("%s is not finished, and what is left of it is not in its rejects: resume it first, with %s", a.continues, resumeFrom(history, nil))
	}
	a.connection.asIn(history)
	before := asked{batch: history.Header.Options}
	if err := a.takeFrom(&before, command, groupRows|groupCopy); err != nil {
		return err
	}
	a.batch.NoSpool = a.batch.NoSpool && (command.Flags().Changed("no-spool") || sourceFile{path: file}.canBeReadTwice())
	a.batch.Continues, err = filepath.Abs(a.continues)
	return err
}

// fillSurvey says what a dry run does.
func (o *runOptions) fillSurvey(show string) error {
	run := func(path string, groups group) shell.Command {
		c := (&asked{sheet: o.sheet, batch: o.batch}).on(shell.New("run").File(path), groups)
		return o.again.on(c, groupsOfServer|groupsOfLimits)
	}
	again := run(o.file, groupsOfFile)
	o.preview = dryRunOptions{batch: o.batch, connection: &o.connection, json: o.json, allProblems: o.all, file: o.file, out: o.out, runFile: func(path string) shell.Command { return run(path, groupsOfProblems) }, runPlan: o.runPlan, checkAgain: again.Switch("dry-run"), carryOut: again}
	return o.preview.fillShow(show)
}

// runPlan runs the plan that a dry run left.
func (o *runOptions) runPlan(sha256 string) shell.Command {
	return o.again.on(planOf(o.out, sha256), groupsOfServer|groupsOfLimits)
}

// planOf begins a command that runs the plan in a folder.
func planOf(folder, sha256 string) shell.Command {
	return shell.New("run").Flag("plan", folder).Flag("plan-sha256", sha256)
}

func outputFlags(command *cobra.Command, progress *string, json *bool) {
	command.Flags().StringVar(progress, "progress", progressAuto, progressHelp)
	command.Flags().BoolVar(json, "json", false, "print the summary as JSON on stdout, and nothing else there")
}

func (p *program) run(ctx context.Context, o runOptions) (int, error) {
	if o.dryRun {
		if _, err := o.connection.schedule.schedule(time.Now(), p.Getenv("TZ")); err != nil { // what the run would refuse
			return 0, err
		}
		return p.withInput(ctx, sourceFile{o.file, record.As{Sheet: o.sheet, Encoding: o.batch.Encoding}}, func(in record.Input) (int, error) {
			return p.dryRun(ctx, o.preview, in)
		})
	}
	dropDeadStarts()
	folder, err := makeFolder(o.out, o.file, time.Now())
	if err != nil {
		return 0, err
	}
	o.begun = beginStart(folder)
	defer o.begun()
	in, err := p.inputOf(ctx, o, folder)
	if err == nil {
		err = p.carryOut(ctx, o, in, folder, p.newProblems(o.all, o.json))
	}
	if gone, err := abandoned(folder, o.begun, err); gone {
		return 0, err
	}
	history, concluding := p.conclude(folder, in)
	if err := errors.Join(err, concluding); err != nil {
		return 0, thenResume(err, o.resume(folder))
	}
	return history.Exit(), p.lastScreen(history, o.json, nextAfter(history, o.again))
}

// inputOf takes the input into the folder, or leaves it where it stands.
func (p *program) inputOf(ctx context.Context, o runOptions, folder string) (record.Input, error) {
	file := sourceFile{o.file, record.As{Sheet: o.sheet, Encoding: o.batch.Encoding}}
	if !o.batch.NoSpool {
		return p.takeInput(ctx, file, folder)
	}
	if _, err := os.Stat(o.file); o.file != "-" && err != nil {
		return record.Input{}, fmt.Errorf("the input can't be read: %w", err)
	}
	if !file.canBeReadTwice() {
		return record.Input{}, misused("--no-spool reads the input twice, and %s can be read once: name a file", o.file)
	}
	return p.openInPlace(file)
}

// carryOut takes a file from its rules to its last row.
func (p *program) carryOut(ctx context.Context, o runOptions, in record.Input, folder string, problems *problems) error {
	checked, err := check(in, o.batch, problems.take)
	problems.tell()
	if err != nil {
		return err
	}
	shown := p.progress(o.progress)
	if checked.Refused() {
		problems.end()
		_, err := batch.Refuse(checked, p.recorder(folder, o.again, shown))
		return err
	}
	server, release, err := p.openToChange(ctx, o.connection, folder, shown.notice)
	if err != nil {
		return err
	}
	defer release()
	preparation, err := preflight(ctx, server, checked, problems.take)
	problems.end()
	if err != nil {
		return err
	}
	o.plan.allow(preparation)
	if preparation.Refused() {
		_, err := preparation.Refuse(p.recorder(folder, o.again, shown))
		return err
	}
	if o.plan != nil {
		if err := o.plan.hold(ctx, p, preparation, problems.take); err != nil {
			problems.tell()
			return err
		}
		problems.tell()
	}
	fmt.Fprint(p.Stderr, p.hanging("", "  ", planText(preparation)))
	if err := p.allowDeletes(ctx, o, preparation); err != nil {
		return err
	}
	shown.begin(checked.Rows)
	over := told(ctx, o.resume(folder), shown)
	recorder := p.recorder(folder, o.again, shown)
	recorder.Planned = func(work plan.Workload) {
		o.begun()
		shown.planned(work)
	}
	_, err = preparation.Run(ctx, recorder)
	over()
	shown.end()
	return err
}

// resume is the command that goes on with the run, once it has begun.
func (o *runOptions) resume(folder string) shell.Command {
	input := ""
	if o.batch.NoSpool {
		input = o.file
	}
	return resumeOf(folder, input, o.again)
}

// preflight asks the server what the run must know.
func preflight(ctx context.Context, server send.Server, checked *plan.Checked, problems func(validate.Problem)) (*batch.Preparation, error) {
	preparation, err := batch.Preflight(ctx, server, checked, problems)
	return preparation, beforeChanges(ctx, err)
}

// allowDeletes asks a person whether the users that the file names may go. Without
// an answer the limit stays, and stops the run.
func (p *program) allowDeletes(ctx context.Context, o runOptions, preparation *batch.Preparation) error {
	deletes := preparation.Planned[validate.Delete]
	if deletes == 0 || o.limitedDeletes || !p.canAsk() {
		return nil
	}
	question := fmt.Sprintf("This deletes %s on %s. Their messages and greetings do not come back.", usersText(deletes), preparation.Server.URL)
	yes, err := p.ask(ctx, question, fmt.Sprintf("%d %s", deletes, host(preparation.Server.URL)))
	if yes {
		preparation.Options.MaxDeletes = record.Limit{Rows: deletes}
	}
	return err
}

// planText says in one sentence what a run is about to do. How many of the updates
// find their users as they should be, the run will tell.
func planText(preparation *batch.Preparation) string {
	var parts []string
	for _, part := range []struct {
		operation validate.Operation
		text      string
	}{{validate.Create, "create %d"}, {validate.ImportLDAP, "import %d"}, {validate.Update, "update up to %d"}, {validate.Delete, "delete %d"}} {
		if n := preparation.Planned[part.operation]; n > 0 {
			parts = append(parts, fmt.Sprintf(part.text, n))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing to change"}
	}
	text := fmt.Sprintf("Plan for the users of %s: %s", preparation.Server.URL, strings.Join(parts, ", "))
	if preparation.Invalid > 0 {
		text += "; " + reports.Count(preparation.Invalid, "invalid row is left out", "invalid rows are left out")
	}
	if since := sinceText(preparation); since != "" {
		text += "; " + since
	}
	return text + "."
}

// host is the part of a server's address by which people know it.
func host(server string) string {
	if !strings.Contains(server, "://") {
		server = "https://" + server
	}
	address, err := url.Parse(server)
	if err != nil {
		return server
	}
	return address.Hostname()
}
