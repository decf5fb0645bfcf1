package cli

import (
	"context"
	"errors"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/validate"
)

// dryRun finds out what is wrong with a file and what a run of it would do, and
// changes nothing.
func (o *dryRunOptions) dryRun(ctx context.Context, in record.Input) (exit int, err error) {
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
	found, checked, err := o.checkRows(in)
	if err != nil {
		return 0, err
	}
	if o.looksAt(checked) {
		err = o.previewRows(ctx, checked, found)
	} else if found.conclude(*o, checked); o.out != "" {
		err = o.writePlan(checked, nil, found)
	}
	if err != nil {
		return 0, err
	}
	o.tell(found)
	if o.json {
		return found.ExitCode, nil
	}
	if found.Out != "" {
		o.tellFolder(found.Out)
	}
	o.suggest(o.next(*found))
	return found.ExitCode, nil
}

// checkRows applies the rules to the rows of a file.
func (o *dryRunOptions) checkRows(in record.Input) (*dryRunReport, *plan.Checked, error) {
	list := o.newProblems(o.allProblems, false)
	if o.json {
		list.together, list.each = false, func(problem validate.Problem) { o.printJSON(problemLine{"problem", problem}) }
	}
	found := &dryRunReport{Type: "summary", File: in.Name, list: list}
	options := o.batch
	options.Audio = o.access.audio
	options.SkipInvalid = true // the valid rows are looked at whatever the others are
	checked, err := check(in, options, found.take)
	if err != nil {
		list.tell()
	}
	return found, checked, err
}

// looksAt reports whether a server is asked what a run would do.
func (o *dryRunOptions) looksAt(checked *plan.Checked) bool {
	return o.connection != nil && !checked.Refused() && checked.Invalid < checked.Rows
}

// tell prints what was found, but for what was printed as it was found.
func (o *dryRunOptions) tell(found *dryRunReport) {
	found.list.tell()
	if !o.json {
		o.printReport(*found)
		return
	}
	for _, kind := range found.list.sorted() {
		o.printJSON(kindLine{"problems", kind})
	}
	o.printJSON(found)
}

func (o *dryRunOptions) open(ctx context.Context) (send.Server, error) {
	if o.opened != nil {
		return *o.opened, nil
	}
	return o.connection.open(ctx, o.access)
}

// previewRows asks the server what a run of the valid rows would do.
func (o *dryRunOptions) previewRows(ctx context.Context, checked *plan.Checked, found *dryRunReport) error {
	server, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer server.Client.Close()
	checked.Seen = o.seen
	_, err = o.previewOn(ctx, server, checked, found)
	return err
}

// previewOn does that on a connection that is there already, and gives what the next file is previewed after.
func (o *dryRunOptions) previewOn(ctx context.Context, server send.Server, checked *plan.Checked, found *dryRunReport,
	before ...*batch.Preparation) (*batch.Preparation, error) {
	made, sent := time.Now().UTC(), server.Client.Counts()
	if o.opened != nil { // what was asked before was asked for this file
		clear(sent)
	}
	preparation, err := preflight(ctx, server, checked, found.take, before...)
	found.list.tell() // before what the rows would do
	if err != nil {
		return nil, err
	}
	if found.Missing = preparation.Missing(); !o.json {
		o.tellMissing(o.Stdout, found.Missing, o.batch.Maps())
	}
	preparation.CheckSurroundings(ctx)
	forecast := preparation.Forecast()
	checked.Warnings += len(forecast.Warnings)
	found.inPart = record.Counts{}
	rows := func(yield func(batch.Preview, error) bool) {
		for preview, err := range preparation.Previews(ctx) {
			if err != nil {
				yield(preview, beforeChanges(ctx, err))
				return
			}
			forecast.Add(preview)
			if problem, fails := preparation.Problem(preview); fails {
				found.take(problem)
			}
			if preview.Reversible != record.FullyReversible && len(preview.Requests) > 0 {
				found.inPart[preview.Status]++
			}
			if o.shows(preview) {
				o.printPreview(preview)
			}
			if !yield(preview, nil) {
				return
			}
		}
		preparation.Estimate(forecast)
		found.Server, found.Forecast, found.Workers = &preparation.Identity, forecast, server.Workers
		found.Preflight, found.base = server.Client.Counts(), preparation.Requests+o.asked
		for method, n := range sent { // for the files before
			found.Preflight[method] -= n
		}
		found.deletes, found.maxDeletes = preparation.Share().Deletes, o.batch.MaxDeletes.Of(preparation.PlannedRows())
		found.since = sinceText(preparation)
		found.plan = batch.SavedPlan{Made: made, Server: preparation.Identity, Account: server.Account, Forecast: forecast}
		found.conclude(*o, checked)
	}
	if o.out != "" {
		return preparation, o.writePlan(checked, rows, found)
	}
	for _, err := range rows {
		if err != nil {
			return nil, err
		}
	}
	return preparation, nil
}

// preflight asks the server what the run must know, after those of the files that run before.
func preflight(ctx context.Context, server send.Server, checked *plan.Checked, problems func(validate.Problem),
	before ...*batch.Preparation) (*batch.Preparation, error) {
	preparation, err := batch.Preflight(ctx, server, checked, problems, before...)
	if err == nil {
		err = preparation.LookAround(ctx, problems)
	}
	return preparation, beforeChanges(ctx, err)
}
