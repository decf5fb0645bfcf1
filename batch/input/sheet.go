package input

import (
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// sheetReader takes the rows out of a sheet's part.
type sheetReader struct {
	part     string
	texts    *sharedTexts
	row      int // number of the row that is open, or was last
	hidden   bool
	cells    []cell // of it
	cell     cell
	value    strings.Builder // of its cell that is open
	columns  []string        // that are hidden
	filtered bool
	take     func(*sheetReader) error
	finished bool // all rows have come
}

func (r *sheetReader) tell(at place, token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		if err := known(r.part, at); err != nil {
			return err
		}
		switch {
		case at.is("worksheet/sheetData") && r.finished:
			return r.damaged("its rows are there twice")
		case at.is("worksheet/sheetData/row"):
			return r.beginRow(t)
		case at.is("worksheet/sheetData/row/c"):
			return r.beginCell(t)
		case at.is("worksheet/sheetData/row/c/f"):
			r.cell.formula = true
		case at.is("worksheet/sheetData/row/c/v"):
			r.cell.result = true
		case at.is("worksheet/cols/col"):
			r.hideColumns(t)
		case at.is("worksheet/autoFilter/filterColumn"):
			r.filtered = true
		}
	case xml.CharData:
		const in = "worksheet/sheetData/row/c/"
		if at.is(in+"v") || at.is(in+"is/t") || at.is(in+"is/r/t") {
			r.value.Write(t)
		}
	case xml.EndElement:
		switch {
		case at.is("worksheet/sheetData/row/c"):
			return r.endCell()
		case at.is("worksheet/sheetData/row"):
			return r.take(r)
		case at.is("worksheet/sheetData"):
			r.finished = true
		}
	}
	return nil
}

func (r *sheetReader) damaged(format string, values ...any) error {
	return damaged("%s: %s", r.part, fmt.Sprintf(format, values...))
}

// hideColumns takes the columns of an element that nobody sees.
func (r *sheetReader) hideColumns(element xml.StartElement) {
	from, err1 := strconv.Atoi(attribute(element, "min"))
	to, err2 := strconv.Atoi(attribute(element, "max"))
	if !isTrue(attribute(element, "hidden")) || err1 != nil || err2 != nil {
		return
	}
	for column := from; column <= min(to, from+25) && len(r.columns) < 100; column++ { // all to the right may be hidden
		if name, err := excelize.ColumnNumberToName(column); err == nil {
			r.columns = append(r.columns, name)
		}
	}
}

// beginRow takes a row's number, which must come after the one before: of rows in disorder
// nobody knows which is meant.
func (r *sheetReader) beginRow(element xml.StartElement) error {
	number := r.row + 1
	if text := attribute(element, "r"); text != "" {
		var err error
		if number, err = strconv.Atoi(text); err != nil || number <= r.row || number > excelize.TotalRows {
			return r.damaged("row %d is followed by row %q", r.row, text)
		}
	}
	r.row, r.hidden, r.cells = number, isTrue(attribute(element, "hidden")), r.cells[:0]
	return nil
}

func (r *sheetReader) beginCell(element xml.StartElement) error {
	last := 0
	if len(r.cells) > 0 {
		last = r.cells[len(r.cells)-1].column
	}
	r.cell = cell{column: last + 1, kind: attribute(element, "t")}
	r.value.Reset()
	if text := attribute(element, "r"); text != "" {
		column, row, err := excelize.CellNameToCoordinates(text)
		if err != nil || row != r.row || column <= last {
			return r.damaged("a cell %q stands in row %d behind %d others", text, r.row, len(r.cells))
		}
		r.cell.column = column
	}
	if r.cell.column > excelize.MaxColumns {
		return r.damaged("row %d has more than %d cells", r.row, excelize.MaxColumns)
	}
	if text := attribute(element, "s"); text != "" {
		var err error
		if r.cell.style, err = strconv.Atoi(text); err != nil || r.cell.style < 0 {
			return r.damaged("a cell of row %d has the style %q", r.row, text)
		}
	}
	return nil
}

// endCell looks up a text that is shared. From then on it is the cell's own.
func (r *sheetReader) endCell() error {
	r.cell.value = r.value.String()
	if r.cell.formula && !r.cell.result { // as programs leave it that don't calculate
		r.cell.kind, r.cell.value = "str", noResult
	}
	switch r.cell.kind {
	case "s":
		r.cell.kind = "inlineStr"
		if number := strings.TrimSpace(r.cell.value); number != "" {
			at, err := strconv.Atoi(number)
			text, known := r.texts.get(at)
			if err != nil || !known {
				return r.damaged("a cell of row %d holds the text number %q, and there are %d", r.row, number, len(r.texts.ends))
			}
			r.cell.value = text
		}
	case "n":
		r.cell.kind = ""
	}
	r.cells = append(r.cells, r.cell)
	return nil
}

// writeSheet writes the rows that a part holds as CSV, and tells what of them is not as it
// is seen.
func (a archive) writeSheet(dst io.Writer, book contents, part string, about *Workbook) error {
	texts, err := a.sharedTexts(book.strings)
	if err != nil {
		return err
	}
	formats, err := a.cellFormats(book)
	if err != nil {
		return err
	}
	ranges, err := a.mergedRanges(part)
	if err != nil {
		return err
	}
	merged := merges{waiting: ranges}
	if _, err := io.WriteString(dst, byteOrderMark); err != nil {
		return err
	}
	limited := &limitedWriter{dst, mostText}
	out, written := csv.NewWriter(limited), 0
	var table tableRows
	write := func(rows []sheetRow) error {
		texts, err := formats.rows(rows)
		if err != nil {
			return err
		}
		for i, cells := range texts {
			cells = merged.mark(rows[i].number, cells)
			for ; written < rows[i].number; written++ {
				var record []string // of a row that the sheet leaves out
				if written+1 == rows[i].number {
					record = cells
				}
				if err := out.Write(record); err != nil {
					return err
				}
			}
			if table.ends(rows[i].number, cells) && about.Apart == 0 {
				about.Apart = rows[i].number
			}
			if rows[i].hidden && len(cells) > 0 {
				about.Hidden++
			}
		}
		return nil
	}
	var waiting []sheetRow
	cells := 0
	reader := &sheetReader{part: part, texts: texts}
	reader.take = func(r *sheetReader) error {
		waiting = append(waiting, sheetRow{r.row, r.hidden, append([]cell(nil), r.cells...)})
		if cells++; len(r.cells) > 0 {
			cells += r.cells[len(r.cells)-1].column // those that it leaves out take room too
		}
		if cells < cellsAtOnce {
			return nil
		}
		err := write(waiting)
		waiting, cells = waiting[:0], 0
		return err
	}
	if err := a.visit(part, reader.tell); err != nil {
		return fmt.Errorf("%w (row %d of the sheet is the last that could be read)", err, reader.row)
	}
	if !reader.finished {
		return reader.damaged("it is no sheet of rows")
	}
	if err := write(waiting); err != nil {
		return err
	}
	about.Columns, about.Filtered, about.Formats, about.Format = reader.columns, reader.filtered, formats.changed, formats.first
	out.Flush()
	return out.Error()
}

// tableRows follows a table down its sheet.
type tableRows struct{ rows, last int }

// ends takes the next row, and reports whether an empty one stands between it and a table: the
// headings and a row at least, of more than one cell, as titles and footers are not.
func (t *tableRows) ends(number int, cells []string) bool {
	given := 0
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			given++
		}
	}
	if given < 2 {
		return false
	}
	apart := t.rows > 1 && number > t.last+1
	t.rows, t.last = t.rows+1, number
	return apart
}

// limitedWriter refuses what is too much.
type limitedWriter struct {
	to   io.Writer
	left int
}

func (w *limitedWriter) Write(text []byte) (int, error) {
	if w.left -= len(text); w.left < 0 {
		return 0, errTooMuchText
	}
	return w.to.Write(text)
}
