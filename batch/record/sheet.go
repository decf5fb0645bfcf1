package record

import (
	"bufio"
	"fmt"
	"io"
	"slices"

	"cucbulk/validate"
)

// Where something stands in the sheet of a workbook, whose rows are read as CSV: a row of
// the sheet is a record, so lines and rows are the same until a cell holds a line break.

// continuations finds the lines of CSV that a cell with a line break makes more, in order.
func continuations(text io.Reader) (lines []int, err error) {
	reader := bufio.NewReaderSize(text, 64<<10)
	inQuotes, line := false, 1
	for {
		c, err := reader.ReadByte()
		switch {
		case err == io.EOF:
			return lines, nil
		case err != nil:
			return nil, err
		case c == '"':
			inQuotes = !inQuotes
		case c == '\n':
			if line++; inQuotes {
				lines = append(lines, line)
			}
		}
	}
}

func (in *Input) findContinuations() error {
	text, err := in.source()
	if err != nil {
		return err
	}
	defer text.Close()
	in.continued, err = continuations(text)
	return err
}

// sheetRow gives the row of the sheet that stands on a line.
func (in Input) sheetRow(line int) int {
	if len(in.continued) == 0 {
		return line
	}
	before, on := slices.BinarySearch(in.continued, line)
	if on {
		before++
	}
	return line - before
}

// Where names the line on which a row stands, in the words of a message about another row.
func (in Input) Where(line int) string {
	if in.Sheet == "" {
		return fmt.Sprintf("line %d", line)
	}
	return validate.Options{Sheet: in.Sheet}.CellName(line, -1)
}

// Placed tells of each problem where it is: in a sheet Users!C5, and in no line of the file where the
// row was added for somebody who left.
func (in Input) Placed(header *validate.Header, report func(validate.Problem)) func(validate.Problem) {
	if in.Sheet == "" && in.Leavers == nil {
		return report
	}
	return func(p validate.Problem) {
		if alias, added := in.Leavers.of(p.Row); added {
			p.Cell = "leaver " + alias
			report(p)
			return
		}
		if in.Sheet == "" {
			report(p)
			return
		}
		at, there := header.Position(p.Column)
		if !there {
			at = -1
		}
		p.Cell = validate.Options{Sheet: in.Sheet}.CellName(p.Line, at)
		report(p)
	}
}
