package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/batch/send"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

// What is done with several files that are one run after that: it goes on, or is taken back. Each stage is resumed
// and taken back as a run by itself.

// readSeries reads a series and the journals of its stages. None of them may be at work; same is what is then to be
// typed when it has ended.
func readSeries(folder string, same shell.Command) (*record.Series, []*record.History, error) {
	series, err := record.ReadSeries(folder)
	if err != nil {
		return nil, nil, err
	}
	var histories []*record.History
	for i := range series.Stages {
		history, err := record.ReadHistory(series.Path(i))
		if errors.Is(err, record.ErrNoRun) {
			return nil, nil, fmt.Errorf("%s is not whole: %w. If that was cut off before it began, and nobody is at work on it, "+
				"delete the folder, and type the command again; each other folder in it can be given by itself", folder, err)
		}
		if err == nil {
			err = ended(history, same)
		}
		if err != nil {
			return nil, nil, err
		}
		histories = append(histories, history)
	}
	return series, histories, nil
}

// resumeSeries goes on with the file that was interrupted, and then with those after it.
func (o *resumeOptions) resumeSeries(ctx context.Context) (int, error) {
	again := resumeOf(o.folder, "", o.again)
	series, histories, err := readSeries(o.folder, again)
	if err == nil && o.input != "" {
		o.inputs, err = inputOfOne(o.input, histories)
	}
	if err != nil {
		return 0, err
	}
	inputs := make([]record.Input, len(histories))
	if record.ExitOfSeries(histories) == record.ExitInvalid || finished(histories) {
		o.warn("nothing is left to resume")
	} else if err = o.goThrough(ctx, series, histories, inputs); ctx.Err() != nil {
		err = nil // what is left tells it
	}
	failed := thenResume(err, again)
	for i := range histories {
		history, err := o.folders.conclude(series.Path(i), inputs[i])
		if err != nil {
			return 0, errors.Join(failed, err)
		}
		histories[i] = history
	}
	if failed = errors.Join(failed, o.folders.concludeSeries(series, histories)); failed != nil {
		return 0, failed
	}
	return o.tellSeries(series, histories, o.json, o.again)
}

// inputOfOne finds out of which run of a series a file is the input. The others are found where they were.
func inputOfOne(path string, histories []*record.History) (map[string]string, error) {
	for _, history := range histories {
		if in, err := history.Header.InputFrom(path); err == nil && in.SHA256 == history.Header.Input.SHA256 && !history.Finished() {
			return map[string]string{history.Folder: path}, nil
		}
	}
	return nil, fmt.Errorf("%s is not the input of any file of this run that is left: put the files back where they were, or "+
		"name the one that is not there", path)
}

// finished reports whether nothing is left to resume of any.
func finished(histories []*record.History) bool {
	for _, history := range histories {
		if !history.Finished() {
			return false
		}
	}
	return true
}

// goThrough does what is left, one file after the other.
func (o *resumeOptions) goThrough(ctx context.Context, series *record.Series, histories []*record.History, inputs []record.Input) error {
	for _, history := range histories {
		o.connection.asIn(history)
	}
	if err := o.connection.ready(ctx, o.access); err != nil {
		return err
	}
	server, release, err := o.connection.openToChange(ctx, o.access, o.folder, nil)
	if err != nil {
		return err
	}
	defer release()
	var done batch.Others
	for i, history := range histories {
		if history.Finished() || ctx.Err() != nil {
			continue
		}
		others := done
		for j := range histories {
			if j != i && !histories[j].Finished() {
				others.Share = others.Share.With(series.Stages[j].Share)
			}
		}
		summary, changed, err := o.goOnWithStage(ctx, server.Counted(), series, i, history, others, inputs)
		if err != nil {
			return err
		}
		if summary.Stop != nil {
			return nil
		}
		done.Failures += summary.Counts[record.Failed] + summary.Counts[record.Partial] + summary.Counts[record.Uncertain]
		done.Changed += changed
	}
	return nil
}

// goOnWithStage goes on with one of them, or begins it.
func (o *resumeOptions) goOnWithStage(ctx context.Context, server send.Server, series *record.Series, number int, history *record.History,
	others batch.Others, inputs []record.Input) (summary batch.Summary, changed int, err error) {
	again := resumeOf(o.folder, "", o.again)
	shown := o.screen.progress(o.progress)
	server.Notice = shown.notice
	if series.Kind == record.KindRollback {
		work, err := o.undoing(history)
		if err == nil {
			summary, err = work.carryOutOn(ctx, server, shown, again)
		}
		return summary, 0, err
	}
	in, options, err := o.left(history)
	if err != nil {
		return summary, 0, err
	}
	inputs[number] = in
	s := &stage{folder: history.Folder, in: in, runOptions: &runOptions{screen: o.screen, access: o.access, folders: o.folders,
		progress: o.progress, json: o.json, again: o.again, begun: func() {}}}
	if len(history.Begins) > 0 {
		s.keepRecordings()
		recorder := s.recorder(shown, others, &changed)
		summary, err = o.goOnWith(ctx, server, history, in, options, recorder, shown, again)
		return summary, changed, err
	}
	return s.begin(ctx, server, options, series.Stages[number].Conflicts, others, shown, again)
}

// rollbackSeries takes the files back, the last one first.
func (o *rollbackOptions) rollbackSeries(ctx context.Context) (int, error) {
	same := o.again.on((&asked{undo: o.undo}).on(shell.New("rollback").File(o.path), groupUndo), groupsOfServer|groupsOfLimits)
	series, histories, err := readSeries(o.path, same)
	if err != nil {
		return 0, err
	}
	if series.Kind != record.KindRun {
		return 0, misused("%s is a rollback: give the folder of its run, %s", o.path, series.Of)
	}
	var undos []*record.Undo
	rows := 0
	for i := len(histories) - 1; i >= 0; i-- {
		undo, err := record.PlanUndo(histories[i], o.undo)
		if err != nil {
			return 0, err
		}
		if len(undo.Rows) > 0 {
			undos, rows = append(undos, undo), rows+len(undo.Rows)
		}
	}
	if err := record.JoinPassing(undos); err != nil {
		return 0, err
	}
	if rows == 0 {
		o.print("Nothing to undo: the run changed nothing that this would take back.\n")
		return 0, nil
	}
	if o.dryRun {
		return o.listSeries(undos, same)
	}
	for _, undo := range undos {
		if err := undo.LacksTemplate(); err != nil {
			return 0, err
		}
		o.connection.asIn(undo.History)
	}
	if err := o.connection.ready(ctx, o.access); err != nil {
		return 0, err
	}
	for _, undo := range undos {
		lost, err := lossText(undo)
		if err != nil {
			return 0, err
		}
		if lost != "" {
			fmt.Fprintf(o.Stderr, "%s: %s", undo.History.FileName(), lost)
		}
	}
	if agreed, err := o.agree(ctx, rows, o.path); !agreed || err != nil {
		return record.ExitRail, err
	}
	return o.takeBack(ctx, series, undos)
}

// listSeries prints what a rollback would do.
func (o *rollbackOptions) listSeries(undos []*record.Undo, same shell.Command) (int, error) {
	for _, undo := range undos {
		o.print("%s:\n", oneLine(undo.History.FileName()))
		if err := o.listLines(undo); err != nil {
			return 0, err
		}
	}
	for _, undo := range undos {
		if err := undo.LacksTemplate(); err != nil {
			return 0, err
		}
	}
	o.suggest([]reports.Suggestion{suggestion("Take it back:", same)})
	return 0, nil
}

// takeBack makes the folder of the rollback, and carries it out.
func (o *rollbackOptions) takeBack(ctx context.Context, of *record.Series, undos []*record.Undo) (int, error) {
	folder, err := o.out, error(nil)
	if folder != "" {
		err = makeNew(folder)
	} else {
		folder, err = makeNumbered(of.Folder + rollbackSuffix)
	}
	if err != nil {
		return 0, err
	}
	back := &record.Series{Version: record.SeriesVersion, Tool: tool(), Kind: record.KindRollback, Of: of.Folder, Folder: folder}
	for i, undo := range undos {
		name := strings.TrimLeft(filepath.Base(undo.History.Folder), "0123456789")
		back.Stages = append(back.Stages, record.Stage{Folder: fmt.Sprintf("%d%s", i+1, name), File: undo.History.FileName()})
	}
	err = o.takeBackAll(ctx, back, undos)
	if gone, err := abandonedSeries(back, func() {}, err); gone {
		return 0, err
	}
	if ctx.Err() != nil {
		err = nil // what is left tells it
	}
	failed := thenResume(err, resumeOf(folder, "", o.again))
	var histories []*record.History
	for i := range back.Stages {
		history, err := o.folders.conclude(back.Path(i), record.Input{})
		if err != nil {
			return 0, errors.Join(failed, err)
		}
		histories = append(histories, history)
	}
	if failed = errors.Join(failed, o.folders.concludeSeries(back, histories)); failed != nil {
		return 0, failed
	}
	return o.tellSeries(back, histories, o.json, o.again)
}

// takeBackAll takes back one file after the other. What stops one ends it.
func (o *rollbackOptions) takeBackAll(ctx context.Context, back *record.Series, undos []*record.Undo) error {
	if err := back.Write(); err != nil {
		return err
	}
	for i, undo := range undos {
		if err := makeOne(back.Path(i)); err != nil {
			return err
		}
		if err := rollback.Lay(undo, o.folders.recorder(back.Path(i), o.again, o.screen.progress(progressNone))); err != nil {
			return err
		}
	}
	server, release, err := o.connection.openToChange(ctx, o.access, back.Folder, nil)
	if err != nil {
		return err
	}
	defer release()
	for i, undo := range undos {
		if ctx.Err() != nil {
			return nil
		}
		own, err := record.ReadHistory(back.Path(i))
		if err != nil {
			return err
		}
		for j := range i {
			earlier, err := record.ReadHistory(back.Path(j))
			if err != nil {
				return err
			}
			undo.Earlier = append(undo.Earlier, earlier)
		}
		shown := o.screen.progress(o.progress)
		server.Notice = shown.notice
		work := undoing{screen: o.screen, access: o.access, folders: o.folders, connection: o.connection,
			undo: undo, folder: back.Path(i), progress: o.progress, again: o.again, own: own}
		summary, err := work.carryOutOn(ctx, server.Counted(), shown, resumeOf(back.Folder, "", o.again))
		if err != nil || summary.Stop != nil {
			return err
		}
	}
	return nil
}
