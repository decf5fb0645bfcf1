package cli

import (
	"strconv"
	"time"

	"cucbulk/batch/record"
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
	groupTenant          // of whom alone all is
	groupMap             // what cells mean on the server
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
	groupWhat            // what every row of a file does, and to what
	groupSync            // of a file about everybody, who that is, and what becomes of the others

	groupsOfServer = groupServer | groupAccount | groupConfig
	groupsOfClient = groupsOfServer | groupTrace
	groupsOfLimits = groupRails | groupPatience | groupSchedule // may be given anew to a resume
	groupsOfFile   = groupSheet | groupContinues | groupWhat | groupSync | groupRows | groupTenant | groupMap | groupCopy |
		groupFilter | groupInvalid | groupSince

	// Of the rows that are wrong, in a file of their own.
	groupsOfProblems = groupsOfFile &^ (groupSheet | groupSync | groupFilter | groupSince)
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
