package input

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// book packs sheets as a workbook: a name, its state, and what its rows are.
func book(t *testing.T, formats string, sheets ...[3]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "people.xlsm")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	const main, office = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	parts := map[string]string{"_rels/.rels": fmt.Sprintf(`<Relationships><Relationship Id="r" Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>`, office)}
	names, relations := "", fmt.Sprintf(`<Relationship Id="s" Type="%s/styles" Target="styles.xml"/>`, office)
	for i, sheet := range sheets {
		names += fmt.Sprintf(`<sheet name="%s" state="%s" sheetId="%d" r:id="r%d"/>`, sheet[0], sheet[1], i+1, i)
		relations += fmt.Sprintf(`<Relationship Id="r%d" Type="%s/worksheet" Target="s%d.xml"/>`, i, office, i)
		parts[fmt.Sprintf("xl/s%d.xml", i)] = fmt.Sprintf(`<worksheet xmlns="%s">%s</worksheet>`, main, sheet[2])
	}
	styles, cells := "", ""
	for i, format := range strings.Split(formats, "|") {
		styles += fmt.Sprintf(`<numFmt numFmtId="%d" formatCode="%s"/>`, 170+i, format)
		cells += fmt.Sprintf(`<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`, 170+i)
	}
	count := strings.Count(formats, "|") + 1
	parts["xl/styles.xml"] = fmt.Sprintf(`<styleSheet xmlns="%s"><numFmts count="%d">%s</numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellXfs count="%d"><xf numFmtId="0"/>%s</cellXfs></styleSheet>`, main, count, styles, count+1, cells)
	parts["xl/workbook.xml"] = fmt.Sprintf(`<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>`, main, office, names)
	parts["xl/_rels/workbook.xml.rels"] = "<Relationships>" + relations + "</Relationships>"
	packed := zip.NewWriter(file)
	for name, text := range parts {
		part, err := packed.Create(name)
		if err == nil {
			_, err = part.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) (string, Workbook) {
	t.Helper()
	var text bytes.Buffer
	about, err := ReadWorkbook(&text, path, "")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(text.String(), byteOrderMark), about
}

const oneRow = `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Alias</t></is></c></row></sheetData>`

func TestTheFirstSheetThatIsSeenIsRead(t *testing.T) {
	t.Parallel()
	_, about := read(t, book(t, "0", [3]string{"Lists", "hidden", oneRow}, [3]string{"Deep", "veryHidden", oneRow}, [3]string{"Users", "visible", oneRow}))
	if about.Sheet != "Users" || strings.Join(about.Others, " ") != "Lists Deep" {
		t.Errorf("got %+v", about)
	}
}

// A number that a format shows with marks is read as the number; zeros in front and dates
// as they are seen.
func TestNumbersByTheirFormat(t *testing.T) {
	t.Parallel()
	formats := `0.00|#,##0|000000|0.00E+00|yyyy-mm-dd|(000) 000-0000|&quot;x&quot;0|0%|0000&quot; ext&quot;|;;;|#,##0.00|dd.mm.yyyy|[h]:mm`
	want := []string{"6001", "6001", "006001", "6001", "1916-06-05", "0000006001", "6001", "6001", "6001", "6001", "6001", "05.06.1916", "144024:00"}
	var rows strings.Builder
	for i := range want {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d" s="%d"><v>6001</v></c></row>`, i+1, i+1, i+1)
	}
	text, about := read(t, book(t, formats, [3]string{"Users", "", `<sheetData>` + rows.String() + `</sheetData>`}))
	if got := strings.Fields(text); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if about.Formats == 0 || !strings.Contains(about.Format, `A1 shows "6001.00" and holds 6001`) {
		t.Errorf("got %+v", about)
	}
	if text, _ := read(t, book(t, "0.00|0%", [3]string{"Users", "", `<sheetData><row r="1"><c r="A1" s="1"><v>1.5</v></c><c r="B1" s="2"><v>0.5</v></c></row></sheetData>`})); text != "1.50,50%\n" {
		t.Errorf("got %q", text)
	}
}

// What a cell does not hold is no empty cell: a result that was not saved, and what a
// merged cell covers. A formula may give nothing.
func TestCellsThatHoldNothingThemselves(t *testing.T) {
	t.Parallel()
	cell := func(name, text string) string {
		return fmt.Sprintf(`<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, name, text)
	}
	text, _ := read(t, book(t, "0", [3]string{"Users", "", `<sheetData>` +
		`<row r="1">` + cell("A1", "Title") + `</row>` +
		`<row r="2">` + cell("A2", "Alias") + cell("B2", "City") + cell("C2", "Title") + `</row>` +
		`<row r="3">` + cell("A3", "a") + cell("B3", "Rome") + `<c r="C3"><f>B3</f></c></row>` +
		`<row r="4">` + cell("A4", "b") + `<c r="B4"/><c r="C4" t="str"><f>""</f><v></v></c></row>` +
		`<row r="5">` + cell("A5", "c") + `<c r="C5"><f>1+1</f><v>2</v></c></row>` +
		`<row r="7">` + cell("A7", "d") + `</row>` +
		`</sheetData><mergeCells count="3"><mergeCell ref="B3:B5"/><mergeCell ref="A1:B1"/><mergeCell ref="B7:C7"/></mergeCells>`}))
	want := "Title,#MERGED!\nAlias,City,Title\na,Rome,#NORESULT!\nb,#MERGED!\nc,#MERGED!,2\n\nd\n"
	if text != want {
		t.Errorf("got  %q\nwant %q", text, want)
	}
}

func TestWhatASheetHidesIsTold(t *testing.T) {
	t.Parallel()
	_, about := read(t, book(t, "0", [3]string{"Users", "", `<cols><col min="2" max="3" hidden="1"/><col min="4" max="4"/></cols>` +
		strings.ReplaceAll(oneRow, `<row r="1">`, `<row r="1" hidden="1">`) + `<autoFilter ref="A1:A9"><filterColumn colId="0"/></autoFilter>`}))
	if about.Hidden != 1 || !about.Filtered || strings.Join(about.Columns, " ") != "B C" {
		t.Errorf("got %+v", about)
	}
}

// A workbook of another program is named, with what to do.
func TestWorkbooksOfOtherPrograms(t *testing.T) {
	t.Parallel()
	for part, want := range map[string]string{"content.xml": ".ods", "xl/workbook.bin": ".xlsb", "Index/Document.iwa": ".numbers", "word/document.xml": "Word"} {
		var file bytes.Buffer
		packed := zip.NewWriter(&file)
		if _, err := packed.Create(part); err != nil {
			t.Fatal(err)
		}
		if err := packed.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := ReadWorkbookAt(&bytes.Buffer{}, bytes.NewReader(file.Bytes()), int64(file.Len()), "")
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "save or export it as .xlsx") {
			t.Errorf("%s: got %v", part, err)
		}
	}
	if err := CheckStart([]byte("\xD0\xCF\x11\xE0")); err == nil || !strings.Contains(err.Error(), ".xls") {
		t.Errorf("got %v", err)
	}
}
