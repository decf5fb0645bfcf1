package batch

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"cucbulk/validate"
)

// templates says from which template a rollback makes deleted users again, and of whom
// in the LDAP directory, where the run itself imported them.
type templates struct {
	any     string            // for every user; "": none
	made    map[string]string // ObjectId of a user that the run made -> the template it was made from
	persons map[string]string // ObjectId of a user that the run imported -> the pkid of the person
	used    []string          // all that the run used, when none of them is for every user

	lacking []string // aliases of users for whom there is none
}

// of gives the template for a deleted user, "" when there is none.
func (t templates) of(userID string) string { return orElse(t.made[userID], t.any) }

// learnTemplates finds the templates for the users that the run deleted: the one
// that was asked for; else the one from which the run itself made that user; else
// the run's own; else the only one that any of its rows used.
func (u *Undo) learnTemplates() error {
	u.templates.any = u.Options.Template
	if !u.anyDeleted() {
		return nil
	}
	u.templates.made, u.templates.persons = map[string]string{}, map[string]string{}
	used := map[string]bool{}
	records, err := u.History.lookup()
	if err != nil {
		return err
	}
	defer records.Close()
	for _, row := range u.History.Rows {
		for _, c := range row.Changes {
			if c.Method != "POST" || c.Step != validate.StepUser || !c.Made {
				continue
			}
			made, err := records.change(c)
			if err != nil {
				return err
			}
			if made.intent.imports() {
				u.templates.persons[made.ObjectID] = made.intent.Fields[validate.KeyPerson]
			}
			query, err := url.ParseQuery(made.intent.Query)
			if template := query.Get("templateAlias"); err == nil && template != "" {
				u.templates.made[made.ObjectID] = template
				used[fold(template)] = true
			}
		}
	}
	if u.templates.any != "" {
		u.templates.made = nil
		return nil
	}
	u.templates.used = slices.Sorted(maps.Keys(used))
	u.templates.any = u.History.Header.Options.Template
	if u.templates.any == "" && len(used) == 1 {
		u.templates.any = u.templates.used[0]
	}
	return u.findLacking()
}

// anyDeleted reports whether there is a deleted user to make again.
func (u *Undo) anyDeleted() bool {
	return slices.ContainsFunc(u.Rows, func(number int) bool {
		return slices.ContainsFunc(u.History.Rows[number].Changes, func(c DoneChange) bool {
			return c.Made && c.Method == "DELETE" && c.Step == validate.StepUser
		})
	})
}

func (u *Undo) findLacking() error {
	if u.templates.any != "" {
		return nil
	}
	for line, err := range u.Lines() {
		if err != nil {
			return err
		}
		again := line.Operation.MakesUsers() && line.Reversible != NotReversible
		if again && u.templates.of(line.ObjectID) == "" {
			u.templates.lacking = append(u.templates.lacking, line.Alias)
		}
	}
	return nil
}

// LacksTemplate says why the rollback can't start as it was asked for: users are to
// be made again, and it is not known from which template. It is nil when nothing is
// lacking.
func (u *Undo) LacksTemplate() error {
	lacking := u.templates.lacking
	if len(lacking) == 0 {
		return nil
	}
	known := "names none"
	if len(u.templates.used) > 1 {
		known = "used several (" + strings.Join(u.templates.used, ", ") + ")"
	}
	names := strings.Join(lacking[:min(len(lacking), 3)], ", ")
	if len(lacking) > 3 {
		names += fmt.Sprintf(" and %d more", len(lacking)-3)
	}
	return &Stop{Exit: ExitUsage, Code: "no-template", Reason: fmt.Sprintf("users that the run deleted (%s) are made again from a template, and the run %s: give --template ALIAS, or leave these users out with --only. Nothing was sent", names, known)}
}
