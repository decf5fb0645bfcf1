package batch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"cucbulk/batch/input"
	"cucbulk/batch/journal"
	"cucbulk/validate"
)

// InputFile is the name of the run folder's own copy of the input. It goes when
// nothing is left to resume.
const InputFile = "input.csv"

// SourceInput opens the bytes that the run read: the folder's copy, else the
// original if it has not changed since.
func (h *History) SourceInput() (Input, error) {
	read, copied := h.Header.Input, filepath.Join(h.Folder, InputFile)
	if in, err := OpenInput(read.Name, copied); err == nil && in.SHA256 == read.SHA256 {
		in.Sheet = read.Sheet
		return in, nil
	}
	if in, err := h.InputFrom(read.Name); err == nil && in.SHA256 == read.SHA256 {
		return in, nil
	}
	lost := "has no copy of it"
	if h.Spooled() {
		lost = "has a copy that is not what was run"
	}
	return Input{}, fmt.Errorf("the input of this run is gone: %s %s, and %s is not the file that was run (SHA-256 %s); give it with --input", h.Folder, lost, read.Name, read.SHA256)
}

// InputFrom opens a file that is said to be the run's input: of a workbook, the
// sheet that the run read.
func (h *History) InputFrom(path string) (Input, error) {
	workbook, err := input.IsWorkbook(path)
	if err != nil {
		return Input{}, fmt.Errorf("cannot read %s: %w", path, err)
	}
	if !workbook {
		return OpenInput(path, path)
	}
	in, _, err := OpenWorkbook(path, path, h.Header.Input.Sheet)
	return in, err
}

// Spooled reports whether the run folder has a copy of the input.
func (h *History) Spooled() bool {
	_, err := os.Stat(filepath.Join(h.Folder, InputFile))
	return err == nil
}

// Finished reports whether nothing is left to resume.
func (h *History) Finished() bool {
	if !h.Ended {
		return false
	}
	footer := h.Footers[len(h.Footers)-1]
	return h.Left() == 0 || footer.Exit == ExitInvalid
}

// Resume goes on with a run: rows that have a result keep it, steps that are done
// stay done, and a step in doubt is settled before anything else touches its row.
// options replaces the limits; what the run does stays as it was asked. It
// refuses another input and another server.
func Resume(ctx context.Context, server Server, history *History, in Input, options Options, recorder Recorder) (Summary, error) {
	if in.SHA256 != history.Header.Input.SHA256 {
		return Summary{}, fmt.Errorf("%s is not the input of this run: its SHA-256 is %s, the run's is %s", in.Name, in.SHA256, history.Header.Input.SHA256)
	}
	checked, err := Check(in, history.options(options), func(validate.Problem) {})
	if err != nil {
		return Summary{}, err
	}
	p, err := prepare(ctx, server, checked)
	if err != nil {
		return Summary{}, err
	}
	if err := history.sameServer(p.Identity); err != nil {
		return Summary{}, err
	}
	if err := p.arrange(ctx, history, func(validate.Problem) {}); err != nil {
		return Summary{}, err
	}
	recorder.Folder, recorder.Journal.Expect = history.Folder, &history.Tail
	writer, err := journal.Continue(filepath.Join(history.Folder, JournalFile), recorder.Journal)
	if err != nil {
		return Summary{}, err
	}
	run := newRunning(writer, recorder, checked.Rows)
	run.goOn(history)
	return run.carryOut(ctx, p, history)
}

// options takes the limits, and how much to record, from what is asked now, and the
// rest from the run.
func (h *History) options(now Options) Options {
	options := h.Header.Options
	options.MaxFailures, options.MaxDeletes, options.MaxChanges, options.Canary = now.MaxFailures, now.MaxDeletes, now.MaxChanges, now.Canary
	options.DoubtWindow, options.MaxOutage, options.PreImage = now.DoubtWindow, now.MaxOutage, now.PreImage
	return options
}

// sameServer refuses a server that is not the one that the run began on.
func (h *History) sameServer(now Identity) error {
	if len(h.Begins) == 0 {
		return nil
	}
	began := h.Begins[0].Server
	if began.Location != "" && now.Location != "" {
		if began.Location == now.Location {
			return nil
		}
	} else if began.URL == now.URL {
		return nil
	}
	return fmt.Errorf("this is not the server of the run: the run began on %s (location %s), and this is %s (location %s); nothing was sent", began.URL, began.Location, now.URL, now.Location)
}

// DropInput removes the run folder's copy of the input, which may hold secrets,
// once nothing is left to resume.
func DropInput(folder string) error {
	if err := os.Remove(filepath.Join(folder, InputFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the copy of the input could not be removed; remove it by hand if it holds secrets: %w", err)
	}
	return nil
}
