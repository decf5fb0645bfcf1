package batch

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/internal/codes"
)

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

// The parts of a row.
const (
	wholeRow   undoPart = iota
	allButPark          // but for the move to the temporary extension, which goes back later
	onlyPark            // the move to the temporary extension
)

// covers reports whether the part has the changes of a step.
func (p undoPart) covers(step string) bool {
	return p == wholeRow || kindOf(step).temporary == (p == onlyPark)
}

// undoUnits gives what of a row is there to undo.
func (r *RowHistory) undoUnits(number int) []undoUnit {
	rest, park := undoUnit{number, allButPark, 0}, undoUnit{number, onlyPark, 0}
	for i, c := range r.Changes {
		switch {
		case !r.counts(i):
		case kindOf(c.Step).temporary:
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

// costless is the result of a first unit as that of its row: what it cost is counted already.
func (r Result) costless() Result {
	r.Requests, r.Attempts, r.Seconds = 0, 0, 0
	return r
}

// and is the result of a row of two units from that of the first and that of the second: as
// bad as the worse of them.
func (r Result) and(second Result) Result {
	severity := func(r Result) int { return slices.Index([]Status{Restored, Kept, Uncertain, Failed}, r.Status) }
	worse := second
	if severity(r) > severity(second) {
		worse = r
	}
	second.Status, second.Code = worse.Status, worse.Code
	if second.Code == codes.NothingToUndo {
		second.Code = r.Code
	}
	for i, step := range r.StepsDone {
		if !slices.Contains(second.StepsDone, step) {
			second.StepsDone = slices.Insert(second.StepsDone, min(i, len(second.StepsDone)), step)
		}
	}
	if r.Message != "" && r.Message != second.Message {
		second.Message = strings.Trim(r.Message+"; "+second.Message, "; ")
	}
	return second
}

// severalToUndo reports whether taking the changes back may take more than one. What hangs
// on a user that was made goes with it; one that was deleted gets back what hung on it.
func (p past) severalToUndo() bool {
	if p.created() != "" {
		return p.deleted()
	}
	changes := p.changes()
	return len(changes) > 1 || slices.ContainsFunc(changes, func(c doneChange) bool {
		return c.deletes() && (len(c.intent.Also) > 0 || fromDirectory(c.intent.Before))
	})
}

// keys are what the changes of a row touched and what they took it from: rows that
// share one go back one after the other.
func (p past) keys(row int) []string {
	keys := map[string]bool{fmt.Sprint("row ", row): true}
	for _, c := range p.changes() {
		wrote := c.intent.shown()
		keys["alias "+fold(orElse(wrote["Alias"], c.intent.Alias))] = true
		keys["alias "+fold(orElse(c.intent.Before["Alias"], c.intent.Alias))] = true
		for kind, members := range c.intent.Also {
			if kindOf(kind).extensions == alternate {
				for _, extension := range members {
					keys["extension "+extension["DtmfAccessId"]] = true
				}
			}
		}
		if extension := orElse(wrote["DtmfAccessId"], c.intent.Before["DtmfAccessId"]); extension != "" {
			keys["extension "+extension] = true
			keys["extension "+orElse(c.intent.Before["DtmfAccessId"], extension)] = true
		}
	}
	return slices.Collect(maps.Keys(keys))
}
