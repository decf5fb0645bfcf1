package validate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Checker checks the rows of one file, one after the other, and decodes them. It
// remembers the aliases and extensions of the rows that it has checked, so a
// second pass over the file needs a new Checker to check, while Record needs none.
// Check is for one goroutine; Record is for any number.
type Checker struct {
	options  Options
	headings int
	slots    slots
	position map[string]int // column name -> index in slots
	same     bool           // all rows have the same operation
	parts    bool           // there are columns of more than the User resource
	unique   *unique
}

// NewChecker makes a checker for the rows under a heading line. It takes the
// options that [ParseHeader] was given.
func NewChecker(h *Header, o Options) *Checker {
	c := &Checker{options: o, headings: len(h.Headings), slots: newSlots(h, o), unique: newUnique()}
	c.position = make(map[string]int, len(c.slots))
	for i := range c.slots {
		column := c.slots[i].column
		c.position[column.Name] = i
		c.parts = c.parts || column.Step != "" && column.Step != StepUser
	}
	_, c.same = c.slots.operation(o)
	return c
}

// Check returns every problem of a row, alone and against the rows before it, in
// the order of the columns. What [ParseHeader] has said of all rows is not said
// again.
func (c *Checker) Check(r Row) []Problem {
	line := c.open(r)
	line.cells()
	line.operationRules()
	line.missingValues()
	if line.operation != Delete {
		line.fieldRules()
		line.defaultRules()
		line.partRules()
	}
	c.unique.check(line)
	slices.SortStableFunc(line.problems, func(a, b Problem) int {
		return cmp.Compare(c.place(a.Column), c.place(b.Column))
	})
	return line.problems
}

// place orders columns as the file has them; what is in no column comes last.
func (c *Checker) place(column string) int {
	if i, ok := c.position[column]; ok {
		return i
	}
	return len(c.slots)
}

// dataLine is one row while it is checked or decoded.
type dataLine struct {
	*Checker
	row       Row
	values    []string // one a slot, without blanks around it
	operation Operation
	problems  []Problem
}

func (c *Checker) open(r Row) *dataLine {
	line := &dataLine{Checker: c, row: r, values: c.slots.values(r), operation: c.options.Operation}
	if text := line.get("Operation"); text != "" {
		line.operation, _ = ParseOperation(text)
	}
	return line
}

// get returns the text of a column, "" when the file has no such column.
func (l *dataLine) get(column string) string {
	if i, ok := l.position[column]; ok {
		return l.values[i]
	}
	return ""
}

// given says whether a column has a value that sets something, not %null%.
func (l *dataLine) given(column string) bool {
	text := l.get(column)
	return text != "" && !isNull(text)
}

func (l *dataLine) template() string { return cmp.Or(l.get("TemplateAlias"), l.options.Template) }

func (l *dataLine) add(column, code, message string, warning bool) {
	l.problems = append(l.problems, Problem{File: l.options.File, Line: l.row.Line, Row: l.row.Number,
		Column: column, Code: code, Message: message, Warning: warning})
}

// cells checks each value alone. A delete sends no field, so of its cells only
// those count that find the user.
func (l *dataLine) cells() {
	for i, value := range l.values {
		column := l.slots[i].column
		if l.operation == Delete && column.Access != Control && !slices.Contains(matchColumns, column.Name) {
			continue
		}
		l.blanks(i)
		for _, f := range checkValue(column, value) {
			if column.Name == "Operation" {
				f = finding{code: "unknown-operation", message: unknownOperation(value)}
			}
			l.add(column.Name, f.code, f.message, f.warning)
		}
	}
	if len(l.row.Cells) > l.headings {
		for _, cell := range l.row.Cells[l.headings:] {
			if strings.TrimSpace(cell) != "" {
				l.add("", "ragged-row", fmt.Sprintf("has %d cells under %d headings: put quotes around a text that holds the delimiter",
					len(l.row.Cells), l.headings), false)
				return
			}
		}
	}
}

// blanks reports blanks around a text. In a name that users dial or sign in with
// they are a mistake that nobody sees; elsewhere they are left out.
func (l *dataLine) blanks(i int) {
	column, cell := l.slots[i].column, l.slots[i].cell
	if cell < 0 || cell >= len(l.row.Cells) || column.Type != String || column.Step == "" && column.Name != "NewAlias" || column.Collection != "" {
		return
	}
	if text := l.row.Cells[cell]; text != l.values[i] && strings.TrimSpace(text) != "" {
		if column.Name == "NewAlias" || column.Field == "Alias" || column.Field == "DtmfAccessId" || column.Secret {
			l.add(column.Name, "blanks", "has blanks before or after it: take them out", false)
		} else {
			l.add(column.Name, "blanks", "has blanks before or after it: they are not sent", true)
		}
	}
}
