package plan

import (
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// ordering is an order while it is found out.
type ordering struct {
	record.Order
	sameAlias map[int][]int // of After, those that are there because the rows name one alias
	input     record.Input  // of which temporary extensions are made
}

// breakCycles finds rows that wait for each other.
func (o ordering) breakCycles(uses []resourceUse) []Conflict {
	byRow := map[int]resourceUse{}
	for _, c := range uses {
		byRow[c.row] = c
	}
	var conflicts []Conflict
	for {
		cycle := o.cycle(uses)
		if cycle == nil {
			return conflicts
		}
		cycle = slices.DeleteFunc(cycle, func(id int) bool { return id < 0 })
		i := slices.IndexFunc(cycle, func(row int) bool {
			return byRow[row].movesFrom != "" && o.MovesFirst[row] == "" && o.onlyExtensions(row, cycle, byRow)
		})
		if i < 0 {
			for _, row := range cycle {
				conflicts = append(conflicts, Conflict{Row: row, Line: byRow[row].line, Code: codes.RowsInACircle,
					Message: fmt.Sprintf("%s each take what another one frees, and can't go through a temporary value; "+
						"do it in two files: in the first, give one of these rows another value; the second gives it "+
						"the one that it has here", o.describeRows(cycle, byRow))})
				delete(o.After, row)
				delete(o.After, -row)
			}
			continue
		}
		o.moveFirst(cycle[i], byRow)
	}
}

// onlyExtensions reports whether the others of the cycle wait for the row's
// extension alone.
func (o ordering) onlyExtensions(row int, cycle []int, byRow map[int]resourceUse) bool {
	return !slices.ContainsFunc(cycle, func(other int) bool {
		return slices.Contains(o.After[other], row) && !o.onlyExtension(other, row, byRow)
	})
}

// onlyExtension reports whether a row waits for another's primary extension alone:
// neither is the other's alias its own, nor does it take anything else that it frees.
func (o ordering) onlyExtension(waiting, row int, byRow map[int]resourceUse) bool {
	waiting = max(waiting, -waiting)
	if slices.Contains(o.sameAlias[waiting], row) {
		return false
	}
	return !slices.ContainsFunc(byRow[row].frees, func(key string) bool {
		return key != byRow[row].movesFrom && slices.Contains(byRow[waiting].takes, key)
	})
}

// moveFirst lets a row leave its extension first, so that those that wait for it alone
// need not wait for the rest of the row.
func (o ordering) moveFirst(row int, byRow map[int]resourceUse) {
	o.MovesFirst[row] = record.TemporaryExtension(o.input.SHA256, byRow[row].user)
	for waiting, list := range o.After {
		for i, before := range list {
			if before == row && waiting != -row && o.onlyExtension(waiting, row, byRow) {
				list[i] = -row
			}
		}
	}
	o.After[-row] = slices.Clone(o.sameAlias[row])
	o.After[row] = append(o.After[row], -row)
}

// cycle gives the rows of one cycle, nil if there is none.
func (o ordering) cycle(uses []resourceUse) []int {
	const visiting, visited = 1, 2
	state := map[int]int{}
	var path []int
	var visit func(row int) []int
	visit = func(row int) []int {
		switch state[row] {
		case visiting:
			return slices.Clone(path[slices.Index(path, row):])
		case visited:
			return nil
		}
		state[row] = visiting
		path = append(path, row)
		for _, before := range o.After[row] {
			if cycle := visit(before); cycle != nil {
				return cycle
			}
		}
		path = path[:len(path)-1]
		state[row] = visited
		return nil
	}
	for _, c := range uses {
		if cycle := visit(c.row); cycle != nil {
			return cycle
		}
	}
	return nil
}

// describeRows names rows by their numbers, and where they stand.
func (o ordering) describeRows(rows []int, byRow map[int]resourceUse) string {
	var texts, places []string
	for _, row := range slices.Sorted(slices.Values(rows)) {
		texts, places = append(texts, fmt.Sprint(row)), append(places, o.input.Where(byRow[row].line))
	}
	return fmt.Sprintf("rows %s (%s)", strings.Join(texts, ", "), strings.Join(places, ", "))
}

// moveFirst lets a row move its user to a temporary extension first.
func (p *Plan) moveFirst(temporary string) {
	p.Steps = slices.Insert(slices.Clone(p.Steps), 0,
		p.About.Temporary.Step(cupi.Object{"DtmfAccessId": temporary}))
}
