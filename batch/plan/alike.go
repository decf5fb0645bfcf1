package plan

import (
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/validate"
)

// alikeUsers counts the new users that are like others, from whom the run learns what their template
// gives.
type alikeUsers struct {
	learnFrom int            // from so many that are alike on it learns; 0: from none
	rows      map[string]int // that make users, by whom these are like: see [Plan.Alike]
	requests  map[string]int // for parts of their users
}

func newAlikeUsers(learnFrom int) alikeUsers {
	return alikeUsers{learnFrom: learnFrom, rows: map[string]int{}, requests: map[string]int{}}
}

func (u *alikeUsers) add(plan Plan) {
	if plan.Steps.ComeWithUser() {
		alike := plan.Alike()
		u.rows[alike]++
		u.requests[alike] += requestsForParts(plan)
	}
}

// enough reports whether a run makes so many users that are alike that it learns from the
// first of them what their template gives.
func (u *alikeUsers) enough(alike string) bool {
	return alike != "" && u.learnFrom > 0 && u.rows[alike] >= u.learnFrom
}

// spares is how many requests the run may not need then.
func (u *alikeUsers) spares() int {
	requests := 0
	for alike, of := range u.requests {
		if u.enough(alike) {
			requests += of
		}
	}
	return requests
}

// Alike says whom the user that a plan makes is like when it is new, whatever its parts get
// later: those that are made of the same template, on the same store, with the same of all that
// a server may go by. "" of a plan that makes none, or whose user other rows are about too.
func (p Plan) Alike() string {
	if p.End.Status != "" || p.Late || p.Operation != validate.Create || p.Before.First() != nil {
		return ""
	}
	wanted := p.Steps.Wanted(p.About.Main.Name)
	alike := []string{model.Fold(p.Template), p.MailboxStore}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		column, known := validate.ColumnOfField(name)
		switch value := wanted[name]; {
		case known && column.Describes():
		case known && column.Reaches() && value != "": // whose it is differs; that there is one may decide what hangs on it
			alike = append(alike, name)
		default:
			alike = append(alike, name+"="+value)
		}
	}
	return strings.Join(alike, "\x00")
}
