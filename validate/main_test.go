package validate

import (
	"fmt"
	"slices"
	"testing"

	"go.uber.org/goleak"

	"cucbulk/internal/codes"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// check returns every problem of the next row of a file.
func (c *Checker) check(r Row) []Problem { return c.CheckAcross(r, c.Examine(r)) }

// checkFile checks a whole file and returns its problems in short: "Alias:too-long",
// with a question mark after a warning, a row a line. The first line is the header's.
func checkFile(o Options, headings []string, rows ...[]string) (short [][]string, all []Problem) {
	o.File = "users.csv"
	header, problems := ParseHeader(o.File, 1, headings, o)
	short, all = append(short, inShort(problems)), append(all, problems...)
	checker := NewChecker(header, o)
	for i, cells := range rows {
		problems := checker.check(Row{Number: i + 1, Line: i + 2, Cells: cells})
		short, all = append(short, inShort(problems)), append(all, problems...)
	}
	return short, all
}

func inShort(problems []Problem) []string {
	var short []string
	for _, p := range problems {
		text := p.Column + ":" + string(p.Code)
		if p.Warning {
			text += "?"
		}
		short = append(short, text)
	}
	return short
}

// checkValueOf checks one value of one column in an update of one user.
func checkValueOf(column, value string) []Problem {
	short := []string{"Alias", column}
	_, problems := checkFile(Options{Operation: Update}, short, []string{"jdoe", value})
	return problems
}

func hasCode(problems []Problem, code codes.Code) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Code == code })
}

func wantShort(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got problems %v, want %v", got, want)
	}
}

func mustColumn(t *testing.T, name string) Column {
	t.Helper()
	column, ok := ColumnByHeading(name)
	if !ok {
		t.Fatalf("there is no column %s", name)
	}
	return column
}

const someID = "8321097e-cca4-483f-b24c-0f2175e6e4c9"

func otherID(n int) string { return fmt.Sprintf("8321097e-cca4-483f-b24c-%012x", n) }
