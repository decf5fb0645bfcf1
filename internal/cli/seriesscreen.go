package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"cucbulk/batch/record"
	"cucbulk/internal/shell"
	"cucbulk/reports"
	"cucbulk/validate"
)

// What is told of several files that are one run.

// nextOfRefusedSeries is what to do about files with errors.
func nextOfRefusedSeries(histories []*record.History, a again) []reports.Suggestion {
	c := shell.New("run")
	var objects []string
	ofUsers, sheet := true, ""
	for _, history := range histories {
		table := history.Header.Options.Table()
		c, objects = c.File(history.Header.Input.Name), append(objects, table.Object)
		ofUsers, sheet = ofUsers && table == validate.Users, cmp.Or(sheet, history.Header.Input.Sheet)
	}
	if !ofUsers {
		c = c.Flag("object", strings.Join(objects, ","))
	}
	first := histories[0].Header.Options
	first.Object = ""
	run := func(options record.Options) shell.Command {
		return a.on((&asked{sheet: sheet, batch: options}).on(c, groupsOfFile), groupsOfServer|groupsOfLimits)
	}
	next := []reports.Suggestion{suggestion("Mend the files and run them again:", run(first))}
	if first.Plan != "" { // mended files are none that were agreed to
		next = []reports.Suggestion{suggestion("Mend the files, then see what a run would do now:", run(first).Switch("dry-run"))}
	}
	for _, history := range histories {
		if reports.Rejected(history) < history.Header.Rows && !first.SkipInvalid {
			first.SkipInvalid = true
			// With plan-drift at refuse, they would be refused again.
			next = append(next, suggestion("Or do the other rows now:", a.without("plan-drift").on(run(first), groupPlan)))
		}
	}
	return next
}

// tellSeries tells how several files ended that are one run, and gives the exit code.
func (s *screen) tellSeries(series *record.Series, histories []*record.History, asJSON bool, own again) (int, error) {
	s.recorded = true
	all := reports.SummarizeSeries(series, histories)
	all.Next = nextOfSeries(series, histories, own)
	for i, history := range histories {
		if reason := all.Files[i].Reason; reason != "" {
			s.say("cucbulk: ", oneLine(history.FileName()+": "+reason))
		}
	}
	if asJSON {
		return all.ExitCode, json.NewEncoder(s.Stdout).Encode(all)
	}
	s.print("\n%s in %s: %s\n", rowsText(all.Rows), reports.Count(len(histories), "file", "files"), countsText(all.Statuses))
	for i, history := range histories {
		s.print("%s", s.hanging("  ", "    ", oneLine(history.FileName())+": "+rowsText(history.Header.Rows)+": "+
			countsText(history.Counts())))
		s.tellMore(all.Files[i].Summary, history)
	}
	if all.TotalRequests > 0 {
		s.print("%s in %.1f s\n", reports.Count(all.TotalRequests, "request", "requests"), all.Seconds)
	}
	if all.Killed > 0 {
		s.print("%s cut off, and what was sent then is not counted\n", reports.Count(all.Killed, "start was", "starts were"))
	}
	s.print("\nThe run folder is %s, with a run folder for each file:\n", series.Folder)
	for _, folder := range append([]string{series.Folder}, foldersOf(histories)...) {
		s.print("  %s\n", filepath.Join(folder, reports.PageFile))
	}
	s.suggest(all.Next)
	return all.ExitCode, nil
}

// nextOfSeries is what can be done after it.
func nextOfSeries(series *record.Series, histories []*record.History, own again) []reports.Suggestion {
	if slices.ContainsFunc(histories, func(history *record.History) bool { return history.Running }) {
		return []reports.Suggestion{suggestion("It is still at work. When it has ended, write its files again:",
			shell.New("report").File(series.Folder))}
	}
	var next []reports.Suggestion
	a := own
	changed, finished := 0, true
	for _, history := range histories {
		a = a.over(history.Typed)
		changed += history.Counts().Changed()
		finished = finished && history.Finished()
	}
	if !finished {
		next = append(next, suggestion("Go on where it stopped:", resumeOf(series.Folder, "", a)))
	}
	var rejects []*record.History
	for _, history := range histories {
		if n := toLookAt(history); n > 0 {
			next = append(next, reports.Suggestion{When: fmt.Sprintf("A person must look at %s of %s; Message says why:",
				rowsText(n), history.FileName()), Command: shell.Word(filepath.Join(history.Folder, reports.ResultsFile))})
		}
		if n := reports.Rejected(history); history.Finished() && n > 0 && history.Exit() != record.ExitInvalid {
			rejects = append(rejects, history)
		}
	}
	next = append(next, nextOfRejects(series, rejects, a)...)
	switch {
	case record.ExitOfSeries(histories) == record.ExitInvalid:
		return append(next, nextOfRefusedSeries(histories, a)...)
	case series.Kind == record.KindRollback && finished:
		return append(next, suggestion("See that the server kept what was written:",
			a.on(shell.New("verify").File(series.Folder), groupsOfServer)))
	case changed > 0 && series.Kind == record.KindRun:
		next = append(next, suggestion("See that the server kept what was written:",
			a.on(shell.New("verify").File(series.Folder), groupsOfServer)),
			suggestion("Take it back:", rollbackOfSeries(series.Folder, a)))
	}
	return next
}

func foldersOf(histories []*record.History) (folders []string) {
	for _, history := range histories {
		folders = append(folders, history.Folder)
	}
	return folders
}

// nextOfRejects is what to do about the rows that are not done of files: in one run, where none of them is sealed.
func nextOfRejects(series *record.Series, histories []*record.History, a again) (next []reports.Suggestion) {
	c, whole := shell.New("run"), len(histories) > 1
	var said []string
	for _, history := range histories {
		what := fmt.Sprintf("%s (%s)", history.FileName(), rowsText(reports.Rejected(history)))
		said = append(said, what)
		next = append(next, suggestion("Mend what is not done of "+what+", and run it:", runOfRejects(history, a)))
		whole = whole && reports.RejectsName(history) == reports.RejectsFile
		c = c.File(filepath.Join(history.Folder, reports.RejectsFile))
	}
	if !whole {
		return next
	}
	return []reports.Suggestion{suggestion("Mend what is not done of "+strings.Join(said, " and ")+", and run it:",
		a.on(c.Flag("continues", series.Folder), groupsOfServer|groupsOfLimits))}
}

// rollbackOfSeries takes all of it back.
func rollbackOfSeries(folder string, a again) shell.Command {
	return a.on(shell.New("rollback").File(folder), groupsOfServer)
}

// concludeSeries writes the files over all files of a series, once those of each are written.
func (f runFolders) concludeSeries(series *record.Series, histories []*record.History) error {
	if len(histories) < len(series.Stages) {
		return nil // not all can be read, which is told
	}
	return reports.WriteSeries(series, histories, nextOfSeries(series, histories, nil))
}

// concludeWhole writes those of the series of which a run is a part, if it is of one.
func (f runFolders) concludeWhole(folder string) error {
	whole := record.SeriesOf(folder)
	if whole == "" {
		return nil
	}
	series, err := record.ReadSeries(whole)
	if err != nil {
		return err
	}
	var histories []*record.History
	for i := range series.Stages {
		history, err := record.ReadHistory(series.Path(i))
		if err != nil {
			return err
		}
		histories = append(histories, history)
	}
	return f.concludeSeries(series, histories)
}
