package batch

import (
	"maps"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// That a template gave a user what was not sent to it, is confirmed by a user that was made
// later: when that has it too, the template was no other in between. So now and then one of the
// users is looked at, and the last ones at the end. Where a template is not what it was, each
// user of whom the look tells otherwise is looked at itself, and gets what it lacks.

// confirmEvery is how many users may be unconfirmed before one is looked at.
const confirmEvery = 50

// unconfirmed is a row that may leave something to the template, and then one that has ended and
// did. Only the coordinator's goroutine uses it, but while its job is at work.
type unconfirmed struct {
	*newcomer
	plan   *plan.Plan
	result record.Result
	cells  string // of the result, once it is confirmed

	must   bool                   // it must be looked at itself
	going  bool                   // it is being looked at
	seen   map[string]cupi.Object // by step: what the look has shown of what the row did not write
	lacked map[string]cupi.Object // by step: what the user did not have, so that it was sent
}

// confirmations are what a run leaves to templates, and has to look at.
type confirmations struct {
	lessons *lessons             // what templates give
	atWork  map[int]*unconfirmed // rows that may leave something to them
	ended   map[int]*unconfirmed // rows that have ended, and left something to them
}

func newConfirmations() confirmations {
	return confirmations{&lessons{}, map[int]*unconfirmed{}, map[int]*unconfirmed{}}
}

// await takes note of a row that ended unconfirmed.
func (w *confirmations) await(result record.Result) record.Result {
	row := w.atWork[result.Row]
	delete(w.atWork, result.Row)
	if !result.Unconfirmed {
		return result
	}
	row.cells, result.Cells = result.Cells, ""
	if result.Code == "" {
		result.Code, result.Message = codes.TemplateUnconfirmed, "left to the template, and not looked at since: "+result.LeftToTemplate()
	}
	row.result = result
	w.ended[result.Row] = row
	return result
}

// due gives the rows that are to be looked at now: those that must be, and of users that are
// alike the one made last, when many are unconfirmed, or at the end.
func (w *confirmations) due(end bool) []*unconfirmed {
	latest, waiting, going := map[string]*unconfirmed{}, map[string]int{}, map[string]bool{}
	var due []*unconfirmed
	for _, row := range w.ended {
		switch last := latest[row.alike]; {
		case row.going:
			going[row.alike] = true
			continue
		case row.must:
			due = append(due, row)
			continue
		case last == nil || row.before.After(last.before) || row.before.Equal(last.before) && row.result.Row > last.result.Row:
			latest[row.alike] = row
		}
		waiting[row.alike]++
	}
	for alike, last := range latest {
		switch {
		case going[alike] || !end && waiting[alike] < confirmEvery:
		case !end:
			due = append(due, last)
		default: // and those that were made beside it
			for _, row := range w.ended {
				if row.alike == alike && !row.must && (row == last || !row.confirmedBy(last)) {
					due = append(due, row)
				}
			}
		}
	}
	slices.SortFunc(due, func(a, b *unconfirmed) int { return a.result.Row - b.result.Row })
	return due
}

// confirmedBy reports whether a look at the other tells of this one: it was made later.
func (u *unconfirmed) confirmedBy(other *unconfirmed) bool { return !u.by.After(other.before) }

// amend takes another result of a row that has ended.
func (w *confirmations) amend(after record.Result) {
	if row := w.ended[after.Row]; row != nil {
		if row.result = after; !after.Unconfirmed && !row.going {
			delete(w.ended, after.Row)
		}
	}
}

// toLookAt lists the steps of which something was left out of users that are alike.
func (w *confirmations) toLookAt(alike string) []string {
	steps := map[string]bool{}
	for _, row := range w.ended {
		if row.alike == alike {
			for step := range row.left {
				steps[step] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(steps), model.CompareSteps)
}
