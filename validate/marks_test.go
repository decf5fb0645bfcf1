package validate

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What makes a cell text for a spreadsheet is left out where it can mean nothing else, and
// that is told; of a PIN, without its digits.
func TestMarksOfText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ column, cell, want string }{
		{"DtmfAccessId", `="0001"`, "0001"}, {"DtmfAccessId", "'0001", "0001"}, {"DtmfAccessId", `"0001"`, "0001"}, {"DtmfAccessId", "'0001'", "0001"}, {"DtmfAccessId", "４００１", "4001"}, {"EmployeeId", "٤٠٠١", "4001"},
		{"PhoneNumber_MobilePhone", "＋４９１", "+491"}, {"PhoneNumber_MobilePhone", "'+4915", "+4915"}, {"EmployeeId", "'E42", "E42"}, {"PostalCode", `="02110"`, "02110"}, {"PIN", "'274183", "274183"}, {"PIN", `="274183"`, "274183"},
		{"Alias", `="jdoe"`, "jdoe"}, {"Alias", "'0042", "0042"}, {"Alias", `"jdoe"`, "jdoe"}, {"Department", `="Sales"`, "Sales"}, {"Department", "'01", "01"}, {"Department", `="a ""b"""`, `a "b"`}, {"CosDisplayName", `="Voice"`, "Voice"},

		{"Department", "'90s Team", ""}, {"LastName", "'t Hart", ""}, {"Department", `"Sales"`, ""}, {"Password", "'secret", ""}, {"Password", `="secret"`, ""}, {"DtmfAccessId", `="1"&"2"`, ""}, {"LastName", "Ünal", ""}, {"Alias", "'t.hart", ""},
		{"DtmfAccessId", "0042", ""}, {"Department", "４課", ""}, {"Department", "=", ""}, {"DtmfAccessId", "'", ""},
	} {
		o := Options{Operation: Update, File: "f"}
		headings := []string{"Alias", test.column}
		cells := []string{"jdoe", test.cell}
		if test.column == "Alias" {
			headings, cells = headings[:1], []string{test.cell}
		}
		header, _ := ParseHeader("f", 1, headings, o)
		checker := NewChecker(header, o)
		row := Row{Number: 1, Line: 2, Cells: cells}
		problems := checker.check(row)
		taken := slices.IndexFunc(problems, func(p Problem) bool { return p.Code == "text-marks" })
		if (taken >= 0) != (test.want != "") {
			t.Errorf("%s %q: got %v", test.column, test.cell, problems)
			continue
		}
		if taken < 0 {
			continue
		}
		p := problems[taken]
		if !p.Warning || p.Column != header.Columns[len(cells)-1].Name || strings.Contains(p.String(), "274183") {
			t.Errorf("%s %q: got %+v", test.column, test.cell, p)
		}
		record, column := checker.Record(row), header.Columns[len(cells)-1]
		got := record.Steps[column.Step][column.Field]
		if column.Name == "Alias" {
			got = record.Alias
		} else if column.Collection != "" {
			got = record.Names[0].Name
		}
		if got != test.want {
			t.Errorf("%s %q: sends %q, want %q", test.column, test.cell, got, test.want)
		}
	}
}

// What follows %text% is sent as it stands there, and nothing but what the field can't
// take at all is an error.
func TestLiteral(t *testing.T) {
	t.Parallel()
	o := Options{Operation: Update, File: "f", Set: []Setting{{Column: "City", Value: "%text%%null%"}}}
	headings := []string{"Alias", "Department", "EmployeeId", "Extension", "Title", "Building", "Address", "Manager", "UserRoles"}
	header, problems := ParseHeader("f", 1, headings, o)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	checker := NewChecker(header, o)
	row := Row{Number: 1, Line: 2, Cells: []string{"jdoe", "%text%%null%", "%TEXT%4001.0", "%text%'0001", "%text%=A1", "%text%%text%x", "%text% x\u00A0", "%text%a\nb", "%text%%null%"}}
	if problems := checker.check(row); len(problems) > 0 {
		t.Errorf("got %v", problems)
	}
	record := checker.Record(row)
	for field, want := range map[string]string{"Department": "%null%", "EmployeeId": "4001.0", "DtmfAccessId": "'0001", "Title": "=A1", "Building": "%text%x", "Address": " x\u00A0", "Manager": "a\nb", "City": "%null%"} {
		if got := record.Steps[StepUser][field]; got != want {
			t.Errorf("%s: sends %q, want %q", field, got, want)
		}
	}
	if len(record.Names) != 1 || record.Names[0].Name != "%null%" {
		t.Errorf("got %v", record.Names)
	}
	row.Cells = []string{"other", "%text%" + strings.Repeat("x", 65), "", "%text%4001\x00"}
	if problems := checker.check(row); len(problems) != 2 || problems[0].Code != "too-long" || problems[1].Code != "control-character" {
		t.Errorf("got %v", problems)
	}
}

// A cell that Cell writes means the value again, whatever it is.
func TestCellMeansItsValue(t *testing.T) {
	t.Parallel()
	for i := range table {
		column := &table[i]
		t.Run(column.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				value := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"%null%", "4001.0", "=x", `="0001"`, "'0001", " x", "x\u00A0", "a\nb", "a\tb", "NULL", "%text%", "%text%x", "JosÃ©", "\u200B", "４", "R&amp;D", "a\r\nb"})).Draw(t, "value")
				cell, ok := column.Cell(value)
				if !ok || column.kind() == typed {
					return
				}
				if got := column.CellText(cell); got != value {
					t.Errorf("%q is written %q, and read %q", value, cell, got)
				}
				if _, is := column.read(cell); is == asItIs && isNull(cell) || is == withoutMarks {
					t.Errorf("%q is written %q, which is read in another way", value, cell)
				}
			})
		})
	}
}
