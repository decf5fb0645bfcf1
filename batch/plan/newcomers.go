package plan

import (
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/validate"
)

// Alike says whom the user that a plan makes is like when it is new, whatever its parts get
// later: those that are made of the same template, on the same store, with the same of all that
// a server may go by. "" of a plan that makes none, or whose user other rows are about too.
func (p Plan) Alike() string {
	if p.End.Status != "" || p.Late || p.Operation != validate.Create || p.Before.First() != nil {
		return ""
	}
	wanted := p.wanted(p.About.Main.Name)
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

// comesWithUser reports whether a plan sets something of what every new user has.
func (p Plan) comesWithUser() bool {
	return slices.ContainsFunc(p.Steps, func(step model.Step) bool { return model.KindOf(step.Kind).ComesWithUser() })
}

// enoughAlike reports whether a run makes so many users that are alike that it learns from the
// first of them what their template gives.
func (p *Prepared) enoughAlike(alike string) bool {
	return alike != "" && p.Options.LearnFrom > 0 && p.alike[alike] >= p.Options.LearnFrom
}

// Learns gives whom the user of a plan is like, if the run makes so many of them that it learns
// what their template gives, and no other row goes on with this one; else "".
func (p *Prepared) Learns(plan Plan) string {
	if alike := plan.Alike(); p.enoughAlike(alike) && !p.awaited[plan.Row] {
		return alike
	}
	return ""
}
