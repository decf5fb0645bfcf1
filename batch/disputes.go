package batch

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"cucbulk/batch/journal"
	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
)

// noteDispute takes note of a dispute. The loser may have ended by then.
func (r *Running) noteDispute(c dispute) error {
	r.disputes = append(r.disputes, c)
	loser, ended, err := r.ended(c.loser)
	if err == nil && ended {
		err = r.settle(loser, r.disowned(loser, c.winner))
	}
	return err
}

// afterDisputes gives the result of a row as it is after the disputes that it was in, and
// amends that of a row that has ended.
func (r *Running) afterDisputes(result record.Result) (record.Result, error) {
	for _, c := range r.disputes {
		switch result.Row {
		case c.loser:
			result = r.disowned(result, c.winner)
			winner, ended, err := r.ended(c.winner)
			if err == nil && ended {
				err = r.settle(winner, overwritten(winner, result))
			}
			if err != nil {
				return result, err
			}
		case c.winner:
			loser, ended, err := r.ended(c.loser)
			if err != nil {
				return result, err
			}
			if ended {
				result = overwritten(result, loser)
			}
		}
	}
	return result, nil
}

// disowned is the result of a row whose user is proven to be another row's.
func (r *Running) disowned(result record.Result, winner int) record.Result {
	if result.ObjectID == "" || r.IDs.Has(result.ObjectID, result.Row) {
		return result // it found out by itself
	}
	named := result.ObjectID
	result.Status, result.Code, result.ObjectID = record.Uncertain, codes.ExistsUnproven, ""
	result.AsTemplate, result.Unconfirmed = nil, false // nobody knows whose that would be
	result.Message = fmt.Sprintf("the server said that it made the %s with the ObjectId %s for this row, and that is "+
		"the %[1]s of row %[3]d: look at %[4]q", oneOf(result), named, winner, result.Alias)
	return result
}

// oneOf is what people call what a row is about, that has steps.
func oneOf(result record.Result) string {
	return model.KindOf(slices.Concat(result.StepsDone, result.StepsFailed, []string{""})[0]).About.One()
}

// overwritten is the result of the row whose user it is, after what the other row wrote.
func overwritten(result, loser record.Result) record.Result {
	steps := slices.Concat(loser.StepsDone, loser.StepsFailed)
	steps = slices.DeleteFunc(steps, model.IsMain)
	if loser.Status == record.Uncertain && len(steps) > 0 && (result.Status == record.Created || result.Status == record.Partial) {
		result.Status, result.Code = record.Uncertain, codes.ExistsUnproven
		result.Message = fmt.Sprintf("the server named this %s for row %d too, and what that row sent may have gone "+
			"to it (%s): look at it", oneOf(result), loser.Row, strings.Join(steps, ", "))
	}
	return result
}

// settle records what a dispute made of the result of a row that has ended, unless that is nothing.
func (r *Running) settle(before, after record.Result) error {
	if after.Status == before.Status {
		return nil
	}
	return r.amend(before, after)
}

// ended reads the result of a row of this run from its journal, if it has ended.
func (r *Running) ended(row int) (result record.Result, is bool, err error) {
	if err := r.Writer.Sync(); err != nil {
		return result, false, err
	}
	_, err = journal.Read(filepath.Join(r.recorder.Folder, record.JournalFile), func(entry journal.Record) error {
		if entry.Type != record.RecordResult {
			return nil
		}
		var found record.Result
		err := entry.Decode(&found)
		if err == nil && found.Row == row {
			result, is = found, true
		}
		return err
	})
	return result, is, err
}

// learnHolders learns whom earlier starts of the run made for which row: what was told last
// of a user counts.
func (r *Running) learnHolders(history *record.History) error {
	if history == nil || history.CutOff() == 0 && history.Rows.Unconfirmed() == 0 { // nothing hangs on it
		return nil
	}
	records, err := history.Lookup()
	if err != nil {
		return err
	}
	defer records.Close()
	type creation struct {
		row    int
		change record.SentChange
	}
	var creations []creation
	for number, row := range history.Rows {
		for _, c := range row.Changes {
			if c.Made && c.Creates() && c.Told > 0 {
				creations = append(creations, creation{number, c})
			}
		}
	}
	slices.SortFunc(creations, func(a, b creation) int { return cmp.Compare(a.change.Told, b.change.Told) })
	for _, c := range creations {
		var answer record.Answer
		if err := records.At(c.change.Told, &answer); err != nil {
			return err
		}
		if from := r.IDs.Take(answer.ObjectID, c.row); from != 0 {
			if err := r.noteDispute(dispute{c.row, from}); err != nil {
				return err
			}
		}
	}
	return nil
}
