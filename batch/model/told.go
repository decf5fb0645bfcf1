package model

import (
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// Told is the value of a field as people read it.
func Told(field, value string) string {
	if field == cupi.Recording {
		return cupi.ShortRecording(value)
	}
	return value
}

// ToldField is a field of a step as people know it: by its column.
func ToldField(step, field string) string {
	if column, known := validate.ColumnFor(step, field); known {
		if slot := SlotOf(step); KindOf(step).Owner == TheGreeting && strings.Contains(slot, "/") {
			return column.Name + " in the language " + LastPart(slot)
		}
		return column.Name
	}
	if IsMain(step) {
		return field
	}
	return field + " of " + KindOf(step).Name
}
