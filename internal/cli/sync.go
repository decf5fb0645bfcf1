package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/batch/roster"
	"cucbulk/batch/send"
	"cucbulk/internal/shell"
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

// sync makes of the file the input of the run, and carries that out. It gives what became of the
// input.
func (o *runOptions) sync(ctx context.Context, in record.Input, folder string, problems *problems) (record.Input, error) {
	shown := o.screen.progress(o.progress)
	file, err := roster.Check(in, o.batch)
	if err != nil {
		return in, err
	}
	rows := filepath.Join(folder, record.InputFile)
	if file.Refused() { // it stands for itself, and the check tells why
		if err := os.Rename(filepath.Join(folder, record.OwnFile), rows); err != nil {
			return in, err
		}
		if in, err = record.OpenRows(in.Name, rows, record.As{Sheet: in.Sheet, Encoding: o.batch.Encoding}); err != nil {
			return in, err
		}
		if err := file.SaveRefused(folder, o.batch, time.Now()); err != nil {
			return in, err
		}
		_, err = o.checked(in, folder, problems, shown)
		return in, err
	}
	server, release, err := o.connection.openToChange(ctx, o.access, folder, shown.notice)
	if err != nil {
		return in, err
	}
	defer release()
	composed, people, err := o.compose(ctx, server, file, rows)
	if err != nil {
		return in, err
	}
	o.asked = people.Requests
	if err := people.Save(folder); err != nil {
		return in, err
	}
	fmt.Fprint(o.Stderr, rosterText(people, o.batch, o.errorColumns()))
	checked, err := o.checked(composed, folder, problems, shown)
	if err != nil || checked.Refused() {
		return composed, err
	}
	checked.Seen = people.Seen
	return composed, o.carryOutOn(ctx, server, checked, folder, problems, shown)
}

// syncDryRun finds out what a run would do, and of whom.
func (o *runOptions) syncDryRun(ctx context.Context, in record.Input) (int, error) {
	options := o.batch
	options.SkipInvalid = true
	file, err := roster.Check(in, options)
	if err != nil {
		return 0, err
	}
	if file.Refused() || file.Invalid == file.Rows {
		return o.preview.dryRun(ctx, in)
	}
	server, err := o.connection.open(ctx, o.access)
	if err != nil {
		return 0, err
	}
	defer server.Client.Close()
	composed, people, err := o.compose(ctx, server, file, "")
	if err != nil {
		return 0, err
	}
	if o.json {
		for _, leaver := range people.Leavers {
			o.printJSON(leaverLine{"leaver", leaver})
		}
	} else {
		o.print("%s", rosterText(people, o.batch, o.outputColumns()))
	}
	o.preview.opened, o.preview.asked, o.preview.seen = &server, people.Requests, people.Seen
	return o.preview.dryRun(ctx, composed)
}

// refuseOldNight refuses to go on with a night, or with the rows that it rejected, once a later one
// has read the file: it may name whom that one's did not.
func refuseOldNight(history *record.History) error {
	for history.Header.Options.Sync == nil {
		before := history.Header.Options.Continues
		if before == "" {
			return nil
		}
		var err error
		if history, err = record.ReadHistory(before); err != nil {
			return err
		}
	}
	later, err := roster.Superseded(history.Folder, history.Header.Options.Sync.Among)
	if err != nil || later == "" {
		return err
	}
	return fmt.Errorf("what is left of %s is not as the file has it any more: %s is a later run of the same file. Nothing was sent; "+
		"run the file of today with cucbulk sync, or take this run back: %s", history.Folder, later,
		shell.New("rollback").File(history.Folder))
}

// leaverLine is a leaver as scripts read it.
type leaverLine struct {
	Type string `json:"type"`
	roster.Leaver
}

// compose makes of a file, and of who is on the server, the rows of the run, at a path or held.
func (o *runOptions) compose(ctx context.Context, server send.Server, file *roster.File, path string) (record.Input,
	*roster.Roster, error) {
	people, err := roster.Compose(ctx, server, file, o.batch, time.Now())
	if err != nil {
		return record.Input{}, nil, beforeChanges(ctx, err)
	}
	var rows bytes.Buffer
	if err := people.WriteRows(&rows, o.batch); err != nil {
		return record.Input{}, nil, err
	}
	if path != "" {
		if err := writeRows(path, rows.Bytes()); err != nil {
			return record.Input{}, nil, err
		}
	}
	in, err := file.Input.Composed(path, rows.Bytes())
	in.Leavers, in.Problems = people.Told(), slices.Concat(file.Input.Problems, people.Problems, in.Problems)
	return in, people, err
}

// writeRows writes the rows of the run into its folder.
func writeRows(path string, rows []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("the rows can't be written: %w", err)
	}
	_, err = file.Write(rows)
	return errors.Join(err, file.Sync(), file.Close())
}
