package cli

import (
	"errors"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cucbulk/internal/shell"
)

// declare gives a command the flags of these groups.
func declare(command *cobra.Command, groups group) {
	for _, o := range options() {
		if o.group&groups != 0 {
			o.declare(command.Flags())
		}
	}
}

func (o option) declare(flags *pflag.FlagSet) {
	switch o.kind {
	case aText:
		flags.String(o.name, o.initial, o.usage)
	case aList:
		flags.StringArray(o.name, nil, o.usage)
	case aNumber:
		value, _ := strconv.Atoi(o.initial)
		flags.Int(o.name, value, o.usage)
	case aSwitch:
		flags.Bool(o.name, false, o.usage)
	case aSpan:
		value, _ := time.ParseDuration(o.initial)
		flags.Duration(o.name, value, o.usage)
	case aRate:
		flags.Var(new(rateValue), o.name, o.usage)
	}
}

// take takes the flags of these groups, as far as the command has them: those that are
// given, and the initial values of the others.
func (a *asked) take(command *cobra.Command, groups group) error {
	return a.takeSome(command, groups, func(o option, flag *pflag.Flag) bool { return flag.Changed || o.initial != "" })
}

// takeGiven takes those that are given, and leaves the others as they are.
func (a *asked) takeGiven(command *cobra.Command, groups group) error {
	return a.takeSome(command, groups, func(_ option, flag *pflag.Flag) bool { return flag.Changed })
}

func (a *asked) takeSome(command *cobra.Command, groups group, wanted func(option, *pflag.Flag) bool) error {
	var problems []error
	for _, o := range options() {
		flag := command.Flags().Lookup(o.name)
		if o.group&groups != 0 && flag != nil && wanted(o, flag) {
			problems = append(problems, o.set(a, texts(flag)))
		}
	}
	return errors.Join(problems...)
}

// takeFrom takes from what another command was asked what no flag says.
func (a *asked) takeFrom(other *asked, command *cobra.Command, groups group) error {
	var problems []error
	for _, o := range options() {
		if o.group&groups != 0 && !command.Flags().Changed(o.name) {
			if theirs := o.get(other); theirs != nil {
				problems = append(problems, o.set(a, theirs))
			}
		}
	}
	return errors.Join(problems...)
}

// texts are what a flag holds.
func texts(flag *pflag.Flag) []string {
	if many, repeated := flag.Value.(pflag.SliceValue); repeated {
		return many.GetSlice()
	}
	return []string{flag.Value.String()}
}

// on adds to a command what is asked for by the options of these groups.
func (a *asked) on(c shell.Command, groups group) shell.Command {
	for _, o := range options() {
		if o.group&groups == 0 || o.get == nil {
			continue
		}
		for _, value := range o.get(a) {
			c = o.on(c, value)
		}
	}
	return c
}

// on adds the option to a command.
func (o option) on(c shell.Command, value string) shell.Command {
	if o.kind == aSwitch {
		return c.Switch(o.name)
	}
	return c.Flag(o.name, value)
}

// connectionOf takes the connection that a command is asked for.
func connectionOf(command *cobra.Command) (connection, error) {
	var a asked
	err := a.take(command, groupsOfClient|groupSchedule)
	return a.connection, err
}
