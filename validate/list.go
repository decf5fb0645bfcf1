package validate

import "strings"

// List says how the cell of a column separates the values that it holds.
type List string

// The forms of lists. "" is no list.
const (
	Semicolons List = ";" // two semicolons are one that is meant
	Commas     List = "," // semicolons do as well; no value holds either
)

// SplitList takes the text of a list in a [Record] apart, whatever the form of its
// cell was. A list that is cleared has no items.
func SplitList(text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	const meant = "\x00" // in no cell
	items := strings.Split(strings.ReplaceAll(text, ";;", meant), ";")
	for i := range items {
		items[i] = strings.TrimSpace(strings.ReplaceAll(items[i], meant, ";"))
	}
	return items
}

// JoinList writes the items of a list as [SplitList] reads them.
func JoinList(items []string) string {
	var list strings.Builder
	for i, item := range items {
		if i > 0 {
			list.WriteByte(';')
			if item == "" || item[0] == ';' {
				list.WriteByte(' ') // so that no two semicolons meet that are not one
			}
		}
		list.WriteString(strings.ReplaceAll(item, ";", ";;"))
	}
	return list.String()
}

// items takes a cell apart.
func (l List) items(cell string) []string {
	if l == Semicolons {
		return SplitList(cell)
	}
	items := strings.FieldsFunc(cell, func(r rune) bool { return r == ',' || r == ';' })
	for i := range items {
		items[i] = strings.TrimSpace(items[i])
	}
	return items
}
