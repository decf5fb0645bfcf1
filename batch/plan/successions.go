package plan

import (
	"fmt"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Who leaves with others of the file: to whom it is handed over, and who goes first because things
// of the one lead to the other.

// successions are the rows that delete users, as one pass over the rows finds them.
type successions struct {
	rows  []succession
	after map[int][]int // row -> those that delete who has what refers to its user
}

type succession struct {
	row, line int
	user      cupi.Object
	successor cupi.Object // nil: none is named
}

func (s *successions) add(p Plan) {
	s.rows = append(s.rows, succession{p.Row, p.Line, p.Target, p.Successor})
	if len(p.goAfter) > 0 {
		if s.after == nil {
			s.after = map[int][]int{}
		}
		s.after[p.Row] = p.goAfter
	}
}

// leavers are the ObjectIds of the users, in the order of the rows.
func (s *successions) leavers() []string {
	var ids []string
	for _, one := range s.rows {
		ids = append(ids, one.user["ObjectId"])
	}
	return ids
}

// leaving are the rows by the folded ids of the users whom they delete, and of their call handlers.
func (s *successions) leaving() map[string]int {
	rows := map[string]int{}
	for _, one := range s.rows {
		for _, id := range []string{one.user["ObjectId"], one.user["CallHandlerObjectId"]} {
			if id != "" {
				rows[model.Fold(id)] = one.row
			}
		}
	}
	return rows
}

// conflicts are those rows whose successor leaves too.
func (s *successions) conflicts(about *model.Object) []Conflict {
	leaves := s.leaving()
	var found []Conflict
	for _, one := range s.rows {
		if _, too := leaves[model.Fold(one.successor["ObjectId"])]; too && one.successor != nil {
			found = append(found, Conflict{Row: one.row, Line: one.line, Code: codes.SuccessorDeleted, column: "ReassignTo",
				Message: fmt.Sprintf("%q is deleted by another row of the file: name somebody who stays", about.Name(one.successor))})
		}
	}
	return found
}

// circles gives the rows that wait for each other: whose users lead to one another. No order lets
// what refers to them go before.
func (s *successions) circles() []int {
	left := map[int][]int{}
	for row, after := range s.after {
		left[row] = after
	}
	for {
		before := len(left)
		for row, after := range left {
			if !slices.ContainsFunc(after, func(other int) bool { return left[other] != nil }) {
				delete(left, row)
			}
		}
		if len(left) == before {
			break
		}
	}
	var rows []int
	for row := range left {
		rows = append(rows, row)
	}
	return rows
}

// departures are what the plan of a row must know of the users whom other rows delete.
type departures struct {
	rows    map[string]int // by folded ids of these users, and of their call handlers
	circles map[int]bool   // such rows whose users lead to each other
}

// learnCircles takes from a pass over the rows which wait for each other. It reports whether there
// were some, so that the plans must be made again.
func (d *departures) learnCircles(s *successions) bool {
	rows := s.circles()
	for _, row := range rows {
		if d.circles == nil {
			d.circles = map[int]bool{}
		}
		d.circles[row] = true
	}
	return len(rows) > 0
}
