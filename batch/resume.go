package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"cucbulk/batch/journal"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/validate"
)

// Resume goes on with a run: rows that have a result keep it, steps that are done
// stay done, and a step in doubt is settled before anything else touches its row.
// options replaces the limits; what the run does stays as it was asked. It
// refuses another input and another server.
func Resume(ctx context.Context, server send.Server, history *record.History, in record.Input, options record.Options,
	recorder Recorder) (Summary, error) {
	if in.SHA256 != history.Header.Input.SHA256 {
		return Summary{}, fmt.Errorf("%s is not the input of this run: its SHA-256 is %s, the run's is %s", in.Name,
			in.SHA256, history.Header.Input.SHA256)
	}
	in.Sounds = history.Header.Input.Sounds
	checked, err := plan.Check(in, history.Header.Options.Resumed(options), func(validate.Problem) {})
	if err != nil {
		return Summary{}, err
	}
	if checked.Input.Audio != history.Header.Input.Audio {
		return Summary{}, fmt.Errorf("the recordings in %s are not those with which this run began: put them back, and resume "+
			"again; or run the rows that are left as a run of its own", cmp.Or(checked.Options.AudioFolder, in.Sounds))
	}
	p, err := plan.Prepare(ctx, server, checked)
	if err != nil {
		return Summary{}, err
	}
	if err := history.SameServer(p.Identity); err != nil {
		return Summary{}, err
	}
	if err := p.Arrange(ctx, history, func(validate.Problem) {}); err != nil {
		return Summary{}, err
	}
	recorder.Folder, recorder.Journal.Expect = history.Folder, &history.Tail
	writer, err := journal.Continue(filepath.Join(history.Folder, record.JournalFile), recorder.Journal)
	if err != nil {
		return Summary{}, err
	}
	run := NewRunning(writer, recorder, checked.Rows)
	run.GoOn(history)
	return newExecutor(p, run).carryOut(ctx)
}

// DropInput removes the run folder's copy of the input, which may hold secrets,
// once nothing is left to resume.
func DropInput(folder string) error {
	for _, name := range []string{record.InputFile, record.OwnFile} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("the copy of the input could not be removed; remove it by hand if it holds secrets: %w", err)
		}
	}
	return nil
}
