package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

// The plan of several files that are one run: its folder has that of each file, and the file of the series, which names each
// by its SHA-256. So the SHA-256 of that file is the one of the plan.

// plannedSeries is such a plan, to be run.
type plannedSeries struct {
	*record.Series
	files []*agreement // in the order in which they go
}

// plannedSeriesOf reads the plan that a command line names, if it is of several files.
func plannedSeriesOf(command *cobra.Command) (*plannedSeries, error) {
	folder, _ := command.Flags().GetString("plan")
	if folder == "" || !record.IsSeries(folder) {
		return nil, nil
	}
	series, err := record.ReadPlannedSeries(folder)
	if err != nil {
		return nil, err
	}
	sha, _ := command.Flags().GetString("plan-sha256")
	if err := refuseOtherPlan(folder, sha, series.SHA256); err != nil {
		return nil, err
	}
	p := &plannedSeries{Series: series}
	for i, stage := range series.Stages {
		if stage.Plan == "" {
			return nil, fmt.Errorf("%s has no plan of what %s does, because that file, or one before it, had errors: mend "+
				"them, and make the plan again",
				folder, stage.File)
		}
		plan, err := reports.ReadPlan(series.Path(i))
		if err != nil {
			return nil, err
		}
		if plan.SHA256 != stage.Plan {
			return nil, fmt.Errorf("%s is not the one that was made with the plan in %s: its SHA-256 is %s, and that plan "+
				"says %s; make it again",
				filepath.Join(plan.Folder, reports.PlanFile), folder, plan.SHA256, stage.Plan)
		}
		p.files = append(p.files, &agreement{Plan: plan})
	}
	return p, nil
}

// filesOr are the files that were named, or else those of the plan.
func (p *plannedSeries) filesOr(named []string) ([]string, error) {
	if len(named) > 0 && len(named) != len(p.files) {
		return nil, misused("the plan in %s is of %d files, and %d are named: name all, in the order of the plan, or none",
			p.Folder, len(p.files), len(named))
	}
	if len(named) > 0 {
		return named, nil
	}
	for i, file := range p.files {
		if file.Path == "" {
			return nil, misused("the plan in %s is of rows that came through a pipe: name files that hold them, all in the "+
				"order of the plan", p.Folder)
		}
		path := file.Path
		if as := p.Stages[i].File; isOneFile(as, path) {
			path = as // as people call it
		}
		named = append(named, path)
	}
	return named, nil
}

// isOneFile reports whether two paths lead to one file.
func isOneFile(one, other string) bool {
	about, err := os.Stat(one)
	also, missing := os.Stat(other)
	return err == nil && missing == nil && os.SameFile(about, also)
}

// planOfSeries carries out the plan in a folder.
func planOfSeries(folder, sha256 string, a again) shell.Command {
	c := shell.New("run").Flag("plan", folder)
	if sha256 != "" {
		c = c.Flag("plan-sha256", sha256)
	}
	return a.on(c, groupsOfServer|groupsOfLimits)
}
