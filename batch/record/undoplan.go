package record

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
)

// PlanUndo lists the rows of a run that changed something, newest change first.
func PlanUndo(history *History, options UndoOptions) (*Undo, error) {
	if history.Header.Kind != KindRun {
		return nil, fmt.Errorf("%s is a rollback, and a rollback can't be rolled back; to do the run again, "+
			"run its input again", history.Folder)
	}
	undo := &Undo{History: history, Options: options, Units: make([]UndoUnit, 0, len(history.Rows))}
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

// JoinPassing lets rollbacks of runs that are one know whom one of these made and another deleted.
func JoinPassing(undos []*Undo) error {
	if !slices.ContainsFunc(undos, (*Undo).AnyDeleted) {
		return nil
	}
	made, deleted := map[string]bool{}, map[string]bool{}
	for _, u := range undos {
		records, err := u.History.Lookup()
		if err != nil {
			return err
		}
		if err := errors.Join(u.addPassing(records, made, deleted), records.Close()); err != nil {
			return err
		}
	}
	for _, u := range undos {
		for id := range deleted {
			if made[id] {
				u.Passing[id] = true
			}
		}
		if err := u.learnSources(); err != nil { // nobody of them is made again
			return err
		}
	}
	return nil
}
