package windows

import (
	"bytes"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cucbulk/cupi/cupitest"
	"cucbulk/internal/interrupt"
)

const password = "correct-horse-battery"

// patience is how long a test waits for what must happen.
const patience = time.Minute

// site is a folder, and a server that the programs in it talk to.
type site struct {
	t      *testing.T
	server *cupitest.Server
	url    string
	folder string

	mutex sync.Mutex
	after int           // how many changes until one is held
	there chan struct{} // closed when that one is there
	leave chan struct{} // closed when it may go on
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t}
	s.server = &cupitest.Server{Location: cupitest.LocationOf(t.Name()), Username: "admin", Password: password}
	s.server.OnChange = func(cupitest.Change) error {
		s.hold()
		return nil
	}
	s.server.AddUsers(20)
	web := httptest.NewServer(s.server)
	t.Cleanup(web.Close)
	s.url = web.URL
	s.folder = s.newFolder()
	return s
}

// newFolder is a new folder, and does not go with the test where somebody else sees to it.
func (s *site) newFolder() string {
	s.t.Helper()
	if *within == "" {
		return s.t.TempDir()
	}
	folder, err := os.MkdirTemp(*within, "")
	s.must(err)
	return folder
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// hold keeps a change in flight, if it is the one.
func (s *site) hold() {
	s.mutex.Lock()
	s.after--
	held, leave := s.after == 0, s.leave
	if held {
		close(s.there)
	}
	s.mutex.Unlock()
	if held {
		<-leave
	}
}

// holdAt keeps the nth change from now in flight until letGo is called, and closes
// there when it has come.
func (s *site) holdAt(after int) (there <-chan struct{}, letGo func()) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.after, s.there, s.leave = after, make(chan struct{}), make(chan struct{})
	letGo = sync.OnceFunc(func(leave chan struct{}) func() { return func() { close(leave) } }(s.leave))
	s.t.Cleanup(letGo)
	return s.there, letGo
}

// write writes a file into the folder.
func (s *site) write(name, text string) {
	s.t.Helper()
	s.must(os.WriteFile(filepath.Join(s.folder, name), []byte(text), 0o600))
}

func (s *site) read(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.folder, name))
	s.must(err)
	return string(text)
}

// creates is a file of so many new users.
func creates(users int) string {
	var text strings.Builder
	text.WriteString("Alias,DtmfAccessId,PIN\n")
	for i := range users {
		fmt.Fprintf(&text, "new%02d,47%02d,2468%02d\n", i, i, i)
	}
	return text.String()
}

// process is the program at work.
type process struct {
	*exec.Cmd
	s       *site
	printed lines
	ended   chan struct{}
}

// lines is what a program printed until now.
type lines struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *lines) Write(text []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(text)
}

func (l *lines) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}

// command is a program that knows the server, and isn't started yet.
func (s *site) command(name string, arguments ...string) *process {
	p := &process{Cmd: exec.Command(name, arguments...), s: s, ended: make(chan struct{})}
	p.Dir = s.folder
	// CI tells the program that nobody watches; here somebody does
	p.Env = append(os.Environ(), "CI=", "CUCBULK_SERVER="+s.url, "CUCBULK_USER=admin", "CUCBULK_PASSWORD="+password)
	p.Stdout, p.Stderr = &p.printed, &p.printed
	return p
}

func (p *process) start() *process {
	p.s.t.Helper()
	interrupt.Prepare(p.Cmd)
	p.s.must(p.Start())
	go func() {
		_ = p.Wait()
		close(p.ended)
	}()
	p.s.t.Cleanup(func() { // of a test that failed
		_ = p.Process.Kill()
		<-p.ended
	})
	return p
}

func (s *site) start(arguments ...string) *process {
	s.t.Helper()
	return s.command(*program, arguments...).start()
}

// exits runs the program, which must end with a code, and gives what it printed.
func (s *site) exits(code int, arguments ...string) string {
	s.t.Helper()
	return s.start(arguments...).exits(code)
}

// exits waits for the end.
func (p *process) exits(code int) string {
	p.s.t.Helper()
	p.until(p.ended, "its end")
	if got := p.ProcessState.ExitCode(); got != code {
		p.s.t.Fatalf("%s: exit code %d, want %d\n%s", strings.Join(p.Args[1:], " "), got, code, &p.printed)
	}
	return p.printed.String()
}

// until waits for what the program does.
func (p *process) until(happened <-chan struct{}, what string) {
	p.s.t.Helper()
	select {
	case <-happened:
	case <-time.After(patience):
		p.s.t.Fatalf("%s: waited %s for %s\n%s", strings.Join(p.Args[1:], " "), patience, what, &p.printed)
	}
}

// says waits until the program has printed a text.
func (p *process) says(text string) {
	p.s.t.Helper()
	for began := time.Now(); !strings.Contains(p.printed.String(), text); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > patience {
			p.s.t.Fatalf("%s: waited %s for %q\n%s", strings.Join(p.Args[1:], " "), patience, text, &p.printed)
		}
	}
}

// kill ends the program at once, as the Task Manager does.
func (p *process) kill() {
	p.s.t.Helper()
	p.s.must(p.Process.Kill())
	p.until(p.ended, "its end")
	var exit *exec.ExitError
	if err := p.Err; err != nil && !errors.As(err, &exit) {
		p.s.t.Fatal(err)
	}
}

// shows checks that a text is there.
func (s *site) shows(text string, parts ...string) {
	s.t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			s.t.Errorf("there is no %q in\n%s", part, text)
		}
	}
}

// state is all that the server holds.
func (s *site) state() string { return fmt.Sprint(s.server.Snapshot()) }

// same checks that the server is as it was.
func (s *site) same(before string) {
	s.t.Helper()
	s.server.Wait()
	if s.state() != before {
		s.t.Error("the server is not as it was before")
	}
}

// made checks that the server has the users of [creates], and no other new ones.
func (s *site) made(users int) {
	s.t.Helper()
	s.server.Wait()
	made := 0
	for _, alias := range s.server.Aliases() {
		if strings.HasPrefix(alias, "new") {
			made++
		}
	}
	if posts := s.server.Requests()["POST /vmrest/users"]; made != users || posts < users {
		s.t.Errorf("the server has %d of %d new users, after %d POST", made, users, posts)
	}
}
