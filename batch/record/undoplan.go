package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"cucbulk/batch/model"
	"cucbulk/validate"
)

// UndoOptions says what of a run to undo.
type UndoOptions struct {
	Only     []validate.Setting // rows with one of these values in Alias, ObjectId, DtmfAccessId or Operation; none: all
	Rows     map[int]bool       // row numbers; nil: all
	Template string             // for users that must be created again; "": the one that the journal knows, see [Undo.LacksTemplate]
	Force    bool               // delete created users also when they are in use or were changed since, and bring back what perhaps somebody else deleted

	DoubtWindow, MaxOutage time.Duration
}

// UndoOptions gives what a rollback was asked to undo, from its own journal.
func (h *History) UndoOptions() UndoOptions {
	return UndoOptions{Only: h.Header.Options.Only, Rows: h.Header.undoRows(), Template: h.Header.Options.Template, Force: h.Header.Force}
}

// Undo is a rollback that is planned: which rows of a run, newest first.
type Undo struct {
	History *History
	Options UndoOptions
	Rows    []int // row numbers of the run, newest change first

	Units   []UndoUnit
	Sources sources
	Passing map[string]bool // folded ObjectIds of users that chosen rows both made and deleted: nothing of them is brought back
}

// PlanUndo lists the rows of a run that changed something, newest change first.
func PlanUndo(history *History, options UndoOptions) (*Undo, error) {
	if history.Header.Kind != KindRun {
		return nil, fmt.Errorf("%s is a rollback, and a rollback can't be rolled back; to do the run again, "+
			"run its input again", history.Folder)
	}
	undo := &Undo{History: history, Options: options}
	records, err := history.Lookup()
	if err != nil {
		return nil, err
	}
	defer records.Close()
	for number, row := range history.Rows {
		units := row.undoUnits(number)
		if len(units) == 0 || (options.Rows != nil && !options.Rows[number]) {
			continue
		}
		chosen, err := undo.chooses(records, number)
		if err != nil {
			return nil, err
		}
		if chosen {
			undo.Units = append(undo.Units, units...)
		}
	}
	slices.SortFunc(undo.Units, func(a, b UndoUnit) int { return cmp.Compare(b.newest, a.newest) })
	undo.Units = joined(undo.Units)
	for _, unit := range undo.Units {
		if unit.Part != OnlyMove { // which comes after the rest of its row
			undo.Rows = append(undo.Rows, unit.Row)
		}
	}
	if err := undo.learnPassing(records); err != nil {
		return nil, err
	}
	if err := undo.learnSources(); err != nil {
		return nil, err
	}
	return undo, nil
}

func (u *Undo) chooses(records *Lookup, number int) (bool, error) {
	if len(u.Options.Only) == 0 {
		return true, nil
	}
	result, err := records.Told(number)
	for _, only := range u.Options.Only {
		value := map[string]string{"alias": result.Alias, "objectid": result.ObjectID, "dtmfaccessid": result.DtmfAccessID,
			"operation": string(result.Operation)}[strings.ToLower(only.Column)]
		if value != "" && model.Fold(value) == model.Fold(only.Value) {
			return true, err
		}
	}
	return false, err
}
