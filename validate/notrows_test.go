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
		{"Alias,Extension,City", "jdoe;4001;Paris", "other-delimiter"},
		{"Alias,Extension,City", "jdoe\t4001\tParis", "other-delimiter"},
		{"Alias,Extension,City", "jdoe|4001|Paris", "other-delimiter"},
		{"Alias,Extension,City", "jdoe;4001;Paris, France", "other-delimiter"},
		{"Alias,Extension,City,State", "jdoe;4001;Paris,,,", "other-delimiter"},
		{"Alias,Extension,City", "\"jdoe,4001,Paris\"", "other-delimiter"},
		{"Alias,Extension,City", "<<<<<<< HEAD", "not-a-row"},
		{"Alias,Extension,City", "=======", "not-a-row"},
		{"Alias,Extension,City", ">>>>>>> main,,", "not-a-row"},
		{"Alias,Extension,City", "# jdoe,4001,Paris", "not-a-row"},
		{"Alias,Extension,City", "#jdoe,4001,Paris", "not-a-row"},
		{"Alias,Extension,City", "//jdoe,4001,Paris", "not-a-row"},
		{"Alias,Extension,City", "--jdoe,4001,Paris", "not-a-row"},
		{"Alias,Extension,City", "Kürzel,Nebenstelle,Stadt", "headings-again"},
		{"Department,Alias,Extension", "#1 Team,jdoe,4001", ""},
		{"Junk,Alias,City", "\"no, such, thing\"", "required"},
		{"Alias,Extension,City", "user,4001,Paris", ""},

		{"Alias,Extension,City", "city,4001,Paris", ""},
		{"Alias,Extension,City", "jdoe,4001,Paris; France", ""},
		{"SmtpProxyAddresses,Alias", "a@x.org;b@x.org,jdoe", ""},
		{"Alias,City", "jdoe", ""},
		{"Alias,Extension,City", "total,4001,Paris", ""},
		{"Alias,City", "total,3", ""},
		{"Alias,Extension,City", "3rows,4001,", ""},
		{"Alias,Extension,City", "jdoe,4001,City", ""},
	} {
		o := Options{Operation: Update, File: "f", Delimiter: ','}
		header, _ := ParseHeader("f", 1, strings.Split(test.headings, ","), o)
		cells := strings.Split(test.cells, ",")
		if whole, quoted := strings.CutPrefix(test.cells, "\""); quoted {
			cells = []string{strings.TrimSuffix(whole, "\"")}
		}
		problems := NewChecker(header, o).check(Row{Number: 1, Line: 2, Cells: cells})
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
		if got := Users.NearestHeading(heading); got != want && want != "" {
			t.Errorf("%s: got %q, want %s", heading, got, want)
		}
	}
	for headings, want := range map[string]string{"u001,7001,Person 1,Dept": "no headings", "Alias|Extension|City": "between \"|\"", "foo bar,baz qux": "none of these", "Alas,Extention": "", "Alias,7001": "", "Aliass": "", "Alias;Extension,City;State": ""} {
		got := noHeadings(strings.Split(headings, ","), Options{Delimiter: ','})
		if !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s: got %q, want %q", headings, got, want)
		}
	}
}

// Why headings that are one cell are that, by the delimiter that the file has.
func TestHeadingsInOneCell(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		heading   string
		delimiter rune
		want      string
	}{
		{"Alias,Extension,City", ',', "the whole line stands in quotes"},
		{"Alias;Extension;City", ';', "the whole line stands in quotes"},
		{"Alias,Extension,City", ';', "a line sep= above them names semicolons: take that line out, or write it as sep=,"},
		{"Alias,Extension,City", 0, "stand in one cell, between commas: split the text into columns"},
		{"Alias^Extension^City", ',', `between "^", which is not read as a delimiter`},
	} {
		_, problems := ParseHeader("f", 1, []string{test.heading}, Options{Operation: Update, Delimiter: test.delimiter})
		if len(problems) != 1 || string(problems[0].Code) != "no-headings" || !strings.Contains(problems[0].Message, test.want) {
			t.Errorf("%q: got %v, want %q", test.heading, problems, test.want)
		}
	}
	_, problems := ParseHeader("f", 1, []string{"Alias", "Extension;City", "Title"}, Options{Operation: Update, Delimiter: ','})
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "these headings stand between semicolons, and the others between commas") {
		t.Errorf("two delimiters in the heading line: got %v", problems)
	}
}
