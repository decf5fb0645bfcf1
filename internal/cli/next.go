package cli

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

// again are flags of a command line that the next command needs too, as name=value. The
// journal keeps those of each start, so that every line that goes on with a run is the same
// one, whoever writes it and whenever.
type again []string

// typedAgain are those of the flags of these groups that stand on the command line.
func typedAgain(command *cobra.Command, groups group) again {
	var a again
	for _, o := range options() {
		if o.group&groups != 0 && typed(command, o.name) {
			a = append(a, o.name+"="+command.Flags().Lookup(o.name).Value.String())
		}
	}
	return a
}

// value is what a flag was given, if it was.
func (a again) value(name string) (string, bool) {
	for _, flag := range a {
		if typed, value, _ := strings.Cut(flag, "="); typed == name {
			return value, true
		}
	}
	return "", false
}

// over gives these flags, and those of others that are not among them.
func (a again) over(others again) again {
	all := slices.Clone(a)
	for _, flag := range others {
		name, _, _ := strings.Cut(flag, "=")
		if _, there := a.value(name); !there {
			all = append(all, flag)
		}
	}
	return all
}

// without gives the flags but for one.
func (a again) without(name string) again {
	return slices.DeleteFunc(slices.Clone(a), func(flag string) bool { return strings.HasPrefix(flag, name+"=") })
}

// on adds those of these groups to a command.
func (a again) on(c shell.Command, groups group) shell.Command {
	for _, o := range options() {
		if value, there := a.value(o.name); there && o.group&groups != 0 {
			c = o.on(c, value)
		}
	}
	return c
}

// resumeOf goes on with the run or the rollback in a folder. input is that of a run that
// keeps no copy, else "".
func resumeOf(folder, input string, a again) shell.Command {
	if input != "" {
		a = a.over(again{"input=" + input})
	}
	return a.on(shell.New("resume").File(folder), groupInput|groupsOfServer|groupsOfLimits)
}

// resumeFrom is the command that goes on with what a journal tells of.
func resumeFrom(history *record.History, a again) shell.Command {
	if series := record.SeriesOf(history.Folder); series != "" {
		return resumeOf(series, "", a.over(history.Typed))
	}
	input := ""
	if history.Header.Kind == record.KindRun && !history.Spooled() {
		input = history.Header.Input.Name
	}
	return resumeOf(history.Folder, input, a.over(history.Typed))
}

// typedOf is the command that has such options, and those of them that are typed with it: of a file
// about everybody it finds out by itself what the rows do.
func typedOf(options record.Options) (name string, typed record.Options) {
	if options.Sync == nil {
		return "run", options
	}
	options.Object, options.Operation, options.KeptPINLength = "", "", 0
	return "sync", options
}

// commandOf runs a file with such options.
func commandOf(file, sheet string, options record.Options, groups group) shell.Command {
	name, options := typedOf(options)
	return (&asked{sheet: sheet, batch: options}).on(shell.New(name).File(file), groups)
}

// nextOf is what can be done after a run or a rollback, as its files tell it.
func nextOf(history *record.History) []reports.Suggestion { return nextAfter(history, nil) }

// nextAfter is that for a command that was typed with flags of its own.
func nextAfter(history *record.History, own again) []reports.Suggestion {
	whole := cmp.Or(record.SeriesOf(history.Folder), history.Folder)
	if history.Running {
		return []reports.Suggestion{suggestion("It is still at work. When it has ended, write its files again:",
			shell.New("report").File(history.Folder))}
	}
	a := own.over(history.Typed)
	var next []reports.Suggestion
	if !history.Finished() {
		next = append(next, suggestion("Go on where it stopped:", resumeFrom(history, a)))
	}
	if n := toLookAt(history); n > 0 {
		next = append(next, reports.Suggestion{When: fmt.Sprintf("A person must look at %s; Message says why:",
			rowsText(n)), Command: shell.Word(filepath.Join(history.Folder, reports.ResultsFile))})
	}
	kept := suggestion("See that the server kept what was written:", a.on(shell.New("verify").File(whole), groupsOfServer))
	switch {
	case history.Header.Kind == record.KindRollback && history.Finished():
		return append(next, kept)
	case history.Header.Kind == record.KindRollback:
		return next
	case history.Exit() == record.ExitInvalid:
		return append(next, nextOfRefused(history, a)...)
	case history.Finished() && reports.Rejected(history) > 0 && history.Header.Options.Sync != nil:
		next = append(next, suggestion(fmt.Sprintf("Mend what is not done (%s) in the file, and run it again:",
			rowsText(reports.Rejected(history))), sameFile(history, history.Header.Options, a)))
	case history.Finished() && reports.Rejected(history) > 0:
		next = append(next, suggestion(fmt.Sprintf("Mend what is not done (%s), and run it:",
			rowsText(reports.Rejected(history))), runOfRejects(history, a)))
		if options := history.Header.Options; options.Exact {
			options.Plan = ""
			next = append(next, suggestion("Then mend the whole file too, and run it, so that those leave whom it does not name:",
				a.on(commandOf(history.Header.Input.Name, history.Header.Input.Sheet, options, groupsOfFile),
					groupsOfServer|groupsOfLimits)))
		}
	}
	if history.Counts().Changed() > 0 {
		next = append(next, kept, suggestion("Take it back:", rollbackOf(history, a)))
	}
	return next
}

// toLookAt is how many rows no command mends.
func toLookAt(history *record.History) int {
	ended := history.Rows.Ended() // resume sees to the others
	open := ended[record.Uncertain] + ended[record.Kept]
	if history.Header.Kind == record.KindRollback { // it has no rejects to mend
		open += ended[record.Failed]
	}
	return open
}

// nextOfRefused is what to do about a file with errors.
func nextOfRefused(history *record.History, a again) []reports.Suggestion {
	if record.SeriesOf(history.Folder) != "" { // with the other files; the end of the command says how
		return nil
	}
	run := func(options record.Options) shell.Command { return sameFile(history, options, a) }
	options := history.Header.Options
	next := []reports.Suggestion{suggestion("Mend the file and run it again:", run(options))}
	if options.Plan != "" { // a mended file is none that was agreed to
		next = []reports.Suggestion{suggestion("Mend the file, then see what a run would do now:", run(options).Switch("dry-run"))}
	}
	if reports.Rejected(history) < history.Header.Rows && !options.SkipInvalid && !options.Exact {
		options.SkipInvalid = true
		// With plan-drift at refuse, they would be refused again.
		next = append(next, suggestion("Or do the other rows now:", a.without("plan-drift").on(run(options), groupPlan)))
	}
	return next
}

// sameFile runs the file of a run again.
func sameFile(history *record.History, options record.Options, a again) shell.Command {
	c := commandOf(history.Header.Input.Name, history.Header.Input.Sheet, options, groupsOfFile)
	return a.on(c, groupsOfServer|groupsOfLimits)
}

// runOfRejects runs the rejects of a run, which only their reader can read if they are sealed.
func runOfRejects(history *record.History, a again) shell.Command {
	name := reports.RejectsName(history)
	path := filepath.Join(history.Folder, name)
	c := shell.New("run").File(path)
	if name != reports.RejectsFile {
		c = shell.New("run").File("-").Behind("age -d -i KEY " + shell.Word(path))
	}
	return a.on(c.Flag("continues", history.Folder), groupsOfServer|groupsOfLimits)
}

// rollbackOf takes a run back.
func rollbackOf(history *record.History, a again) shell.Command {
	whole := cmp.Or(record.SeriesOf(history.Folder), history.Folder)
	return a.over(history.Typed).on(shell.New("rollback").File(whole), groupsOfServer)
}

func suggestion(when string, c shell.Command) reports.Suggestion {
	return reports.Suggestion{When: when, Command: c.String()}
}

// planOf begins a command that carries out the plan in a folder, with such options.
func planOf(options record.Options, folder, sha256 string) shell.Command {
	name, _ := typedOf(options)
	return shell.New(name).Flag("plan", folder).Flag("plan-sha256", sha256)
}
