package cli

import (
	"fmt"
	"strings"
	"testing"

	"cucbulk/batch/record"
)

// onScreen gives a call of the program a terminal of so many lines.
func (p *process) onScreen(lines int) *process {
	p.environment.StdoutIsTerminal = true
	p.environment.StdoutSize = func() (int, int) { return 400, lines }
	return p
}

// On a terminal the problems of one kind and column are one line, with how many rows have it,
// which, and an example; --all prints each, and so does a pipe.
func TestProblemsOfAKindAreToldTogether(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("Alias,DtmfAccessId,Inactive,Undeliverable\n")
	for i := range 5000 {
		wrong := "maybe"
		if i%7 == 3 {
			wrong = "perhaps"
		}
		fmt.Fprintf(&text, "user%05d,%d,%s,%s\n", i, 10000+i, wrong, map[bool]string{true: "x", false: ""}[i%1000 == 5])
	}
	file := fileWith(t, strings.Replace(text.String(), "Undeliverable", "IsVmEnrolled", 1))
	arguments := []string{"validate", file, "--operation", "create", "--template", "voicemailusertemplate"}

	together := newProcess(arguments...).onScreen(24).run(t, record.ExitInvalid)
	printed := together.stdout.String()
	shows(t, together.stdout, `users.csv:2: Inactive: "maybe" is`)
	shows(t, together.stdout, "and others like it: 5,000 rows, 2 to 5001 (")
	shows(t, together.stdout, "5 rows, 7, 1007, 2007, 3007 and more up to 4007 (")
	shows(t, together.stdout, "  errors       5,005 not-a-boolean (Inactive, IsVmEnrolled)\n")
	shows(t, together.stdout, "--template voicemailusertemplate --all\n")
	if n := strings.Count(printed, "\n"); n > 24 {
		t.Errorf("%d lines, and the screen has 24:\n%s", n, printed)
	}
	narrow := newProcess(arguments...).onScreen(24)
	narrow.environment.StdoutSize = func() (int, int) { return 60, 24 }
	text60 := narrow.run(t, record.ExitInvalid).stdout.String()
	for line := range strings.Lines(text60) {
		if len(line) > 61 && strings.Contains(strings.TrimSpace(line), " ") && !strings.Contains(line, "cucbulk validate") {
			t.Errorf("on a terminal of 60 columns a line is longer: %q", line)
		}
	}
	if got := strings.Join(strings.Fields(text60), " "); !strings.Contains(got, "and others like it: 5,000 rows, 2 to 5001 (not-a-boolean)") {
		t.Errorf("on a terminal of 60 columns: %s", text60)
	}
	for _, p := range []*process{newProcess(append(arguments, "--all")...).onScreen(24), newProcess(arguments...)} {
		p.run(t, record.ExitInvalid)
		if n := strings.Count(p.stdout.String(), "users.csv:"); n != 5000+5+1 {
			t.Errorf("%d lines of problems, want one for each of 5005, and the summary", n)
		}
		shows(t, p.stdout, "  errors       5,005 not-a-boolean (Inactive, IsVmEnrolled)\n")
	}
	scripts := newProcess(append(arguments, "--format", "json")...).onScreen(24).run(t, record.ExitInvalid)
	if n := strings.Count(scripts.stdout.String(), `{"type":"problem"`); n != 5005 {
		t.Errorf("%d problems as JSON, want 5005", n)
	}
	shows(t, scripts.stdout, `{"type":"problems","column":"Inactive","code":"not-a-boolean","warning":false,"rows":5000,"firstLine":2,"lastLine":5001,"example":"\"maybe\" is`)
}

// However many kinds there are, the screen has room for the rest, and a run tells them as
// validate does.
func TestKindsOfProblemsFitAScreen(t *testing.T) {
	t.Parallel()
	headings, cells := []string{"Alias"}, []string{"user00001"}
	for i := range 60 {
		headings, cells = append(headings, fmt.Sprintf("Nonsense%d", i)), append(cells, "x")
	}
	file := fileWith(t, strings.Join(headings, ",")+"\n"+strings.Join(cells, ",")+"\n")
	p := newProcess("validate", file, "--operation", "update").onScreen(30).run(t, record.ExitInvalid)
	shows(t, p.stdout, "kinds of problems more, in ")
	if n := strings.Count(p.stdout.String(), "\n"); n > 30 {
		t.Errorf("%d lines, and the screen has 30", n)
	}
	shows(t, p.stdout, "--all prints every line")

	many := fileWith(t, "Alias,Inactive\n"+strings.Repeat("user00001,maybe\n", 50))
	folder := t.TempDir() + "/run"
	run := newProcess("run", many, "--operation", "update", "--out", folder, "--server", "http://127.0.0.1:1", "--user", "admin").onScreen(24)
	run.settings["CUCBULK_PASSWORD"] = "correct-horse"
	run.run(t, record.ExitInvalid)
	shows(t, run.stdout, "50 rows, 2 to 51 (")
	if n := strings.Count(run.stdout.String(), "users.csv:"); n > 2 {
		t.Errorf("%d lines of problems, want one a kind:\n%s", n, run.stdout)
	}
}
