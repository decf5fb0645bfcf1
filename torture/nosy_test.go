package torture

import (
	"encoding/csv"
	"errors"
	"fmt"
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

	"cucbulk/cupi/cupitest"
)

// secretPeople is how many users have secrets in TestSecretsAreNowhere.
const secretPeople = 1000

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

// hurtAt is the change at which hurt sends its signal, counted from the start.
const hurtAt = 200

// hurt sends a signal in the middle of a command, after a look at the program's argv
// and at its children.
func (n *nosy) hurt(signal syscall.Signal, arguments ...string) (output string) {
	n.t.Helper()
	n.mutex.Lock()
	n.left, n.reached, n.leave = hurtAt, make(chan struct{}), make(chan struct{})
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
