package torture

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/cupi/cupitest"
)

// secretPeople is how many users have secrets in TestSecretsAreNowhere.
const secretPeople = 1000

// TestSecretsAreNowhere takes a file of PINs and passwords through every command, on a
// server that refuses requests by repeating them and loses answers; the program is
// killed in the middle, once so that it prints what all its goroutines do. Then every
// byte that it left anywhere is searched for each secret in each spelling.
func TestSecretsAreNowhere(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("processes get no signals there")
	}
	program, err := theProgram()
	must(t, err)
	n := newNosy(t, program)
	defer n.end()
	create := []string{"--operation", "create", "--template", "voicemailusertemplate"}
	sending := []string{"--max-failures", "100%", "--doubt-window", "60ms", "--progress", "json", "--json"}
	with := func(lists ...[]string) (all []string) {
		for _, list := range lists {
			all = append(all, list...)
		}
		return all
	}

	n.do(3, with([]string{"validate", "users.csv"}, create)...)
	n.do(3, with([]string{"validate", "users.csv", "--format", "json"}, create)...)
	n.do(3, with([]string{"run", "users.csv", "--dry-run", "--show", "all"}, create)...)
	n.do(3, with([]string{"validate", "users.csv", "--server", n.web.URL, "--show", "all", "--format", "json"}, create)...)
	n.do(1, with([]string{"validate", "users.csv", "--password-file", "wrong.txt", "--server", n.web.URL}, create)...)
	n.do(-1, "doctor")
	n.do(0, "config", "show")
	n.do(2, with([]string{"run", "users.csv", "--config", "flags.yaml"}, create)...)

	n.faults(cupitest.Faults{Echo: 0.06, Busy: 0.02, Unauthorized: 0.02, Error: 0.01, CutAfterCommit: 0.01, ErrorAfterCommit: 0.01, Gateway: 0.01, Truncated: 0.01})
	for _, folder := range []string{"run", "again", "rest", "drawn", "again-rollback", "run-rollback"} {
		n.watch(filepath.Join(n.folder, folder, batch.JournalFile))
	}
	dump := n.hurt(syscall.SIGQUIT, 200, with([]string{"run", "users.csv", "--skip-invalid", "--canary", "0", "--out", "run"}, create, sending)...)
	if !strings.Contains(dump, "SIGQUIT: quit") || strings.Count(dump, "\ngoroutine ") < 5 {
		t.Errorf("the program did not tell what its goroutines do:\n%s", dump)
	}
	n.hurt(syscall.SIGKILL, 200, with([]string{"resume", "run"}, sending)...)
	n.do(4, with([]string{"resume", "run", "--password-file", "right.txt"}, sending)...)
	if n.echoes() == 0 {
		t.Error("the server has repeated nothing")
	}
	n.do(4, "run", "users.csv", "--operation", "update", "--skip-invalid", "--rows", "1-100", "--wire", "xml", "--canary", "0", "--max-failures", "100%", "--out", "again", "--progress", "plain")
	n.faults(cupitest.Faults{})
	n.do(4, "run", filepath.Join("run", "rejects.csv"), "--continues", "run", "--skip-invalid", "--canary", "0", "--max-failures", "100%", "--out", "rest", "--progress", "plain")
	n.do(0, with([]string{"run", "drawn.csv", "--pin", "random", "--pin-length", "16", "--seal-to", "age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z", "--out", "drawn"}, create)...)
	n.do(0, "report", "run")
	n.do(0, "verify", "run")
	n.do(0, "export", "--out", "people.csv")
	n.do(0, "rollback", "again", "--dry-run")
	n.faults(cupitest.Faults{Echo: 0.1})
	n.do(-1, "rollback", "again", "--yes", "--max-outage", "10s", "--progress", "json")
	n.do(0, "rollback", "run", "--yes", "--force", "--progress", "json")
	n.search()
}

// nosy is a file with secrets, the server that it is for, and all that the program
// leaves in its folder.
type nosy struct {
	*site
	program, folder string
	secrets         []string
	account         string // the password of the account
	commands        int

	mutex    sync.Mutex
	left     int // changes until one is held; 0: none is
	reached  chan struct{}
	leave    chan struct{}
	children int
}

func newNosy(t *testing.T, program string) *nosy {
	t.Helper()
	n := &nosy{program: program, folder: t.TempDir()}
	n.site = newSite(t, &cupitest.Server{AnyCredentials: true, LateBy: 20 * time.Millisecond})
	n.simulator.OnChange = n.onChange
	n.simulator.AddUsers(10)
	random := rand.New(rand.NewPCG(1, 2))
	letters := func(size int, from string) string {
		text := make([]byte, size)
		for i := range text {
			text[i] = from[random.IntN(len(from))]
		}
		n.secrets = append(n.secrets, string(text))
		return string(text)
	}
	const digits, all = "0123456789", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	n.account = "<\"é&'\\  " + letters(18, all) + "%+/>"
	n.simulator.Password = n.account

	rows := [][]string{{"Alias", "Extension", "DisplayName", "PIN", "Password", "Exchange2010Service_ServiceDisplayName", "Exchange2010Service_EmailAddress", "Exchange2010Service_UserPassword"}}
	for i := range secretPeople {
		row := []string{fmt.Sprintf("secret%04d", i), fmt.Sprint(30000 + i), "Secret Person", letters(14, digits), "<\"é&'\\  " + letters(18, all) + "%+/>", "", "", ""}
		switch i % 50 {
		case 5, 25:
			row[5], row[6], row[7] = "Exchange", row[0]+"@example.com", "]]>"+letters(18, all)
		case 10: // what follows is invalid, each in its way
			row[3] = " " + row[3]
		case 11:
			row[1] = ""
		case 12:
			row[4] = strings.Repeat("x", 250) + row[4]
		case 13:
			row[4] += "\n" + letters(18, all)
		case 14:
			row = append(row, letters(18, all), letters(18, all))
		case 15:
			row[7] = letters(18, all)
		case 16:
			row[3] += "\x1b[2J"
		}
		rows = append(rows, row)
	}
	var text strings.Builder
	must(t, csv.NewWriter(&text).WriteAll(rows))
	fmt.Fprintf(&text, "broken,39999,Broken,%s\"x,%s\n", letters(14, digits), letters(18, all))
	var drawn strings.Builder
	drawn.WriteString("Alias,Extension\n")
	for i := range 40 {
		fmt.Fprintf(&drawn, "drawn%02d,%d\n", i, 50000+i)
	}
	for name, text := range map[string]string{
		"users.csv": text.String(), "drawn.csv": drawn.String(), "right.txt": n.account + "\n", "wrong.txt": letters(18, all) + "\n",
		"flags.yaml": "workers: 2\npassword: " + letters(18, all) + "\nset: [PIN=" + letters(14, digits) + "]\n",
	} {
		must(t, os.WriteFile(filepath.Join(n.folder, name), []byte(text), 0o600))
	}
	for _, name := range []string{"output", "home", "tmp", "cache"} {
		must(t, os.Mkdir(filepath.Join(n.folder, name), 0o700))
	}
	return n
}

// onChange holds one change, and checks all.
func (n *nosy) onChange(change cupitest.Change) error {
	n.mutex.Lock()
	n.left--
	hold, reached, leave := n.left == 0, n.reached, n.leave
	n.mutex.Unlock()
	if hold {
		close(reached)
		<-leave
	}
	return n.check(change)
}

func (n *nosy) faults(faults cupitest.Faults) {
	n.t.Helper()
	for name, rate := range map[cupitest.Fault]float64{cupitest.Echo: faults.Echo, cupitest.Busy: faults.Busy, cupitest.Unauthorized: faults.Unauthorized, cupitest.Error: faults.Error,
		cupitest.CutAfterCommit: faults.CutAfterCommit, cupitest.ErrorAfterCommit: faults.ErrorAfterCommit, cupitest.Gateway: faults.Gateway, cupitest.Truncated: faults.Truncated} {
		must(n.t, n.simulator.SetFault(string(name), rate))
	}
}

// command is the program with its output in files of its own.
func (n *nosy) command(arguments []string) (command *exec.Cmd, end func() string) {
	n.t.Helper()
	n.commands++
	name := filepath.Join(n.folder, "output", fmt.Sprintf("%02d-%s", n.commands, arguments[0]))
	stdout, err := os.Create(name + ".stdout")
	must(n.t, err)
	stderr, err := os.Create(name + ".stderr")
	must(n.t, err)
	command = exec.Command(n.program, arguments...)
	command.Dir, command.Stdout, command.Stderr = n.folder, stdout, stderr
	command.Env = append(n.environment(), "CUCBULK_PASSWORD="+n.account, "GOTRACEBACK=system",
		"HOME="+filepath.Join(n.folder, "home"), "TMPDIR="+filepath.Join(n.folder, "tmp"), "XDG_CACHE_HOME="+filepath.Join(n.folder, "cache"))
	return command, func() string {
		must(n.t, errors.Join(stdout.Close(), stderr.Close()))
		out, err := os.ReadFile(stdout.Name())
		must(n.t, err)
		errs, err := os.ReadFile(stderr.Name())
		must(n.t, err)
		return string(out) + string(errs)
	}
}

// do runs a command to its end, which is an exit code; -1 is any.
func (n *nosy) do(exit int, arguments ...string) {
	n.t.Helper()
	command, end := n.command(arguments)
	err := command.Run()
	output := end()
	if err != nil && command.ProcessState == nil {
		n.t.Fatal(err)
	}
	if got := command.ProcessState.ExitCode(); exit >= 0 && got != exit {
		n.t.Errorf("%q: exit code %d, want %d; it ends with:\n%s", arguments, got, exit, output[max(0, len(output)-2000):])
	}
}

// hurt sends a signal at the so manieth change, after a look at the program's argv and
// at its children.
func (n *nosy) hurt(signal syscall.Signal, changes int, arguments ...string) (output string) {
	n.t.Helper()
	n.mutex.Lock()
	n.left, n.reached, n.leave = changes, make(chan struct{}), make(chan struct{})
	n.mutex.Unlock()
	command, end := n.command(arguments)
	must(n.t, command.Start())
	gone := make(chan error, 1)
	go func() { gone <- command.Wait() }()
	select {
	case <-n.reached:
		n.lookAt(command.Process.Pid)
		must(n.t, command.Process.Signal(signal))
		<-gone
	case <-gone:
		n.t.Errorf("%q ended before it was hurt", arguments)
	}
	close(n.leave)
	return end()
}

// lookAt writes down what everybody can see of a process and of its children.
func (n *nosy) lookAt(process int) {
	n.t.Helper()
	if runtime.GOOS != "linux" {
		return
	}
	seen := func(parts ...string) {
		for _, part := range parts {
			text, err := os.ReadFile(part)
			must(n.t, err)
			name := strings.ReplaceAll(strings.Trim(part, "/"), "/", "-")
			must(n.t, os.WriteFile(filepath.Join(n.folder, "output", name), text, 0o600))
		}
	}
	seen(fmt.Sprintf("/proc/%d/cmdline", process))
	statuses, err := filepath.Glob("/proc/[0-9]*/status")
	must(n.t, err)
	for _, status := range statuses {
		text, err := os.ReadFile(status)
		if err != nil || !strings.Contains(string(text), fmt.Sprintf("\nPPid:\t%d\n", process)) {
			continue // it has ended since, or is another's
		}
		n.children++
		seen(filepath.Join(filepath.Dir(status), "cmdline"), filepath.Join(filepath.Dir(status), "environ"))
	}
}

// echoes is how many refusals that repeated a request the program was told of.
func (n *nosy) echoes() int {
	n.t.Helper()
	journal, err := os.ReadFile(filepath.Join(n.folder, "run", batch.JournalFile))
	must(n.t, err)
	return strings.Count(string(journal), "The request is refused: ")
}

// inputs are the files that may hold what the input holds: the input, its copy, the
// rejected rows, and what only the tests know of.
var inputs = map[string]bool{"users.csv": true, "right.txt": true, "wrong.txt": true, "flags.yaml": true, batch.InputFile: true, "rejects.csv": true}

// search looks for every secret in every file, and in the names of files.
func (n *nosy) search() {
	n.t.Helper()
	given := len(n.secrets)
	for i := range 40 {
		pin := n.simulator.Credentials(n.simulator.UserByAlias(fmt.Sprintf("drawn%02d", i))["ObjectId"], "pin")
		if len(pin) != 16 {
			n.t.Fatalf("drawn%02d has the PIN %q", i, pin)
		}
		n.secrets = append(n.secrets, pin)
	}
	began := time.Now()
	f := newFinder(n.secrets)
	files, size, own := 0, 0, map[int]bool{}
	must(n.t, filepath.WalkDir(n.folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if inputs[entry.Name()] {
			found, _ := f.in(text)
			for secret := range found {
				own[secret] = true
			}
			return nil
		}
		files++
		size += len(text)
		found, hits := f.in(append([]byte(path+"\n"), text...))
		if hits > 0 {
			n.t.Errorf("%s holds %d secrets, at %d places", path, len(found), hits)
			for secret := range found {
				n.t.Logf("one of them is the secret %d, %s", secret, n.secrets[secret])
				break
			}
		}
		return nil
	}))
	if len(own) != given { // those that were drawn are in no file in clear
		n.t.Errorf("the files that may hold secrets hold %d, want %d", len(own), given)
	}
	if files < 40 {
		n.t.Errorf("only %d files were searched", files)
	}
	fmt.Printf("secrets: %d in %d spellings' windows, searched in %d files with %d bytes of %d commands, and of %d children: %.1f s\n",
		len(n.secrets), len(f.windows), files, size, n.commands, n.children, time.Since(began).Seconds())
}
