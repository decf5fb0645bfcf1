package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/internal/shell"
)

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
