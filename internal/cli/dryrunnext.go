package cli

import (
	"os"
	"path/filepath"

	"cucbulk/batch/record"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

// next suggests what to type after what was found.
func (o *dryRunOptions) next(found dryRunReport) []reports.Suggestion {
	var next []reports.Suggestion
	if found.Forecast != nil && o.show == showProblems && found.Forecast.Counts.Changed() > 0 {
		next = append(next, suggestion("See what each row would change:", o.checkAgain.Flag("show", showChanges)))
	}
	if found.list.shortened {
		next = append(next, suggestion("See every problem on a line of its own:", o.checkAgain.Switch("all")))
	}
	switch {
	case found.noOperation:
		return append(next, suggestion("Say what to do with the rows, for example:", o.checkAgain.Flag("operation", "create")))
	case found.ExitCode != 0 && found.Out != "" && found.Invalid+found.failing > 0:
		return append(next, suggestion("Mend the file, then check it again:", o.checkAgain),
			suggestion("Or mend only the rows that are wrong, and run those:", o.runProblems()))
	case found.ExitCode != 0:
		return append(next, suggestion("Mend the file, then check it again:", o.checkAgain))
	case found.Forecast == nil:
		return append(next, suggestion("See what a run would do on the server:", o.carryOut.Switch("dry-run")))
	}
	if found.PlanSHA != "" {
		next = append(next, suggestion("When it is agreed to, do just what the plan says:", o.runPlan(found.PlanSHA)))
	}
	return append(next, suggestion("Do what the file says:", o.carryOut))
}

// runProblems runs the rows that were wrong, when they are mended.
func (o *dryRunOptions) runProblems() shell.Command {
	path := filepath.Join(o.out, reports.ProblemsFile)
	if _, err := os.Stat(path + record.Sealed); err == nil {
		return o.runFile("-").Behind("age -d -i KEY " + shell.Word(path+record.Sealed))
	}
	return o.runFile(path)
}
