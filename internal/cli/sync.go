package cli

import (
	"context"

	"github.com/spf13/cobra"
)

const syncHelp = `Make the users of a server those of a file. The file is the truth about everybody within
--scope: who is in it and not on the server is made, who differs is updated, and who is on the
server, within the scope, and not in the file has left. What becomes of leavers, --leavers says:
by default they are told and nothing more.

FILE is CSV or a workbook, as for run, without a column Operation. --match EmployeeId finds people
by what does not change: one who has another Alias in the file is renamed. PINs and passwords are
for users that are made.

Nobody leaves while a row of the file can't be understood. The account that signs in, users that
can't be deleted, and users without a value in the column of --match never do. An empty file is
refused, and so is one that is shorter than the last one by more than --max-shrink; --max-deletes
says how many may go in one run. With --grace nobody goes before so much time has passed since
a file first did not name them; who is in a file again is a leaver no more.

What is done is a run like any other, with its folder, resume, rollback and report, and beside
those leavers.csv. --dry-run tells what would be done, and of whom.`

const syncExample = `  cucbulk sync hr.csv --scope Department=Sales --match EmployeeId --dry-run
  cucbulk sync hr.csv --scope all --leavers delete --grace 14d --max-deletes 2%
  cucbulk sync hr.csv --scope Department=Sales --leavers keep-mailbox \
      --seal-to age1…
  cucbulk sync hr.csv --scope CosDisplayName=Staff --match EmployeeId \
      --alias '{first:1}{last}' --extensions 7000-7999,8100-8199`

func syncCommand(p *program) *cobra.Command {
	o := runOptions{screen: p.screen, access: p.access, folders: p.folders}
	var show string
	command := &cobra.Command{
		Use: "sync FILE|--plan DIR [flags]", Short: "Make the users of a server those of a file, night after night",
		Long: syncHelp + exitStatus + runExits, Example: syncExample, Args: oneFileOrPlan,
	}
	declare(command, groupsOfClient)
	declare(command, groupSync)
	declare(command, groupRows|groupTenant|groupSheet)
	declare(command, groupInvalid|groupProblems)
	declare(command, groupsOfLimits)
	declare(command, groupPlan|groupSince)
	o.flags(command, &show)
	command.RunE = p.does(func(ctx context.Context, arguments []string) (int, error) {
		if err := o.take(ctx, command, arguments, show); err != nil {
			return 0, err
		}
		return o.run(ctx)
	})
	return command
}

// oneFileOrPlan refuses several files: whom one of them does not name, another one may.
func oneFileOrPlan(command *cobra.Command, arguments []string) error {
	if len(arguments) > 1 {
		return misused("sync takes one file, which names everybody within --scope, and got %d: put them together, or give "+
			"each a scope of its own and a sync of its own", len(arguments))
	}
	return fileOrPlan(command, arguments)
}
