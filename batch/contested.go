package batch

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"cucbulk/batch/journal"
	"cucbulk/internal/codes"
)

// contest is one user whom the server named for two rows: a look has proven for which of
// them it was made, and the other had believed its answer.
type contest struct{ winner, loser int }

// contend takes note of a contest. The loser may have ended by then.
func (r *running) contend(c contest) error {
	r.contests = append(r.contests, c)
	loser, ended, err := r.ended(c.loser)
	if err == nil && ended {
		err = r.amend(loser, r.disowned(loser, c.winner))
	}
	return err
}

// contested gives the result of a row as it is after the contests that it was in, and
// amends that of a row that has ended.
func (r *running) contested(result Result) (Result, error) {
	for _, c := range r.contests {
		switch result.Row {
		case c.loser:
			result = r.disowned(result, c.winner)
			winner, ended, err := r.ended(c.winner)
			if err == nil && ended {
				err = r.amend(winner, overwritten(winner, result))
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
func (r *running) disowned(result Result, winner int) Result {
	if result.ObjectID == "" || r.ids.has(result.ObjectID, result.Row) {
		return result // it found out by itself
	}
	named := result.ObjectID
	result.Status, result.Code, result.ObjectID = Uncertain, codes.ExistsUnproven, ""
	result.Message = fmt.Sprintf("the server said that it made the user with the ObjectId %s for this row, and that is the user of row %d: look at %q", named, winner, result.Alias)
	return result
}

// overwritten is the result of the row whose user it is, after what the other row wrote.
func overwritten(result, loser Result) Result {
	steps := slices.Concat(loser.StepsDone, loser.StepsFailed)
	steps = slices.DeleteFunc(steps, IsMain)
	if loser.Status == Uncertain && len(steps) > 0 && (result.Status == Created || result.Status == Partial) {
		result.Status, result.Code = Uncertain, codes.ExistsUnproven
		result.Message = fmt.Sprintf("the server named this user for row %d too, and what that row sent may have gone to it (%s): look at it", loser.Row, strings.Join(steps, ", "))
	}
	return result
}

// amend records another result of a row that has ended, unless it is the same.
func (r *running) amend(before, after Result) error {
	if after.Status == before.Status {
		return nil
	}
	if r.counts[before.Status]--; r.counts[before.Status] == 0 {
		delete(r.counts, before.Status)
	}
	r.counts[after.Status]++
	return r.writer.Post(recordResult, after)
}

// ended reads the result of a row of this run from its journal, if it has ended.
func (r *running) ended(row int) (result Result, is bool, err error) {
	if err := r.writer.Sync(); err != nil {
		return result, false, err
	}
	_, err = journal.Read(filepath.Join(r.recorder.Folder, JournalFile), func(record journal.Record) error {
		if record.Type != recordResult {
			return nil
		}
		var found Result
		err := record.Decode(&found)
		if err == nil && found.Row == row {
			result, is = found, true
		}
		return err
	})
	return result, is, err
}

// learnHolders learns whom earlier starts of the run made for which row: what was told last
// of a user counts.
func (r *running) learnHolders(history *History) error {
	if history == nil || history.CutOff() == 0 { // else nothing hangs on it
		return nil
	}
	records, err := history.lookup()
	if err != nil {
		return err
	}
	defer records.Close()
	type creation struct {
		row    int
		change DoneChange
	}
	var creations []creation
	for number, row := range history.Rows {
		for _, c := range row.Changes {
			if c.Made && c.creates() && c.told > 0 {
				creations = append(creations, creation{number, c})
			}
		}
	}
	slices.SortFunc(creations, func(a, b creation) int { return cmp.Compare(a.change.told, b.change.told) })
	for _, c := range creations {
		var answer Answer
		if err := records.at(c.change.told, &answer); err != nil {
			return err
		}
		if from := r.ids.take(answer.ObjectID, c.row); from != 0 {
			if err := r.contend(contest{c.row, from}); err != nil {
				return err
			}
		}
	}
	return nil
}
