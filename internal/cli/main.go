package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"runtime/debug"
	"syscall"

	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/internal/crash"
)

// collectAt is by how many per cent the memory may grow before it is cleaned up. Half of what
// Go does by itself costs hardly any time where files are checked, because what grows with the
// rows holds no pointers.
const collectAt = 60

// Main runs the command that the arguments name and returns its exit code. When
// ctx ends, the command ends as soon as what is in flight is done.
func Main(ctx context.Context, environment Environment) int {
	debug.SetGCPercent(collectAt)
	log.SetOutput(io.Discard) // net/http logs what servers say, secrets included
	ctx, interrupt := context.WithCancel(ctx)
	defer interrupt()
	stdout, stderr := &stream{out: environment.Stdout, closed: interrupt}, &stream{out: environment.Stderr, closed: interrupt}
	environment.Stdout, environment.Stderr = stdout, stderr
	p := newProgram(environment)
	root := rootCommand(p)
	root.SetArgs(environment.Args)
	root.SetIn(p.screen.Stdin)
	root.SetOut(p.screen.Stdout)
	root.SetErr(p.screen.Stderr)
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
	p.screen.say("cucbulk: ", oneLine(sentence(err)))
	return p.exitOf(err)
}

// unread is the error of a command that did what it should, but whose words did not all
// arrive. A code that tells of more stays. Whoever closes the end of a pipe has read
// enough, and of a run the folder has it all.
func (p *program) unread(lost error) error {
	switch closed := errors.Is(lost, syscall.EPIPE); {
	case p.exit != 0 || closed && p.screen.recorded:
		return &record.Stop{Exit: p.exit, Code: codes.Stdout, Reason: "not all of this could be printed; what was done stands", Err: lost}
	case closed:
		return &record.Stop{Exit: record.ExitInterrupted, Code: codes.Stdout,
			Reason: "what reads the output ended before all was printed", Err: lost}
	}
	return &record.Stop{Exit: record.ExitFailed, Code: codes.Stdout,
		Reason: "not all of this could be printed; what was done stands", Err: lost}
}
