package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/internal/shell"
	"cucbulk/reports"
	"cucbulk/validate"
)

// What is told of several files that are one run.

// seriesReport is the end of what a dry run of several files prints.
type seriesReport struct {
	Type     string         `json:"type"` // "series"
	Files    []string       `json:"files"`
	Rows     int            `json:"rows"`
	Invalid  int            `json:"invalid"`
	Statuses record.Counts  `json:"statuses"` // that a run would give
	Requests map[string]int `json:"requests"` // that it would send, by method
	Seconds  float64        `json:"seconds"`
	ExitCode int            `json:"exitCode"`
}

// previewSeries finds out what is wrong with the files and what a run of them would do, and changes nothing.
func (o *runOptions) previewSeries(ctx context.Context) (int, error) {
	if _, err := o.connection.schedule.schedule(time.Now(), o.access.getenv("TZ")); err != nil { // what the run would refuse
		return 0, err
	}
	all := seriesReport{Type: "series", Files: o.files, Statuses: record.Counts{}, Requests: map[string]int{}}
	var stages []*stage
	for i := range o.files {
		s := o.stageOf(i)
		var err error
		if s.in, err = s.source().input(ctx); err != nil {
			return 0, err
		}
		stages = append(stages, s)
	}
	if err := settle(stages); err != nil {
		return 0, err
	}
	server, err := o.connection.open(ctx, o.access)
	if err != nil {
		return 0, err
	}
	defer server.Client.Close()
	var before []*batch.Preparation
	var looked []*stage
	looks, shortened, changes := true, false, false
	for _, s := range stages {
		preview := o.preview
		preview.batch, preview.file = s.batch, s.file
		found, checked, err := preview.checkRows(s.in)
		if err != nil {
			return 0, err
		}
		s.checked = checked
		looked = append(looked, s)
		if err := oneExact(looked); err != nil {
			return 0, err
		}
		if looks = looks && !checked.Refused(); looks && preview.looksAt(checked) {
			one, err := preview.previewOn(ctx, server, checked, found, before...)
			if err != nil {
				return 0, err
			}
			before = append(before, one)
		} else {
			found.conclude(preview, checked)
		}
		preview.tell(found)
		all.add(found)
		shortened = shortened || found.list.shortened
		changes = changes || found.Forecast != nil && found.Forecast.Counts.Changed() > 0
	}
	if o.json {
		o.printJSON(all)
		return all.ExitCode, nil
	}
	o.print("\nAll %d files, one after the other: %s, %s\n", len(o.files), rowsText(all.Rows), countsText(all.Statuses))
	if !looks {
		o.print("%s", o.hanging("", "", "A file has errors that keep all of its rows from being looked at, so the server was not asked about it and the files behind it."))
	}
	command := o.command()
	var next []reports.Suggestion
	if o.preview.show == showProblems && changes {
		next = append(next, suggestion("See what each row would change:", command.Switch("dry-run").Flag("show", showChanges)))
	}
	if shortened {
		next = append(next, suggestion("See every problem on a line of its own:", command.Switch("dry-run").Switch("all")))
	}
	if all.ExitCode != 0 {
		next = append(next, suggestion("Mend the files, then check them again:", command.Switch("dry-run")))
	} else {
		next = append(next, suggestion("Do what the files say:", command))
	}
	o.suggest(next)
	return all.ExitCode, nil
}

// add takes what was found of a file.
func (r *seriesReport) add(found *dryRunReport) {
	r.Rows, r.Invalid = r.Rows+found.Rows, r.Invalid+found.Invalid
	r.ExitCode = max(r.ExitCode, found.ExitCode)
	if found.Forecast == nil {
		r.Statuses[record.Invalid] += found.Invalid
		if r.Statuses[record.Invalid] == 0 {
			delete(r.Statuses, record.Invalid)
		}
		return
	}
	for status, n := range found.Forecast.Counts {
		r.Statuses[status] += n
	}
	for method, n := range found.Forecast.Requests {
		r.Requests[method] += n
	}
	r.Seconds += found.Forecast.Seconds
}

// command is what was typed, as it is typed again.
func (o *runOptions) command() shell.Command {
	c := shell.New("run")
	for _, file := range o.files {
		c = c.File(file)
	}
	if o.objects != nil {
		c = c.Flag("object", strings.Join(o.objects, ","))
	}
	return o.again.on((&asked{sheet: o.sheet, batch: o.batch}).on(c, groupsOfFile), groupsOfServer|groupsOfLimits)
}

// seriesSummary is how several files that are one run ended, as scripts read it.
type seriesSummary struct {
	Folder   string               `json:"folder"`
	Kind     string               `json:"kind"`
	ExitCode int                  `json:"exitCode"`
	Rows     int                  `json:"rows"`
	Statuses record.Counts        `json:"statuses"`
	Files    []fileSummary        `json:"files"` // in the order in which they go
	Next     []reports.Suggestion `json:"next,omitempty"`
}

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
	for _, history := range histories {
		if reports.Rejected(history) < history.Header.Rows && !first.SkipInvalid {
			first.SkipInvalid = true
			next = append(next, suggestion("Or do the other rows now:", run(first)))
		}
	}
	return next
}

// fileSummary is one of them, in its folder.
type fileSummary struct {
	Folder string `json:"folder"`
	reports.Summary
}

// exitOfSeries is the exit code of runs that are one. One that was not begun says nothing while another says why.
func exitOfSeries(histories []*record.History) int {
	var exits []int
	waiting := false
	for _, history := range histories {
		if len(history.Begins) == 0 && len(history.Footers) == 0 {
			waiting = true
			continue
		}
		exits = append(exits, history.Exit())
	}
	exit := record.Worst(exits...)
	if waiting && exit != record.ExitFailed && exit != record.ExitRail {
		return record.ExitInterrupted
	}
	return exit
}

// tellSeries tells how several files ended that are one run, and gives the exit code.
func (s *screen) tellSeries(series *record.Series, histories []*record.History, asJSON bool, own again) (int, error) {
	s.recorded = true
	all := seriesSummary{Folder: series.Folder, Kind: series.Kind, ExitCode: exitOfSeries(histories), Statuses: record.Counts{}}
	requests, seconds := 0, 0.0
	for _, history := range histories {
		summary := reports.Summarize(history)
		all.Files = append(all.Files, fileSummary{history.Folder, summary})
		all.Rows += summary.Rows
		requests, seconds = requests+summary.TotalRequests, seconds+summary.Seconds
		for status, n := range history.Counts() {
			all.Statuses[status] += n
		}
		if summary.Reason != "" {
			s.say("cucbulk: ", oneLine(fileOf(history)+": "+summary.Reason))
		}
	}
	all.Next = nextOfSeries(series, histories, own)
	if asJSON {
		return all.ExitCode, json.NewEncoder(s.Stdout).Encode(all)
	}
	s.print("\n%s in %s: %s\n", rowsText(all.Rows), reports.Count(len(histories), "file", "files"), countsText(all.Statuses))
	for _, history := range histories {
		s.print("%s", s.hanging("  ", "    ", oneLine(fileOf(history))+": "+rowsText(history.Header.Rows)+": "+countsText(history.Counts())))
		s.tellMore(reports.Summarize(history), history)
	}
	if requests > 0 {
		s.print("%s in %.1f s\n", reports.Count(requests, "request", "requests"), seconds)
	}
	s.print("\nThe run folder is %s, with a run folder for each file:\n", series.Folder)
	for _, history := range histories {
		s.print("  %s\n", filepath.Join(history.Folder, reports.PageFile))
	}
	s.suggest(all.Next)
	return all.ExitCode, nil
}

// nextOfSeries is what can be done after it.
func nextOfSeries(series *record.Series, histories []*record.History, own again) []reports.Suggestion {
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
	for _, history := range histories {
		if n := toLookAt(history); n > 0 {
			next = append(next, reports.Suggestion{When: fmt.Sprintf("A person must look at %s of %s; Message says why:",
				rowsText(n), fileOf(history)), Command: shell.Word(filepath.Join(history.Folder, reports.ResultsFile))})
		}
		if n := reports.Rejected(history); history.Finished() && n > 0 && history.Exit() != record.ExitInvalid {
			next = append(next, suggestion(fmt.Sprintf("Mend what is not done of %s (%s), and run it:", fileOf(history), rowsText(n)), runOfRejects(history, a)))
		}
	}
	switch {
	case exitOfSeries(histories) == record.ExitInvalid:
		return append(next, nextOfRefusedSeries(histories, a)...)
	case series.Kind == record.KindRollback && finished:
		return append(next, suggestion("See that the server kept what was written:", a.on(shell.New("verify").File(series.Folder), groupsOfServer)))
	case changed > 0 && series.Kind == record.KindRun:
		next = append(next, suggestion("See that the server kept what was written:", a.on(shell.New("verify").File(series.Folder), groupsOfServer)),
			suggestion("Take it back:", rollbackOfSeries(series.Folder, a)))
	}
	return next
}
