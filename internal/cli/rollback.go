package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

// rollbackOptions are what rollback was asked to do.
type rollbackOptions struct {
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

It can't bring back messages, greetings, PINs, passwords, and the ObjectId of a
deleted user; a user that was made active stays active. What of this run is lost is
listed before it starts. --dry-run lists all that it would do. A rollback.csv from
which lines were taken out undoes the rest.

It asks before it starts, with the number of users and the host to type; off a
terminal --yes answers. Its record goes into a folder of its own, <RUN>-rollback.`

const rollbackExample = `  cucbulk rollback runs/20260102-150405-users --dry-run
  cucbulk rollback runs/20260102-150405-users
  cucbulk rollback runs/20260102-150405-users --only Alias=jdoe
  cucbulk rollback runs/20260102-150405-users/rollback.csv --yes`

func (p *program) rollbackCommand() *cobra.Command {
	o := rollbackOptions{}
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
		if err := errors.Join(checkProgress(o.progress), a.take(command, groupUndo|groupsOfClient|groupPatience|groupSchedule)); err != nil {
			return 0, err
		}
		a.setDoubtWindow(command)
		o.connection, o.undo = a.connection, a.undo
		o.undo.MaxOutage, o.undo.DoubtWindow = a.batch.MaxOutage, a.batch.DoubtWindow
		o.again = typedAgain(command, groupsOfServer|groupsOfLimits)
		return p.rollback(ctx, o)
	})
	return command
}

func (p *program) rollback(ctx context.Context, o rollbackOptions) (int, error) {
	undo, err := o.plan()
	if err != nil {
		return 0, err
	}
	if len(undo.Rows) == 0 {
		p.print("Nothing to undo: the run changed nothing that this would take back.\n")
		return 0, nil
	}
	if o.dryRun {
		return p.listUndo(undo, o.command(undo.History))
	}
	if err := undo.LacksTemplate(); err != nil {
		return 0, err
	}
	o.connection.asIn(undo.History)
	if err := o.connection.ready(ctx, p); err != nil {
		return 0, err
	}
	lost, err := lossText(undo)
	if err != nil {
		return 0, err
	}
	fmt.Fprint(p.Stderr, lost)
	if agreed, err := p.agreeToUndo(ctx, o, undo); !agreed || err != nil {
		return record.ExitRail, err
	}
	folder, err := o.folder(undo)
	if err != nil {
		return 0, err
	}
	if err := p.undo(ctx, o.connection, undo, folder, o.progress, o.again, nil); err != nil {
		if gone, err := abandoned(folder, func() {}, err); gone {
			return 0, err
		}
		return 0, thenResume(err, resumeOf(folder, "", o.again))
	}
	history, err := p.conclude(folder, record.Input{})
	if err != nil {
		return 0, err
	}
	return history.Exit(), p.lastScreen(history, o.json, nextAfter(history, o.again))
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

// undo connects and carries the rollback out. own is the history of its folder
// when it goes on after an interruption, else nil.
func (p *program) undo(ctx context.Context, connection connection, undo *record.Undo, folder, progress string, again again, own *record.History) error {
	shown := p.progress(progress)
	server, release, err := p.openToChange(ctx, connection, folder, shown.notice)
	if err != nil {
		return err
	}
	defer release()
	if err := undo.History.Unchanged(); err != nil {
		return err
	}
	left := len(undo.Rows)
	if own != nil {
		left = p.left(own, server.URL)
	}
	shown.begin(left)
	defer shown.end()
	defer told(ctx, resumeOf(folder, "", again), shown)()
	_, err = rollback.Run(ctx, undo, server, p.recorder(folder, again, shown), own)
	return err
}

// goOnUndoing goes on with a rollback that was interrupted.
func (p *program) goOnUndoing(ctx context.Context, o resumeOptions, own *record.History) error {
	of, err := record.ReadHistory(own.Header.Of)
	if err != nil {
		return fmt.Errorf("the run that this rollback undoes is needed to go on: %w", err)
	}
	options := own.UndoOptions()
	options.MaxOutage, options.DoubtWindow = o.patience.MaxOutage, o.patience.DoubtWindow
	undo, err := record.PlanUndo(of, options)
	if err != nil {
		return err
	}
	return thenResume(p.undo(ctx, o.connection, undo, o.folder, o.progress, o.again, own), resumeOf(o.folder, "", o.again))
}
