package reports

import (
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

func TestInert(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{"", ""}, {"jdoe", "jdoe"}, {"a=b+c-d@e", "a=b+c-d@e"}, {"Müller", "Müller"}, {"'=x", "'=x"},
		{"=1+1", "'=1+1"}, {"+49 30", "'+49 30"}, {"-1", "'-1"}, {"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "' =1"}, {"\r\n=1", "'  =1"}, {"  =1", "'  =1"}, {"\x00=1", "' =1"},
		{"red \x1b[31m, bell \x07, C1 \u009b", "red  [31m, bell  , C1  "}, {"two\nlines", "two lines"}, {"turned \u202e, parted \u2028", "turned  , parted  "},
	} {
		if got := inert(test.text); got != test.want {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
}

// No cell of results.csv runs in a spreadsheet, whatever the input's cells are.
func TestFormulasInResults(t *testing.T) {
	t.Parallel()
	folder := refused(t, []byte("Operation,Alias,DtmfAccessId,ObjectId,DisplayName\n"+
		"=cmd|' /C calc'!A1,=alias(),+1,@id,=1+1\ncreate,-alias,-1,,@x\n\"\t=x\",\"\t=x\",\"\n=x\",,\n"))
	write(t, folder)
	text := read(t, folder, ResultsFile)
	_, lines := table(t, text)
	if len(lines) != 3 {
		t.Fatalf("got %d lines, want 3: %s", len(lines), text)
	}
	for _, line := range lines {
		for heading, cell := range line {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(strings.TrimLeft(cell+" ", " ")[0])) {
				t.Errorf("row %s, %s: %q runs as a formula", line["Row"], heading, cell)
			}
		}
	}
	if got, want := lines[0]["Alias"], "'=alias()"; got != want {
		t.Errorf("got alias %q, want %q", got, want)
	}
}

// rollback.csv goes back into the program: what the server had stands there as it
// was, and what was empty is cleared.
func TestFormulasInRollback(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	fields := map[string]string{"Alias": "jdoe", "DtmfAccessId": "4711", "DisplayName": "=1+1", "FirstName": "+49", "LastName": "@x"}
	if _, err := simulator.AddUser(fields); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, simulator)
	folder := s.run("Alias,DisplayName,FirstName,LastName,Title\njdoe,a,b,c,d\n", options(validate.Update), "")
	write(t, folder)
	_, lines := table(t, read(t, folder, RollbackFile))
	if len(lines) != 1 {
		t.Fatalf("got %v, want one line", lines)
	}
	for name, want := range map[string]string{"DisplayName": "=1+1", "FirstName": "+49", "LastName": "@x", "Title": "%null%", "Alias": "jdoe", "Operation": "update"} {
		if got := lines[0][name]; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	undone := s.undo(folder)
	write(t, undone)
	if _, lines := table(t, read(t, undone, ResultsFile)); len(lines) != 1 || lines[0]["Status"] != string(record.Restored) {
		t.Errorf("got %v, want one restored row", lines)
	}
}
