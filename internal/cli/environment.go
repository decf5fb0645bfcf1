package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"cucbulk/batch/record"
	"cucbulk/internal/crash"
)

// ExitInterrupted is the exit code of a process that was told twice to end.
const ExitInterrupted = record.ExitInterrupted

// Environment is what a command has of the process around it.
type Environment struct {
	Args []string // without the program's name
	Streams
	Getenv func(name string) string

	// ReadPassword reads a line from the terminal without echo.
	ReadPassword func(ctx context.Context) ([]byte, error)

	// JournalSynced, if not nil, is told after each sync of a journal how many of
	// its bytes are durable.
	JournalSynced func(path string, bytes int64)
}

// Streams are what a command reads and writes, and what is known of their other ends.
type Streams struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer

	StdinIsTerminal, StdoutIsTerminal, StderrIsTerminal bool

	// StderrColumns tells how wide the terminal is now, 0 when that is not known;
	// nil: never known.
	StderrColumns func() int

	// StdoutSize tells how large the terminal is now, zeros when that is not known; nil:
	// never known.
	StdoutSize func() (columns, lines int)
}

// System is the environment of this process.
func System() Environment {
	return Environment{
		Args: os.Args[1:], Getenv: os.Getenv, ReadPassword: readPassword,
		Streams: Streams{
			Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
			StdinIsTerminal:  term.IsTerminal(int(os.Stdin.Fd())),
			StdoutIsTerminal: term.IsTerminal(int(os.Stdout.Fd())),
			StderrIsTerminal: term.IsTerminal(int(os.Stderr.Fd())),
			StderrColumns:    stderrColumns,
			StdoutSize:       stdoutSize,
		},
	}
}

func stderrColumns() int {
	width, _, err := term.GetSize(int(os.Stderr.Fd()))
	if err != nil {
		return 0
	}
	return width
}

func stdoutSize() (columns, lines int) {
	columns, lines, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		return 0, 0
	}
	return columns, lines
}

// readPassword gives the terminal its echo back also when ctx ends first.
func readPassword(ctx context.Context) ([]byte, error) {
	terminal := int(os.Stdin.Fd())
	before, err := term.GetState(terminal)
	if err != nil {
		return nil, fmt.Errorf("the terminal can't be read: %w", err)
	}
	return waitFor(ctx, func() ([]byte, error) { return term.ReadPassword(terminal) }, func() { _ = term.Restore(terminal, before) })
}

// waitFor runs a read that nothing can interrupt, and leaves it behind when ctx
// ends first.
func waitFor(ctx context.Context, read func() ([]byte, error), abandon func()) ([]byte, error) {
	type answer struct {
		text []byte
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		var a answer
		if mistake := crash.Caught(func() { a.text, a.err = read() }); mistake != nil {
			a.err = mistake
		}
		answers <- a
	}()
	select {
	case a := <-answers:
		return a.text, a.err
	case <-ctx.Done():
		abandon()
		return nil, ctx.Err()
	}
}
