package samples_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"cucbulk/cupi/cupitest"
)

// asProgram is the name under which this test is the program; TestMain sees to it.
const asProgram = "cucbulk"

// computer is one on which the samples are installed, each folder that they name being one
// of the test's.
type computer struct {
	t                   *testing.T
	server              *cupitest.Server
	state, config, bins string // /var/lib/cucbulk, /etc/cucbulk, /usr/local/bin
	places              *strings.Replacer
}

// newComputer has the program, the flags of the samples with the address of a server,
// and the file of the first night. What logger is told goes to a file.
func newComputer(t *testing.T) *computer {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("these are the samples for Unix")
	}
	c := &computer{t: t, state: t.TempDir(), config: t.TempDir(), bins: t.TempDir()}
	c.places = strings.NewReplacer("/var/lib/cucbulk", c.state, "/etc/cucbulk", c.config, "/usr/local/bin", c.bins)
	c.server = &cupitest.Server{Username: "bulkadmin", Password: "correct-horse", Location: cupitest.LocationOf(t.Name())}
	c.server.AddUsers(5)
	web := httptest.NewTLSServer(c.server)
	t.Cleanup(web.Close)
	pin := sha256.Sum256(web.Certificate().RawSubjectPublicKeyInfo)
	flags := c.places.Replace(c.schedule("cucbulk.yaml"))
	flags = replaceOnce(t, flags, `server: https://cuc1\S+`, "server: "+web.URL)
	flags = replaceOnce(t, flags, `tls-pin: \S+`, "tls-pin: sha256//"+base64.StdEncoding.EncodeToString(pin[:]))
	c.write(filepath.Join(c.config, "cucbulk.yaml"), flags, 0o644)
	c.write(filepath.Join(c.config, "password"), "correct-horse\n", 0o600)
	c.write(filepath.Join(c.bins, "logger"), "#!/bin/sh\necho \"$@\" >>"+filepath.Join(c.state, "logged")+"\n", 0o700)
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, filepath.Join(c.bins, asProgram))
	}
	if err != nil {
		t.Fatal(err)
	}
	c.nightly("jdoe,4001,E1\n")
	return c
}

func (c *computer) schedule(name string) string { return c.read(filepath.Join("schedules", name)) }

func (c *computer) read(path string) string {
	c.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(text)
}

func (c *computer) write(path, text string, mode os.FileMode) {
	c.t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		c.t.Fatal(err)
	}
}

// nightly is the file of a night.
func (c *computer) nightly(rows string) {
	c.write(filepath.Join(c.state, "nightly.csv"), "Alias,DtmfAccessId,EmployeeId\n"+rows, 0o600)
}

// replaceOnce replaces what must be there once.
func replaceOnce(t *testing.T, text, pattern, with string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindAllString(text, -1)
	if len(found) != 1 {
		t.Fatalf("%q is there %d times", pattern, len(found))
	}
	return strings.Replace(text, found[0], with, 1)
}

// runs runs a command with an environment and nothing of the test's, and gives its exit code.
func (c *computer) runs(folder string, environment []string, name string, arguments ...string) (exit int, printed string) {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), name, arguments...)
	command.Dir, command.Env = folder, environment
	text, err := command.Output()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		c.t.Fatal(err)
	}
	if failed != nil {
		printed = string(failed.Stderr)
	}
	return command.ProcessState.ExitCode(), string(text) + printed
}

// ended is the exit code that the last line of JSON tells.
func (c *computer) ended(lines string) int {
	c.t.Helper()
	all := strings.Split(strings.TrimSpace(lines), "\n")
	var summary struct{ ExitCode *int }
	if err := json.Unmarshal([]byte(all[len(all)-1]), &summary); err != nil || summary.ExitCode == nil {
		c.t.Fatalf("the last line is no summary: %v\n%s", err, lines)
	}
	return *summary.ExitCode
}

// TestCronRunsItsLine reads the sample as cron does, and has its shell run the line in
// the environment that the sample sets.
func TestCronRunsItsLine(t *testing.T) {
	t.Parallel()
	c := newComputer(t)
	table := readCrontab(t, c.places.Replace(c.schedule("cucbulk.cron")))
	if table.account != "cucbulk" || table.times != "15 2 * * 1-5" {
		t.Errorf("it runs at %q as %q", table.times, table.account)
	}
	night := func() int {
		t.Helper()
		exit, printed := c.runs("/", append(table.environment, "HOME="+c.state, "LOGNAME="+table.account), table.shell, "-c", table.command)
		if printed != "" {
			t.Errorf("cron would send a mail: %s", printed)
		}
		return exit
	}
	if exit := night(); exit != 0 {
		t.Fatalf("exit code %d\n%s", exit, c.read(filepath.Join(c.state, "nightly.log")))
	}
	if c.server.UserByAlias("jdoe")["EmployeeId"] != "E1" {
		t.Error("the user of the file is not on the server")
	}
	c.nightly("jdoe,4001,E1\nmroe,10000,E2\n") // of which the second has the extension of another
	if exit := night(); exit != 4 {
		t.Errorf("exit code %d, want 4", exit)
	}
	if log, want := c.read(filepath.Join(c.state, "logged")), "-p user.err -t cucbulk the nightly run ended with exit code 4\n"; log != want {
		t.Errorf("the system's log got %q, want %q", log, want)
	}
	nights := c.read(filepath.Join(c.state, "nightly.json"))
	if strings.Count(nights, "\n") != 2 || c.ended(nights) != 4 {
		t.Errorf("nightly.json has not one line a night:\n%s", nights)
	}
	for _, name := range []string{"nightly.json", "nightly.log"} {
		if about, err := os.Stat(filepath.Join(c.state, name)); err != nil || about.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, about.Mode(), err)
		}
	}
}

// crontab is a file of /etc/cron.d with one line that runs something.
type crontab struct {
	environment             []string
	shell                   string
	times, account, command string
}

// readCrontab reads as crontab(5) tells: settings, and a command that a % would end.
func readCrontab(t *testing.T, text string) crontab {
	t.Helper()
	table := crontab{shell: "/bin/sh"}
	setting, entry := regexp.MustCompile(`^([A-Z]+)=(.*)$`), regexp.MustCompile(`^((?:\S+ ){5})(\S+) (.*)$`)
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch found := entry.FindStringSubmatch(line); {
		case line == "" || strings.HasPrefix(line, "#"):
		case setting.MatchString(line):
			table.environment = append(table.environment, line)
			if value, is := strings.CutPrefix(line, "SHELL="); is {
				table.shell = value
			}
		case found == nil || table.command != "":
			t.Fatalf("cron does not take %q", line)
		default:
			table.times, table.account = strings.TrimSpace(found[1]), found[2]
			command, _, _ := strings.Cut(strings.ReplaceAll(found[3], `\%`, "\x00"), "%")
			table.command = strings.ReplaceAll(command, "\x00", "%")
		}
	}
	if !strings.HasSuffix(text, "\n") || table.command == "" {
		t.Fatal("cron runs nothing: each line must end")
	}
	return table
}

// TestSystemdRunsItsCommand starts what the unit says, with the folder, the credentials and the
// umask that it says, and an environment that holds as little as systemd's.
func TestSystemdRunsItsCommand(t *testing.T) {
	t.Parallel()
	c := newComputer(t)
	unit := map[string]string{}
	for line := range strings.Lines(c.places.Replace(c.schedule("cucbulk.service"))) {
		if name, value, is := strings.Cut(strings.TrimSpace(line), "="); is && !strings.HasPrefix(name, "#") {
			unit[name] = value
		}
	}
	credentials := t.TempDir()
	name, source, _ := strings.Cut(unit["LoadCredential"], ":")
	c.write(filepath.Join(credentials, name), c.read(source), 0o400)
	arguments := strings.Fields(strings.ReplaceAll(unit["ExecStart"], "%d", credentials))
	started := append([]string{"-c", "umask " + unit["UMask"] + ` && exec "$@"`, "sh"}, arguments...)
	exit, printed := c.runs(unit["WorkingDirectory"], []string{"PATH=/usr/bin:/bin", "CREDENTIALS_DIRECTORY=" + credentials, "LANG=C.UTF-8"}, "sh", started...)
	if exit != 0 || c.ended(printed) != 0 {
		t.Fatalf("exit code %d\n%s", exit, printed)
	}
	if c.server.UserByAlias("jdoe")["EmployeeId"] != "E1" {
		t.Error("the user of the file is not on the server")
	}
}

// TestAMonitorReadsANight runs the line of docs/schedules.md on a summary.
func TestAMonitorReadsANight(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("there is no jq here")
	}
	c := newComputer(t)
	line := regexp.MustCompile("(?m)^tail -n 1 nightly.json.*$").FindString(c.read(filepath.Join("..", "docs", "schedules.md")))
	if line == "" {
		t.Fatal("docs/schedules.md has no such line")
	}
	c.write(filepath.Join(c.state, "nightly.json"), `{"exitCode":1}`+"\n"+`{"exitCode":4,"statuses":{"created":2,"failed":1}}`+"\n", 0o600)
	exit, printed := c.runs(c.state, []string{"PATH=" + os.Getenv("PATH")}, "sh", "-c", line)
	if want := "cucbulk_exit_code 4\ncucbulk_rows{status=\"created\"} 2\ncucbulk_rows{status=\"failed\"} 1\n"; exit != 0 || printed != want {
		t.Errorf("exit code %d, and it printed %q, want %q", exit, printed, want)
	}
}
