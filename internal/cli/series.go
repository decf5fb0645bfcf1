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
	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/shell"
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

// stageOf is a file of the series.
func (o *runOptions) stageOf(i int) *stage {
	one := *o
	one.file = o.files[i]
	if o.each != nil {
		one.batch, one.sheet, one.plan = o.each[i].batch, o.each[i].sheet, o.each[i].agreement
	}
	if o.objects != nil {
		one.batch.Object = o.objects[i]
	}
	return &stage{runOptions: &one}
}

// settle leaves out of the options of each file what is about another kind than its rows, and what that kind does
// not know. What is for none of the files stays, and is refused as it is for one.
func settle(stages []*stage) error {
	var tables []*validate.Table
	var saysItself []bool // each row says its operation
	for _, s := range stages {
		headings, _, _, err := s.in.HeadingLine()
		if err != nil {
			return err
		}
		table := s.batch.Table()
		if s.batch.Object == "" {
			table = validate.TableMeant(headings)
		}
		tables = append(tables, table)
		saysItself = append(saysItself, slices.ContainsFunc(headings,
			func(heading string) bool { return strings.EqualFold(strings.TrimSpace(heading), "Operation") }))
	}
	ofUsers := func(table *validate.Table) bool { return table == validate.Users }
	ofMembers := func(table *validate.Table) bool { return table.Member != nil && table.Member.Among != "" }
	matches := func(table *validate.Table, match string) bool {
		return slices.ContainsFunc(table.MatchColumns(), func(column string) bool { return strings.EqualFold(column, match) })
	}
	if !slices.ContainsFunc(tables, func(table *validate.Table) bool { return matches(table, stages[0].batch.Match) }) {
		return misused("--match %s is nothing for what the files are about: leave it out", stages[0].batch.Match)
	}
	for i, table := range tables {
		b := &stages[i].batch
		if operation := string(b.Operation); operation != "" {
			if _, known := table.ParseOperation(operation); !known && saysItself[i] {
				b.Operation = ""
			} else if !known {
				return misused("--operation %s is nothing for %s, which %s is about: say it for each row, in a column Operation",
					operation, table.Many, stages[i].in.Name)
			}
		}
		if !ofUsers(table) && slices.ContainsFunc(tables, ofUsers) {
			b.PINLength, b.PINFixed, b.KeptPINLength, b.KeepNotes, b.ReassignTo = 0, false, 0, nil, ""
		}
		if !ofMembers(table) && slices.ContainsFunc(tables, ofMembers) {
			b.Exact = false
		}
		if model.ObjectOf(table).Templates.Name == "" {
			b.Template = ""
		}
		if !matches(table, b.Match) {
			b.Match = table.MatchColumns()[0]
		}
	}
	return nil
}

// seriesRun is a run of several files.
type seriesRun struct {
	*runOptions
	series *record.Series
	stages []*stage
}

func (o *runOptions) newSeries(folder string) *seriesRun {
	r := &seriesRun{runOptions: o, series: &record.Series{Version: record.SeriesVersion, Tool: tool(), Kind: record.KindRun,
		Folder: folder}}
	for i, file := range o.files {
		s := o.stageOf(i)
		name := visible(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)))
		if file == "-" || name == "" {
			name = "stdin"
		}
		stage := record.Stage{Folder: fmt.Sprintf("%d-%s", i+1, name), File: s.source().name()}
		if s.plan != nil {
			stage.Plan = s.plan.SHA256
		}
		r.series.Stages = append(r.series.Stages, stage)
		s.folder = r.series.Path(i)
		r.stages = append(r.stages, s)
	}
	return r
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

// oneExact refuses --exact for several files: whom one of them puts into a list, another would take out.
func oneExact(stages []*stage) error {
	files := 0
	for _, s := range stages {
		if s.checked != nil && s.checked.Options.Exact {
			files++
		}
	}
	if files > 1 {
		return misused("--exact goes by all rows of one file, and %d are about list members: put them into one", files)
	}
	return nil
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
	for i, s := range r.stages {
		if ctx.Err() != nil {
			return nil // what was not begun tells it
		}
		others := done
		for j, other := range r.series.Stages {
			if j != i {
				others.Share = others.Share.With(other.Share)
			}
		}
		summary, changed, err := s.carryOutStage(ctx, server, r, i, others)
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

// rollbackOfSeries takes all of it back.
func rollbackOfSeries(folder string, a again) shell.Command {
	return a.on(shell.New("rollback").File(folder), groupsOfServer)
}
