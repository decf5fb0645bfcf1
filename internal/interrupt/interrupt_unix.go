//go:build unix

package interrupt

import (
	"os"
	"os/exec"
)

// Prepare lets a program that was not started yet be interrupted alone.
func Prepare(*exec.Cmd) {}

// Send sends a program a signal, such as [os.Interrupt].
func Send(program *os.Process, signal os.Signal) error { return program.Signal(signal) }
