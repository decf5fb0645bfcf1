package validate

import (
	"slices"
	"strings"
)

// Header is the heading line of a file.
type Header struct {
	Headings []string  // as the file has them
	Columns  []*Column // what each heading names; nil: the column is passed over

	first    map[string]int  // column name -> index of its first heading
	spaced   bool            // a blank stands before each heading but the first, and before cells too: it is how the file is written
	misspelt map[string]bool // names of the columns that unknown headings come nearest to: they are not said to be missing too
}

// Heading is what the file calls a column; the column's own name where the file has none,
// or the same but for its case.
func (h *Header) Heading(column string) string {
	if i, there := h.first[column]; there {
		if heading := strings.TrimSpace(h.Headings[i]); fold(heading) != fold(column) {
			return heading
		}
	}
	return column
}

// Position is where among the headings a column stands, from 0; false: the file has none.
func (h *Header) Position(column string) (at int, there bool) {
	if at, there = h.first[column]; there {
		return at, true
	}
	at = slices.IndexFunc(h.Headings, func(heading string) bool { return strings.TrimSpace(heading) == column && column != "" })
	return max(at, 0), at >= 0
}

// WithHeading gives a problem the heading that the file has for its column.
func (h *Header) WithHeading(p Problem) Problem {
	if p.Heading = h.Heading(p.Column); p.Heading == p.Column {
		p.Heading = ""
	}
	return p
}

// Secret reports whether a column of the file holds secrets.
func (h *Header) Secret() bool {
	return slices.ContainsFunc(h.Columns, func(c *Column) bool { return c != nil && c.Secret })
}
