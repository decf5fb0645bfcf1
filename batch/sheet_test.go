package batch_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/validate"
)

// Every problem of a workbook says where in the sheet it is, whatever line breaks stand in
// cells above it.
func TestProblemsOfASheetHaveItsCells(t *testing.T) {
	t.Parallel()
	book := excelize.NewFile()
	for at, value := range map[string]any{
		"A2": "Alias", "B2": "Extension", "C2": "Title", "D2": "Departmnt",
		"A3": "jdoe", "B3": 4001, "C3": "one\ntwo\nthree", "A5": "adoe", "B5": "4,002", "C5": "a \"b\"\nc", "A6": "bdoe", "B6": 4003, "C6": "#N/A", "A7": "bdoe", "B7": 4004,
	} {
		if err := book.SetCellValue("Sheet1", at, value); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "people.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	in, _, err := record.OpenFile("people.xlsx", path, record.As{})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	if _, err := plan.Check(in, record.Options{Operation: validate.Update}, func(p validate.Problem) {
		if !p.Warning {
			at, _, _ := strings.Cut(p.String(), ": ")
			told = append(told, at+" "+string(p.Code))
		}
	}); err != nil {
		t.Fatal(err)
	}
	want := "people.xlsx:Sheet1!D2 unknown-column, people.xlsx:Sheet1!B5 number-format, people.xlsx:Sheet1!C6 formula-error, people.xlsx:Sheet1!A7 duplicate-alias"
	if got := strings.Join(told, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var lines []int
	for row, err := range in.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, row.Line)
	}
	if len(lines) != 4 || lines[0] != 3 || lines[1] != 5 || lines[3] != 7 {
		t.Errorf("the rows stand on %v", lines)
	}
}
