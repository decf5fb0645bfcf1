package export

import (
	"slices"

	"cucbulk/batch/model"
	"cucbulk/validate"
)

// Which columns an export can have.

// exportable reports whether a column shows a field of the user, or the name of what
// an id in it stands for.
func exportable(column validate.Column) bool {
	return column.Access == validate.ReadWrite && model.IsMain(column.Step) && !column.Secret &&
		(column.Field == column.Name || column.Collection != "" || column.Destination != nil)
}

// checkedAgainst reports whether the server checks a field against others.
func checkedAgainst(name string) bool {
	return slices.ContainsFunc(model.Together(), func(group []string) bool { return slices.Contains(group, name) })
}

// partners are the columns without which a file with this one, run again, would change
// something. No answer shows UseCallLanguage.
func partners(column validate.Column) []string {
	if column.Collection != "" && column.TurnsOff() != "" {
		return []string{column.TurnsOff()}
	}
	var names []string
	for _, group := range model.Together() {
		if slices.Contains(group, column.Name) && column.Name != "UseCallLanguage" {
			names = slices.DeleteFunc(slices.Clone(group), func(name string) bool { return name == "UseCallLanguage" })
		}
	}
	return names
}

// exportablePart reports whether a column shows a part of a user as a run would write
// it: no secret, no sound, no user's name in place of an id, and no order that is not kept.
func exportablePart(column validate.Column) bool {
	kind := model.KindOf(column.Step)
	return column.Access == validate.ReadWrite && column.Collection != kind.About.Collection.Name && column.Silent == "" &&
		!column.Secret && column.Type != validate.File &&
		(kind.Shape == model.Single || kind.Shape == model.Slot || kind.Shape == model.Set)
}
