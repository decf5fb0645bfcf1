package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"cucbulk/batch/record"
	"cucbulk/reports"
)

// The rows that are wrong stand in a CSV of their own, which has no sheets, and whose rows are
// counted anew: what is said to run it does run it.
func TestTheMendedProblemsRunAsIsSaid(t *testing.T) {
	t.Parallel()
	text := "Operation,Alias,DtmfAccessId,LastName,TemplateAlias\n" +
		"create,jdoe,4001,Doe,voicemailusertemplate\ncreate,jroe,4002.5,Roe,voicemailusertemplate\ncreate,jpoe,4003,Poe,voicemailusertemplate\n"
	file, workbook := fileWith(t, text), workbookWith(t, "Joiners", text)
	_, server := simulated(t)
	for _, test := range [][]string{
		{"validate", file, "--rows", "2-3"},
		{"run", file, "--rows", "2-3", "--dry-run"},
		{"validate", workbook, "--sheet", "Joiners"},
		{"run", workbook, "--sheet", "Joiners", "--dry-run"},
	} {
		folder := filepath.Join(t.TempDir(), "checked")
		p := online(t, record.ExitInvalid, append(append(test, "--out", folder), server...))
		problems := filepath.Join(folder, reports.ProblemsFile)
		_, after, found := strings.Cut(p.stdout.String()+p.stderr.String(), "  cucbulk run "+problems)
		line, _, _ := strings.Cut(after, "\n")
		text, err := os.ReadFile(problems)
		if err != nil || !found {
			t.Fatalf("%q does not say how %s is run (%v)", test, problems, err)
		}
		if err := os.WriteFile(problems, []byte(strings.Replace(string(text), ",4002.5,", ",4002,", 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		p = online(t, record.ExitDone, append([]string{"run", problems, "--dry-run"}, strings.Fields(line)...))
		shows(t, p.stdout, "1 created")
	}
}

// workbookWith makes a workbook whose second sheet has the cells of a text.
func workbookWith(t *testing.T, sheet, text string) string {
	t.Helper()
	book := excelize.NewFile()
	_, err := book.NewSheet(sheet)
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		cells := strings.Split(line, ",")
		err = errors.Join(err, book.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &cells))
	}
	path := filepath.Join(t.TempDir(), "users.xlsx")
	if err := errors.Join(err, book.SaveAs(path), book.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}
