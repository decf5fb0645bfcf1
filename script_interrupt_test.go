package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// interruptProgram makes: interrupt CHANGES CODE ARGUMENT... It sends the program an
// interrupt signal at so many changes, the last of which is in flight until the program
// says that it is ending; when it is to leave at once, it is sent another one then, and
// the change is in flight until it is gone. It checks how the program exits.
func interruptProgram(leaveAtOnce bool) func(*testscript.TestScript, bool, []string) {
	return func(script *testscript.TestScript, _ bool, arguments []string) {
		w := worldOf(script)
		after, err := strconv.Atoi(arguments[0])
		script.Check(err)
		want, err := strconv.Atoi(arguments[1])
		script.Check(err)
		reached, letGo := w.holdAt(after)
		defer letGo()
		printed := &listener{waitsFor: "cucbulk: ending", heard: make(chan struct{})}
		program := startProgram(script, printed, arguments[2:])
		<-reached
		script.Check(program.Process.Signal(os.Interrupt))
		<-printed.heard
		if leaveAtOnce {
			script.Check(program.Process.Signal(os.Interrupt))
		} else {
			letGo()
		}
		err = program.Wait()
		_, _ = script.Stdout().Write(printed.text)
		script.Check(appendTo(filepath.Join(w.work, "output.txt"), string(printed.text)))
		checkExit(script, want, err)
	}
}

// holdAt keeps the so manieth change from now in flight until letGo is called, and
// closes reached when it is there.
func (w *world) holdAt(after int) (reached <-chan struct{}, letGo func()) {
	arrived, leave := make(chan struct{}), make(chan struct{})
	w.mutex.Lock()
	w.wake, w.leave, w.after = arrived, leave, after
	w.mutex.Unlock()
	return arrived, sync.OnceFunc(func() { close(leave) })
}

// startProgram starts the program in the script's folder, with its server.
func startProgram(script *testscript.TestScript, printed io.Writer, arguments []string) *exec.Cmd {
	path, err := exec.LookPath("cucbulk")
	script.Check(err)
	program := exec.Command(path, arguments...)
	program.Dir = script.MkAbs(".")
	for _, name := range []string{"CUCBULK_SERVER", "CUCBULK_USER", "CUCBULK_PASSWORD", "XDG_CACHE_HOME", syncedFile} {
		program.Env = append(program.Env, name+"="+script.Getenv(name))
	}
	program.Stdout, program.Stderr = printed, printed
	script.Check(program.Start())
	return program
}

// runMeanwhile makes: meanwhile CODE COMMAND... while ARGUMENT... It runs cucbulk with
// the arguments, holds its first change, runs the command, which must exit with the
// code, and lets the other go on; that one must exit with 0.
func runMeanwhile(script *testscript.TestScript, _ bool, arguments []string) {
	want, err := strconv.Atoi(arguments[0])
	script.Check(err)
	at := slices.Index(arguments, "while")
	reached, letGo := worldOf(script).holdAt(1)
	defer letGo()
	printed := &listener{waitsFor: "nothing", heard: make(chan struct{})}
	other := startProgram(script, printed, arguments[at+1:])
	<-reached
	checkExit(script, want, script.Exec(arguments[1], arguments[2:at]...))
	letGo()
	checkExit(script, 0, other.Wait())
}

// listener keeps what a program prints, and tells when it has said something. One
// goroutine writes to it.
type listener struct {
	text     []byte
	waitsFor string
	heard    chan struct{}
}

func (l *listener) Write(text []byte) (int, error) {
	before := bytes.Contains(l.text, []byte(l.waitsFor))
	l.text = append(l.text, text...)
	if !before && bytes.Contains(l.text, []byte(l.waitsFor)) {
		close(l.heard)
	}
	return len(text), nil
}
