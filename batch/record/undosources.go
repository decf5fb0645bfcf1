package record

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// learnSources finds what the users that the run deleted are made again of. The
// template is the one that was asked for; else the one from which the run itself made
// that user; else the run's own; else the only one that any of its rows used.
func (u *Undo) learnSources() error {
	u.Sources.anyTemplate, u.Sources.lacking = u.Options.Template, nil
	if !u.AnyDeleted() {
		return nil
	}
	u.Sources.templates, u.Sources.Persons = map[string]string{}, map[string]string{}
	used := map[string]bool{}
	records, err := u.History.Lookup()
	if err != nil {
		return err
	}
	defer records.Close()
	for _, row := range u.History.Rows {
		for _, c := range row.Changes {
			if !c.Creates() || !c.Made {
				continue
			}
			made, err := records.change(c)
			if err != nil {
				return err
			}
			if made.Intent.Imports() {
				u.Sources.Persons[made.ObjectID] = made.Intent.Fields[validate.KeyPerson]
			}
			if template := made.Intent.Template(); template != "" {
				u.Sources.templates[made.ObjectID] = template
				used[model.Fold(template)] = true
			}
		}
	}
	if u.Sources.anyTemplate != "" {
		u.Sources.templates = nil
		return nil
	}
	u.Sources.used = slices.Sorted(maps.Keys(used))
	u.Sources.anyTemplate = u.History.Header.Options.Template
	if u.Sources.anyTemplate == "" && len(used) == 1 {
		u.Sources.anyTemplate = u.Sources.used[0]
	}
	return u.findLacking()
}

func (u *Undo) findLacking() error {
	if u.Sources.anyTemplate != "" {
		return nil
	}
	for line, err := range u.Lines() {
		if err != nil {
			return err
		}
		again := line.templates && line.Operation.MakesUsers() && line.Reversible != NotReversible
		if again && u.Sources.Template(line.ObjectID) == "" {
			u.Sources.lacking = append(u.Sources.lacking, line.Alias)
		}
	}
	return nil
}

// LacksTemplate says why the rollback can't start as it was asked for: users are to
// be made again, and it is not known from which template. It is nil when nothing is
// lacking.
func (u *Undo) LacksTemplate() error {
	lacking := u.Sources.lacking
	if len(lacking) == 0 {
		return nil
	}
	known := "names none"
	if len(u.Sources.used) > 1 {
		known = "used several (" + strings.Join(u.Sources.used, ", ") + ")"
	}
	names := strings.Join(lacking[:min(len(lacking), 3)], ", ")
	if len(lacking) > 3 {
		names += fmt.Sprintf(" and %d more", len(lacking)-3)
	}
	return &Stop{Exit: ExitUsage, Code: codes.NoTemplate,
		Reason: fmt.Sprintf("users that the run deleted (%s) are made again from a template, and the run %s: give "+
			"--template ALIAS, or leave these users out with --only. Nothing was sent", names, known)}
}
