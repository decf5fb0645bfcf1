package main

import (
	"bytes"
	"os"
	"os/exec"
	ossignal "os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"cucbulk/internal/interrupt"
)

// interruptProgram makes: interrupt CHANGES CODE ARGUMENT... It sends the program the
// signal at so many changes, the last of which is in flight until the program
// says that it is ending; when it is to leave at once, it is sent another one then, and
// the change is in flight until it is gone. It checks how the program exits.
func interruptProgram(signal os.Signal, leaveAtOnce bool) func(*testscript.TestScript, bool, []string) {
	return func(script *testscript.TestScript, _ bool, arguments []string) {
		w := worldOf(script)
		after, err := strconv.Atoi(arguments[0])
		script.Check(err)
		want, err := strconv.Atoi(arguments[1])
		script.Check(err)
		reached, letGo := w.holdAt(after)
		defer letGo()
		heard := make(chan os.Signal, 1) // a test that nohup started ignores some, and so would the program
		ossignal.Notify(heard, signal)
		program := startProgram(script, arguments[2:])
		ossignal.Stop(heard)
		program.until(reached, "the change")
		script.Check(interrupt.Send(program.Process, signal))
		program.until(program.printed.heard, "it said that it is ending")
		if leaveAtOnce {
			script.Check(interrupt.Send(program.Process, signal))
		} else {
			letGo()
		}
		err = program.end()
		_, _ = script.Stdout().Write(program.printed.text)
		checkExit(script, err, want)
	}
}

// holdAt keeps the nth change from now in flight until letGo is called, and
// closes reached when it is there.
func (w *world) holdAt(after int) (reached <-chan struct{}, letGo func()) {
	arrived, leave := make(chan struct{}), make(chan struct{})
	w.mutex.Lock()
	w.wake, w.leave, w.after = arrived, leave, after
	w.mutex.Unlock()
	return arrived, sync.OnceFunc(func() { close(leave) })
}

// underWay is the program, while the script does something else.
type underWay struct {
	*exec.Cmd
	script  *testscript.TestScript
	printed *listener
	ended   chan struct{}
	err     error // what it ended with, once it has
}

// startProgram starts the program in the script's folder, with its server.
func startProgram(script *testscript.TestScript, arguments []string) *underWay {
	path, err := exec.LookPath("cucbulk")
	script.Check(err)
	p := &underWay{Cmd: exec.Command(path, arguments...), script: script, printed: &listener{waitsFor: "cucbulk: ending", heard: make(chan struct{})}, ended: make(chan struct{})}
	p.Dir = script.MkAbs(".")
	for _, name := range []string{"CUCBULK_SERVER", "CUCBULK_USER", "CUCBULK_PASSWORD", syncedFile} {
		p.Env = append(p.Env, name+"="+script.Getenv(name))
	}
	p.Stdout, p.Stderr = p.printed, p.printed
	interrupt.Prepare(p.Cmd)
	script.Check(p.Start())
	go func() {
		p.err = p.Wait()
		close(p.ended)
	}()
	script.Defer(func() { // of a script that failed
		_ = p.Process.Kill()
		<-p.ended
	})
	return p
}

// until waits for something that the program does or says, which fails when it ends
// before that.
func (p *underWay) until(happened <-chan struct{}, what string) {
	select {
	case <-happened:
		return
	case <-p.ended:
	}
	select {
	case <-happened:
	default:
		p.script.Fatalf("it ended before %s: %v\n%s", what, p.err, p.printed.text)
	}
}

// end waits for the program's end, and keeps its output for "nowhere".
func (p *underWay) end() error {
	<-p.ended
	p.script.Check(appendTo(filepath.Join(worldOf(p.script).work, "output.txt"), string(p.printed.text)))
	return p.err
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
	other := startProgram(script, arguments[at+1:])
	other.until(reached, "its first change")
	checkExit(script, script.Exec(arguments[1], arguments[2:at]...), want)
	letGo()
	checkExit(script, other.end(), 0)
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
