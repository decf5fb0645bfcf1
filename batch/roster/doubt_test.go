package roster_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/batch/roster"
	"cucbulk/cupi/cupitest"
)

// compose finds out what a night would do.
func (s *site) compose(t tb, file string) (*roster.Roster, error) {
	path := filepath.Join(s.folder, "hr.csv")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := record.OpenInput("hr.csv", path)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := roster.Check(in, s.options)
	if err != nil {
		return nil, err
	}
	return roster.Compose(t.Context(), s.server(t), checked, s.options, s.now)
}

// staffed is a site with people of HR, and the rows of a file that names them.
func staffed(t *testing.T) (*site, []string) {
	simulator := &cupitest.Server{}
	s := newSite(t, t.TempDir(), simulator)
	rows := []string{"EmployeeId,Alias,DtmfAccessId,FirstName,LastName,Department"}
	for _, row := range []string{"E100,anna,7001,Anna,Ash,HR", "E101,bert,7002,Bert,Box,HR", "E102,carl,7003,Carl,Cox,HR", "E103,dora,7004,Dora,Dell,HR", "E1040,emil,7005,Emil,Eck,HR"} {
		rows = append(rows, row)
		cells, fields := strings.Split(row, ","), map[string]string{}
		for i, heading := range strings.Split(rows[0], ",") {
			fields[heading] = cells[i]
		}
		if _, err := simulator.AddUser(fields); err != nil {
			t.Fatal(err)
		}
	}
	return s, rows
}

// Whom a file may name after all does not leave.
func TestNobodyLeavesInDoubt(t *testing.T) {
	t.Parallel()
	s, rows := staffed(t)
	all := strings.Join(rows, "\n") + "\n"
	for _, test := range []struct {
		name, old, new string
		due            int
		codes          string
	}{
		{"one who left", rows[5] + "\n", "", 1, ""},
		{"a stray quote that swallows two rows", ",HR\n" + rows[3] + "\n" + rows[4] + "\n", ",\"HR\n" + rows[3] + "\n" + rows[4] + "\"\n", 0, "outside-scope"},
		{"and in a cell that is too long", "Bert,Box,HR\n", "Bert,\"Box,HR\n" + strings.Repeat("E900,x,7100,X,Y,HR\n", 5) + "\",HR\n", 0, ""},
		{"the file ends before its last line end", "\n" + rows[5] + "\n", "", 0, "no-line-end"},
	} {
		if !strings.Contains(all, test.old) {
			t.Fatal(test.name)
		}
		people, err := s.compose(t, strings.Replace(all, test.old, test.new, 1))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := len(people.Due()); got != test.due || codesOf(people) != test.codes {
			t.Errorf("%s: %d leave, want %d: %+v; warnings %q, want %q", test.name, got, test.due, people.Leavers, codesOf(people), test.codes)
		}
	}
}
