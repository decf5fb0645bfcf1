package batch_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// hostile are values that a file would not say by themselves.
var hostile = []string{"%null%", "%text%", "4001.0", "1.23E+05", "=A1", `="0042"`, "'0042", "\u00A0x", "x\u00A0", "a\nb", "a\r\nb", "a\tb", "NULL", "#N/A", "{x}", "JosÃ©", "R&amp;D", "\u200B", "４２", "a;b", "a,b", `a"b`, "CN=a,OU=b", "SMTP:a@b.c", "4,001", "12-Mar", "-42", "e\u0301", "no", "0"}

// Whatever the server holds in whatever column, an export of it runs and changes nothing.
func TestAnExportOfHostileValuesChangesNothing(t *testing.T) {
	t.Parallel()
	simulator, trials := &cupitest.Server{}, &cupitest.Server{}
	s := newSite(t, simulator)
	names, parts := []string{}, []validate.Column{}
	for _, column := range validate.Users.Columns() {
		_, err := export.Options{Columns: []string{column.Name}}.Layout()
		switch {
		case err != nil || column.Name == "MailName" || column.Type != validate.String || column.Collection != "" || column.Access != validate.ReadWrite:
			continue
		case column.Step != validate.StepUser:
			parts = append(parts, column)
		}
		names = append(names, column.Name)
	}
	headings := []string{"Alias"}
	for _, column := range parts {
		headings = append(headings, column.Name)
	}
	rows, tried, held := [][]string{headings}, 0, 0
	for i, value := range hostile {
		alias := fmt.Sprintf("h%02d", i)
		fields := map[string]string{"Alias": alias, "DtmfAccessId": fmt.Sprint(70000 + i)}
		for _, name := range names {
			if column, _ := validate.ColumnByHeading(name); column.Step == validate.StepUser && fields[column.Field] == "" {
				fields[column.Field] = value
			}
		}
		for field := range fields { // the server has rules of its own for some
			trial := map[string]string{"Alias": "trial" + alias + field, "DtmfAccessId": fmt.Sprint(80000 + tried), field: fields[field]}
			if _, err := trials.AddUser(trial); err != nil {
				delete(fields, field)
			} else {
				held++
			}
			tried++
		}
		fields["Alias"], fields["DtmfAccessId"] = alias, fmt.Sprint(70000+i)
		if _, err := simulator.AddUser(fields); err != nil {
			t.Fatal(err)
		}
		row := []string{alias}
		for _, column := range parts {
			cell, _ := column.Cell(value)
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	var text strings.Builder
	if err := csv.NewWriter(&text).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	s.run(t.Context(), "parts", text.String(), options(validate.Update), 4) // what the server's rules let in is there then

	text.Reset()
	exported, err := export.Write(t.Context(), s.server(4), export.Options{Columns: names}, &text)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{",%text%%null%,", ",%text%4001.0,", ",%text%=A1,", ",\"%text%a\nb\","} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the export has no %q", want)
		}
	}
	if held < 15*len(hostile) {
		t.Errorf("the server took only %d values", held)
	}
	changes := sent(simulator)
	summary, history := s.run(t.Context(), "again", text.String(), options(validate.Update), 4)
	if n := sent(simulator) - changes; summary.Counts[record.Unchanged] != exported.Users || n != 0 {
		t.Errorf("%v and %d changes: %s\n%s", summary.Counts, n, statuses(t, history), messages(t, history))
	}
}
