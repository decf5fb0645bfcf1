package reports

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// undoable is a run of five rows that change something, the last two of one user.
func undoable(t *testing.T) (folder string, lines []string) {
	t.Helper()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	folder = newSite(t, simulator).run(`Operation,Alias,NewAlias,DtmfAccessId,DisplayName
create,fresh,,4711,"Fresh, Jr"
update,user00001,renamed,,Müller
delete,user00002,,,
update,user00003,,,First
upsert,user00003,,10002,Second
`, options(""), "")
	write(t, folder)
	lines = strings.SplitAfter(strings.TrimSuffix(string(read(t, folder, RollbackFile)), "\n"), "\n")
	if len(lines) != 6 {
		t.Fatalf("got %d lines, want the headings and 5", len(lines))
	}
	return folder, lines
}

func TestRollbackHeadings(t *testing.T) {
	t.Parallel()
	folder, _ := undoable(t)
	headings, lines := table(t, read(t, folder, RollbackFile))
	if !IsRollback(headings) {
		t.Errorf("%v are not known as those of a rollback file", headings)
	}
	sorted := slices.Clone(headings)
	slices.Sort(sorted)
	if len(slices.Compact(sorted)) != len(headings) {
		t.Errorf("a heading stands twice: %v", headings)
	}
	var got []string
	for _, line := range lines {
		got = append(got, line["Operation"]+" "+line["Alias"]+" "+line["Reversible"])
	}
	// newest first; the alias is the one to go back to
	want := []string{"update user00003 yes", "update user00003 yes", "create user00002 partly", "update user00001 yes", "delete fresh yes"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, headings := range [][]string{nil, {"Alias", "DtmfAccessId"}, headings[1:], {"Operation", "ObjectId", "Alias"}, headingsOf[resultLine]()} {
		if IsRollback(headings) {
			t.Errorf("%v are taken for those of a rollback file", headings)
		}
	}
}

func TestSelectRows(t *testing.T) {
	t.Parallel()
	folder, lines := undoable(t)
	all := strings.Join(lines, "") + "\n"
	semicolons := func(text string) string {
		return strings.ReplaceAll(strings.ReplaceAll(text, ",", ";"), "\n", "\r\n")
	}
	for _, test := range []struct {
		name, text string
		want       []int
		problem    string // what the error says
	}{
		{"whole", all, []int{1, 2, 3, 4, 5}, ""},
		{"some lines taken out", lines[0] + lines[3] + lines[5], []int{1, 3}, ""},
		{"in another order", lines[0] + lines[5] + "\n" + lines[4], []int{1, 2}, ""},
		{"both lines of one user", lines[0] + lines[2] + lines[1], []int{4, 5}, ""},
		{"no line left", lines[0], nil, ""},
		{"saved by a spreadsheet", "\uFEFF" + semicolons(lines[0]+lines[4]+lines[5]), []int{1, 2}, ""},
		{"saved as UTF-16", string(bytesOf(lines[0]+lines[4], "utf-16le", true)), []int{2}, ""},
		{"one of the two lines of one user", lines[0] + lines[1], nil, "leave them all in or take them all out"},
		{"a line twice", lines[0] + lines[4] + lines[4], nil, "leave them all in or take them all out"},
		{"an unknown user", lines[0] + lines[4] + "delete,no-such-id,x,yes,\n", nil, ":3: the run did nothing that this line undoes"},
		{"another operation", lines[0] + strings.Replace(lines[4], "update", "delete", 1), nil, ":2: the run did nothing that this line undoes"},
		{"a line cut short", lines[0] + "delete\n", nil, ":2: the run did nothing that this line undoes"},
		{"a broken line", lines[0] + "delete,x\"y,\n", nil, ":2: a quote"},
		{"another file", "Alias,DtmfAccessId\njdoe,4711\n", nil, "no rollback file"},
		{"an empty file", "", nil, "empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			own := t.TempDir()
			must(t, os.WriteFile(filepath.Join(own, record.JournalFile), read(t, folder, record.JournalFile), 0o600))
			path := filepath.Join(own, "chosen.csv")
			must(t, os.WriteFile(path, []byte(test.text), 0o600))
			of, rows, err := SelectRows(path)
			if test.problem != "" {
				if err == nil || !strings.Contains(err.Error(), test.problem) || !strings.Contains(err.Error(), path) {
					t.Errorf("got %v, want an error with %q that names the file", err, test.problem)
				}
				return
			}
			if got := slices.Sorted(maps.Keys(rows)); err != nil || of != own || rows == nil || !slices.Equal(got, test.want) {
				t.Errorf("got %s, rows %v and %v, want %s, %v", of, got, err, own, test.want)
			}
		})
	}
}

func TestSelectRowsNeedsTheJournal(t *testing.T) {
	t.Parallel()
	_, lines := undoable(t)
	path := filepath.Join(t.TempDir(), RollbackFile)
	must(t, os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600))
	if _, _, err := SelectRows(path); err == nil || !strings.Contains(err.Error(), "beside the journal") {
		t.Errorf("got %v, want an error that asks for the journal", err)
	}
	if _, _, err := SelectRows(path + ".none"); err == nil {
		t.Error("a file that is not there: got no error")
	}
}

// A report that can't be put in place leaves the old one, and nothing half written.
func TestNothingHalfWritten(t *testing.T) {
	t.Parallel()
	folder, _ := undoable(t)
	before := read(t, folder, SummaryFile)
	must(t, os.Remove(filepath.Join(folder, RollbackFile)))
	must(t, os.MkdirAll(filepath.Join(folder, RollbackFile, "in the way"), 0o700))
	if _, _, err := (Writer{}).Write(folder); err == nil || !strings.Contains(err.Error(), RollbackFile) {
		t.Errorf("got %v, want an error that names %s", err, RollbackFile)
	}
	leftAlone(t, folder)
	if after := read(t, folder, SummaryFile); !bytes.Equal(after, before) {
		t.Errorf("%s: got\n%s\nwant\n%s", SummaryFile, after, before)
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	if os.Geteuid() <= 0 {
		t.Skip("root, or a system without modes, writes everywhere")
	}
	folder, _ := undoable(t)
	before := read(t, folder, ResultsFile)
	must(t, os.Chmod(folder, 0o500))
	defer os.Chmod(folder, 0o700)
	if _, _, err := (Writer{}).Write(folder); err == nil || !strings.Contains(err.Error(), ResultsFile) {
		t.Errorf("got %v, want an error that names %s", err, ResultsFile)
	}
	leftAlone(t, folder)
	if after := read(t, folder, ResultsFile); !bytes.Equal(after, before) {
		t.Errorf("%s: got\n%s\nwant\n%s", ResultsFile, after, before)
	}
}

// leftAlone fails when a file was left that is none of the run's.
func leftAlone(t *testing.T, folder string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	must(t, err)
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			t.Errorf("%s was left behind", entry.Name())
		}
	}
}

func TestWriteWithoutARun(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if _, _, err := (Writer{}).Write(folder); err == nil || !strings.Contains(err.Error(), "no run folder") {
		t.Errorf("got %v, want an error that says so", err)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 0 {
		t.Errorf("got %v and %v, want nothing written", entries, err)
	}
}
