package batch

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"cucbulk/validate"
)

// UndoOptions says what of a run to undo.
type UndoOptions struct {
	Only     []validate.Setting // rows with one of these values in Alias, ObjectId, DtmfAccessId or Operation; none: all
	Rows     map[int]bool       // row numbers; nil: all
	Template string             // for users that must be created again; "": the one that the journal knows, see [Undo.LacksTemplate]
	Force    bool               // delete created users also when they are in use or were changed since

	DoubtWindow, MaxOutage time.Duration
}

// Undo is a rollback that is planned: which rows of a run, newest first.
type Undo struct {
	History *History
	Options UndoOptions
	Rows    []int // row numbers of the run, newest change first

	units   []undoUnit
	sources sources
	passing map[string]bool // folded ObjectIds of users that chosen rows both made and deleted: nothing of them is brought back
}

// undoUnit is what of a row is undone at once. A row that was moved to a temporary
// extension first has two, where other rows go back between them: back to the temporary
// extension, and from there to the one it had.
type undoUnit struct {
	row    int
	part   undoPart
	newest int64 // offset of its newest change
}

// undoPart is what of a row's changes a unit takes back.
type undoPart int

const (
	wholeRow undoPart = iota
	allButPark
	onlyPark
)

// covers reports whether the part has the changes of a step.
func (p undoPart) covers(step string) bool {
	return p == wholeRow || (step == stepPark) == (p == onlyPark)
}

// PlanUndo lists the rows of a run that changed something, newest change first.
func PlanUndo(history *History, options UndoOptions) (*Undo, error) {
	if history.Header.Kind != KindRun {
		return nil, fmt.Errorf("%s is a rollback, and a rollback can't be rolled back; to do the run again, run its input again", history.Folder)
	}
	undo := &Undo{History: history, Options: options}
	records, err := history.lookup()
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
			undo.units = append(undo.units, units...)
		}
	}
	slices.SortFunc(undo.units, func(a, b undoUnit) int { return cmp.Compare(b.newest, a.newest) })
	undo.units = joined(undo.units)
	for _, unit := range undo.units {
		if unit.part != onlyPark { // which comes after the rest of its row
			undo.Rows = append(undo.Rows, unit.row)
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

// undoUnits gives what of a row is there to undo.
func (r *RowHistory) undoUnits(number int) []undoUnit {
	rest, park := undoUnit{number, allButPark, 0}, undoUnit{number, onlyPark, 0}
	for _, c := range r.Changes {
		switch {
		case !c.Made && !c.Open:
		case c.Step == stepPark:
			park.newest = c.offset
		default:
			rest.newest = c.offset
		}
	}
	switch {
	case park.newest == 0 && rest.newest == 0:
		return nil
	case park.newest == 0 || rest.newest == 0:
		return []undoUnit{{number, wholeRow, max(park.newest, rest.newest)}}
	}
	return []undoUnit{rest, park}
}

// joined makes one unit of the two of a row where nothing goes back between them: then its
// user need not go through the temporary extension.
func joined(units []undoUnit) []undoUnit {
	var list []undoUnit
	for _, unit := range units {
		if last := len(list) - 1; last >= 0 && list[last].row == unit.row {
			list[last].part = wholeRow
			continue
		}
		list = append(list, unit)
	}
	return list
}

func (u *Undo) chooses(records *lookup, number int) (bool, error) {
	if len(u.Options.Only) == 0 {
		return true, nil
	}
	result, err := records.told(number)
	for _, only := range u.Options.Only {
		value := map[string]string{"alias": result.Alias, "objectid": result.ObjectID, "dtmfaccessid": result.DtmfAccessID, "operation": string(result.Operation)}[strings.ToLower(only.Column)]
		if value != "" && strings.EqualFold(value, only.Value) {
			return true, err
		}
	}
	return false, err
}
