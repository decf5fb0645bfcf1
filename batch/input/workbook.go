package input

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Workbook tells what was read of a workbook, and what was not.
type Workbook struct {
	Sheet  string   // whose rows were read
	Others []string // sheets that were not
	Hidden int      // rows that the sheet hides, and that were read all the same
}

// workbookStart is how a file of Excel's begins: it is a ZIP archive.
const workbookStart = "PK\x03\x04"

// mostUnpacked is how much an archive may hold, in bytes. A file that was made to
// fill the memory unpacks to more.
const mostUnpacked = 512 << 20

// IsWorkbook tells from the first bytes whether the file at path is one.
func IsWorkbook(path string) (bool, error) {
	file, err := Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	start := make([]byte, len(workbookStart))
	if _, err := io.ReadFull(file, start); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return false, err
	}
	return string(start) == workbookStart, nil
}

// ReadWorkbook writes a sheet of a workbook as CSV, UTF-8 with a byte order mark and
// commas. An empty name is the first sheet. Each cell is what a person sees in it,
// a date as year-month-day; of a formula it is the result that was saved. A row of
// the sheet is a record, so that the lines are the sheet's own while no cell holds a
// line break. The same workbook always gives the same bytes.
func ReadWorkbook(dst io.Writer, path, sheet string) (about Workbook, err error) {
	defer func() {
		if r := recover(); r != nil { // the archive is a stranger's, and so is its reader
			err = fmt.Errorf("the workbook is damaged: open it, and save it anew (%v)", r)
		}
	}()
	book, err := excelize.OpenFile(path, excelize.Options{UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostUnpacked, ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd"})
	if err != nil {
		return about, fmt.Errorf("the workbook can't be read: open it, and save it anew as .xlsx; a document of Word or LibreOffice is none (%w)", err)
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return about, errors.New("the workbook has no sheet")
	}
	if about.Sheet = sheets[0]; sheet != "" {
		at := slices.IndexFunc(sheets, func(name string) bool { return strings.EqualFold(name, sheet) })
		if at < 0 {
			return about, fmt.Errorf("the workbook has no sheet %q; it has %s", sheet, strings.Join(sheets, ", "))
		}
		about.Sheet = sheets[at]
	}
	about.Others = slices.DeleteFunc(sheets, func(name string) bool { return name == about.Sheet })
	about.Hidden, err = writeSheet(dst, book, about.Sheet)
	return about, err
}

func writeSheet(dst io.Writer, book *excelize.File, sheet string) (hidden int, err error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return 0, fmt.Errorf("the sheet %q can't be read: %w", sheet, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if _, err := io.WriteString(dst, byteOrderMark); err != nil {
		return 0, err
	}
	out := csv.NewWriter(dst)
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return 0, fmt.Errorf("the sheet %q can't be read: %w", sheet, err)
		}
		for len(cells) > 0 && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		if rows.GetRowOpts().Hidden && len(cells) > 0 {
			hidden++
		}
		if err := out.Write(cells); err != nil {
			return 0, err
		}
	}
	out.Flush()
	return hidden, errors.Join(rows.Error(), out.Error())
}
