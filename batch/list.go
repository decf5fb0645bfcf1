package batch

import "strings"

// splitList takes a list of a cell apart: at each semicolon or comma.
func splitList(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return c == ';' || c == ',' })
}
