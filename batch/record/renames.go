package record

import (
	"fmt"

	"cucbulk/batch/model"
)

// Renames is the alias that a change gave its user in place of another; "" if it gave none.
func (c AppliedChange) Renames() string {
	name := c.Intent.About().Collection.NameField
	if alias := c.Intent.Fields[name]; c.Method == "PUT" && model.IsMain(c.Step) && !model.Same(name, alias, c.Intent.Before[name]) {
		return alias
	}
	return ""
}

// NoteNewAlias tells what a rename leaves.
func NoteNewAlias(former string) string {
	return fmt.Sprintf("the server can keep the former alias %q as an SMTP proxy address of the user", former)
}

// NoteOldAlias tells what becomes of what a rename back leaves.
func NoteOldAlias(given string) string {
	return fmt.Sprintf("where the server keeps %q as an SMTP proxy address when the former alias is given back, that is "+
		"taken away again", given)
}
