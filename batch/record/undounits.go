package record

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/internal/codes"
)

// UndoUnit is what of a row is undone at once. A row that was moved to a temporary
// extension first has two, where other rows go back between them: back to the temporary
// extension, and from there to the one it had.
type UndoUnit struct {
	Row    int
	Part   UndoPart
	newest int64 // offset of its newest change
}

// undoUnits gives what of a row is there to undo.
func (r *RowHistory) undoUnits(number int) []UndoUnit {
	rest, park := UndoUnit{number, AllButMove, 0}, UndoUnit{number, OnlyMove, 0}
	for i, c := range r.Changes {
		switch {
		case !r.counts(i):
		case model.KindOf(c.Step).Temporary:
			park.newest = c.offset
		default:
			rest.newest = c.offset
		}
	}
	switch {
	case park.newest == 0 && rest.newest == 0:
		return nil
	case park.newest == 0 || rest.newest == 0:
		return []UndoUnit{{number, WholeRow, max(park.newest, rest.newest)}}
	}
	return []UndoUnit{rest, park}
}

// joined makes one unit of the two of a row where nothing goes back between them: then its
// user need not go through the temporary extension.
func joined(units []UndoUnit) []UndoUnit {
	list := units[:0]
	for _, unit := range units {
		if last := len(list) - 1; last >= 0 && list[last].Row == unit.Row {
			list[last].Part = WholeRow
			continue
		}
		list = append(list, unit)
	}
	return list
}

// Costless is the result of a first unit as that of its row: what it cost is counted already.
func (r Result) Costless() Result {
	r.Requests, r.Attempts, r.Seconds = 0, 0, 0
	return r
}

// And is the result of a row of two units from that of the first and that of the second: as
// bad as the worse of them.
func (r Result) And(second Result) Result {
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

// SeveralToUndo reports whether taking the changes back may take more than one. What hangs
// on a user that was made goes with it; one that was deleted gets back what hung on it.
func (p Past) SeveralToUndo() bool {
	if p.Created() != "" {
		return p.Deleted()
	}
	changes := p.Changes()
	return len(changes) > 1 || slices.ContainsFunc(changes, func(c AppliedChange) bool {
		return c.Deletes() && (len(c.Intent.Also) > 0 || c.Intent.About().Reimports(c.Intent.Before))
	})
}

// Keys are what the changes of a row touched and what they took it from: rows that
// share one go back one after the other.
func (p Past) Keys(row int) []string {
	keys := map[string]bool{fmt.Sprint("row ", row): true}
	for _, c := range p.Changes() {
		wrote := c.Intent.Shown()
		keys["alias "+model.Fold(cmp.Or(wrote["Alias"], c.Intent.Alias))] = true
		keys["alias "+model.Fold(cmp.Or(c.Intent.Before["Alias"], c.Intent.Alias))] = true
		for kind, members := range c.Intent.Also {
			if model.KindOf(kind).Nested() {
				for _, other := range members {
					keys["alias "+model.Fold(other["Alias"])] = true
				}
			}
			if model.KindOf(kind).Extensions == model.Alternate {
				for _, extension := range members {
					keys["extension "+extension["DtmfAccessId"]] = true
				}
			}
		}
		if extension := cmp.Or(wrote["DtmfAccessId"], c.Intent.Before["DtmfAccessId"]); extension != "" {
			keys["extension "+extension] = true
			keys["extension "+cmp.Or(c.Intent.Before["DtmfAccessId"], extension)] = true
		}
	}
	return slices.Collect(maps.Keys(keys))
}
