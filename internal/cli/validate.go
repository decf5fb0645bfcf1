package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/internal/shell"
)

const validateHelp = `Check every row of a file and print every problem, one a line:

  FILE:LINE: Column: message (code)

On a terminal those of one kind and column are shown once, with how many rows have
it, the first lines and an example, as much as fits; --all prints each. Offline,
nothing is sent. With --server the pre-flight follows: it reads the server, changes
nothing, and reports conflicts with what is there: an alias that is taken, a user
that is not there, a name that the server does not know. Then it tells what a run
would do: how the rows would end, the requests and the time that this takes, what a
rollback could not bring back, and what can't be checked. A server that only
CUCBULK_SERVER or a file of flags names does not go online; --profile does.

--show changes prints a line for each row that would change something, with the
former and the new values of its fields:

  LINE ALIAS: update Title "Clerk" -> "Buyer", City "Leeds" -> ""

--show all prints every row, and nothing is shortened. With --format json each line is
an object, and its type is problem, preview or, at the end, summary.

Several files that are one run are checked together, as run takes them: with
--server each after those before it. The last line of JSON is then of type series.`

// outHelp is what --out of validate does.
const outHelp = "leave what is found in the new folder `DIR`: preflight.html and plan.csv for people, problems.csv with " +
	"the rows to mend, and plan.json for run --plan"

const validateExample = `  cucbulk validate users.csv --operation create --template voicemailusertemplate
  cucbulk validate users.csv --format json
  cucbulk validate users.csv --server https://cuc1.example.com --user admin
  cucbulk validate users.csv --server https://cuc1.example.com --show changes
  cucbulk validate users.csv lists.csv members.csv --operation create`

const validateExits = `  0  the file has no errors (it may have warnings)
  1  could not check: file, connection, sign-in, certificate
  2  the command line is wrong
  3  the file has errors
  6  interrupted`

func validateCommand(p *program) *cobra.Command {
	var format outputFormat
	var show, out string
	command := &cobra.Command{
		Use: "validate FILE... [flags]", Short: "Find every problem of a file; with --server, conflicts too",
		Long: validateHelp + exitStatus + validateExits, Example: validateExample, Args: filesOrPlan,
	}
	declare(command, groupWhat|groupRows|groupTenant|groupMap|groupSheet)
	declare(command, groupFilter|groupProblems|groupSince)
	format.declare(command, eachLine)
	showFlag(command, &show)
	command.Flags().StringVar(&out, "out", "", outHelp)
	declare(command, groupsOfClient)
	command.RunE = p.does(func(ctx context.Context, arguments []string) (int, error) {
		o := dryRunOptions{screen: p.screen, access: p.access, json: format.isJSON()}
		online := typed(command, "server") || typed(command, "profile")
		series := &runOptions{screen: p.screen, access: p.access, folders: p.folders, json: o.json, out: out}
		if err := series.takeFiles(command, arguments); err != nil {
			return 0, err
		}
		var a asked
		err := a.take(command, groupsOfFile|groupProblems|groupsOfClient)
		if err == nil {
			err = errors.Join(a.checkLeavers(), a.checkPINs(), a.checkMapping(), a.checkSince(""), format.check(), o.fillShow(show))
		}
		o.batch, o.allProblems = a.batch, a.allProblems
		switch {
		case err != nil:
		case online:
			o.connection = &a.connection
			err = a.connection.ready(ctx, p.access)
		case a.trace != "":
			err = misused("--trace tells what a server answers: give --server too")
		case a.batch.Since != nil:
			err = misused("--since tells what need not be looked at on a server: give --server too")
		case show == showChanges || show == showAll:
			err = misused("--show %s tells what a run would do, and only the server knows: give --server too", show)
		}
		if err != nil {
			return 0, err
		}
		if series.files != nil {
			if err := series.takeEach(command, &a); err != nil {
				return 0, err
			}
			series.connection, series.batch, series.sheet, series.again = a.connection, a.batch, a.sheet,
				typedAgain(command, groupsOfServer)
			if online {
				o.connection = &series.connection
			}
			o.checkAgain, o.carryOut = series.command("validate"), series.command("run")
			series.preview = o
			return series.previewSeries(ctx)
		}
		if err := a.sinceFileOf(arguments[0], 0, 1); err != nil {
			return 0, err
		}
		o.batch = a.batch
		again := func(name, path string, groups group) shell.Command {
			c := a.on(shell.New(name).File(path), groups)
			return typedAgain(command, groupsOfServer).on(c, groupsOfServer)
		}
		o.file, o.out = arguments[0], out
		o.checkAgain, o.carryOut = again("validate", o.file, groupsOfFile), again("run", o.file, groupsOfFile)
		o.runFile = func(path string) shell.Command { return again("run", path, groupsOfProblems) }
		o.runPlan = func(sha256 string) shell.Command {
			return typedAgain(command, groupsOfServer).on(planOf(a.batch, out, sha256), groupsOfServer)
		}
		file := sourceFile{p.screen, arguments[0], record.As{Sheet: a.sheet, Encoding: a.batch.Encoding}}
		return file.with(ctx, func(in record.Input) (int, error) { return o.dryRun(ctx, in) })
	})
	return command
}
