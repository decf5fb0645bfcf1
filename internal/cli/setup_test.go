package cli

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"cucbulk/cupi/cupitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// output collects what a program prints, from any goroutine.
type output struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (o *output) Write(text []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.text.Write(text)
}

func (o *output) String() string {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.text.String()
}

// process is a call of the program in this process.
type process struct {
	environment    Environment
	stdout, stderr *output
	settings       map[string]string
}

func newProcess(arguments ...string) *process {
	p := &process{stdout: &output{}, stderr: &output{}, settings: map[string]string{}}
	p.environment = Environment{
		Args: arguments, Streams: Streams{Stdin: strings.NewReader(""), Stdout: p.stdout, Stderr: p.stderr},
		Getenv: func(name string) string { return p.settings[name] },
	}
	return p
}

// atTerminal has a person type.
func (p *process) atTerminal(typed, password string) *process {
	p.environment.Stdin, p.environment.StdinIsTerminal, p.environment.StderrIsTerminal = strings.NewReader(typed), true, true
	p.environment.ReadPassword = func(context.Context) ([]byte, error) { return []byte(password), nil }
	return p
}

// run checks the exit code.
func (p *process) run(t *testing.T, want int) *process {
	t.Helper()
	if got := Main(t.Context(), p.environment); got != want {
		t.Fatalf("%s: exit code %d, want %d\n%s%s", strings.Join(p.environment.Args, " "), got, want, p.stdout, p.stderr)
	}
	return p
}

// shows checks that a text occurs in what was printed.
func shows(t *testing.T, printed *output, want string) {
	t.Helper()
	if !strings.Contains(printed.String(), want) {
		t.Errorf("printed:\n%s\nwant in it: %s", printed, want)
	}
}

// simulated starts a simulator with 20 users, and gives the flags to reach it.
func simulated(t *testing.T) (*cupitest.Server, []string) {
	t.Helper()
	simulator := &cupitest.Server{Username: "admin", Password: "correct-horse"}
	simulator.AddUsers(20)
	web := httptest.NewServer(simulator)
	t.Cleanup(web.Close)
	simulator.Location = cupitest.LocationOf(web.URL)
	return simulator, []string{"--server", web.URL, "--user", "admin"}
}

// fileWith writes a file into a folder of the test's own.
func fileWith(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "users.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
