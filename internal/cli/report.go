package cli

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/reports"
)

const reportHelp = `Write report.html, results.csv, rejects.csv, rollback.csv and summary.json of a run
again, from its journal, whatever happened to the run. It needs no server. Rows that
were not reached are pending; those that were begun and cut off have the code interrupted.
While the run is at work, the files tell how far it was; newer files are never replaced by
older ones.`

func reportCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use: "report RUN", Short: "Write a run's files again from its journal",
		Long: reportHelp + exitStatus + "  0  the files are written\n" +
			"  1  the journal can't be read, or a file can't be written\n  2  the command line is wrong",
		Example: "  cucbulk report runs/20260102-150405-users", Args: oneArgument("the run's folder"),
		RunE: p.does(func(_ context.Context, arguments []string) (int, error) {
			return report(p.screen, p.folders, filepath.Clean(arguments[0]))
		}),
	}
}

func report(s *screen, folders runFolders, folder string) (int, error) {
	if err := refuseDeadStart(folder); err != nil {
		return 0, err
	}
	if record.IsSeries(folder) {
		return reportSeries(s, folders, folder)
	}
	history, err := folders.conclude(folder, record.Input{})
	if err != nil {
		return 0, err
	}
	if err := folders.concludeWhole(folder); err != nil {
		return 0, err
	}
	s.print("%s: %s\n", rowsText(history.Header.Rows), countsText(history.Counts()))
	s.tellMore(reports.Summarize(history), history)
	if history.Running {
		s.print("The run is still at work: this is how far its journal was, and more is done since.\n")
	}
	for _, file := range reports.Files() {
		path := filepath.Join(folder, file.Name)
		if _, err := os.Stat(path); err == nil {
			s.print("%s\n", path)
		}
	}
	s.suggest(nextOf(history))
	return 0, nil
}

// reportSeries writes the files of each run of a series.
func reportSeries(s *screen, folders runFolders, folder string) (int, error) {
	series, err := record.ReadSeries(folder)
	if err != nil {
		return 0, err
	}
	var histories []*record.History
	for i := range series.Stages {
		history, err := folders.conclude(series.Path(i), record.Input{})
		if err != nil {
			return 0, err
		}
		if histories = append(histories, history); history.Running {
			s.print("%s is still at work: this is how far its journal was, and more is done since.\n", history.Folder)
		}
	}
	if err := folders.concludeSeries(series, histories); err != nil {
		return 0, err
	}
	_, err = s.tellSeries(series, histories, false, nil)
	return 0, err
}
