package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/cupi/audio"
)

// program is one call of the program. A command takes of it what it needs.
type program struct {
	screen  *screen
	access  *access
	folders runFolders
	begun   bool // the command line was understood
	exit    int
}

// newProgram has what commands need of the process around them.
func newProgram(environment Environment) *program {
	s := newScreen(environment.Streams, environment.Getenv("CI") != "")
	return &program{
		screen:  s,
		access:  &access{screen: s, audio: new(audio.Store), getenv: environment.Getenv, readPassword: environment.ReadPassword},
		folders: runFolders{s, environment.JournalSynced},
	}
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
		defer p.access.closeTrace()
		var err error
		p.exit, err = work(command.Context(), arguments)
		return err
	}
}
