package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"cucbulk/batch"
	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/shell"
	"cucbulk/reports"
	"cucbulk/validate"
)

// One file of several that are one run, and what is done with it at its turn.

// stage is one file of a series.
type stage struct {
	*runOptions // with its file, and the options of that
	folder      string
	in          record.Input
	checked     *plan.Checked
	preparation *batch.Preparation
}

// check applies the rules to the rows of a file.
func (s *stage) check(problems func(validate.Problem)) (err error) {
	options := s.batch
	options.Audio = s.access.audio
	s.checked, err = check(s.in, options, problems)
	return err
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
func (s *stage) prepareAnew(ctx context.Context, server send.Server, options record.Options, conflicts []record.Conflict,
	problems func(validate.Problem)) error {
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
	var before []*record.History
	if err == nil {
		before, err = s.filesBefore()
	}
	if err == nil {
		err = s.holdAtItsTurn(ctx, before, take)
	}
	var said map[int]string
	if err == nil {
		said, err = s.tellUnmade(before)
	}
	for _, problem := range found {
		if !problem.Warning {
			problem.Message += said[problem.Row]
		}
		problems(problem)
	}
	return err
}

// filesBefore are the runs of the files before, where something of this one goes by them.
func (s *stage) filesBefore() (before []*record.History, err error) {
	if s.preparation.Invalid == 0 && s.preparation.Options.Plan == "" {
		return nil, nil
	}
	series, err := record.ReadSeries(record.SeriesOf(s.folder))
	if err != nil {
		return nil, err
	}
	for i := range series.Stages {
		if filepath.Base(s.folder) == series.Stages[i].Folder {
			break
		}
		history, err := record.ReadHistory(series.Path(i))
		if err != nil {
			return nil, err
		}
		before = append(before, history)
	}
	return before, nil
}

// holdAtItsTurn rejects the rows that would not do what the plan says, now that the files before have gone.
func (s *stage) holdAtItsTurn(ctx context.Context, before []*record.History, problems func(validate.Problem)) error {
	if s.preparation.Options.Plan == "" {
		return nil
	}
	plan, err := reports.ReadPlan(s.folder)
	if err == nil {
		err = refuseOtherPlan(s.folder, s.preparation.Options.Plan, plan.SHA256)
	}
	if err != nil {
		return err
	}
	agreed := batch.Agreed{Rows: plan.Rows(), Moved: len((&agreement{Plan: plan}).moved(s.preparation)) > 0, Before: record.Touched{}}
	for _, history := range before {
		if err := agreed.Before.AddRun(history); err != nil {
			return err
		}
	}
	_, err = s.preparation.HoldTo(ctx, agreed, problems)
	return err
}

// tellUnmade says of rows that find nobody, which rows of the files before were to make that one.
func (s *stage) tellUnmade(before []*record.History) (map[int]string, error) {
	if s.preparation.Invalid == 0 {
		return nil, nil
	}
	unmade := map[string]string{}
	for _, history := range before {
		for result, err := range history.Results() {
			if err != nil {
				return nil, err
			}
			if result.Operation.MakesUsers() && !result.Status.Done() && result.Status != record.Partial {
				unmade[model.Fold(result.Alias)] = fmt.Sprintf("row %d of %s was to make that one, and is %s", result.Row,
					history.FileName(), result.Status)
			}
		}
	}
	return s.preparation.TellUnmade(unmade)
}
