package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/validate"
)

// Several files that are one run are a series: each is a run of its own in the folder of the series, and they go in
// the order in which they were typed. Together they have the check of all rows before anything is sent, a pre-flight in which a
// file finds what those before it leave, the guard rails, and the end.

// takeFiles takes the files of a command line that names several, and what each is about.
func (o *runOptions) takeFiles(command *cobra.Command, files []string) (err error) {
	object := command.Flags().Lookup("object")
	if o.planned, err = plannedSeriesOf(command); err != nil {
		return err
	}
	if o.planned != nil {
		if files, err = o.planned.filesOr(files); err != nil {
			return err
		}
	}
	if len(files) < 2 {
		if strings.Contains(object.Value.String(), ",") {
			return misused("--object names several, one for each file, and here is one file")
		}
		return nil
	}
	if o.planned == nil && command.Flags().Changed("plan") {
		return misused("--plan names the plan of one file, and several are named: leave them out, or name the folder that a " +
			"dry run of all of them left with --out")
	}
	if command.Flags().Changed("rows") {
		return misused("--rows counts the rows of one file, and several are named: choose rows by what they hold, with " +
			"--only, or run this file by itself")
	}
	stdin := 0
	for _, file := range files {
		if file == "-" {
			stdin++
		}
	}
	if stdin > 1 {
		return misused("- is standard input, which can be read once: name it once")
	}
	if text := object.Value.String(); text != "" {
		o.objects = strings.Split(text, ",")
		if len(o.objects) != len(files) {
			return misused("--object names one for each file, with commas between them: %d are named for %d files",
				len(o.objects), len(files))
		}
		for i, name := range o.objects {
			table, err := tableNamed(name)
			if err != nil {
				return err
			}
			o.objects[i] = table.Object
		}
		if err := object.Value.Set(""); err != nil {
			return err
		}
	}
	o.files = files
	return nil
}

func (o *runOptions) runSeries(ctx context.Context) (int, error) {
	if o.dryRun {
		if _, err := o.connection.schedule.schedule(time.Now(), o.access.getenv("TZ")); err != nil { // what the run would refuse
			return 0, err
		}
		return o.previewSeries(ctx)
	}
	dropDeadStarts()
	name := o.files[0]
	if name == "-" {
		name = "stdin"
	}
	name = strings.TrimSuffix(name, filepath.Ext(name)) + fmt.Sprintf("-and-%d-more", len(o.files)-1)
	folder, err := makeFolder(o.out, name, time.Now())
	if err != nil {
		return 0, err
	}
	o.begun = beginStart(folder)
	defer o.begun()
	r := o.newSeries(folder)
	err = r.carryOut(ctx)
	if gone, err := abandonedSeries(r.series, o.begun, err); gone {
		return 0, err
	}
	return r.conclude(err)
}

// carryOut takes the files from their rules to the last row of the last.
func (r *seriesRun) carryOut(ctx context.Context) error {
	if err := r.series.Write(); err != nil {
		return err
	}
	problems := r.newProblems(r.all, r.json)
	for _, s := range r.stages {
		err := makeOne(s.folder)
		if err == nil {
			s.in, err = s.inputIn(ctx, s.folder)
		}
		if err == nil && s.plan != nil {
			err = s.plan.CopyTo(s.folder)
		}
		if err != nil {
			return err
		}
	}
	if err := settle(r.stages); err != nil {
		return err
	}
	for _, s := range r.stages {
		if err := s.check(problems.take); err != nil {
			problems.tell()
			return err
		}
	}
	problems.tell()
	if err := oneExact(r.stages); err != nil {
		return err
	}
	if r.refused() {
		problems.end()
		return r.refuse()
	}
	server, release, err := r.connection.openToChange(ctx, r.access, r.series.Folder, nil)
	if err != nil {
		return err
	}
	defer release()
	err = r.foresee(ctx, server, problems.take)
	problems.end()
	if err != nil {
		return err
	}
	if r.refused() {
		return r.refuse()
	}
	if err := r.agree(ctx); err != nil {
		return err
	}
	for i, s := range r.stages {
		r.series.Stages[i].Share = s.preparation.Share()
		r.series.Stages[i].Conflicts = s.conflicts()
	}
	if err := r.series.Write(); err != nil { // before anything can be gone on with
		return err
	}
	for _, s := range r.stages {
		if err := batch.Lay(s.checked, s.folders.recorder(s.folder, s.again, s.screen.progress(progressNone))); err != nil {
			return err
		}
	}
	return r.goThrough(ctx, server)
}

// refused reports whether nothing of any file may be sent.
func (r *seriesRun) refused() bool {
	return slices.ContainsFunc(r.stages, func(s *stage) bool { return s.checked.Refused() })
}

// refuse records that nothing was sent, of any file.
func (r *seriesRun) refuse() error {
	for _, s := range r.stages {
		recorder := s.folders.recorder(s.folder, s.again, s.screen.progress(progressNone))
		var err error
		if s.preparation != nil {
			_, err = s.preparation.Refuse(recorder)
		} else {
			_, err = batch.Refuse(s.checked, recorder)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// foresee asks the server what the files would do, each after those before it.
func (r *seriesRun) foresee(ctx context.Context, server send.Server, problems func(validate.Problem)) error {
	var before []*batch.Preparation
	var moved []string
	refused := false
	for _, s := range r.stages {
		preparation, err := preflight(ctx, server, s.checked, problems, before...)
		if err != nil {
			return err
		}
		s.preparation = preparation
		s.plan.allow(preparation)
		if refused = refused || preparation.Refused(); s.plan != nil && !refused { // before those that find what this one leaves
			drifted, err := s.plan.compare(ctx, r.screen, preparation, problems)
			if err != nil {
				return err
			}
			for _, text := range drifted {
				moved = append(moved, s.in.Name+": "+text)
			}
			preparation.Options.SkipInvalid = preparation.Options.SkipInvalid || !s.plan.refuses
		}
		before = append(before, preparation)
	}
	if r.planned != nil && !refused {
		if err := r.stages[0].plan.decide(moved); err != nil {
			return err
		}
	}
	for _, later := range before[1:] { // what was sent for them is counted with the first
		before[0].Requests += later.Requests
	}
	return nil
}

// agree says what the files are about to do, and asks where they delete.
func (r *seriesRun) agree(ctx context.Context) error {
	told := map[string]bool{}
	var all []*batch.Preparation
	for _, s := range r.stages {
		for _, warning := range s.preparation.Surroundings.Warnings {
			if text := fmt.Sprintf("%s (%s)", warning.Message, warning.Code); !told[text] {
				told[text] = true
				r.warn("%s", text)
			}
		}
		r.tellMissing(r.Stderr, s.preparation.Missing(), s.checked.Options.Maps())
		fmt.Fprint(r.Stderr, r.hanging("", "  ", s.in.Name+": "+planText(s.preparation)))
		all = append(all, s.preparation)
	}
	if r.limitedDeletes {
		return nil
	}
	deletes, err := r.allowDeletes(ctx, all...)
	if err == nil && deletes > 0 {
		for _, s := range r.stages {
			s.checked.Options.MaxDeletes = record.Limit{Rows: deletes}
			s.batch.MaxDeletes = s.checked.Options.MaxDeletes
		}
	}
	return err
}

// goThrough does what the files say, one after the other. It ends with the one that stops.
func (r *seriesRun) goThrough(ctx context.Context, server send.Server) error {
	var done batch.Others
	for i := range r.stages {
		if ctx.Err() != nil {
			return nil // what was not begun tells it
		}
		others := done
		for j, other := range r.series.Stages {
			if j != i {
				others.Share = others.Share.With(other.Share)
			}
		}
		summary, changed, err := r.carryOutStage(ctx, server, i, others)
		if err != nil && ctx.Err() != nil {
			return nil
		}
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

// carryOutStage runs a file. All but the first are prepared anew, by what the server shows now: then what the files
// before left, and what they could not do, is known.
func (r *seriesRun) carryOutStage(ctx context.Context, server send.Server, number int, others batch.Others) (batch.Summary, int, error) {
	s := r.stages[number]
	shown, again := s.screen.progress(s.progress), resumeOf(r.series.Folder, "", r.again)
	server.Notice = shown.notice
	if number > 0 {
		return s.begin(ctx, server.Counted(), s.checked.Options, r.series.Stages[number].Conflicts, others, shown, again)
	}
	return s.carryOutLaid(ctx, others, shown, again)
}

// conclude writes the files of each run, and tells how the series ended. failed is what ended it before.
func (r *seriesRun) conclude(failed error) (int, error) {
	var histories []*record.History
	for i, s := range r.stages {
		history, err := s.folders.conclude(s.folder, s.in)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", r.series.Path(i), err))
			continue
		}
		histories = append(histories, history)
	}
	failed = errors.Join(failed, r.folders.concludeSeries(r.series, histories))
	if failed != nil {
		return 0, thenResume(failed, resumeOf(r.series.Folder, "", r.again))
	}
	return r.tellSeries(r.series, histories, r.json, r.again)
}

// abandonedSeries is [abandoned] for the folder of a series.
func abandonedSeries(series *record.Series, over func(), err error) (bool, error) {
	if err == nil {
		return false, nil
	}
	begun := false
	for i := range series.Stages {
		switch record.TraceIn(series.Path(i)) {
		case record.MaybeSent:
			return false, err
		case record.NothingSent:
			begun = true
		}
	}
	if begun {
		err = fmt.Errorf("%w. Nothing was changed, and nothing of this start is left in the way: when that is mended, "+
			"type the same command again", err)
	}
	over()
	return true, errors.Join(err, unmakeFolder(series.Folder))
}
