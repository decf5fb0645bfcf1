package validate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"cucbulk/cupi/audio"
	"cucbulk/internal/codes"
)

// NewChecker makes a checker for the rows under a heading line. It takes the
// options that [ParseHeader] was given.
func NewChecker(h *Header, o Options) *Checker {
	c := &Checker{options: o, header: h, slots: newSlots(h, o), demands: make(map[Operation]*demands),
		digester: newDigester(), unique: newUnique(o), lines: &sync.Pool{}}
	c.realms = realms{newAlias: c.digester.of("new alias"), extension: c.digester.of("extension"), owner: c.digester.of("owner"),
		members: map[string]digest{}}
	c.position = make(map[string]int, len(c.slots))
	for i := range c.slots {
		column := c.slots[i].column
		c.position[column.Name] = i
		if column.Whole && c.slots[i].mapping != nil {
			c.wholes = append(c.wholes, i)
		}
		c.destinations = c.destinations || column.Destination != nil
		c.sounds = c.sounds || column.Type == File
		c.parts = c.parts || column.Step != "" && column.Step != o.table().Main
	}
	c.at = places{
		operation: c.slots.index("Operation"), alias: c.slots.index("Alias"), newAlias: c.slots.index("NewAlias"),
		extension: c.slots.index("DtmfAccessId"), objectID: c.slots.index("ObjectId"), template: c.slots.index("TemplateAlias"),
		partitionID: c.slots.index("PartitionObjectId"), partitionName: c.slots.index("PartitionName"),
		inactive: c.slots.index("Inactive"), person: c.slots.index(KeyPerson), successor: c.slots.index("ReassignTo"),
		member: -1, memberKind: -1,
	}
	if m := o.table().Member; m != nil {
		c.at.member, c.at.memberKind = c.slots.index(m.Column), c.slots.index(m.Among)
	}
	for i := range c.slots {
		if column := c.slots[i].column; column.Field == "DtmfAccessId" && i != c.at.extension {
			c.at.alternates = append(c.at.alternates, i)
		} else if strings.HasPrefix(column.Step, "privatelists/") {
			c.at.privateLists = append(c.at.privateLists, i)
		} else if column.Unique != shared {
			c.realms.members[column.Name] = c.digester.of("member " + column.Name)
			c.at.members = append(c.at.members, i)
		}
	}
	for _, operation := range append(o.table().Operations(), "", o.Operation) {
		c.demands[operation] = c.demandsOf(operation)
	}
	if c.at.extension >= 0 {
		for _, n := range o.Map.keepsIn() {
			if c.keepsIn == nil {
				c.keepsIn = map[int]int{}
			}
			c.keepsIn[n] = c.slots.index(alternateColumn(n))
		}
	}
	c.pairs = c.slots.pairs()
	_, c.same = c.slots.operation(o)
	return c
}

// demandsOf prepares what an operation asks of every row. Where the whole file
// lacks a column, or has it misspelt, the header has said so.
func (c *Checker) demandsOf(operation Operation) *demands {
	d := &demands{key: c.slots.index(keyColumn(operation, c.options)), aliasRealm: c.digester.of("alias " + string(operation)),
		keyRealm: c.digester.of("key " + string(operation))}
	_, same := c.slots.operation(c.options)
	if operation == ImportLDAP {
		d.key = c.at.person
	}
	for _, n := range needs(operation, c.options) {
		n.at, n.orAt = c.slots.index(n.column), c.slots.index(n.or)
		if misspelt := c.header.misspelt[n.column] || c.header.misspelt[n.or]; n.at >= 0 || n.orAt >= 0 || !same && !misspelt {
			d.needs = append(d.needs, n)
		}
	}
	return d
}

// Examined is what is to be said of a row apart from the others. It still has to
// be settled.
type Examined struct {
	Recordings []audio.Digest // that the row names

	problems []Problem
	claims   uniqueKeys
}

// Examine looks at a row alone. What [ParseHeader] has said of all rows is not said
// again. It remembers nothing and may be called from any goroutine, before the row's
// number is known.
func (c *Checker) Examine(r Row) Examined {
	line := c.open(r)
	defer c.close(line)
	if problem, is := line.notARow(); is {
		return Examined{problems: []Problem{problem}}
	}
	var recordings []audio.Digest
	line.cells()
	if line.keep != "" {
		line.add("DtmfAccessId", codes.NumberNotKept, line.keep, false)
	}
	line.operationRules()
	line.missingValues()
	if line.operation != Delete {
		line.fieldRules()
		line.defaultRules()
		line.partRules()
		if c.sounds {
			recordings = line.recordingRules()
		}
	}
	return Examined{recordings, line.problems, line.claims()}
}

// Reserve tells how many rows the file may have. Fewer and more are right as well.
func (c *Checker) Reserve(rows int) { c.unique.reserve(rows) }

// Expect tells that rows are about to be checked across. It changes nothing: what is known of a
// million rows is far from the processor, and many are fetched faster together than one after the
// other: a tenth of the whole check.
func (c *Checker) Expect(e *Examined) { c.unique.expect(&e.claims) }

// CheckAcross returns every problem of an examined row, in the order of the columns: those
// that Examine found, and what it has in common with the rows settled before. Rows are
// settled in the order of the file, by one goroutine.
func (c *Checker) CheckAcross(r Row, e Examined) []Problem {
	problems := c.unique.add(e.problems, &e.claims, r.Line)
	for i := range problems {
		problems[i].File, problems[i].Line, problems[i].Row = c.options.File, r.Line, r.Number
		if at, is := c.position[problems[i].Column]; is {
			problems[i].Message += c.slots[at].cause(r, problems[i].Code)
		}
		problems[i] = c.header.WithHeading(problems[i])
	}
	if len(problems) > 1 {
		slices.SortStableFunc(problems, func(a, b Problem) int {
			return cmp.Compare(c.place(a.Column), c.place(b.Column))
		})
	}
	return problems
}

// place orders columns as the file has them; what is in no column comes last.
func (c *Checker) place(column string) int {
	if i, ok := c.position[column]; ok {
		return i
	}
	return len(c.slots)
}

func (c *Checker) open(r Row) *dataLine {
	line, used := c.lines.Get().(*dataLine)
	if !used {
		line = &dataLine{Checker: c, values: make([]string, len(c.slots))}
	}
	line.row = r
	line.blank, line.marked = c.slots.fill(line.values, r)
	operation := c.options.Operation
	if text := line.valueAt(c.at.operation); text != "" {
		operation, _ = c.options.table().ParseOperation(text)
	}
	if line.demands == nil || line.operation != operation {
		line.operation, line.demands = operation, c.demands[operation]
	}
	line.keep = ""
	if c.keepsIn != nil {
		line.keepNumber()
	}
	for _, at := range c.wholes {
		line.leaveOut(at)
	}
	if line.demands == nil { // no operation at all: it is a problem of the row
		line.demands = c.demandsOf(operation)
	}
	return line
}

// close gives the line back for the next row.
func (c *Checker) close(l *dataLine) {
	l.row, l.problems = Row{}, nil
	c.lines.Put(l)
}

// cells checks each value alone. A delete sends no field, so of its cells only
// those count that find the user.
func (l *dataLine) cells() {
	for i, value := range l.values {
		if value == "" {
			continue
		}
		slot := &l.slots[i]
		if l.operation == Delete && !slot.finds {
			continue
		}
		check, is := checkValue, asItIs
		if l.marked {
			if is = l.marks(slot, value); is == asLiteral {
				check = checkLiteral
			}
		}
		if l.blank && is == asItIs {
			l.blanks(slot, value)
		}
		if slot.glance.passes(value) {
			continue
		}
		for _, f := range check(slot.column, value) {
			if i == l.at.operation {
				f = finding{code: codes.UnknownOperation, message: unknownOperation(value, l.options)}
			}
			l.add(slot.column.Name, f.code, f.message, f.warning)
		}
	}
	if headings := len(l.header.Headings); len(l.row.Cells) > headings {
		for _, cell := range l.row.Cells[headings:] {
			if strings.TrimSpace(cell) != "" {
				l.add("", codes.RaggedRow, fmt.Sprintf("has %d cells under %d headings: put quotes around a text that holds the delimiter",
					len(l.row.Cells), headings), false)
				return
			}
		}
	}
}

// blanks reports blanks around a text. In a name that users dial or sign in with
// they are a mistake that nobody sees; elsewhere they are left out.
func (l *dataLine) blanks(s *slot, value string) {
	if l.header.spaced || !s.sentAsIs || s.cell < 0 || s.cell >= len(l.row.Cells) || startsAndEndsVisibly(l.row.Cells[s.cell]) ||
		strings.TrimSpace(l.row.Cells[s.cell]) == "" {
		return
	}
	if column := s.column; column.Name == "NewAlias" || column.Field == "Alias" || column.Field == "DtmfAccessId" || column.Secret {
		l.add(column.Name, codes.Blanks, "has blanks before or after it: take them out", false)
	} else {
		l.add(column.Name, codes.Blanks, "has blanks before or after it: they are not sent", true)
	}
}
