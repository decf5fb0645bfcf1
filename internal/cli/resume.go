package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/shell"
)

// resumeOptions are what resume was asked to do, and what it does it with.
type resumeOptions struct {
	*screen
	access  *access
	folders runFolders
	connection
	folder, input string
	inputs        map[string]string // of which run of a series that is the input, by its folder; nil: it is of one run
	progress      string
	json          bool
	limits        func(*record.Options) error // sets those that were given
	patience      record.Patience             // of a rollback
	again         again
}

const resumeHelp = `Go on with a run, or with a rollback, that was interrupted, stopped by a guard rail, or
killed. Rows that have a result keep it; a request whose answer was lost is settled
by looking at the server before anything else touches its row. Guard rails count
anew, and new limits may be given; what the rows do stays as it was asked.

--server and --user are by default those of the run. Another server is refused, and
so is another input. A run that is finished is left alone, and its exit code repeated.`

func resumeCommand(p *program) *cobra.Command {
	o := resumeOptions{screen: p.screen, access: p.access, folders: p.folders}
	command := &cobra.Command{
		Use: "resume RUN [flags]", Short: "Go on with an interrupted run",
		Long:    resumeHelp + exitStatus + runExits,
		Example: "  cucbulk resume runs/20260102-150405-users\n  cucbulk resume runs/20260102-150405-leavers --max-deletes 25",
		Args:    oneArgument("the run's folder"),
	}
	declare(command, groupsOfClient)
	declare(command, groupsOfLimits)
	declare(command, groupInput)
	outputFlags(command, &o.progress, &o.json)
	command.RunE = p.does(func(ctx context.Context, arguments []string) (int, error) {
		o.folder = filepath.Clean(arguments[0])
		var a asked
		if err := errors.Join(checkProgress(o.progress), a.take(command, groupInput|groupsOfClient|groupsOfLimits)); err != nil {
			return 0, err
		}
		a.setDoubtWindow(command)
		o.connection, o.input, o.patience = a.connection, a.input, a.batch.Patience
		o.limits = func(options *record.Options) error {
			limited := asked{connection: a.connection, batch: *options, doubtWindow: a.doubtWindow}
			err := limited.takeGiven(command, groupsOfLimits)
			limited.setDoubtWindow(command)
			*options = limited.batch
			return err
		}
		o.again = typedAgain(command, groupInput|groupsOfServer|groupsOfLimits)
		return o.resume(ctx)
	})
	return command
}

func (o *resumeOptions) resume(ctx context.Context) (int, error) {
	if err := refuseDeadStart(o.folder); err != nil {
		return 0, err
	}
	if record.IsSeries(o.folder) {
		return o.resumeSeries(ctx)
	}
	history, err := record.ReadHistory(o.folder)
	if err != nil {
		return 0, err
	}
	if err := ended(history, resumeFrom(history, o.again)); err != nil {
		return 0, err
	}
	if series := record.SeriesOf(o.folder); series != "" && len(history.Begins) == 0 && !history.Finished() {
		return 0, fmt.Errorf("%s is one of several files that are one run, and has not begun: it goes by what the files before it leave, "+
			"and by what was found of all of them. Go on with all: %s", o.folder, resumeFrom(history, o.again))
	}
	var in record.Input
	if history.Finished() {
		o.warn("nothing is left to resume")
	} else if in, err = o.goOn(ctx, history); err != nil {
		return 0, err
	}
	if history, err = o.folders.conclude(o.folder, in); err == nil {
		err = o.folders.concludeWhole(o.folder)
	}
	if err != nil {
		return 0, thenResume(err, resumeOf(o.folder, "", o.again))
	}
	return history.Exit(), o.lastScreen(history, o.json, nextAfter(history, o.again))
}

// goOn connects to the server of the run and does what is left of it. It gives the input
// that it read, of a run.
func (o *resumeOptions) goOn(ctx context.Context, history *record.History) (in record.Input, err error) {
	o.connection.asIn(history)
	if err := o.connection.ready(ctx, o.access); err != nil {
		return in, err
	}
	if history.Header.Kind == record.KindRollback {
		return in, o.goOnUndoing(ctx, history)
	}
	if err := refuseOldNight(history); err != nil {
		return in, err
	}
	shown := o.screen.progress(o.progress)
	in, options, err := o.left(history)
	if err != nil {
		return in, err
	}
	server, release, err := o.connection.openToChange(ctx, o.access, o.folder, shown.notice)
	if err != nil {
		return in, err
	}
	defer release()
	again := resumeFrom(&record.History{Folder: o.folder, Header: history.Header}, o.again)
	_, err = o.goOnWith(ctx, server, history, in, options, o.folders.recorder(o.folder, o.again, shown), shown, again)
	return in, thenResume(err, again)
}

// left gives the input of a run that goes on, and what it was asked, with the limits of now.
func (o *resumeOptions) left(history *record.History) (record.Input, record.Options, error) {
	options := history.Header.Options
	options.Audio = o.access.audio
	in, err := o.source(history)
	if err == nil {
		err = o.limits(&options)
	}
	return in, options, err
}

// goOnWith does what is left of a run. again goes on with it.
func (o *resumeOptions) goOnWith(ctx context.Context, server send.Server, history *record.History, in record.Input, options record.Options,
	recorder batch.Recorder, shown *progress, again shell.Command) (batch.Summary, error) {
	shown.begin(o.tellLeft(history, server.URL))
	defer shown.end()
	defer told(ctx, again, shown)()
	return batch.Resume(ctx, server, history, in, options, recorder)
}

func (o *resumeOptions) source(history *record.History) (record.Input, error) {
	path := o.input
	if o.inputs != nil {
		path = o.inputs[history.Folder]
	}
	if path == "" {
		return history.SourceInput()
	}
	return history.Header.InputFrom(path)
}

// goOnUndoing goes on with a rollback that was interrupted.
func (o *resumeOptions) goOnUndoing(ctx context.Context, own *record.History) error {
	work, err := o.undoing(own)
	if err != nil {
		return err
	}
	return thenResume(work.carryOut(ctx), resumeOf(o.folder, "", o.again))
}

// undoing is what is left of a rollback.
func (o *resumeOptions) undoing(own *record.History) (*undoing, error) {
	undo, err := o.undoOf(own)
	if err != nil {
		return nil, err
	}
	if err := o.joinUndos(own, undo); err != nil {
		return nil, err
	}
	return &undoing{screen: o.screen, access: o.access, folders: o.folders, connection: o.connection,
		undo: undo, folder: own.Folder, progress: o.progress, again: o.again, own: own}, nil
}

// undoOf plans a rollback that was begun.
func (o *resumeOptions) undoOf(own *record.History) (*record.Undo, error) {
	of, err := record.ReadHistory(own.Header.Of)
	if err != nil {
		return nil, fmt.Errorf("the run that this rollback undoes is needed to go on: %w", err)
	}
	options := own.Header.UndoOptions()
	options.Patience = o.patience
	return record.PlanUndo(of, options)
}

// joinUndos lets a rollback know of the others that are one with it.
func (o *resumeOptions) joinUndos(own *record.History, undo *record.Undo) error {
	whole := record.SeriesOf(own.Folder)
	if whole == "" {
		return nil
	}
	series, err := record.ReadSeries(whole)
	if err != nil {
		return err
	}
	undos, before := []*record.Undo{undo}, true
	for i, stage := range series.Stages {
		if stage.Folder == filepath.Base(own.Folder) {
			before = false
			continue
		}
		history, err := record.ReadHistory(series.Path(i))
		if err != nil {
			return err
		}
		other, err := o.undoOf(history)
		if err != nil {
			return err
		}
		if undos = append(undos, other); before {
			undo.Earlier = append(undo.Earlier, history)
		}
	}
	return record.JoinPassing(undos)
}
