package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

// usageError is a command line that can't be carried out as it stands.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

func misused(format string, values ...any) error {
	return &usageError{fmt.Sprintf(format, values...)}
}

// exitStatus heads the last part of each command's help.
const exitStatus = "\n\nEXIT STATUS\n"

// runExits are the exit codes of the commands that send rows.
const runExits = `  0  every row is done
  1  could not run: file, connection, sign-in, certificate, disk
  2  the command line is wrong
  3  the input has errors; nothing was sent
  4  finished, and some rows are not done: see rejects.csv
  5  stopped by a guard rail
  6  interrupted; resume goes on
  7  finished, and some rows are uncertain`

// oneArgument refuses a command line without exactly one argument, and says what
// it is.
func oneArgument(what string) cobra.PositionalArgs {
	return func(command *cobra.Command, arguments []string) error {
		if len(arguments) == 1 {
			return nil
		}
		return misused("%s takes one argument, %s, and got %d; see: %s --help", command.Name(), what, len(arguments), command.CommandPath())
	}
}

func didYouMean(near string) string {
	if near == "" {
		return ""
	}
	return "; did you mean " + near + "?"
}

// outputFormat is the value of --format.
type outputFormat string

// eachLine says what JSON is of commands that print as they go.
const eachLine = ": json is one object a line, and a summary at the end"

// declare declares the flag. more is what its help says beside what it takes.
func (f *outputFormat) declare(command *cobra.Command, more string) {
	command.Flags().StringVar((*string)(f), "format", "text", "`text|json`"+more)
}

func (f outputFormat) isJSON() bool { return f == "json" }

// check refuses what the flag does not take.
func (f outputFormat) check() error {
	if f != "text" && f != "json" {
		return misused("--format takes text or json, not %q", string(f))
	}
	return nil
}
