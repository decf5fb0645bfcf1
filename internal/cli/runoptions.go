package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"cucbulk/batch/record"
	"cucbulk/internal/shell"
)

// runOptions are what run was asked to do, and what it does it with.
type runOptions struct {
	*screen
	access  *access
	folders runFolders
	connection
	batch     record.Options
	file, out string
	files     []string        // of which several are one run; nil: there is one
	objects   []string        // what each of these is about; nil: nothing is said
	sheet     string          // of a workbook
	plan      *agreement      // nil: none is given
	planned   *plannedSeries  // of several files; nil: none is given
	each      []*fileOfSeries // what is asked of each of several files; nil: the same of all
	dryRun    bool
	json      bool
	all       bool // each problem on a line of its own
	progress  string
	preview   dryRunOptions // of a dry run

	limitedDeletes bool // --max-deletes was given
	asked          int  // requests before the pre-flight

	again again
	begun func() // tells that the journal says so, and the folder is no start's any more
}

// source is where the rows come from.
func (o *runOptions) source() sourceFile {
	return sourceFile{o.screen, o.file, record.As{Sheet: o.sheet, Encoding: o.batch.Encoding}}
}

// inputIn takes the input into the folder, or leaves it where it stands.
func (o *runOptions) inputIn(ctx context.Context, folder string) (record.Input, error) {
	file := o.source()
	switch {
	case o.batch.Sync != nil:
		return file.copyTo(ctx, folder, record.OwnFile)
	case !o.batch.NoSpool:
		return file.copyTo(ctx, folder, record.InputFile)
	}
	if _, err := os.Stat(o.file); o.file != "-" && err != nil {
		return record.Input{}, fmt.Errorf("the input can't be read: %w", err)
	}
	if !file.canBeReadTwice() {
		return record.Input{}, misused("--no-spool reads the input twice, and %s can be read once: name a file", o.file)
	}
	return file.openInPlace()
}

// resume is the command that goes on with the run, once it has begun.
func (o *runOptions) resume(folder string) shell.Command {
	input := ""
	if o.batch.NoSpool {
		input = o.file
	}
	return resumeOf(folder, input, o.again)
}

// runPlan runs the plan that a dry run left.
func (o *runOptions) runPlan(sha256 string) shell.Command {
	return o.again.on(planOf(o.batch, o.out, sha256), groupsOfServer|groupsOfLimits)
}

// fileOfSeries is what is asked of one of several files.
type fileOfSeries struct {
	asked
	*agreement
}

// command does something with the files and the flags that were typed.
func (o *runOptions) command(name string) shell.Command {
	c := shell.New(name)
	for _, file := range o.files {
		c = c.File(file)
	}
	if o.objects != nil {
		c = c.Flag("object", strings.Join(o.objects, ","))
	}
	return o.again.on((&asked{sheet: o.sheet, batch: o.batch}).on(c, groupsOfFile), groupsOfServer|groupsOfLimits)
}
