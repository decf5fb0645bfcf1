package roster_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cucbulk/batch/record"
	"cucbulk/batch/roster"
	"cucbulk/cupi/cupitest"
	"cucbulk/internal/codes"
	"cucbulk/internal/shell"
)

// compose finds out what a night would do.
func (s *site) compose(t tb, file string) (*roster.Roster, error) {
	checked, err := s.check(t, file)
	if err != nil {
		return nil, err
	}
	return roster.Compose(t.Context(), s.server(t), checked, s.options, s.now)
}

func (s *site) check(t tb, file string) (*roster.File, error) {
	path := filepath.Join(s.folder, "hr.csv")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := record.OpenInput("hr.csv", path)
	if err != nil {
		t.Fatal(err)
	}
	return roster.Check(in, s.options)
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
		if got := len(people.Told().Aliases); got != test.due || codesOf(people) != test.codes {
			t.Errorf("%s: %d leave, want %d: %+v; warnings %q, want %q", test.name, got, test.due, people.Leavers, codesOf(people), test.codes)
		}
	}
}

// Two users with one key are told apart by nobody.
func TestLeaversWithOneKeyStay(t *testing.T) {
	t.Parallel()
	s, rows := staffed(t)
	if _, err := s.simulator.AddUser(map[string]string{"EmployeeId": "E1040", "Alias": "emil2", "DtmfAccessId": "7006", "Department": "HR"}); err != nil {
		t.Fatal(err)
	}
	people, err := s.compose(t, strings.Join(rows[:5], "\n")+"\n")
	if err != nil {
		t.Fatal(err)
	}
	if people.In()[roster.Doubtful] != 2 || len(people.Told().Aliases) != 0 {
		t.Errorf("%+v", people.Leavers)
	}
}

// A row that repeats another is found to do so in the rows of the run too, and makes the file no longer.
func TestRepeatedRows(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ repeats, last string }{
		{"E100,anna,7001,Anna,Ash,HR", ""},
		{"E900,anna,7100,Anna,Ash,HR", ""},
		{"E101,anna,7002,Bert,Box,HR", ""},
		{"E901,new,7100,A,New,HR", "E902,new,7101,A,New,HR"},
	} {
		s, rows := staffed(t)
		rows = append(rows, test.repeats)
		if test.last != "" {
			rows = append(rows, test.last)
		}
		checked, err := s.check(t, strings.Join(rows, "\n")+"\n")
		if err != nil || checked.Invalid == 0 {
			t.Fatal(err)
		}
		if _, _, err := s.night(t, strings.Join(rows, "\n")+"\n"); err != nil { // it compares what is invalid
			t.Errorf("%s: %v", test.repeats, err)
		}
	}
	s, rows := staffed(t)
	people, err := s.compose(t, strings.Join(append(rows, rows[1], rows[1]), "\n")+"\n")
	if err != nil || people.Rows != 5 {
		t.Errorf("%v, %d rows, want 5", err, people.Rows)
	}
}

// Files of which nothing was sent do not make shorter ones right.
func TestShrinkingNightByNight(t *testing.T) {
	t.Parallel()
	s, rows := staffed(t)
	if _, _, err := s.night(t, strings.Join(rows, "\n")+"\n"); err != nil {
		t.Fatal(err)
	}
	s.options.MaxDeletes = record.Limit{}
	for n := 5; n >= 4; n-- {
		s.now = s.now.Add(24 * time.Hour)
		_, history, err := s.night(t, strings.Join(rows[:n], "\n")+"\n")
		var stop *record.Stop
		switch {
		case n == 5 && (err != nil || history.Exit() != record.ExitRail):
			t.Fatalf("%v, %+v", err, history)
		case n == 4 && (!errors.As(err, &stop) || stop.Code != codes.MaxShrink):
			t.Errorf("%d rows after 5 and 4 of which nothing was sent: %v", n-1, err)
		}
	}
}

// Where a file between two nights was refused, it may have named whom both did not.
func TestARefusedFileBeginsTheGraceAnew(t *testing.T) {
	t.Parallel()
	s, rows := staffed(t)
	s.options.Sync.Grace = 48 * time.Hour
	short := strings.Join(rows[:5], "\n") + "\n"
	for night, want := range []string{roster.Marked, "", roster.Marked, roster.Marked, roster.Due} {
		s.now = s.now.Add(24 * time.Hour)
		folder := t.TempDir()
		s.options.Sync.Among = append(s.options.Sync.Among, filepath.Dir(folder))
		if want == "" {
			checked, err := s.check(t, strings.Join(rows, "\n")+"\n")
			if err == nil {
				err = checked.SaveRefused(folder, s.options, s.now)
			}
			if err != nil {
				t.Fatal(err)
			}
			continue
		}
		people, err := s.compose(t, short)
		if err == nil {
			err = people.Save(folder)
		}
		if err != nil || people.In()[want] != 1 {
			t.Errorf("night %d: %v, want %s: %+v", night, err, want, people.Leavers)
		}
	}
}

// Who has another key in the file, or seems to, is no leaver, and nothing is done to the user.
func TestKeysTypedWrongly(t *testing.T) {
	t.Parallel()
	s, rows := staffed(t)
	all := strings.Join(rows[:5], "\n") + "\n"
	for _, test := range []struct {
		row   string
		state string
	}{
		{"E1049,,7005,Emil,Eck,HR", roster.Doubtful},
		{"E1049,,7005,,,HR", roster.Doubtful},
		{"E1049,,7005,Eve,Fox,HR", roster.Due}, // the number is given to another one
		{"E1049,,7106,Emil,Eck,HR", roster.Doubtful},
		{"\uff251040,,7106,Eve,Fox,HR", roster.Doubtful},
		{"E\u20681040,,7106,Eve,Fox,HR", roster.Doubtful},
		{"E1040.,,7106,Eve,Fox,HR", roster.Doubtful},
		{"E 1040,,7106,Eve,Fox,HR", roster.Doubtful},
		{"\u04151040,,7106,Eve,Fox,HR", roster.Doubtful},
		{"E1041,,7106,Eve,Fox,HR", roster.Due},
	} {
		people, err := s.compose(t, all+test.row+"\n")
		if err != nil || len(people.Leavers) != 1 || people.Leavers[0].State != test.state {
			t.Errorf("%q: %v, want %s: %+v", test.row, err, test.state, people.Leavers)
		}
	}
}

// It stays so when the new one is on the server.
func TestDoubtStays(t *testing.T) {
	t.Parallel()
	s, rows := staffed(t)
	file := strings.Join(rows[:5], "\n") + "\nE1049,emil9,7106,Emil,Eck,HR\n"
	for night := range 3 {
		s.now = s.now.Add(24 * time.Hour)
		people, _, err := s.night(t, file)
		if err != nil || people.In()[roster.Doubtful] != 1 || find(s.simulator, "E1040") == nil {
			t.Errorf("night %d: %v, %+v", night, err, people.Leavers)
		}
	}
}

// What is advised can be typed as it stands.
func TestAdviceForNewPeopleOutsideTheScope(t *testing.T) {
	t.Parallel()
	s, _ := staffed(t)
	s.options.Sync.Scope = "CosDisplayName=Voice Mail User COS"
	people, err := s.compose(t, "EmployeeId,Alias\nE900,new\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people.Problems {
		if p.Code == codes.OutsideScope && strings.Contains(p.Message, "--set "+shell.Word("CosDisplayName=Voice Mail User COS")) {
			return
		}
	}
	t.Errorf("%+v", people.Problems)
}
