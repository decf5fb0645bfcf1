package validate

import (
	"fmt"
	"slices"
	"strings"

	"cucbulk/internal/codes"
)

// ParseHeader finds the column of each heading and reports what is wrong with the
// heading line and with the options that go with it: everything that would
// otherwise come back on every row. A row may be sent only when neither the
// header nor the row has a problem that is more than a warning.
func ParseHeader(file string, line int, headings []string, o Options) (*Header, []Problem) {
	h := &Header{Headings: headings, Columns: make([]*Column, len(headings)), first: make(map[string]int), misspelt: make(map[string]bool)}
	p := headerProblems{Header: h, table: o.table(), file: file, line: line, strict: o.Strict, delimiter: o.Delimiter}
	if message := noHeadings(headings, o); message != "" {
		p.add("", codes.NoHeadings, message)
		return h, p.list
	}
	for i, heading := range headings {
		column, passedOver := p.column(heading)
		if column == nil || passedOver {
			continue
		}
		if before, repeated := h.first[column.Name]; repeated {
			p.add(column.Name, codes.RepeatedColumn, fmt.Sprintf("columns %s (%s) and %s (%s) mean the same: keep one of them",
				o.columnName(before), quoted(headings[before]), o.columnName(i), quoted(heading)))
			continue
		}
		h.first[column.Name] = i
		h.Columns[i] = column
		if column.Access == ReadOnly && column.Name != "ObjectId" {
			p.add(column.Name, codes.ReadOnly, readOnlyMessage(column))
		}
	}
	h.spaced = len(headings) > 1 && !slices.ContainsFunc(headings[1:],
		func(heading string) bool { return !strings.HasPrefix(heading, " ") })
	p.options(o)
	p.columnsTogether(newSlots(h, o), o)
	for i := range p.list {
		p.list[i] = h.WithHeading(p.list[i])
	}
	return h, p.list
}

// noHeadings says what is wrong with a line of which no cell is a heading; "" if one is,
// or there is only one, and it may be misspelt.
func noHeadings(headings []string, o Options) string {
	given, known, near, numbers := 0, 0, 0, 0
	for _, heading := range headings {
		name := strings.TrimSpace(heading)
		switch {
		case name == "":
			continue
		case isHeading(name) || len(headings) > 1 && headingsBetween(name) != 0:
			known++
		case isDigits(name):
			numbers++
		case o.table().NearestHeading(name) != "":
			near++
		}
		given++
	}
	switch {
	case given == 1:
		return oneHeading(headings[0], o.Delimiter)
	case given == 0 || known > 0 || near > 0 && numbers == 0:
		return ""
	case numbers > 0:
		return fmt.Sprintf("the file has no headings: this line is a row (%s …): put a line such as "+
			"Alias,Extension,DisplayName above it", quoted(headings[0]))
	}
	return fmt.Sprintf("none of these is the heading of a column (%s …): the first line must hold headings such as "+
		"Alias,Extension,DisplayName; `cucbulk fields` lists them", quoted(headings[0]))
}

// headerProblems collects the problems of a heading line.
type headerProblems struct {
	*Header
	table  *Table
	file   string
	line   int
	strict bool

	delimiter rune // see Options
	list      []Problem
}

// headerWarnings are the codes of header problems that stop no row.
var headerWarnings = []codes.Code{codes.NameAndID, codes.DefaultTurnedOff, codes.RequiredToCreate, codes.TransferMeaning}

func (p *headerProblems) add(column string, code codes.Code, message string) {
	warning := slices.Contains(headerWarnings, code) || code == codes.ReadOnly && !p.strict
	p.list = append(p.list, Problem{File: p.file, Line: p.line, Column: column, Code: code, Message: message, Warning: warning})
}

// column finds the column of one heading. It reports an unknown heading, and one
// that this release can't send.
func (p *headerProblems) column(heading string) (column *Column, passedOver bool) {
	name := strings.TrimSpace(heading)
	if name == "" {
		return nil, true
	}
	column, known := p.table.byHeading[fold(name)]
	switch {
	case !known:
		message := "no such column; `cucbulk fields` lists them, and Junk is a heading for what is not to be read"
		if delimiter := headingsBetween(name); delimiter != 0 && delimiter != p.delimiter {
			message = twoDelimiters(delimiter, p.delimiter, "these headings", "the others")
		} else if other := p.table.onlyOther(name); other != nil {
			message = "no such column of " + p.table.Many + ": files of " + other.Many + " have it, which --object " +
				other.Object + " says"
		} else if nearest := p.table.NearestHeading(name); nearest != "" {
			message = "no such column: did you mean " + nearest + "?"
			p.misspelt[p.table.byHeading[fold(nearest)].Name] = true
		}
		p.add(name, codes.UnknownColumn, message)
		return nil, false
	case column.Access == Unsupported:
		p.add(column.Name, codes.NotSupported, "is not supported: take the column out, or call it Junk ("+column.Note+")")
		return nil, false
	}
	return column, column.Access == PassedOver
}

func readOnlyMessage(column *Column) string {
	message := "the server doesn't let anybody write it: not sent"
	if column.Note != "" {
		message += " (" + column.Note + ")"
	}
	return message
}

// options reports what is wrong with the options alone.
func (p *headerProblems) options(o Options) {
	if o.Operation != "" && !slices.Contains(p.table.operations, o.Operation) {
		p.add("Operation", codes.UnknownOperation, unknownOperation(string(o.Operation), o))
	}
	if o.Match != "" && p.table.MatchColumn(o.Match) == "" {
		p.add("", codes.UnknownMatch, fmt.Sprintf("rows can't be matched by %s: --match takes %s", quoted(o.Match),
			strings.Join(p.table.match, ", ")))
	}
	given := make(map[string]bool)
	for _, setting := range o.Set {
		column, passedOver := p.column(setting.Column)
		switch {
		case column == nil:
			continue
		case passedOver || column.Access == ReadOnly:
			p.add(column.Name, codes.NotSettable, "--set can't give it a value: it is never sent")
			continue
		case given[column.Name]:
			p.add(column.Name, codes.RepeatedColumn, "--set gives it twice: keep one")
			continue
		}
		given[column.Name] = true
		check := checkValue
		value, is := column.read(setting.Value)
		if is == asLiteral {
			check = checkLiteral
		}
		for _, f := range check(column, value) {
			if !f.warning {
				p.add(column.Name, f.code, "--set: "+f.message)
			}
		}
	}
}

// columnsTogether reports what follows from which columns there are: a name and
// an id of one thing, a default turned off, and what every row would lack.
func (p *headerProblems) columnsTogether(s slots, o Options) {
	for i := range s {
		name := s[i].column
		if id := s.index(name.Field); name.Collection != "" && id >= 0 && s[id].column.Step == name.Step {
			p.add(name.Name, codes.NameAndID, name.Field+" is given too: the pre-flight refuses rows where the two disagree")
		}
	}
	operation, same := s.operation(o)
	if same && operation == "" && !p.misspelt["Operation"] && !p.reported("Operation") {
		p.add("", codes.NoOperation, noOperation(o))
	}
	if same {
		for _, n := range needs(operation, o) {
			if !s.has(n.column) && !(n.or != "" && s.has(n.or)) && !p.misspelt[n.column] && !p.misspelt[n.or] && !p.reported(n.column) {
				code, message := n.missing(operation, o, s.has)
				p.add(n.column, code, message)
			}
		}
	}
	if operation == Delete && same {
		return
	}
	if i := slices.IndexFunc(s, func(one slot) bool { return one.column.isTransferType() }); i >= 0 {
		p.add(s[i].column.Name, codes.TransferMeaning, transferMeaning(o))
	}
	for _, d := range defaults {
		if source := s.firstOf(d.sources); source != "" && !s.has(d.useDefault) && !p.misspelt[d.useDefault] {
			p.add(source, codes.DefaultTurnedOff, "there is no column "+d.useDefault+": rows that give a value here turn it off")
		}
	}
}

func (p *headerProblems) reported(column string) bool {
	return slices.ContainsFunc(p.list, func(q Problem) bool { return q.Column == column && !q.Warning })
}
