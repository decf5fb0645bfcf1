package cli

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/batch/roster"
	"cucbulk/internal/shell"
)

// continueRun takes from the run whose rejects the input is what the command line
// does not say.
func (a *asked) continueRun(command *cobra.Command, file string) error {
	if a.continues == "" {
		return nil
	}
	if series, err := record.ReadSeries(a.continues); err == nil {
		if i := stageAt(series, file); i >= 0 {
			a.continues = series.Path(i)
		}
	}
	history, err := record.ReadHistory(a.continues)
	if err != nil {
		return err
	}
	if history.Running {
		return fmt.Errorf("%s is still at work: wait until it has ended; then type the command again", a.continues)
	}
	if !history.Finished() {
		return fmt.Errorf("%s is not finished, and what is left of it is not in its rejects: resume it first, with %s",
			a.continues, resumeFrom(history, nil))
	}
	if err := refuseOldNight(history); err != nil {
		return err
	}
	a.connection.asIn(history)
	before := asked{batch: history.Header.Options}
	before.batch.AudioFolder = cmp.Or(before.batch.AudioFolder, history.Header.Input.Sounds)
	if err := a.takeFrom(&before, command, groupWhat|groupRows|groupTenant|groupCopy); err != nil {
		return err
	}
	if !command.Flags().Changed("map") { // as that run kept it
		a.batch.Map = before.batch.Map
	}
	if !command.Flags().Changed("renumber") {
		a.batch.Renumber = before.batch.Renumber
	}
	if !command.Flags().Changed("exact") { // the rejects are not all rows
		a.batch.Exact = false
	}
	a.batch.NoSpool = a.batch.NoSpool && (command.Flags().Changed("no-spool") || sourceFile{path: file}.canBeReadTwice())
	a.batch.Continues, err = filepath.Abs(a.continues)
	return err
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

// stageAt is the run of a series in whose folder a file is; -1: none.
func stageAt(series *record.Series, file string) int {
	folder, err := filepath.Abs(filepath.Dir(file))
	return slices.IndexFunc(series.Stages, func(stage record.Stage) bool {
		path, unknown := filepath.Abs(filepath.Join(series.Folder, stage.Folder))
		return err == nil && unknown == nil && path == folder
	})
}
