package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/reports"
)

// planSite is a server, a file, and a plan of it.
type planSite struct {
	t            *testing.T
	simulator    *cupitest.Server
	server       []string
	file, folder string
	plan, sha    string
}

const plannedFile = "Operation,Alias,DtmfAccessId,Title,TemplateAlias,PIN\n" +
	"create,jdoe,4001,Boss,voicemailusertemplate,947251\n" +
	"update,user00001,,Buyer,,\n" +
	"update,user00002,,Clerk,,836142\n" +
	"delete,user00003,,,,\n"

func newPlanSite(t *testing.T) *planSite {
	t.Helper()
	simulator, server := simulated(t)
	s := &planSite{t: t, simulator: simulator, server: server, file: fileWith(t, plannedFile), folder: t.TempDir()}
	s.plan = filepath.Join(s.folder, "plan")
	p := s.do(record.ExitDone, "run", s.file, "--dry-run", "--out", s.plan, "--json")
	var last struct{ PlanSha256 string }
	lines := strings.Split(strings.TrimSpace(p.stdout.String()), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || len(last.PlanSha256) != 64 {
		t.Fatalf("no SHA-256 in %s: %v", lines[len(lines)-1], err)
	}
	s.sha = last.PlanSha256
	return s
}

func (s *planSite) do(want int, arguments ...string) *process {
	s.t.Helper()
	return online(s.t, want, append(arguments, s.server...))
}

// meanwhile changes the server as somebody else does.
func (s *planSite) meanwhile(text string) {
	s.t.Helper()
	s.do(record.ExitDone, "run", fileWith(s.t, text), "--operation", "update", "--max-deletes", "9", "--out", filepath.Join(s.t.TempDir(), "run"))
}

// run carries the plan out, into a folder of its own.
func (s *planSite) run(want int, flags ...string) (*process, string) {
	s.t.Helper()
	out := filepath.Join(s.t.TempDir(), "run")
	return s.do(want, append([]string{"run", "--plan", s.plan, "--out", out, "--max-deletes", "9"}, flags...)...), out
}

// What was agreed to is what runs, with the flags and the file that the plan names, and no
// plan but the one that was named.
func TestAPlanIsRun(t *testing.T) {
	t.Parallel()
	s := newPlanSite(t)
	refused, _ := s.run(record.ExitInvalid, "--plan-sha256", strings.Repeat("0", 64))
	shows(t, refused.stderr, s.sha)
	_, out := s.run(record.ExitDone, "--plan-sha256", strings.ToUpper(s.sha))
	if user := s.simulator.UserByAlias("jdoe"); user["Title"] != "Boss" {
		t.Errorf("jdoe has the title %q, want Boss", user["Title"])
	}
	history, err := record.ReadHistory(out)
	if err != nil || history.Header.Options.Plan != s.sha {
		t.Errorf("the journal names the plan %q (%v), want %s", history.Header.Options.Plan, err, s.sha)
	}
}

// Where the server has moved on, the rows concerned are refused with both values, or all are.
func TestAPlanIsHeldToTheServer(t *testing.T) {
	t.Parallel()
	s := newPlanSite(t)
	s.meanwhile("Alias,Title\nuser00001,Chief\nuser00003,Gone\n")
	all, _ := s.run(record.ExitInvalid, "--plan-drift", "refuse")
	shows(t, all.stdout, `users.csv:3: Title is "" -> "Buyer" in the plan, and now "Chief" -> "Buyer"; nothing is done to it (plan-drift)`)
	if s.simulator.UserByAlias("jdoe") != nil {
		t.Error("with --plan-drift refuse a row was done")
	}
	_, out := s.run(record.ExitIncomplete)
	if got := s.simulator.UserByAlias("user00001")["Title"]; got != "Chief" {
		t.Errorf("user00001 has the title %q, want Chief: the row has drifted", got)
	}
	if s.simulator.UserByAlias("jdoe") == nil || s.simulator.UserByAlias("user00002")["Title"] != "Clerk" {
		t.Error("rows that have not drifted were not done")
	}
	rejects, err := os.ReadFile(filepath.Join(out, reports.RejectsFile))
	if err != nil || strings.Count(string(rejects), "plan-drift: ") == 0 {
		t.Errorf("rejects.csv: %s (%v)", rejects, err)
	}
}

// So it is with the file: a row that was changed, one that was added, and secrets, which a plan
// does not have.
func TestAPlanIsHeldToTheFile(t *testing.T) {
	t.Parallel()
	s := newPlanSite(t)
	changed := strings.NewReplacer("Buyer", "Thief", "836142", "836143").Replace(plannedFile) + "update,user00005,,King,,\n"
	if err := os.WriteFile(s.file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	refused, _ := s.run(record.ExitInvalid, "--plan-drift", "refuse")
	shows(t, refused.stderr, "the SHA-256 of")
	p, _ := s.run(record.ExitIncomplete)
	shows(t, p.stdout, `users.csv:3: Title is "" -> "Buyer" in the plan, and now "" -> "Thief"; nothing`)
	shows(t, p.stdout, `users.csv:6: the plan says not in it, and now it would be updated user00005; nothing`)
	shows(t, p.stdout, `users.csv:4: it sends a secret`)
	for alias, want := range map[string]string{"user00001": "", "user00002": "", "user00005": ""} {
		if got := s.simulator.UserByAlias(alias)["Title"]; got != want {
			t.Errorf("%s has the title %q, want %q", alias, got, want)
		}
	}
	if s.simulator.UserByAlias("user00003") != nil {
		t.Error("user00003 was not deleted, and his row is as in the plan")
	}
}

// And with the flags, and the server itself.
func TestAPlanIsHeldToItsFlags(t *testing.T) {
	t.Parallel()
	s := newPlanSite(t)
	p, _ := s.run(record.ExitInvalid, "--set", "City=Leeds", "--plan-drift", "refuse")
	shows(t, p.stderr, "what the flags say is not that of the plan: none then, and --set City=Leeds now")
	shows(t, p.stdout, `City is not there in the plan, and now "" -> "Leeds"`)
	_, other := simulated(t)
	out := filepath.Join(t.TempDir(), "run")
	elsewhere := online(t, record.ExitFailed, append([]string{"run", "--plan", s.plan, "--out", out}, other...))
	shows(t, elsewhere.stderr, "this is not the server of the plan")
	if _, err := os.Stat(out); err == nil {
		t.Error("the run that did not begin left a folder")
	}
	s.do(record.ExitUsage, "run", s.file, "--plan-sha256", s.sha)
	s.do(record.ExitUsage, "run")
}

// A row that gets invalid meanwhile does not keep the others from being done.
func TestAPlanWithoutTheRowsThatGotInvalid(t *testing.T) {
	t.Parallel()
	s := newPlanSite(t)
	s.meanwhile("Operation,Alias\ndelete,user00002\n")
	p, _ := s.run(record.ExitIncomplete)
	shows(t, p.stdout, "users.csv:4: Alias: no user has Alias")
	if s.simulator.UserByAlias("jdoe") == nil {
		t.Error("jdoe was not created")
	}
}

// A run of a plan that was interrupted refuses after a resume what it refused before.
func TestAPlanIsHeldToAfterAResume(t *testing.T) {
	t.Parallel()
	s := newPlanSite(t)
	s.meanwhile("Alias,Title\nuser00002,Chief\n")
	_, out := s.run(record.ExitRail, "--max-changes", "1", "--canary", "0")
	s.do(record.ExitIncomplete, "resume", out, "--max-changes", "9", "--max-deletes", "9")
	if got := s.simulator.UserByAlias("user00002")["Title"]; got != "Chief" {
		t.Errorf("user00002 has the title %q, want Chief: the row has drifted", got)
	}
	if s.simulator.UserByAlias("user00003") != nil {
		t.Error("user00003 was not deleted, and his row is as in the plan")
	}
}

// A row that the plan does and that got invalid meanwhile has moved on, whether invalid rows may
// be left out or not.
func TestARowThatGotInvalidIsNotThePlan(t *testing.T) {
	t.Parallel()
	simulator, server := simulated(t)
	file, plan := fileWith(t, "Operation,Alias,Title\nupdate,user00001,Buyer\nupdate,user00002,Clerk\nupdate,nobody,King\n"), filepath.Join(t.TempDir(), "plan")
	s := &planSite{t: t, simulator: simulator, server: server, file: file, plan: plan}
	s.do(record.ExitDone, "run", file, "--dry-run", "--skip-invalid", "--out", plan)
	s.meanwhile("Operation,Alias\ndelete,user00002\n")
	p, _ := s.run(record.ExitInvalid, "--plan-drift", "refuse")
	shows(t, p.stderr, "1 row would not do what the plan says")
	if got := simulator.UserByAlias("user00001")["Title"]; got != "" {
		t.Errorf("user00001 has the title %q: with --plan-drift refuse a row was done", got)
	}
	s.run(record.ExitIncomplete)
	if got := simulator.UserByAlias("user00001")["Title"]; got != "Buyer" {
		t.Errorf("user00001 has the title %q, want Buyer", got)
	}
}

// What a refused run of a plan says to type next does not leave the plan.
func TestAfterARefusalThePlanStillHolds(t *testing.T) {
	t.Parallel()
	s := newPlanSite(t)
	s.meanwhile("Operation,Alias,Title\ndelete,user00002,\nupdate,user00001,Chief\n")
	p, _ := s.run(record.ExitInvalid, "--plan-sha256", s.sha, "--plan-drift", "refuse")
	var checks, others string
	for line := range strings.Lines(p.stdout.String() + p.stderr.String()) {
		switch line = strings.TrimSpace(line); {
		case !strings.HasPrefix(line, "cucbulk run "):
		case strings.Contains(line, "--skip-invalid"):
			others = line
		default:
			checks = line
		}
	}
	if !strings.Contains(checks, "--dry-run") || strings.Contains(checks, "--plan") {
		t.Errorf("of the mended file it says %q, want a dry run", checks)
	}
	if !strings.Contains(others, "--plan "+s.plan) || !strings.Contains(others, "--plan-sha256 "+s.sha) || strings.Contains(others, "refuse") {
		t.Fatalf("of the other rows it says %q, want those of the plan", others)
	}
	s.do(record.ExitIncomplete, append(strings.Fields(others)[1:], "--out", filepath.Join(t.TempDir(), "run"))...)
	if got := s.simulator.UserByAlias("user00001")["Title"]; got != "Chief" {
		t.Errorf("user00001 has the title %q, want Chief: the row has drifted", got)
	}
	if s.simulator.UserByAlias("jdoe") == nil {
		t.Error("a row that has not drifted was not done")
	}
}

// A user of the same alias who is not the one of the plan is somebody else, even where all the
// fields are alike.
func TestAPlanIsHeldToItsUsers(t *testing.T) {
	t.Parallel()
	s := newPlanSite(t)
	s.meanwhile("Operation,Alias\ndelete,user00001\ndelete,user00003\n")
	s.do(record.ExitDone, "run", fileWith(t, "Alias,DtmfAccessId,LastName\nuser00001,4901,Other\nuser00003,4903,Other\n"),
		"--operation", "create", "--template", "voicemailusertemplate", "--out", filepath.Join(t.TempDir(), "run"))
	p, _ := s.run(record.ExitIncomplete)
	shows(t, p.stdout, `users.csv:3: user00001 is not the user of the plan, but another one who has its alias now: ObjectId`)
	shows(t, p.stdout, `users.csv:5: user00003 is not the user of the plan, but another one who has its alias now: ObjectId`)
	if got := s.simulator.UserByAlias("user00001")["Title"]; got != "" {
		t.Errorf("somebody else than the plan's user got the title %q", got)
	}
	if s.simulator.UserByAlias("user00003") == nil {
		t.Error("somebody else than the plan's user was deleted")
	}
}

// That users may be missing is no part of what a row does, so a plan is not left by saying it.
func TestAPlanWithUsersThatMayBeMissing(t *testing.T) {
	t.Parallel()
	s := newPlanSite(t)
	p, _ := s.run(record.ExitDone, "--allow-missing", "--plan-drift", "refuse")
	if printed := p.stderr.String(); strings.Contains(printed, "what the flags say") {
		t.Errorf("printed:\n%s", printed)
	}
}

// A run that is refused says what to type next.
func TestARefusedPlanSaysWhatIsNext(t *testing.T) {
	t.Parallel()
	s := newPlanSite(t)
	p, _ := s.run(record.ExitInvalid, "--plan-sha256", strings.Repeat("0", 64))
	shows(t, p.stderr, "make one with run FILE --dry-run --out DIR, have it agreed to")
	s.meanwhile("Alias,Title\nuser00001,Chief\n")
	p, _ = s.run(record.ExitInvalid, "--plan-drift", "refuse")
	shows(t, p.stderr, "make a new plan with run FILE --dry-run --out DIR, or do the other rows with --plan-drift rows")
}
