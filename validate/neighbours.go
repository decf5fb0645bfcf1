package validate

import (
	"fmt"
	"strings"

	"cucbulk/internal/codes"
)

// Neighbours finds the damage of a spreadsheet that only shows beside other rows:
// an extension that lost its leading zeros is shorter than all the others, and a
// number that lost its + stands among numbers that have it. It keeps counts, and a
// few of the rows that stand out. It is for one goroutine.
type Neighbours struct {
	options Options
	header  *Header
	columns []*columnOfCodes
	missed  []*missedColumn
}

// missedColumn is a column that is passed over, and yet told.
type missedColumn struct {
	*Column
	cell  int
	rows  int // that have a value
	first codeAt
}

// columnOfCodes is what is known of one column.
type columnOfCodes struct {
	*Column
	cell    int
	lengths [longestCode + 1]alike // texts of digits, by their length
	plus    int                    // texts that begin with +
}

// alike are texts of one length.
type alike struct {
	count int
	first []codeAt
}

type codeAt struct {
	row, line int
	text      string
}

const (
	fewNeighbours = 4  // as few rows tell nothing about the others
	mostShown     = 20 // rows of one length that are kept
	oddOnes       = 10 // one in so many rows may stand out; more are a plan of their own
	oddPINs       = 4  // the same of PINs, which are drawn: one in ten begins with a zero
	longNumber    = 8  // digits from which a number may need a +
	longestCode   = 40 // digits; no code has more
)

// NewNeighbours makes one for the rows under a heading line.
func NewNeighbours(h *Header, o Options) *Neighbours {
	n := &Neighbours{options: o, header: h}
	for i, column := range h.Columns {
		if column != nil && column.kind()&codeTexts != 0 {
			n.columns = append(n.columns, &columnOfCodes{Column: column, cell: i})
		}
	}
	for i, heading := range h.Headings {
		if column := o.table().byHeading[fold(strings.TrimSpace(heading))]; column != nil && column.Missed != "" {
			n.missed = append(n.missed, &missedColumn{Column: column, cell: i})
		}
	}
	return n
}

// Add takes the next row.
func (n *Neighbours) Add(r Row) {
	for _, column := range n.missed {
		if column.cell >= len(r.Cells) || trimmed(r.Cells[column.cell]) == "" {
			continue
		}
		if column.rows++; column.rows == 1 {
			column.first = codeAt{row: r.Number, line: r.Line}
		}
	}
	for _, column := range n.columns {
		if column.cell >= len(r.Cells) {
			continue
		}
		text := trimmed(r.Cells[column.cell])
		if text != "" && marked[text[0]] {
			text = column.CellText(text)
		}
		switch {
		case text == "":
		case text[0] == '+' && isDigits(text[1:]):
			column.plus++
		case len(text) <= longestCode && isDigits(text):
			same := &column.lengths[len(text)]
			same.count++
			if len(same.first) < mostShown {
				if column.Secret {
					text = "" // nobody needs it
				}
				same.first = append(same.first, codeAt{r.Number, r.Line, strings.Clone(text)}) // apart from the text of its file
			}
		}
	}
}

// Problems gives a warning for each row that stands out, when all rows are there.
func (n *Neighbours) Problems() []Problem {
	var list []Problem
	for _, column := range n.columns {
		for _, odd := range column.shorter() {
			what, write := "has", "put them back"
			if !column.Secret {
				what, write = quoted(odd.text)+" has", "write "+quoted(strings.Repeat("0", odd.usual-odd.length)+odd.text)
			}
			list = append(list, n.warning(column.Column, odd.codeAt, codes.LostZeros,
				fmt.Sprintf("%s %d digits, and nearly all the others have %d: if a spreadsheet took zeros from its "+
					"front, %s, and make the column text", what, odd.length, odd.usual, write)))
		}
		for _, bare := range column.withoutPlus() {
			list = append(list, n.warning(column.Column, bare, codes.LostPlus,
				fmt.Sprintf("%s has no +, and nearly all the others have one: if a spreadsheet took it, write %s, and "+
					"make the column text", quoted(bare.text), quoted("+"+bare.text))))
		}
	}
	for _, column := range n.missed {
		if column.rows > 0 {
			list = append(list, n.warning(column.Column, column.first, codes.NotLookedAt,
				fmt.Sprintf("has a value (rows that have one: %d), and is not looked at: %s", column.rows, column.Missed)))
		}
	}
	return list
}

func (n *Neighbours) warning(column *Column, at codeAt, code codes.Code, message string) Problem {
	return n.header.WithHeading(Problem{File: n.options.File, Line: at.line, Row: at.row, Column: column.Name, Code: code,
		Message: message, Warning: true})
}

// shorterCode is a text with fewer digits than the others.
type shorterCode struct {
	codeAt
	length, usual int
}

// shorter gives the texts that are shorter than all the others, where these have
// nearly all one length.
func (c *columnOfCodes) shorter() []shorterCode {
	total, usual := 0, 0
	for length, same := range c.lengths {
		total += same.count
		if same.count >= c.lengths[usual].count {
			usual = length
		}
	}
	under, odd := 0, []shorterCode(nil)
	for length, same := range c.lengths[:usual] {
		under += same.count
		for _, at := range same.first {
			odd = append(odd, shorterCode{at, length, usual})
		}
	}
	rare := oddOnes
	if c.kind() == pinCode {
		rare = oddPINs
	}
	if total < fewNeighbours || under == 0 || under > max(1, total/rare) {
		return nil
	}
	return odd
}

// withoutPlus gives the long numbers without a + where nearly all have one.
func (c *columnOfCodes) withoutPlus() []codeAt {
	bare, long := []codeAt(nil), 0
	if c.kind()&(dialed|phone) == 0 {
		return nil
	}
	for _, same := range c.lengths[longNumber:] {
		long += same.count
		bare = append(bare, same.first...)
	}
	if c.plus+long < fewNeighbours || long > max(1, (c.plus+long)/oddOnes) {
		return nil
	}
	return bare
}
