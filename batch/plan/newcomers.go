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
