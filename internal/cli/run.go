package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/shell"
)

// runOptions are what run was asked to do, and what it does it with.
type runOptions struct {
	*screen
	access  *access
	folders runFolders
	connection
	batch     record.Options
	file, out string
	files     []string        // of which several are one run; nil: there is one
	objects   []string        // what each of these is about; nil: nothing is said
	sheet     string          // of a workbook
	plan      *agreement      // nil: none is given
	planned   *plannedSeries  // of several files; nil: none is given
	each      []*fileOfSeries // what is asked of each of several files; nil: the same of all
	dryRun    bool
	json      bool
	all       bool // each problem on a line of its own
	progress  string
	preview   dryRunOptions // of a dry run

	limitedDeletes bool // --max-deletes was given
	asked          int  // requests before the pre-flight

	again again
	begun func() // tells that the journal says so, and the folder is no start's any more
}

const runHelp = `Check the file, ask the server what it must know (the pre-flight), and then do what
the rows say. Every row ends in exactly one status, and everything that is sent is
in the journal before it leaves.

Several files are one run, in the order in which they are typed: users.csv lists.csv members.csv.
All of them are checked before anything is sent, and a later one finds what the
earlier ones leave. --object names one for each, or none. A dry run of them with
--out leaves a plan of all, which --plan runs.

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
  cucbulk run users.csv lists.csv members.csv --operation create
  cucbulk run users.csv --dry-run --show changes
  cucbulk run users.csv --dry-run --out friday
  cucbulk run --plan friday`

func runCommand(p *program) *cobra.Command {
	o := runOptions{screen: p.screen, access: p.access, folders: p.folders}
	var show string
	command := &cobra.Command{
		Use: "run FILE...|--plan DIR [flags]", Short: "Validate, pre-flight, then do what the rows say",
		Long: runHelp + exitStatus + runExits, Example: runExample, Args: filesOrPlan,
	}
	declare(command, groupsOfClient)
	declare(command, groupWhat|groupRows|groupTenant|groupMap|groupSheet)
	declare(command, groupFilter|groupInvalid|groupProblems)
	declare(command, groupsOfLimits)
	declare(command, groupContinues|groupCopy|groupPlan|groupSince)
	o.flags(command, &show)
	command.RunE = p.does(func(ctx context.Context, arguments []string) (int, error) {
		if err := o.takeFiles(command, arguments); err != nil {
			return 0, err
		}
		if err := o.take(ctx, command, arguments, show); err != nil {
			return 0, err
		}
		if o.files != nil {
			return o.runSeries(ctx)
		}
		return o.run(ctx)
	})
	return command
}

// flags declares those that say what the command leaves and prints.
func (o *runOptions) flags(command *cobra.Command, show *string) {
	command.Flags().BoolVar(&o.dryRun, "dry-run", false, "end before the first change, and leave no folder without --out; "+
		"prints what validate --server prints, and with --json as its --format json does")
	showFlag(command, show)
	command.Flags().StringVar(&o.out, "out", "",
		"make the run folder `DIR`, or with --dry-run that of the pre-flight, as validate --out does; it must not be there yet")
	outputFlags(command, &o.progress, &o.json)
}

// take takes what a command line asks for.
func (o *runOptions) take(ctx context.Context, command *cobra.Command, arguments []string, show string) error {
	a := asked{batch: record.Options{Limits: record.Limits{MaxFailures: record.DefaultMaxFailures()}}}
	err := a.take(command, groupsOfFile|groupPlan|groupProblems|groupsOfClient|groupsOfLimits)
	if err == nil && o.files == nil {
		if o.file, o.plan, err = a.takePlan(command, arguments); err == nil {
			err = a.continueRun(command, o.file)
		}
	}
	if err == nil {
		err = errors.Join(a.checkSync(command, o.out), a.checkLeavers(), a.checkPINs(), a.checkMapping(), a.checkSince(o.out),
			checkProgress(o.progress))
	}
	a.setDoubtWindow(command)
	if err == nil && o.files != nil {
		err = o.takeEach(command, &a)
	} else if err == nil {
		err = a.sinceFileOf(o.file, 0, 1)
	}
	o.connection, o.batch, o.sheet = a.connection, a.batch, a.sheet
	o.all = a.allProblems
	o.limitedDeletes = command.Flags().Changed(flagMaxDeletes)
	o.again = typedAgain(command, groupsOfServer|groupsOfLimits|groupPlan)
	if err == nil && (o.plan != nil || o.planned != nil) && o.dryRun {
		err = misused("--plan runs a plan that there is, and a dry run makes one: give one of the two")
	}
	if err == nil && show != "" && !o.dryRun {
		err = misused("--show tells what a dry run prints: give --dry-run too")
	}
	if err == nil {
		err = errors.Join(o.fillSurvey(show), o.connection.ready(ctx, o.access))
	}
	return err
}

// fileOrPlan refuses a command line that names neither a file nor a plan.
func fileOrPlan(command *cobra.Command, arguments []string) error {
	if planned, _ := command.Flags().GetString("plan"); planned != "" && len(arguments) == 0 {
		return nil
	}
	return oneArgument("the CSV file, or -")(command, arguments)
}

// filesOrPlan is for a command that takes several files too.
func filesOrPlan(command *cobra.Command, arguments []string) error {
	if len(arguments) > 1 {
		return nil
	}
	return fileOrPlan(command, arguments)
}

// fillSurvey says what a dry run does.
func (o *runOptions) fillSurvey(show string) error {
	run := func(path string, options record.Options, groups group) shell.Command {
		return o.again.on(commandOf(path, o.sheet, options, groups), groupsOfServer|groupsOfLimits)
	}
	again := run(o.file, o.batch, groupsOfFile)
	if o.files != nil {
		again = o.command("run")
	}
	rows := o.batch // of which each says what to do, where the file was about everybody
	rows.Sync = nil
	o.preview = dryRunOptions{screen: o.screen, access: o.access, batch: o.batch, connection: &o.connection, json: o.json,
		allProblems: o.all, file: o.file, out: o.out,
		runFile: func(path string) shell.Command { return run(path, rows, groupsOfProblems) }, runPlan: o.runPlan,
		checkAgain: again.Switch("dry-run"), carryOut: again}
	return o.preview.fillShow(show)
}

// runPlan runs the plan that a dry run left.
func (o *runOptions) runPlan(sha256 string) shell.Command {
	return o.again.on(planOf(o.batch, o.out, sha256), groupsOfServer|groupsOfLimits)
}

func (o *runOptions) run(ctx context.Context) (int, error) {
	if o.dryRun {
		if _, err := o.connection.schedule.schedule(time.Now(), o.access.getenv("TZ")); err != nil { // what the run would refuse
			return 0, err
		}
		return o.source().with(ctx, func(in record.Input) (int, error) {
			if o.batch.Sync != nil {
				return o.syncDryRun(ctx, in)
			}
			return o.preview.dryRun(ctx, in)
		})
	}
	dropDeadStarts()
	folder, err := makeFolder(o.out, o.file, time.Now())
	if err != nil {
		return 0, err
	}
	o.begun = beginStart(folder)
	defer o.begun()
	in, err := o.inputIn(ctx, folder)
	if err == nil && o.batch.Sync != nil {
		in, err = o.sync(ctx, in, folder, o.newProblems(o.all, o.json))
	} else if err == nil {
		err = o.carryOut(ctx, in, folder, o.newProblems(o.all, o.json))
	}
	if gone, err := abandoned(folder, o.begun, err); gone {
		return 0, err
	}
	history, concluding := o.folders.conclude(folder, in)
	if err := errors.Join(err, concluding); err != nil {
		return 0, thenResume(err, o.resume(folder))
	}
	return history.Exit(), o.lastScreen(history, o.json, nextAfter(history, o.again))
}

// source is where the rows come from.
func (o *runOptions) source() sourceFile {
	return sourceFile{o.screen, o.file, record.As{Sheet: o.sheet, Encoding: o.batch.Encoding}}
}

// inputIn takes the input into the folder, or leaves it where it stands.
func (o *runOptions) inputIn(ctx context.Context, folder string) (record.Input, error) {
	file := o.source()
	switch {
	case o.batch.Sync != nil:
		return file.copyTo(ctx, folder, record.OwnFile)
	case !o.batch.NoSpool:
		return file.copyTo(ctx, folder, record.InputFile)
	}
	if _, err := os.Stat(o.file); o.file != "-" && err != nil {
		return record.Input{}, fmt.Errorf("the input can't be read: %w", err)
	}
	if !file.canBeReadTwice() {
		return record.Input{}, misused("--no-spool reads the input twice, and %s can be read once: name a file", o.file)
	}
	return file.openInPlace()
}

// carryOut takes a file from its rules to its last row.
func (o *runOptions) carryOut(ctx context.Context, in record.Input, folder string, problems *problems) error {
	shown := o.screen.progress(o.progress)
	checked, err := o.checked(in, folder, problems, shown)
	if err != nil || checked.Refused() {
		return err
	}
	server, release, err := o.connection.openToChange(ctx, o.access, folder, shown.notice)
	if err != nil {
		return err
	}
	defer release()
	return o.carryOutOn(ctx, server, checked, folder, problems, shown)
}

// checked checks the rows, and records it if nothing of them may be sent.
func (o *runOptions) checked(in record.Input, folder string, problems *problems, shown *progress) (*plan.Checked, error) {
	options := o.batch
	options.Audio = o.access.audio
	checked, err := check(in, options, problems.take)
	problems.tell()
	if err == nil && checked.Refused() {
		problems.end()
		_, err = batch.Refuse(checked, o.folders.recorder(folder, o.again, shown))
	}
	return checked, err
}

// carryOutOn takes checked rows from the pre-flight to the last of them.
func (o *runOptions) carryOutOn(ctx context.Context, server send.Server, checked *plan.Checked, folder string,
	problems *problems, shown *progress) error {
	preparation, err := preflight(ctx, server, checked, problems.take)
	problems.end()
	if err != nil {
		return err
	}
	o.tellMissing(o.Stderr, preparation.Missing(), checked.Options.Maps())
	o.plan.allow(preparation)
	if preparation.Refused() {
		_, err := preparation.Refuse(o.folders.recorder(folder, o.again, shown))
		return err
	}
	if o.plan != nil {
		if err := o.plan.hold(ctx, o.screen, preparation, problems.take); err != nil {
			problems.tell()
			return err
		}
		problems.tell()
	}
	for _, warning := range preparation.Surroundings.Warnings {
		o.warn("%s (%s)", warning.Message, warning.Code)
	}
	fmt.Fprint(o.Stderr, o.hanging("", "  ", planText(preparation)))
	if !o.limitedDeletes {
		deletes, err := o.allowDeletes(ctx, preparation)
		if err != nil {
			return err
		}
		if deletes > 0 {
			preparation.Options.MaxDeletes = record.Limit{Rows: deletes}
		}
	}
	shown.begin(checked.Rows)
	over := told(ctx, o.resume(folder), shown)
	recorder := o.folders.recorder(folder, o.again, shown)
	recorder.Planned = func(work plan.Workload) {
		o.begun()
		shown.planned(work)
	}
	preparation.Requests += o.asked
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
