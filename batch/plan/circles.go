package plan

import (
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// breakCircles finds rows that wait for each other.
func (o ordering) breakCircles(claims []claim) []Clash {
	byRow := map[int]claim{}
	for _, c := range claims {
		byRow[c.row] = c
	}
	var clashes []Clash
	for {
		circle := o.circle(claims)
		if circle == nil {
			return clashes
		}
		circle = slices.DeleteFunc(circle, func(id int) bool { return id < 0 })
		i := slices.IndexFunc(circle, func(row int) bool {
			return byRow[row].moves != "" && o.Parks[row] == "" && o.onlyExtensions(row, circle, byRow)
		})
		if i < 0 {
			for _, row := range circle {
				clashes = append(clashes, Clash{Row: row, Line: byRow[row].line, Code: codes.RowsInACircle,
					Message: fmt.Sprintf("rows %s each take what another one frees, and can't go through a temporary value; do it in two files", numbers(circle))})
				delete(o.After, row)
				delete(o.After, -row)
			}
			continue
		}
		o.park(circle[i], byRow)
	}
}

// onlyExtensions reports whether the others of the circle wait for the row's
// extension alone.
func (o ordering) onlyExtensions(row int, circle []int, byRow map[int]claim) bool {
	return !slices.ContainsFunc(circle, func(other int) bool {
		return slices.Contains(o.After[other], row) && !o.onlyExtension(other, row, byRow)
	})
}

// onlyExtension reports whether a row waits for another's primary extension alone:
// neither is the other's alias its own, nor does it take anything else that it frees.
func (o ordering) onlyExtension(waiting, row int, byRow map[int]claim) bool {
	waiting = max(waiting, -waiting)
	if slices.Contains(o.sameAlias[waiting], row) {
		return false
	}
	return !slices.ContainsFunc(byRow[row].frees, func(key string) bool {
		return key != byRow[row].moves && slices.Contains(byRow[waiting].takes, key)
	})
}

// park lets a row leave its extension first, so that those that wait for it alone
// need not wait for the rest of the row.
func (o ordering) park(row int, byRow map[int]claim) {
	o.Parks[row] = record.TemporaryExtension(o.input, byRow[row].who)
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

// circle gives the rows of one circle, nil if there is none.
func (o ordering) circle(claims []claim) []int {
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
			if circle := visit(before); circle != nil {
				return circle
			}
		}
		path = path[:len(path)-1]
		state[row] = visited
		return nil
	}
	for _, c := range claims {
		if circle := visit(c.row); circle != nil {
			return circle
		}
	}
	return nil
}

func numbers(rows []int) string {
	sorted := slices.Sorted(slices.Values(rows))
	texts := make([]string, len(sorted))
	for i, row := range sorted {
		texts[i] = fmt.Sprint(row)
	}
	return strings.Join(texts, ", ")
}

// park lets a row move its user to a temporary extension first.
func (p *Plan) park(temporary string) {
	p.Steps = slices.Insert(slices.Clone(p.Steps), 0, model.Step{Kind: p.About.Temporary.Name, Wanted: cupi.Object{"DtmfAccessId": temporary}})
}
