package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/reports"
)

const cleanHelp = `Remove run folders that nobody needs any more: those whose journal was last written longer
ago than --keep, of which nothing is left to resume and nothing can be rolled back. It needs
no server, and changes nothing on one.

Kept, whatever its age, is a run that is at work, that resume can go on with, of which a
rollback can still take something back, whose journal can't be read, or that another run
needs which is kept; the record of a rollback, while its run is kept; and a folder that is a
link, or holds what no run leaves there. What is no run folder is never touched, and no link
is followed. Each that is kept though it is old is listed, with the reason.

--lose-resume and --lose-rollback remove also runs that could be resumed, or rolled back:
what they did can't be taken back then, and drawn PINs that only their folder has are gone.
DIR is the folder in which the run folders are (default runs).`

func cleanCommand(p *program) *cobra.Command {
	o := cleanOptions{screen: p.screen}
	var keep string
	command := &cobra.Command{
		Use: "clean [DIR] --keep SPAN [flags]", Short: "Remove old run folders that nobody needs",
		Long: cleanHelp + exitStatus + "  0  done\n  1  the folder can't be read, or something could not be removed\n" +
			"  2  the command line is wrong\n  6  interrupted; what was not reached is there still",
		Example: "  cucbulk clean --keep 90d --dry-run\n  cucbulk clean --keep 90d\n" +
			"  cucbulk clean /var/lib/cucbulk/runs --keep 365d --lose-rollback",
		Args: cobra.MaximumNArgs(1),
	}
	flags := command.Flags()
	flags.StringVar(&keep, "keep", "", "keep what was at work within this `SPAN`, such as 90d or 36h")
	flags.BoolVar(&o.dryRun, "dry-run", false, "only list what would be removed")
	flags.BoolVar(&o.loseResume, "lose-resume", false, "remove also runs that resume can go on with")
	flags.BoolVar(&o.loseRollback, "lose-rollback", false, "remove also runs that rollback can take back")
	command.RunE = p.does(func(ctx context.Context, arguments []string) (int, error) {
		var err error
		if keep == "" {
			return 0, misused("clean needs --keep, which says how old is old: --keep 90d")
		}
		if o.keep, err = parseSpan(keep); err != nil || o.keep <= 0 {
			return 0, misused("--keep takes a span of time such as 90d or 36h, not %q", keep)
		}
		o.folder, o.usual, o.now = folderOfRuns(arguments), len(arguments) == 0, time.Now()
		return o.clean(ctx)
	})
	return command
}

func (o *cleanOptions) clean(ctx context.Context) (int, error) {
	if reports.IsRun(o.folder) || record.IsSeries(o.folder) {
		return 0, misused("%s is a run folder: give the folder in which it is, %s", o.folder, filepath.Dir(o.folder))
	}
	list, err := listRuns(o.folder, o.usual, 0)
	if err != nil {
		return 0, err
	}
	old := o.old(list)
	removed, bytes, err := o.removeAll(ctx, old)
	if !o.dryRun {
		err = errors.Join(err, removeEmptySeries(old))
	}
	kept := 0
	for _, one := range old {
		if one.why == "" {
			continue
		}
		if kept++; kept == 1 {
			o.print("Kept, though older than %s:\n", spanText(o.keep))
		}
		o.print("%s", o.hanging("  ", "    ", one.Folder+": "+one.why))
	}
	verb := "removed"
	if o.dryRun {
		verb = "would be removed"
	}
	o.print("%s %s, %.1f MB; %d stay, %d of them older than %s\n", reports.Count(removed, "run folder", "run folders"), verb,
		float64(bytes)/1e6, len(list)-removed, len(old)-removed, spanText(o.keep))
	return 0, err
}

// removeAll removes those that nothing keeps, and tells of each. The record of a rollback goes after its
// run: alone, it does no harm, and a run without it looks as if it had not been rolled back.
func (o *cleanOptions) removeAll(ctx context.Context, old []*oldRun) (removed int, bytes int64, err error) {
	for _, kind := range []string{record.KindRun, record.KindRollback} {
		for _, one := range old {
			if one.why != "" || one.Header.Kind != kind {
				continue
			}
			if ctx.Err() != nil {
				return removed, bytes, errors.Join(err, ctx.Err())
			}
			verb := "Would remove"
			if !o.dryRun {
				verb = "Removed"
				if failed := one.remove(); failed != nil {
					one.why = failed.Error()
					err = errors.Join(err, fmt.Errorf("%s was not removed: %w", one.Folder, failed))
					continue
				}
			}
			removed, bytes = removed+1, bytes+one.bytes
			o.print("%s %s (%s; %s: %s)\n", verb, one.Folder, minute(one.Started), rowsText(one.Rows), countsText(one.Statuses))
		}
	}
	return removed, bytes, err
}
