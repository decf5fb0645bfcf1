package validate

import (
	"strings"
	"testing"
)

// A line that is no row is told by what it is, and by nothing else.
func TestLinesThatAreNoRows(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ headings, cells, want string }{
		{"Alias,Extension,City", "Alias,Extension,City", "headings-again"},
		{"Alias,Extension,City", "City,Alias,Extension", "other-headings"},
		{"Alias,Extension,City", "ALIAS,DtmfAccessId,City", "headings-again"},
		{"Junk,Alias,Extension", ",alias,extension", "headings-again"},
		{"Alias,Extension,City", "Alias,Extension,State", "other-headings"},
		{"Alias,Extension,City", "Alias,Extension,City,State", "other-headings"},
		{"Alias", "alias", "headings-again"},
		{"Alias,Extension,City", "(3 rows affected),,", "footer-line"},
		{"Alias,Extension,City", "3 rows in set (0.01 sec),,", "footer-line"},
		{"Alias,Extension,City", "Total,3,", "footer-line"},
		{"Alias,Extension,City", ",Summe:,", "footer-line"},
		{"Alias,Extension,City", "--- End of report ---,,", "footer-line"},
		{"FailureReason,Alias,City", "no,such,thing,jdoe,Paris", "ragged-row"},

		{"Alias,Extension,City", "city,4001,Paris", ""},
		{"Alias,Extension,City", "total,4001,Paris", ""},
		{"Alias,City", "total,3", ""},
		{"Alias,Extension,City", "3rows,4001,", ""},
		{"Alias,Extension,City", "jdoe,4001,City", ""},
	} {
		o := Options{Operation: Update, File: "f"}
		header, _ := ParseHeader("f", 1, strings.Split(test.headings, ","), o)
		problems := NewChecker(header, o).check(Row{Number: 1, Line: 2, Cells: strings.Split(test.cells, ",")})
		if test.want == "" && len(problems) == 0 {
			continue
		}
		if len(problems) != 1 || string(problems[0].Code) != test.want || problems[0].Warning {
			t.Errorf("%s: %s: got %v, want %s", test.headings, test.cells, problems, test.want)
		}
	}
}

func TestHeadingsOfOtherPrograms(t *testing.T) {
	t.Parallel()
	for heading, want := range map[string]string{"new_pin": "PIN", "First Name": "FirstName", "first_name": "FirstName", "sAMAccountName": "Alias", "Ext.": "Extension", "E-Mail": "EmailAddress", "Nebenstelle": "Extension", "Home Phone Number": "", "Departement": "Department"} {
		if got := NearestHeading(heading); got != want && want != "" {
			t.Errorf("%s: got %q, want %s", heading, got, want)
		}
	}
	for headings, want := range map[string]string{"u001,7001,Person 1,Dept": "no headings", "Alias|Extension|City": "between \"|\"", "foo bar,baz qux": "none of these", "Alas,Extention": "", "Alias,7001": "", "Aliass": ""} {
		got := noHeadings(strings.Split(headings, ","))
		if !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s: got %q, want %q", headings, got, want)
		}
	}
}
