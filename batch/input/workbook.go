package input

import "io"

// ReadWorkbook writes a sheet of a workbook as CSV, UTF-8 with a byte order mark and
// commas. An empty name is the first sheet that is seen. Each cell is what a person sees in it,
// a date as year-month-day; of a formula it is the result that was saved, and of a number
// that is shown with marks, the number. What nobody can know is an error in its cell. A row of
// the sheet is a record, so that the lines are the sheet's own while no cell holds a
// line break. The same workbook always gives the same bytes.
//
// A workbook is read to the end of each part that it is made of here, and refused when
// one is damaged or too large.
func ReadWorkbook(dst io.Writer, path, sheet string) (Workbook, error) {
	file, err := Open(path)
	if err != nil {
		return Workbook{}, err
	}
	defer file.Close()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return Workbook{}, err
	}
	return ReadWorkbookAt(dst, file, size, sheet)
}

// ReadWorkbookAt is ReadWorkbook for a file that is open, or in memory.
func ReadWorkbookAt(dst io.Writer, file io.ReaderAt, size int64, sheet string) (about Workbook, err error) {
	defer func() {
		if r := recover(); r != nil { // the archive is a stranger's, and so is what reads its formats
			err = damaged("%v", r)
		}
	}()
	a, err := openArchive(file, size)
	if err != nil {
		return about, err
	}
	book, err := a.contents()
	if err != nil {
		return about, err
	}
	chosen, err := book.choose(sheet)
	if err != nil {
		return about, err
	}
	about.Sheet = book.sheets[chosen].name
	for i, other := range book.sheets {
		if i != chosen {
			about.Others = append(about.Others, other.name)
		}
	}
	return about, a.writeSheet(dst, book, book.sheets[chosen].part, &about)
}
