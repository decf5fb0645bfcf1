package cli

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
)

// What is asked of each of several files that are one run, where that is not the same of all: by a plan, by the runs whose
// rejects they are, and by the run since which their rows are looked at.

// takeEach takes what is asked of each file from what the command line says of all.
func (o *runOptions) takeEach(command *cobra.Command, all *asked) error {
	for i, file := range o.files {
		one := &fileOfSeries{asked: *all}
		if all.batch.Since != nil {
			since := *all.batch.Since
			one.batch.Since = &since
		}
		var err error
		if o.planned != nil {
			one.agreement = o.planned.files[i]
			all.connection.asOf(one.Server, one.Account)
			before := asked{batch: one.Options, sheet: one.Input.Sheet}
			err = one.takeFrom(&before, command, groupsOfFile)
			one.asked.batch.Plan, one.refuses = one.SHA256, all.planDrift == driftRefuse
		}
		if err == nil && all.continues != "" {
			err = o.continueFile(command, one, i)
		}
		if err == nil {
			err = errors.Join(one.checkLeavers(), one.checkPINs(), one.checkMapping(), one.checkSince(o.out))
		}
		if err == nil && all.batch.Since != nil {
			err = one.sinceFileOf(file, i, len(o.files))
		}
		if err != nil {
			return err
		}
		o.each = append(o.each, one)
	}
	all.connection = o.each[0].connection
	return nil
}

// continueFile lets a file be the rejects of one of the runs of a series.
func (o *runOptions) continueFile(command *cobra.Command, one *fileOfSeries, i int) error {
	if !record.IsSeries(one.continues) {
		return misused("--continues names the run of one file, and several are named: name the folder of a run of several " +
			"files, or run each by itself")
	}
	series, err := record.ReadSeries(one.continues)
	if err != nil {
		return err
	}
	stage := stageAt(series, o.files[i])
	if stage < 0 && len(o.files) == len(series.Stages) && !slices.ContainsFunc(o.files,
		func(file string) bool { return stageAt(series, file) >= 0 }) {
		stage = i
	}
	if stage < 0 {
		return misused("%s is no file of %s, and nothing tells of which of its runs it is the rejects.csv: name those in "+
			"their folders, as %s",
			o.files[i], one.continues, filepath.Join(series.Path(0), "rejects.csv"))
	}
	one.continues = series.Path(stage)
	return one.continueRun(command, o.files[i])
}

// sinceFileOf takes of a run of several files, where --since names one, the run of a file: that of the same name, or,
// of as many files, the one in its place among them.
func (a *asked) sinceFileOf(file string, place, files int) error {
	since := a.batch.Since
	switch {
	case since == nil || since.Run == record.SinceLast || since.Run == "":
		return nil
	case !record.IsSeries(since.Run) && files > 1:
		return misused("--since names the run of one file, and several are named: name the folder of a run of several, or last")
	case !record.IsSeries(since.Run):
		return nil
	}
	series, err := record.ReadSeries(since.Run)
	if err != nil {
		return err
	}
	named := func(stage record.Stage) bool {
		return strings.EqualFold(filepath.Base(stage.File), filepath.Base(file))
	}
	stage := slices.IndexFunc(series.Stages, named)
	if files == len(series.Stages) && (stage < 0 || named(series.Stages[place])) { // two may have one name, in two folders
		stage = place
	}
	if stage < 0 {
		return misused("--since: %s has no run of %s: name one that has, or last", since.Run, file)
	}
	since.Run = series.Path(stage)
	return nil
}
