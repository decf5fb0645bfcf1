package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/cupi/trace"
	"cucbulk/internal/codes"
	"cucbulk/internal/crash"
)

// collectAt is by how many per cent the memory may grow before it is cleaned up. Half
// of what Go does by itself costs hardly any time, because what grows with the
// rows holds no pointers.
const collectAt = 60

// program is one call of the program.
type program struct {
	Environment
	terminal io.Writer // stderr as it is, for the bar
	data     io.Writer // stdout as it is, unless that is a terminal: for what must arrive byte for byte
	begun    bool      // the command line was understood
	recorded bool      // a run folder holds all that is told: who reads it there misses nothing
	exit     int
	trace    *trace.Writer // nil: none is written
}

// usageError is a command line that can't be carried out as it stands.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

func misused(format string, values ...any) error {
	return &usageError{fmt.Sprintf(format, values...)}
}

// Main runs the command that the arguments name and returns its exit code. When
// ctx ends, the command ends as soon as what is in flight is done.
func Main(ctx context.Context, environment Environment) int {
	debug.SetGCPercent(collectAt)
	log.SetOutput(io.Discard) // net/http logs what servers say, secrets included
	ctx, interrupt := context.WithCancel(ctx)
	defer interrupt()
	stdout, stderr := &stream{out: environment.Stdout, closed: interrupt}, &stream{out: environment.Stderr, closed: interrupt}
	p := &program{Environment: environment, terminal: stderr, data: stdout}
	p.Stdout, p.Stderr = inertWriter{stdout}, inertWriter{stderr}
	if p.StdoutIsTerminal {
		p.data = p.Stdout
	}
	root := p.rootCommand()
	root.SetArgs(p.Args)
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	var err error
	if mistake := crash.Caught(func() { err = root.ExecuteContext(ctx) }); mistake != nil {
		err = fmt.Errorf("%w. A run that was begun is in its journal: cucbulk resume goes on with it", mistake)
	}
	if lost := stdout.lost(); lost != nil && (err == nil || errors.Is(err, lost)) {
		err = p.unread(lost)
	}
	if err == nil {
		return p.exit
	}
	p.say("cucbulk: ", oneLine(sentence(err)))
	return p.exitOf(err)
}

// unread is the error of a command that did what it should, but whose words did not all
// arrive. A code that tells of more stays. Whoever closes the end of a pipe has read
// enough, and of a run the folder has it all.
func (p *program) unread(lost error) error {
	switch closed := errors.Is(lost, syscall.EPIPE); {
	case p.exit != 0 || closed && p.recorded:
		return &record.Stop{Exit: p.exit, Code: codes.Stdout, Reason: "not all of this could be printed; what was done stands", Err: lost}
	case closed:
		return &record.Stop{Exit: record.ExitInterrupted, Code: codes.Stdout, Reason: "what reads the output ended before all was printed", Err: lost}
	}
	return &record.Stop{Exit: record.ExitFailed, Code: codes.Stdout, Reason: "not all of this could be printed; what was done stands", Err: lost}
}

// exitOf is the exit code of a command that ended with an error.
func (p *program) exitOf(err error) int {
	var usage *usageError
	var stop *record.Stop
	switch {
	case errors.As(err, &usage):
		return record.ExitUsage
	case errors.As(err, &stop):
		return stop.Exit
	case errors.Is(err, context.Canceled):
		return record.ExitInterrupted
	case !p.begun:
		return record.ExitUsage
	}
	return record.ExitFailed
}

// does makes the function that cobra calls of one that gives an exit code.
func (p *program) does(work func(ctx context.Context, arguments []string) (exit int, err error)) func(*cobra.Command, []string) error {
	return func(command *cobra.Command, arguments []string) error {
		p.begun = true
		defer p.closeTrace()
		var err error
		p.exit, err = work(command.Context(), arguments)
		return err
	}
}

func (p *program) print(format string, values ...any) {
	fmt.Fprint(p.Stdout, softened(fmt.Sprintf(format, values...), p.outputColumns()))
}

// outputColumns is how wide the terminal is that stdout is; 0: it is none, or nobody knows.
func (p *program) outputColumns() int {
	if !p.StdoutIsTerminal || p.StdoutSize == nil {
		return 0
	}
	width, _ := p.StdoutSize()
	return width
}

// errorColumns is the same of stderr.
func (p *program) errorColumns() int {
	if !p.StderrIsTerminal || p.StderrColumns == nil {
		return 0
	}
	return p.StderrColumns()
}

// hanging breaks a text into lines that fit the terminal, see [hanging].
func (p *program) hanging(first, margin, text string) string {
	width := cmp.Or(p.outputColumns(), p.errorColumns(), columns)
	return hangingIn(min(columns, width), first, margin, strings.Fields(text))
}

// printJSON prints a value on one line.
func (p *program) printJSON(value any) {
	_ = json.NewEncoder(p.Stdout).Encode(value) // a closed stdout does not change what is found
}

// warn tells on stderr what goes on all the same.
func (p *program) warn(format string, values ...any) {
	p.say("cucbulk: warning: ", fmt.Sprintf(format, values...))
}

// say tells a sentence on stderr. A terminal would break words at its edge; there the lines end
// between them.
func (p *program) say(first, text string) {
	fmt.Fprint(p.Stderr, sentenceIn(p.errorColumns(), first, text))
}

// canAsk reports whether a person is there to answer.
func (p *program) canAsk() bool { return p.StdinIsTerminal && p.StderrIsTerminal }

// ask puts a question and reports whether the answer is the one word for word.
func (p *program) ask(ctx context.Context, question, wanted string) (bool, error) {
	fmt.Fprintf(p.Stderr, "%s\nType  %s  to go on: ", question, wanted)
	answer, err := waitFor(ctx, func() ([]byte, error) { return readLine(p.Stdin) }, func() { fmt.Fprintln(p.Stderr) })
	if err != nil {
		return false, err
	}
	return oneLine(string(answer)) == wanted, nil
}

// readLine reads up to a line feed and not a byte further.
func readLine(source io.Reader) ([]byte, error) {
	var line []byte
	next := make([]byte, 1)
	for {
		n, err := source.Read(next)
		switch {
		case n == 1 && next[0] == '\n':
			return line, nil
		case n == 1:
			line = append(line, next[0])
		case errors.Is(err, io.EOF):
			return line, nil
		case err != nil:
			return nil, fmt.Errorf("the answer can't be read: %w", err)
		}
	}
}
