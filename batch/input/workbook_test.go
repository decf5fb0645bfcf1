package input

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// workbook makes a file with two sheets, as people fill them.
func workbook(t *testing.T) string {
	t.Helper()
	book := excelize.NewFile()
	zeros := "0000"
	style := func(s excelize.Style) int {
		id, err := book.NewStyle(&s)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	cells := map[string]any{"A1": "Alias", "B1": "Extension", "C1": "EmployeeId", "D1": "Title",
		"A2": "jdoe", "B2": "0042", "C2": 100234000001, "D2": "a \"b\"\nc",
		"A3": "adoe", "B3": 43, "C3": "+4915112345670", "D3": true,
		"A5": "last", "B5": 4005, "C5": time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC), "D5": 1.5}
	for at, value := range cells {
		if err := book.SetCellValue("Sheet1", at, value); err != nil {
			t.Fatal(err)
		}
	}
	_, err := book.NewSheet("Leavers")
	for _, err := range []error{err, book.SetCellStyle("Sheet1", "B3", "B3", style(excelize.Style{CustomNumFmt: &zeros})),
		book.SetCellStyle("Sheet1", "C5", "C5", style(excelize.Style{NumFmt: 14})), book.SetRowVisible("Sheet1", 3, false),
		book.SetCellValue("Leavers", "A1", "Alias"), book.SetCellValue("Leavers", "A2", "gone")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "users.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAWorkbookIsReadAsPeopleSeeIt(t *testing.T) {
	t.Parallel()
	path := workbook(t)
	var first, again bytes.Buffer
	about, err := ReadWorkbook(&first, path, "")
	if err != nil {
		t.Fatal(err)
	}
	want := "\uFEFFAlias,Extension,EmployeeId,Title\njdoe,0042,100234000001,\"a \"\"b\"\"\nc\"\nadoe,0043,+4915112345670,TRUE\n\nlast,4005,2026-03-12,1.5\n"
	if first.String() != want {
		t.Errorf("got  %q\nwant %q", first.String(), want)
	}
	if about.Sheet != "Sheet1" || strings.Join(about.Others, " ") != "Leavers" || about.Hidden != 1 {
		t.Errorf("got %+v", about)
	}
	if _, err := ReadWorkbook(&again, path, ""); err != nil || !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Errorf("the second reading differs: %v", err)
	}
	var other bytes.Buffer
	if _, err := ReadWorkbook(&other, path, "leavers"); err != nil || other.String() != "\uFEFFAlias\ngone\n" {
		t.Errorf("got %q and %v", other.String(), err)
	}
	if _, err := ReadWorkbook(&other, path, "Joiners"); err == nil || !strings.Contains(err.Error(), `no sheet "Joiners"; it has Sheet1, Leavers`) {
		t.Errorf("got %v", err)
	}
}

func TestAWorkbookOfLibreOffice(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	if _, err := ReadWorkbook(&text, filepath.Join("..", "..", "samples", "libreoffice.xlsx"), ""); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nanna.lind,0042,Anna,Lind,\"Lind, Anna\",000100234000001,+4915112345670\n", `,"Müller ""Zoë""",12-3,+4915112345671`} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("got %q, want in it %q", text.String(), want)
		}
	}
}

// FuzzWorkbook reads any bytes as a workbook.
func FuzzWorkbook(f *testing.F) {
	seed, err := os.ReadFile(filepath.Join("..", "..", "samples", "libreoffice.xlsx"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte(workbookStart))
	f.Fuzz(func(t *testing.T, file []byte) {
		path := filepath.Join(t.TempDir(), "users.xlsx")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if _, err := ReadWorkbook(&text, path, ""); err != nil {
			return
		}
		if reader, err := NewReader(&text); err == nil {
			restOf(reader)
		}
	})
}
