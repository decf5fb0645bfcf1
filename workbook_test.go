package main

import (
	"encoding/csv"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// makeWorkbook is: workbook FILE SHEET=CSV... The sheets hold the cells of the CSV
// files as texts, and stand in that order.
func makeWorkbook(script *testscript.TestScript, _ bool, arguments []string) {
	book := excelize.NewFile()
	defer book.Close()
	for _, argument := range arguments[1:] {
		sheet, file, _ := strings.Cut(argument, "=")
		rows, err := csv.NewReader(strings.NewReader(script.ReadFile(file))).ReadAll()
		script.Check(err)
		_, err = book.NewSheet(sheet)
		script.Check(err)
		for i, row := range rows {
			at, err := excelize.CoordinatesToCellName(1, i+1)
			script.Check(err)
			script.Check(book.SetSheetRow(sheet, at, &row))
		}
	}
	script.Check(book.DeleteSheet("Sheet1"))
	script.Check(os.RemoveAll(script.MkAbs(arguments[0])))
	script.Check(book.SaveAs(script.MkAbs(arguments[0])))
}
