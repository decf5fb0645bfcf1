package cli

import (
	"errors"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cucbulk/batch/record"
	"cucbulk/internal/shell"
)

// option is a flag that several commands take, or that the next command needs again. The
// table in options.go has one for each; whatever is done with flags goes by that table.
type option struct {
	name    string
	group   group
	kind    kind
	initial string // the value when none is given, "" for none
	usage   string

	set func(*asked, []string) error // takes the texts that were given
	get func(*asked) []string        // gives them back as they would be typed, nil for the initial value; no function: see again
}

// group is what an option is about. Commands take options by groups.
type group uint

const (
	groupSheet     group = 1 << iota
	groupContinues       // which run's rejects the input is
	groupInput           // where the input of a run is that keeps no copy
	groupRows            // how rows are meant
	groupCopy            // whether the run folder has a copy of the input
	groupFilter          // which rows are meant
	groupInvalid         // what becomes of the others if some are invalid
	groupProblems        // how problems are told
	groupPlan            // the plan that a run is held to
	groupUndo            // what a rollback takes back, and how
	groupServer          // which server
	groupAccount         // how to talk to it
	groupConfig          // the file of flags
	groupRails           // guard rails, and what is recorded for a rollback
	groupPatience        // how long to wait for a server in trouble
	groupSchedule        // when to send
	groupSince           // the run since which rows are looked at
	groupTrace           // what was said, which no next command says again: its file is there

	groupsOfServer = groupServer | groupAccount | groupConfig
	groupsOfClient = groupsOfServer | groupTrace
	groupsOfLimits = groupRails | groupPatience | groupSchedule // may be given anew to a resume
	groupsOfFile   = groupSheet | groupContinues | groupRows | groupCopy | groupFilter | groupInvalid | groupSince

	groupsOfProblems = groupsOfFile &^ (groupSheet | groupFilter | groupSince) // of the rows that are wrong, in a file of their own
)

// kind is what a flag takes.
type kind int

const (
	aText kind = iota
	aList      // may be repeated
	aNumber
	aSwitch
	aSpan // of time
	aRate
)

// asked is what a command line, the environment and the file of flags ask for.
type asked struct {
	connection
	batch                    record.Options
	undo                     record.UndoOptions
	sheet, input             string
	continues                string
	allProblems              bool // each on a line of its own
	plan, planSHA, planDrift string
	randomPINs               bool          // users get PINs of so many digits
	keepsMailbox             bool          // and users whose mailboxes are kept in place of deleting them
	pinLength                int           // 0: not said
	doubtWindow              time.Duration // 0: none is given
}

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

// The ways in which most options keep what they are given.

func keepsText(place func(*asked) *string) func(*asked, []string) error {
	return func(a *asked, texts []string) error { *place(a) = texts[0]; return nil }
}

func keepsYes(place func(*asked) *bool) func(*asked, []string) error {
	return func(a *asked, texts []string) (err error) { *place(a), err = strconv.ParseBool(texts[0]); return err }
}

func keepsNumber(place func(*asked) *int) func(*asked, []string) error {
	return func(a *asked, texts []string) (err error) { *place(a), err = strconv.Atoi(texts[0]); return err }
}

func keepsSpan(place func(*asked) *time.Duration) func(*asked, []string) error {
	return func(a *asked, texts []string) (err error) {
		*place(a), err = time.ParseDuration(texts[0])
		return err
	}
}

// givesText gives back a text that is not the initial one.
func givesText(place func(*asked) *string) func(*asked) []string {
	return func(a *asked) []string { return some(*place(a)) }
}

func givesYes(place func(*asked) *bool) func(*asked) []string {
	return func(a *asked) []string {
		if *place(a) {
			return []string{"true"}
		}
		return nil
	}
}

// some is a text alone, nil for none.
func some(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// connectionOf takes the connection that a command is asked for.
func connectionOf(command *cobra.Command) (connection, error) {
	var a asked
	err := a.take(command, groupsOfClient|groupSchedule)
	return a.connection, err
}
