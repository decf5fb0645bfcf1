package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/batch/send"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

// rollbackOptions are what rollback was asked to do, and what it does it with.
type rollbackOptions struct {
	*screen
	access  *access
	folders runFolders
	connection
	path, out string // a run's folder or rollback.csv; where the record goes
	undo      record.UndoOptions
	yes       bool
	dryRun    bool
	progress  string
	json      bool
	again     again
}

const rollbackHelp = `Undo a run, newest change first: users that it created are deleted, fields that it
changed get their former values, users that it deleted are created again. What
somebody changed since is kept, and said.

It can't bring back messages, PINs, passwords, the ObjectId of a deleted user, and
what the run did not record: see --pre-image of run. A user that was made active stays active. What of this run is lost is
listed before it starts. --dry-run lists all that it would do. A rollback.csv from
which lines were taken out undoes the rest.

It asks before it starts, with the number of users and the host to type; off a
terminal --yes answers. Its record goes into a folder of its own, <RUN>-rollback.`

const rollbackExample = `  cucbulk rollback runs/20260102-150405-users --dry-run
  cucbulk rollback runs/20260102-150405-users
  cucbulk rollback runs/20260102-150405-users --only Alias=jdoe
  cucbulk rollback runs/20260102-150405-users/rollback.csv --yes`

func rollbackCommand(p *program) *cobra.Command {
	o := rollbackOptions{screen: p.screen, access: p.access, folders: p.folders}
	command := &cobra.Command{
		Use: "rollback RUN|rollback.csv [flags]", Short: "Undo a run",
		Long: rollbackHelp + exitStatus + runExits, Example: rollbackExample, Args: oneArgument("the run's folder, or its rollback.csv"),
	}
	declare(command, groupsOfClient)
	declare(command, groupUndo)
	flags := command.Flags()
	flags.BoolVar(&o.yes, "yes", false, "do not ask")
	flags.BoolVar(&o.dryRun, "dry-run", false, "list what would be undone, newest first; needs no server")
	declare(command, groupPatience|groupSchedule)
	flags.StringVar(&o.out, "out", "", "make the folder `DIR`; it must not be there yet (default <RUN>-rollback)")
	outputFlags(command, &o.progress, &o.json)
	command.RunE = p.does(func(ctx context.Context, arguments []string) (int, error) {
		o.path = filepath.Clean(arguments[0])
		var a asked
		if err := errors.Join(checkProgress(o.progress),
			a.take(command, groupUndo|groupsOfClient|groupPatience|groupSchedule)); err != nil {
			return 0, err
		}
		a.setDoubtWindow(command)
		o.connection, o.undo = a.connection, a.undo
		o.undo.MaxOutage, o.undo.DoubtWindow = a.batch.MaxOutage, a.batch.DoubtWindow
		o.again = typedAgain(command, groupsOfServer|groupsOfLimits)
		return o.rollback(ctx)
	})
	return command
}

func (o *rollbackOptions) rollback(ctx context.Context) (int, error) {
	if record.IsSeries(o.path) {
		return o.rollbackSeries(ctx)
	}
	undo, err := o.plan()
	if err != nil {
		return 0, err
	}
	if len(undo.Rows) == 0 {
		o.print("Nothing to undo: the run changed nothing that this would take back.\n")
		return 0, nil
	}
	if o.dryRun {
		return listUndo(o.screen, undo, o.command(undo.History))
	}
	if err := undo.LacksTemplate(); err != nil {
		return 0, err
	}
	o.connection.asIn(undo.History)
	if err := o.connection.ready(ctx, o.access); err != nil {
		return 0, err
	}
	lost, err := lossText(undo)
	if err != nil {
		return 0, err
	}
	fmt.Fprint(o.Stderr, lost)
	if agreed, err := o.agree(ctx, len(undo.Rows), undo.History.Folder); !agreed || err != nil {
		return record.ExitRail, err
	}
	folder, err := o.folder(undo)
	if err != nil {
		return 0, err
	}
	work := undoing{screen: o.screen, access: o.access, folders: o.folders, connection: o.connection,
		undo: undo, folder: folder, progress: o.progress, again: o.again}
	if err := work.carryOut(ctx); err != nil {
		if gone, err := abandoned(folder, func() {}, err); gone {
			return 0, err
		}
		return 0, thenResume(err, resumeOf(folder, "", o.again))
	}
	history, err := o.folders.conclude(folder, record.Input{})
	if err != nil {
		return 0, thenResume(err, resumeOf(folder, "", o.again))
	}
	return history.Exit(), o.lastScreen(history, o.json, nextAfter(history, o.again))
}

// command is what does the rollback of which a dry run told.
func (o *rollbackOptions) command(history *record.History) shell.Command {
	c := (&asked{undo: o.undo}).on(shell.New("rollback").File(o.path), groupUndo)
	return o.again.on(o.again.over(history.Typed).on(c, groupsOfServer), groupsOfLimits)
}

// plan finds the run, and in it what to undo.
func (o *rollbackOptions) plan() (*record.Undo, error) {
	run := o.path
	if about, err := os.Stat(o.path); err == nil && !about.IsDir() {
		if run, o.undo.Rows, err = reports.SelectRows(o.path); err != nil {
			return nil, err
		}
	}
	history, err := record.ReadHistory(run)
	if err != nil {
		return nil, err
	}
	if err := ended(history, o.command(history)); err != nil {
		return nil, err
	}
	return record.PlanUndo(history, o.undo)
}

// folder makes the folder of the rollback, beside the run's.
func (o *rollbackOptions) folder(undo *record.Undo) (string, error) {
	if o.out != "" {
		return o.out, makeNew(o.out)
	}
	return makeNumbered(undo.History.Folder + rollbackSuffix)
}

// undoing is a rollback to be carried out.
type undoing struct {
	*screen
	access  *access
	folders runFolders
	connection
	undo     *record.Undo
	folder   string // of its record
	progress string
	again    again
	own      *record.History // of the folder when it goes on after an interruption, else nil
}

// carryOut connects and takes back what there is to undo.
func (u *undoing) carryOut(ctx context.Context) error {
	shown := u.screen.progress(u.progress)
	server, release, err := u.connection.openToChange(ctx, u.access, u.folder, shown.notice)
	if err != nil {
		return err
	}
	defer release()
	_, err = u.carryOutOn(ctx, server, shown, resumeOf(u.folder, "", u.again))
	return err
}

// carryOutOn does that on a connection that is there already. again goes on with it.
func (u *undoing) carryOutOn(ctx context.Context, server send.Server, shown *progress, again shell.Command) (batch.Summary, error) {
	u.access.audio.FindIn(filepath.Join(u.undo.History.Folder, record.RecordingsFolder))
	if err := u.undo.History.Unchanged(); err != nil {
		return batch.Summary{}, err
	}
	left := len(u.undo.Rows)
	if u.own != nil && len(u.own.Begins) > 0 {
		left = u.tellLeft(u.own, server.URL)
	}
	shown.begin(left)
	defer shown.end()
	defer told(ctx, again, shown)()
	return rollback.Run(ctx, u.undo, server, u.folders.recorder(u.folder, u.again, shown), u.own)
}

// agree asks whether to begin. Without a terminal only --yes agrees.
func (o *rollbackOptions) agree(ctx context.Context, rows int, folder string) (bool, error) {
	if o.yes {
		return true, nil
	}
	if !o.canAsk() {
		return false, misused("rollback asks before it starts; without a terminal give --yes, after a look at --dry-run")
	}
	question := fmt.Sprintf("This takes back what %s of %s changed on %s.", rowsText(rows), folder, o.server)
	agreed, err := o.ask(ctx, question, fmt.Sprintf("%d %s", rows, host(o.server)))
	if err == nil && !agreed {
		fmt.Fprintln(o.Stderr, "cucbulk: not agreed, so nothing was undone; to see what it would do, add --dry-run")
	}
	return agreed, err
}
