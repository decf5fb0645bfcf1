package interrupt

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/windows"
)

// Prepare lets a program that was not started yet be interrupted alone: it gets a console
// without a window.
func Prepare(program *exec.Cmd) {
	program.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NO_WINDOW}
}

// attached is held by whoever is at another process's console: a process has one.
var attached sync.Mutex

// Send presses Ctrl-C at a program's console, the only signal that it can get there.
func Send(program *os.Process, _ os.Signal) error {
	return AtConsole(program, func() error {
		heard := make(chan os.Signal, 1) // here too: else it would end this process
		signal.Notify(heard, os.Interrupt)
		defer signal.Stop(heard)
		if err := windows.GenerateConsoleCtrlEvent(windows.CTRL_C_EVENT, 0); err != nil {
			return err
		}
		<-heard
		return nil
	})
}

// AtConsole does something at the console of a program, which becomes that of this process
// for as long.
func AtConsole(program *os.Process, do func() error) error {
	attached.Lock()
	defer attached.Unlock()
	kernel := windows.NewLazySystemDLL("kernel32.dll")
	leave, join := kernel.NewProc("FreeConsole"), kernel.NewProc("AttachConsole")
	_, _, _ = leave.Call() // there need not be one
	if joined, _, err := join.Call(uintptr(program.Pid)); joined == 0 {
		return err
	}
	err := do()
	if left, _, problem := leave.Call(); left == 0 {
		err = errors.Join(err, problem)
	}
	return err
}
