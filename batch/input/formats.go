package input

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Parts of the book that excelize is shown, by the names that it gives them.
const (
	shownSheet = "Sheet1"
	shownRows  = "xl/worksheets/sheet1.xml"
	shownStyle = "xl/styles.xml"
)

// cellsAtOnce is how many cells excelize is shown at once. It takes about a hundred times
// the memory that their texts need.
const cellsAtOnce = 8 << 10

// mostStyles is how much the part with the styles may hold, in bytes. Excel allows 65,490
// of them.
const mostStyles = 16 << 20

// cell is one of a sheet as it is saved.
type cell struct {
	column, style int
	kind          string // "s", "b", "str", …; a number has none
	value         string
	formula       bool
	result        bool // there is an element with its value
}

// sheetRow is a row of a sheet as it is saved.
type sheetRow struct {
	number int
	hidden bool
	cells  []cell
}

// cellFormats tell what people see in cells: a number as a date, or with zeros before it.
// excelize knows how; it is given the rows some at a time, in a book of its own that has
// the styles of the workbook, because it would hold all of that in memory, and does not say
// when a part is damaged.
type cellFormats struct {
	book   *excelize.File
	styles int // how many there are
	xml    bytes.Buffer

	changed int    // numbers that are not read as they are shown
	first   string // where the first of them is
}

func (a archive) cellFormats(book contents) (*cellFormats, error) {
	const day = "yyyy-mm-dd"
	f := &cellFormats{book: excelize.NewFile(excelize.Options{ShortDatePattern: day, LongDatePattern: day})}
	f.book.Sheet.Clear()
	if err := f.book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &book.date1904}); err != nil {
		return nil, err
	}
	if book.styles == "" {
		return f, nil
	}
	if err := a.visit(book.styles, func(place, xml.Token) error { return nil }); err != nil {
		return nil, err
	}
	part, err := a.open(book.styles)
	if err != nil {
		return nil, err
	}
	defer part.Close()
	text, err := io.ReadAll(io.LimitReader(part, mostStyles+1))
	if err != nil {
		return nil, err
	}
	if len(text) > mostStyles {
		return nil, fmt.Errorf("the workbook is refused: its styles take more than %d MiB. Save the sheet as CSV UTF-8", mostStyles>>20)
	}
	f.book.Pkg.Store(shownStyle, text)
	f.book.Styles = nil
	if _, err := f.book.GetStyle(0); f.book.Styles == nil || err != nil {
		return nil, damaged("%s: %v", book.styles, err)
	}
	if f.book.Styles.CellXfs != nil {
		f.styles = len(f.book.Styles.CellXfs.Xf)
	}
	return f, nil
}

// rows gives what is seen in each row, without the blank cells at its end.
func (f *cellFormats) rows(rows []sheetRow) ([][]string, error) {
	if err := f.write(rows); err != nil {
		return nil, err
	}
	f.book.Pkg.Store(shownRows, f.xml.Bytes())
	read, err := f.book.Rows(shownSheet)
	if err != nil {
		return nil, err
	}
	seen := make([][]string, 0, len(rows))
	for read.Next() {
		cells, err := read.Columns()
		if err == nil && len(seen) == len(rows) {
			err = errors.New("there are too many rows")
		}
		if err != nil {
			return nil, damaged("%v", err)
		}
		for _, c := range rows[len(seen)].cells {
			number := c.kind == "" && c.style != 0 && c.value != ""
			if !c.plain() && !number {
				continue
			}
			cells = append(cells, make([]string, max(0, c.column-len(cells)))...)
			if c.plain() {
				cells[c.column-1] = c.value
			} else if shown := shownNumber(c.value, cells[c.column-1]); shown != cells[c.column-1] {
				f.tell(c.column, rows[len(seen)].number, cells[c.column-1], shown)
				cells[c.column-1] = shown
			}
		}
		for len(cells) > 0 && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		seen = append(seen, cells)
	}
	if err := read.Error(); err != nil {
		return nil, damaged("%v", err)
	}
	if len(seen) != len(rows) {
		return nil, damaged("of %d rows, %d can be read", len(rows), len(seen))
	}
	return seen, nil
}

// tell remembers a number that is not read as it is shown.
func (f *cellFormats) tell(column, row int, shown, read string) {
	if f.changed++; f.changed == 1 {
		if name, err := excelize.CoordinatesToCellName(column, row); err == nil {
			f.first = fmt.Sprintf("%s shows %q and holds %s", name, shown, read)
		}
	}
}

// plain reports whether a cell is seen as it is saved, as most are. excelize is spared them.
func (c cell) plain() bool {
	switch {
	case c.kind == "str":
		return true
	case c.style != 0:
		return false
	case c.kind == "inlineStr":
		return !strings.Contains(c.value, "_x") // by which Excel writes control characters
	case c.kind == "" && c.value != "" && len(c.value) <= 15 && (c.value[0] != '0' || c.value == "0"):
		return strings.Trim(c.value, "0123456789") == ""
	}
	return false
}

// write makes a sheet of the rows, numbered from 1.
func (f *cellFormats) write(rows []sheetRow) error {
	f.xml.Reset()
	f.xml.WriteString("<worksheet><sheetData>")
	for _, row := range rows {
		f.xml.WriteString("<row>")
		for _, c := range row.cells {
			if c.plain() {
				continue
			}
			if c.style > 0 && c.style >= f.styles {
				return damaged("a cell of row %d has the style %d, and there are %d", row.number, c.style, f.styles)
			}
			name, err := excelize.CoordinatesToCellName(c.column, 1)
			if err != nil {
				return damaged("row %d: %w", row.number, err)
			}
			f.xml.WriteString(`<c r="` + name + `" s="` + strconv.Itoa(c.style) + `"`)
			if c.kind != "" {
				f.xml.WriteString(` t="`)
				_ = xml.EscapeText(&f.xml, []byte(c.kind)) // a buffer takes everything
				f.xml.WriteString(`"`)
			}
			open, end := "><v>", "</v></c>"
			if c.kind == "inlineStr" {
				open, end = "><is><t>", "</t></is></c>"
			}
			f.xml.WriteString(open)
			_ = xml.EscapeText(&f.xml, []byte(c.value))
			f.xml.WriteString(end)
		}
		f.xml.WriteString("</row>")
	}
	f.xml.WriteString("</sheetData></worksheet>")
	return nil
}
