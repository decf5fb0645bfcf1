package input

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// Parts of the workbooks that tests make.
const (
	sheetPartName  = "xl/worksheets/sheet1.xml"
	stringPartName = "xl/sharedStrings.xml"
)

// repacked is a copy of a workbook in which some parts hold something else; nil takes one
// out.
func repacked(t *testing.T, workbook string, parts map[string]func(text []byte) []byte) string {
	t.Helper()
	in, err := zip.OpenReader(workbook)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var packed bytes.Buffer
	out, changed := zip.NewWriter(&packed), 0
	for _, part := range in.File {
		file, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		if change, is := parts[part.Name]; is {
			before := text
			if text = change(bytes.Clone(text)); bytes.Equal(text, before) {
				t.Fatalf("%s is as it was: %s", part.Name, text)
			}
			if changed++; text == nil {
				continue
			}
		}
		to, err := out.Create(part.Name)
		if err == nil {
			_, err = to.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil || changed != len(parts) {
		t.Fatalf("changed %d parts of %d: %v", changed, len(parts), err)
	}
	path := filepath.Join(t.TempDir(), "changed.xlsx")
	if err := os.WriteFile(path, packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// instead replaces the first text of a part.
func instead(old, replacement string) func([]byte) []byte {
	return func(text []byte) []byte { return bytes.Replace(text, []byte(old), []byte(replacement), 1) }
}

// both makes two changes to a part.
func both(first, second func([]byte) []byte) func([]byte) []byte {
	return func(text []byte) []byte { return second(first(text)) }
}

// cut takes the rest of a part away, from this text on.
func cut(from string) func([]byte) []byte {
	return func(text []byte) []byte {
		before, _, _ := bytes.Cut(text, []byte(from))
		return before
	}
}

// twelveRows is a workbook of so many rows, with styles and shared texts.
func twelveRows(t *testing.T) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	zeros := "0000"
	style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &zeros})
	if err != nil {
		t.Fatal(err)
	}
	for row := 1; row <= 12; row++ {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", row), &[]any{fmt.Sprintf("user%02d", row), row, "Sales"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SetCellStyle("Sheet1", "B2", "B12", style); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "users.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestADamagedWorkbookIsRefused(t *testing.T) {
	t.Parallel()
	whole := twelveRows(t)
	var text bytes.Buffer
	if _, err := ReadWorkbook(&text, whole, ""); err != nil || strings.Count(text.String(), "\n") != 12 || !strings.Contains(text.String(), "user12,0012,Sales") {
		t.Fatalf("the whole one: got %q and %v", text.String(), err)
	}
	rels := "xl/_rels/workbook.xml.rels"
	for name, parts := range map[string]map[string]func([]byte) []byte{
		"a bare & in row 6":            {sheetPartName: instead(`<row r="6">`, `<row r="6">&`)},
		"a bad byte in row 6":          {sheetPartName: instead(`<row r="6">`, "<row r=\"6\">\xFF")},
		"a zero byte in row 6":         {sheetPartName: instead(`<row r="6">`, "<row r=\"6\">\x00")},
		"cut in row 6":                 {sheetPartName: cut(`<row r="6">`)},
		"cut in a tag":                 {sheetPartName: cut(`"6">`)},
		"cut behind the rows":          {sheetPartName: cut(`</worksheet>`)},
		"another tag's end":            {sheetPartName: instead(`</row><row r="6">`, `</c><row r="6">`)},
		"an entity":                    {sheetPartName: instead(`<row r="6">`, `<row r="6">&boom;`)},
		"empty":                        {sheetPartName: func([]byte) []byte { return []byte{} }},
		"no rows in it":                {sheetPartName: func([]byte) []byte { return []byte("<chartsheet/>") }},
		"not there":                    {sheetPartName: func([]byte) []byte { return nil }},
		"rows in disorder":             {sheetPartName: instead(`<row r="6">`, `<row r="3">`)},
		"a row twice":                  {sheetPartName: instead(`<row r="6">`, `<row r="5">`)},
		"a row that is none":           {sheetPartName: instead(`<row r="6">`, `<row r="six">`)},
		"a row too far":                {sheetPartName: instead(`<row r="12">`, `<row r="1048577">`)},
		"a cell of another row":        {sheetPartName: instead(`<c r="A6"`, `<c r="A7"`)},
		"cells in disorder":            {sheetPartName: instead(`<c r="A6"`, `<c r="C6"`)},
		"a cell that is none":          {sheetPartName: instead(`<c r="A6"`, `<c r="6A"`)},
		"rows in another element":      {sheetPartName: both(instead(`<row r="6">`, `<group><row r="6">`), instead(`</sheetData>`, `</group></sheetData>`))},
		"a row of another name":        {sheetPartName: both(instead(`<row r="6">`, `<now r="6">`), instead(`</row><row r="7">`, `</now><row r="7">`))},
		"a cell of another name":       {sheetPartName: both(instead(`<c r="B6"`, `<b r="B6"`), instead(`</c></row><row r="7">`, `</b></row><row r="7">`))},
		"a value of another name":      {sheetPartName: both(instead(`<v>6</v>`, `<w>6</w>`), instead(`<v>7</v>`, `<w>7</w>`))},
		"rows twice":                   {sheetPartName: instead(`</sheetData>`, `</sheetData><sheetData></sheetData>`)},
		"a style that is not there":    {sheetPartName: instead(`<c r="B6" s="1"`, `<c r="B6" s="99"`)},
		"a text that is not there":     {sheetPartName: instead(`t="s"><v>0</v>`, `t="s"><v>99</v>`)},
		"a text without a number":      {sheetPartName: instead(`t="s"><v>0</v>`, `t="s"><v>x</v>`)},
		"a bare & in the texts":        {stringPartName: instead(`user06`, `user&06`)},
		"the texts cut":                {stringPartName: cut(`<t>user06`)},
		"a text gone":                  {stringPartName: instead(`<si><t>user12</t></si>`, ``)},
		"no texts":                     {stringPartName: func([]byte) []byte { return nil }},
		"a bare & in the styles":       {"xl/styles.xml": instead(`<cellXfs`, `&<cellXfs`)},
		"the styles cut":               {"xl/styles.xml": cut(`<cellXfs`)},
		"a style that can't be read":   {"xl/styles.xml": instead(`numFmtId="164" formatCode`, `numFmtId="zeros" formatCode`)},
		"the list of sheets cut":       {"xl/workbook.xml": cut(`</sheets>`)},
		"the list of parts cut":        {rels: cut(`</Relationships>`)},
		"a sheet that is nowhere":      {rels: instead(`Id="rId1"`, `Id="rId77"`)},
		"a document of another kind":   {"xl/workbook.xml": func([]byte) []byte { return []byte("<document/>") }},
		"nothing says where it begins": {"_rels/.rels": instead(`/officeDocument"`, `/other"`)},
	} {
		path := repacked(t, whole, parts)
		if _, err := ReadWorkbook(io.Discard, path, ""); err == nil || !strings.Contains(err.Error(), "open it, and save it") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Whatever byte of the file is another, or missing from its end, what is read is what
// stood there, or nothing.
func TestAWorkbookWithAnotherByteIsReadAsItWasOrNotAtAll(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile(twelveRows(t))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "broken.xlsx")
	read := func(file []byte) (string, error) {
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		_, err := ReadWorkbook(&text, path, "")
		return text.String(), err
	}
	want, err := read(whole)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for at := 0; at < len(whole); at += 29 {
		other := bytes.Clone(whole)
		other[at] ^= 0x10
		for _, file := range [][]byte{other, whole[:at]} {
			if got, err := read(file); err != nil {
				refused++
			} else if got != want {
				t.Fatalf("byte %d of %d: got %q, want %q or an error", at, len(whole), got, want)
			}
		}
	}
	if refused == 0 {
		t.Error("no damage was noticed")
	}
}

// What excelize reads of a whole workbook is what it shows of a few rows at a time, but for
// numbers that are shown with marks, and cells that hold nothing themselves.
func TestAWorkbookIsReadAsExcelizeReadsIt(t *testing.T) {
	t.Parallel()
	book := excelize.NewFile()
	defer book.Close()
	check := func(errs ...error) {
		for _, err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	formats := []string{"0000", "yyyy-mm-dd", "0.00%", "#,##0.00", "@", "General", `"no "0`, "hh:mm:ss", `;;;`, `0;-0;"none";"<"@">"`}
	var styles []int
	for _, format := range formats {
		id, err := book.NewStyle(&excelize.Style{CustomNumFmt: &format})
		check(err)
		styles = append(styles, id)
	}
	for id := range 50 {
		style, err := book.NewStyle(&excelize.Style{NumFmt: id})
		check(err)
		styles = append(styles, style)
	}
	values := []any{"0042", 42, -7, 0, 1.5, 123456789012345, 1234567890123456789, 0.1, 1e21, true, false, "", "_x000D_", "a_x0041_b", " two  words ", "<&>\"'", "Zoë\nMüller", 45000.75,
		time.Date(2026, 3, 12, 8, 30, 0, 0, time.UTC), strings.Repeat("long ", 6000)}
	for i, value := range values {
		for j, style := range append([]int{0}, styles...) {
			cell, err := excelize.CoordinatesToCellName(1+j, 1+i+i/5) // some rows are not there
			check(err, book.SetCellValue("Sheet1", cell, value), book.SetCellStyle("Sheet1", cell, cell, style))
		}
	}
	check(book.SetCellRichText("Sheet1", "A30", []excelize.RichTextRun{{Text: "two "}, {Text: "runs"}}), book.SetCellFormula("Sheet1", "C31", "=1+1"),
		book.MergeCell("Sheet1", "A32", "C33"), book.SetCellValue("Sheet1", "A32", "merged"), book.SetCellValue("Sheet1", "E40", "far"))
	path := filepath.Join(t.TempDir(), "formats.xlsx")
	for _, since1904 := range []bool{false, true} {
		check(book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &since1904}), book.SaveAs(path))
		whole, err := excelize.OpenFile(path, excelize.Options{ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd"})
		check(err)
		rows, err := whole.GetRows("Sheet1")
		check(err)
		stored, err := whole.GetRows("Sheet1", excelize.Options{RawCellValue: true})
		check(err, whole.Close())
		for i, value := range values {
			switch row := i + i/5; value.(type) {
			case int, float64:
				rows[row] = append(rows[row], make([]string, len(stored[row])-len(rows[row]))...)
				for j := range rows[row] {
					rows[row][j] = shownNumber(stored[row][j], rows[row][j])
				}
			}
		}
		rows[30] = []string{"", "", noResult}
		rows[31] = []string{"merged", mergedCell, mergedCell}
		var want, got bytes.Buffer
		want.WriteString(byteOrderMark)
		out := csv.NewWriter(&want)
		for _, cells := range rows {
			for len(cells) > 0 && cells[len(cells)-1] == "" {
				cells = cells[:len(cells)-1]
			}
			check(out.Write(cells))
		}
		out.Flush()
		_, err = ReadWorkbook(&got, path, "")
		check(err)
		if got.String() != want.String() {
			t.Errorf("from 1904 %t: got\n%.3000s\nwant\n%.3000s", since1904, got.String(), want.String())
		}
	}
}
