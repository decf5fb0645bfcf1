package cli

import (
	"iter"
	"os"
	"path/filepath"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/reports"
)

// writePlan writes what was found into the folder that was asked for: for people, for those who
// mend the rows, and as a plan that can be run. Without rows the server was not asked.
func (o *dryRunOptions) writePlan(checked *plan.Checked, rows iter.Seq2[batch.Preview, error], found *dryRunReport) error {
	preflight := reports.Preflight{Checked: checked, Rows: rows}
	preflight.Found = func() (reports.Findings, error) {
		plan := found.plan
		plan.Version, plan.Tool, plan.Input, plan.Options = batch.SavedPlanVersion, tool(), checked.Input, o.batch
		plan.Options.Object = checked.Options.Object // the headings may have told it
		if plan.Options.Since = checked.Options.Since; plan.Options.Since != nil && plan.Options.Since.Run == "" {
			plan.Options.Since = nil // there was none
		}
		if o.file != "-" {
			path, err := filepath.Abs(o.file)
			if err != nil {
				return reports.Findings{}, err
			}
			plan.Path = path
		}
		findings := reports.Findings{Plan: plan, ExitCode: found.ExitCode, Preflight: found.Preflight}
		if found.Forecast != nil {
			findings.Time = timeText(*found)
		}
		for _, kind := range found.problems {
			findings.Problems = append(findings.Problems, reports.ProblemKind{
				Column: kind.Column, Code: kind.Code, Warning: kind.Warning, Rows: kind.Rows, Lines: kind.lines(), Example: kind.Example,
			})
		}
		return findings, nil
	}
	preflight.Next = func(planSHA256 string) []reports.Suggestion {
		found.Out, found.PlanSHA = o.out, planSHA256
		return o.next(*found)
	}
	_, notices, err := preflight.Write(o.out)
	for _, notice := range notices {
		o.warn("%s", notice)
	}
	return err
}

// tellFolder says what is in the folder.
func (s *screen) tellFolder(folder string) {
	s.print("\nThe folder is %s\n", folder)
	for _, file := range reports.PreflightFiles() {
		if _, err := os.Stat(filepath.Join(folder, file.Name)); err == nil {
			s.print("  %-15s %s\n", file.Name, file.Purpose)
		}
	}
}
