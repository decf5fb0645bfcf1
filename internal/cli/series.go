package cli

import (
	"cmp"
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
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/shell"
	"cucbulk/validate"
)

// Several files that are one run are a series: each is a run of its own in the folder of the series, and they go in
// the order in which they were typed. Together they have the check of all rows before anything is sent, a pre-flight in which a
// file finds what those before it leave, the guard rails, and the end.

// takeFiles takes the files of a command line that names several, and what each is about.
func (o *runOptions) takeFiles(command *cobra.Command, files []string) error {
	object := command.Flags().Lookup("object")
	if len(files) < 2 {
		if strings.Contains(object.Value.String(), ",") {
			return misused("--object names several, one for each file, and here is one file")
		}
		return nil
	}
	for _, name := range []string{"plan", "since", "continues", "rows", "no-spool"} {
		if command.Flags().Changed(name) {
			return misused("--%s is about one file, and several are named: leave it out, or run this file by itself", name)
		}
	}
	if o.dryRun && o.out != "" {
		return misused("a dry run with --out leaves the plan of one file, and several are named: leave --out out")
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
			return misused("--object names one for each file, with commas between them: %d are named for %d files", len(o.objects), len(files))
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

// stage is one file of a series.
type stage struct {
	*runOptions // with its file, and the options of that
	folder      string
	in          record.Input
	checked     *plan.Checked
	preparation *batch.Preparation
}

// stageOf is a file of the series.
func (o *runOptions) stageOf(i int) *stage {
	one := *o
	one.file = o.files[i]
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
		saysItself = append(saysItself, slices.ContainsFunc(headings, func(heading string) bool { return strings.EqualFold(strings.TrimSpace(heading), "Operation") }))
	}
	ofUsers := func(table *validate.Table) bool { return table == validate.Users }
	ofMembers := func(table *validate.Table) bool { return table.Member != nil && table.Member.Among != "" }
	matches := func(table *validate.Table) bool {
		return slices.ContainsFunc(table.MatchColumns(), func(column string) bool { return strings.EqualFold(column, stages[0].batch.Match) })
	}
	if !slices.ContainsFunc(tables, matches) {
		return misused("--match %s is nothing for what the files are about: leave it out", stages[0].batch.Match)
	}
	for i, table := range tables {
		b := &stages[i].batch
		if operation := string(b.Operation); operation != "" {
			if _, known := table.ParseOperation(operation); !known && saysItself[i] {
				b.Operation = ""
			} else if !known {
				return misused("--operation %s is nothing for %s, which %s is about: say it for each row, in a column Operation", operation, table.Many, stages[i].in.Name)
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
		if !matches(table) {
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
	r := &seriesRun{runOptions: o, series: &record.Series{Version: record.SeriesVersion, Tool: tool(), Kind: record.KindRun, Folder: folder}}
	for i, file := range o.files {
		s := o.stageOf(i)
		name := visible(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)))
		if file == "-" || name == "" {
			name = "stdin"
		}
		r.series.Stages = append(r.series.Stages, record.Stage{Folder: fmt.Sprintf("%d-%s", i+1, name), File: s.source().name()})
		s.folder = r.series.Path(i)
		r.stages = append(r.stages, s)
	}
	return r
}

func (o *runOptions) runSeries(ctx context.Context) (int, error) {
	if o.dryRun {
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
		if err := batch.Lay(s.checked, s.folders.recorder(s.folder, s.again, s.screen.progress(progressNone))); err != nil {
			return err
		}
		r.series.Stages[i].Share = s.preparation.Share()
		r.series.Stages[i].Conflicts = s.conflicts()
	}
	if err := r.series.Write(); err != nil {
		return err
	}
	return r.goThrough(ctx, server)
}

// check applies the rules to the rows of a file.
func (s *stage) check(problems func(validate.Problem)) (err error) {
	options := s.batch
	options.Audio = s.access.audio
	s.checked, err = check(s.in, options, problems)
	return err
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

// conflicts are the rows that are not to be sent, whatever is found later.
func (s *stage) conflicts() []record.Conflict {
	var list []record.Conflict
	for row := 1; row <= s.checked.Rows; row++ {
		if code, message, rejected := s.checked.Rejection(row); rejected {
			list = append(list, record.Conflict{Row: row, Code: code, Message: message})
		}
	}
	return list
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
	for _, s := range r.stages {
		preparation, err := preflight(ctx, server, s.checked, problems, before...)
		if err != nil {
			return err
		}
		s.preparation = preparation
		before = append(before, preparation)
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

// carryOutStage runs a file. All but the first are prepared anew, by what the server shows now: then what the files
// before left, and what they could not do, is known.
func (s *stage) carryOutStage(ctx context.Context, server send.Server, r *seriesRun, number int, others batch.Others) (batch.Summary, int, error) {
	shown, again := s.screen.progress(s.progress), resumeOf(r.series.Folder, "", r.again)
	server.Notice = shown.notice
	if number > 0 {
		return s.begin(ctx, server.Counted(), s.checked.Options, r.series.Stages[number].Conflicts, others, shown, again)
	}
	return s.carryOutLaid(ctx, others, shown, again)
}

// begin prepares a file whose turn has come, and runs it.
func (s *stage) begin(ctx context.Context, server send.Server, options record.Options, conflicts []record.Conflict, others batch.Others,
	shown *progress, again shell.Command) (batch.Summary, int, error) {
	problems := s.newProblems(s.all, s.json)
	if err := s.prepareAnew(ctx, server, options, conflicts, problems.take); err != nil {
		return batch.Summary{}, 0, err
	}
	problems.end()
	return s.carryOutLaid(ctx, others, shown, again)
}

// carryOutLaid sends what a prepared file says. It gives how many rows changed something.
func (s *stage) carryOutLaid(ctx context.Context, others batch.Others, shown *progress, again shell.Command) (batch.Summary, int, error) {
	laid, err := record.ReadHistory(s.folder)
	if err != nil {
		return batch.Summary{}, 0, err
	}
	changed := 0
	recorder := s.recorder(shown, others, &changed)
	recorder.Laid = laid
	s.keepRecordings()
	shown.begin(s.checked.Rows)
	defer shown.end()
	defer told(ctx, again, shown)()
	summary, err := s.preparation.Run(ctx, recorder)
	return summary, changed, err
}

// recorder is where a file of the series leaves its record. It counts the rows that changed something.
func (s *stage) recorder(shown *progress, others batch.Others, changed *int) batch.Recorder {
	recorder := s.folders.recorder(s.folder, s.again, shown)
	recorder.Others = others
	recorder.Planned = func(work plan.Workload) {
		s.begun()
		shown.planned(work)
	}
	recorder.Result = func(result record.Result) {
		if len(result.StepsDone) > 0 {
			*changed++
		}
		shown.result(result)
	}
	return recorder
}

// keepRecordings keeps what recordings were before in the folder of the file.
func (s *stage) keepRecordings() {
	s.access.audio.KeepIn(filepath.Join(s.folder, record.RecordingsFolder))
}

// prepareAnew checks and plans a file when its turn comes. Rows that can't be done are left out, and the
// rest goes on; so are those that the pre-flight of all files left out.
func (s *stage) prepareAnew(ctx context.Context, server send.Server, options record.Options, conflicts []record.Conflict, problems func(validate.Problem)) error {
	options.SkipInvalid = true
	checked, err := check(s.in, options, func(validate.Problem) {})
	if err != nil {
		return err
	}
	for _, c := range conflicts {
		checked.Reject(c.Row, c.Code, c.Message)
	}
	s.checked = checked
	var found []validate.Problem
	take := func(problem validate.Problem) { found = append(found, problem) }
	s.preparation, err = batch.Preflight(ctx, server, checked, take)
	if err == nil {
		err = s.preparation.LookAround(ctx, take)
	}
	var said map[int]string
	if err == nil {
		said, err = s.tellUnmade()
	}
	for _, problem := range found {
		if !problem.Warning {
			problem.Message += said[problem.Row]
		}
		problems(problem)
	}
	return err
}

// tellUnmade says of rows that find nobody, which rows of the files before were to make that one.
func (s *stage) tellUnmade() (map[int]string, error) {
	if s.preparation.Invalid == 0 {
		return nil, nil
	}
	series, err := record.ReadSeries(record.SeriesOf(s.folder))
	if err != nil {
		return nil, err
	}
	unmade := map[string]string{}
	for i := range series.Stages {
		if series.Path(i) == s.folder {
			break
		}
		history, err := record.ReadHistory(series.Path(i))
		if err != nil {
			return nil, err
		}
		for result, err := range history.Results() {
			if err != nil {
				return nil, err
			}
			if result.Operation.MakesUsers() && !result.Status.Done() && result.Status != record.Partial {
				unmade[model.Fold(result.Alias)] = fmt.Sprintf("row %d of %s was to make that one, and is %s", result.Row, fileOf(history), result.Status)
			}
		}
	}
	return s.preparation.TellUnmade(unmade)
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

// fileOf is what people call the file of a stage.
func fileOf(history *record.History) string {
	return cmp.Or(history.Header.Input.Name, filepath.Base(history.Folder))
}

// rollbackOfSeries takes all of it back.
func rollbackOfSeries(folder string, a again) shell.Command {
	return a.on(shell.New("rollback").File(folder), groupsOfServer)
}
