package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/internal/crash"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

// runFolders are where commands that change a server leave what they did.
type runFolders struct {
	screen *screen
	synced func(path string, bytes int64) // nil, or see [Environment]
}

// recorder says where the engine leaves its record.
func (f runFolders) recorder(folder string, a again, shown *progress) batch.Recorder {
	return batch.Recorder{
		Folder: folder, Tool: tool(), Typed: a,
		Journal: journal.Options{Synced: f.synced},
		Planned: shown.planned,
		Result:  shown.result,
	}
}

// told lets people know that an interruption was heard, and how to go on even if
// they leave at once. Call the function it returns when the work is over.
func told(ctx context.Context, resume shell.Command, shown *progress) (over func() bool) {
	return context.AfterFunc(ctx, func() {
		shown.say("\n" + shown.sentence("ending: nothing more is started, and what is in flight is finished; press "+
			"Ctrl-C again to leave at once. Go on with: "+resume.String()))
	})
}

// conclude writes the reports of a run folder, removes the copy of the input when
// nothing is left to resume, and gives the history for the last screen.
func (f runFolders) conclude(folder string, read record.Input) (*record.History, error) {
	debug.FreeOSMemory() // what the sending held is not needed beside what the reports do
	var history *record.History
	var notices []reports.Notice
	var err error
	whileTelling(longWriting, func() {
		f.screen.say("cucbulk: ", "writing the files of the run, which takes a while for so many rows")
	}, func() {
		history, notices, err = reports.Writer{Next: nextOf, Input: read}.Write(folder)
	})
	if err != nil {
		return nil, err
	}
	for _, notice := range notices {
		f.screen.warn("%s", notice)
	}
	if history.Finished() && !history.Running {
		err = errors.Join(batch.DropInput(folder), dropPlan(folder))
	}
	return history, err
}

// longWriting is how long the files of a run may take before people are told.
const longWriting = 3 * time.Second

// whileTelling does the work, and tells people when it takes longer than they would
// wait without a word.
func whileTelling(patience time.Duration, tell, work func()) {
	done := make(chan error)
	go func() { done <- crash.Caught(work) }()
	var mistake error
	select {
	case mistake = <-done:
	case <-time.After(patience):
		tell()
		mistake = <-done
	}
	if mistake != nil {
		panic(mistake) // here, where it is caught
	}
}

// dropPlan removes the copy of the plan from a run folder.
func dropPlan(folder string) error {
	if err := os.Remove(filepath.Join(folder, reports.PlanFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the copy of the plan could not be removed: %w", err)
	}
	return nil
}
