package cli

import (
	"context"
	"errors"
	"slices"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

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
	Out      string         `json:"out,omitempty"`        // the folder that it left
	PlanSHA  string         `json:"planSha256,omitempty"` // of the plan of all

	noOperation bool // nothing says what to do with the rows of a file

	found     []*dryRunReport // of each file
	looks     bool            // every file could be looked at
	shortened bool            // some problems have no line of their own
	changes   bool            // a run would change something
}

// previewSeries finds out what is wrong with the files and what a run of them would do, and changes nothing. Without a
// connection it is offline.
func (o *runOptions) previewSeries(ctx context.Context) (exit int, err error) {
	if o.out != "" {
		if err := makeNew(o.out); err != nil {
			return 0, err
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, unmakeFolder(o.out))
			}
		}()
	}
	r := o.newSeries(o.out)
	r.series.Kind = record.KindPlan
	for _, s := range r.stages {
		if s.in, err = s.source().input(ctx); err != nil {
			return 0, err
		}
	}
	if err := settle(r.stages); err != nil {
		return 0, err
	}
	var server send.Server
	if o.preview.connection != nil {
		if server, err = o.connection.open(ctx, o.access); err != nil {
			return 0, err
		}
		defer server.Client.Close()
	}
	all, err := r.previewAll(ctx, server)
	if err != nil {
		return 0, err
	}
	if o.out != "" {
		if err := r.series.Write(); err != nil {
			return 0, err
		}
		all.Out = o.out
		if !slices.ContainsFunc(r.series.Stages, func(stage record.Stage) bool { return stage.Plan == "" }) {
			all.PlanSHA = r.series.SHA256
		}
		if err := r.writePreflightPage(all); err != nil {
			return 0, err
		}
	}
	if o.json {
		o.printJSON(all)
		return all.ExitCode, nil
	}
	o.tellPreviews(all)
	return all.ExitCode, nil
}

// previewAll looks at one file after the other, and prints what is found of each.
func (r *seriesRun) previewAll(ctx context.Context, server send.Server) (*seriesReport, error) {
	all := &seriesReport{Type: "series", Files: r.files, Statuses: record.Counts{}, Requests: map[string]int{}, looks: true}
	var before []*batch.Preparation
	for i, s := range r.stages {
		preview := r.previewOf(i)
		found, checked, err := preview.checkRows(s.in)
		if err != nil {
			return nil, err
		}
		s.checked, found.about = checked, checked.Options.Table().Many
		if err := oneExact(r.stages[:i+1]); err != nil {
			return nil, err
		}
		if preview.out != "" {
			if err := makeOne(preview.out); err != nil {
				return nil, err
			}
		}
		all.looks = all.looks && !checked.Refused()
		if all.looks && preview.looksAt(checked) {
			one, err := preview.previewOn(ctx, server, checked, found, before...)
			if err != nil {
				return nil, err
			}
			before = append(before, one)
		} else if found.conclude(preview, checked); preview.out != "" {
			if err := preview.writePlan(checked, nil, found); err != nil {
				return nil, err
			}
		}
		r.series.Stages[i].Plan = found.PlanSHA
		preview.tell(found)
		all.add(found)
		all.found = append(all.found, found)
	}
	return all, nil
}

// previewOf is what looks at one of the files.
func (r *seriesRun) previewOf(i int) dryRunOptions {
	s, preview := r.stages[i], r.preview
	preview.batch, preview.file = s.batch, s.file
	if r.out != "" {
		preview.out = s.folder
	}
	preview.runPlan = func(string) shell.Command { return planOfSeries(r.out, "", r.again) }
	preview.runFile = func(path string) shell.Command {
		return r.again.on(commandOf(path, s.sheet, s.batch, groupsOfProblems), groupsOfServer|groupsOfLimits)
	}
	return preview
}

// tellPreviews tells what all of it comes to, and what to type next.
func (o *runOptions) tellPreviews(all *seriesReport) {
	o.print("\nAll %d files, one after the other: %s", len(o.files), rowsText(all.Rows))
	if len(all.Statuses) > 0 {
		o.print(", %s", countsText(all.Statuses))
	}
	o.print("\n")
	if !all.looks && o.preview.connection != nil {
		o.print("%s", o.hanging("", "", "A file has errors that keep all of its rows from being looked at, so the server was "+
			"not asked about it and the files behind it."))
	}
	if all.Out != "" {
		o.print("\nThe folder is %s, with a folder for each file\n", all.Out)
	}
	if all.PlanSHA != "" && all.ExitCode == 0 {
		o.print("The SHA-256 of the plan is %s\n", all.PlanSHA)
	}
	o.suggest(o.nextOfPreviews(all))
}

// nextOfPreviews is what to type next.
func (o *runOptions) nextOfPreviews(all *seriesReport) []reports.Suggestion {
	check, carryOut := o.preview.checkAgain, o.preview.carryOut
	var next []reports.Suggestion
	if o.preview.show == showProblems && all.changes {
		next = append(next, suggestion("See what each row would change:", check.Flag("show", showChanges)))
	}
	if all.shortened {
		next = append(next, suggestion("See every problem on a line of its own:", check.Switch("all")))
	}
	switch {
	case all.noOperation:
		next = append(next, suggestion("Say what to do with the rows, for example:", check.Flag("operation", "create")))
	case all.ExitCode != 0:
		next = append(next, suggestion("Mend the files, then check them again:", check))
	case o.preview.connection == nil:
		next = append(next, suggestion("See what a run would do on the server:", carryOut.Switch("dry-run")))
	default:
		if all.PlanSHA != "" {
			next = append(next, suggestion("When it is agreed to, do just what the plan says:",
				planOfSeries(all.Out, all.PlanSHA, o.again)))
		}
		next = append(next, suggestion("Do what the files say:", carryOut))
	}
	return next
}

// writePreflightPage writes the page over all files into the folder of the plan.
func (r *seriesRun) writePreflightPage(all *seriesReport) error {
	page := reports.PlannedSeries{Tool: tool(), Counts: all.Statuses, Requests: all.Requests, ExitCode: all.ExitCode,
		SHA256: all.PlanSHA, Next: r.nextOfPreviews(all)}
	for i, found := range all.found {
		file := reports.PlannedFile{Name: found.File, What: r.stages[i].checked.Options.Table().Many,
			Folder: r.series.Stages[i].Folder, Rows: found.Rows, Invalid: found.Invalid,
			Counts: found.counts(), Looked: found.Forecast != nil, ExitCode: found.ExitCode}
		if file.Looked {
			page.Server, page.Account, page.Time = found.Server.URL, found.plan.Account, aboutText(all.Seconds)
		}
		page.Files = append(page.Files, file)
	}
	return page.Write(r.out)
}

// add takes what was found of a file.
func (r *seriesReport) add(found *dryRunReport) {
	r.Rows, r.Invalid = r.Rows+found.Rows, r.Invalid+found.Invalid
	r.ExitCode = max(r.ExitCode, found.ExitCode)
	r.noOperation = r.noOperation || found.noOperation
	r.shortened = r.shortened || found.list.shortened
	counts := found.counts()
	r.changes = r.changes || counts.Changed() > 0
	for status, n := range counts {
		r.Statuses[status] += n
	}
	if found.Forecast == nil {
		return
	}
	for method, n := range found.Forecast.Requests {
		r.Requests[method] += n
	}
	r.Seconds += found.Forecast.Seconds
}
