package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/reports"
)

const historyHelp = `List the runs and rollbacks in a folder, the newest first: when each began, how it ended, what
of it was rolled back, what it was, by whom and on which server, how many rows ended how,
and what to type next. It reads their journals, needs no server, and changes nothing.
DIR is a folder of run folders, or one run folder, which is listed with its rollbacks.

  exit    the exit code; none while it is at work; 6 also of one that was killed
  state   finished (nothing is left to resume), refused (the file had errors,
          and nothing was sent), unfinished (it ended by itself before its last
          row), killed (it was cut off), at work, not begun, unreadable
  undone  whether rollbacks took back all that it changed: no, partly or yes

--json prints one object: "folder", and "runs", each with the fields of its summary.json,
and folder, state, problem, written, rowsChanged, rowsUndone, rollbacks, sealed, hasInput.`

// historyOptions are what history was asked to do, and what it does it with.
type historyOptions struct {
	*screen
	folder string
	last   uint
	json   bool
}

func historyCommand(p *program) *cobra.Command {
	o := historyOptions{screen: p.screen}
	command := &cobra.Command{
		Use: "history [DIR] [flags]", Short: "List the runs in a folder",
		Long: historyHelp + exitStatus + "  0  listed, whatever the runs are\n" +
			"  1  the folder can't be read\n  2  the command line is wrong",
		Example: "  cucbulk history\n  cucbulk history --last 10\n  cucbulk history /var/lib/cucbulk/runs --json\n" +
			"  cucbulk history runs/20260102-150405-users",
		Args: cobra.MaximumNArgs(1),
	}
	command.Flags().UintVar(&o.last, "last", 0, "only the `N` that were at work last (default all)")
	command.Flags().BoolVar(&o.json, "json", false, "print JSON, for scripts")
	command.RunE = p.does(func(_ context.Context, arguments []string) (int, error) {
		o.folder = folderOfRuns(arguments)
		return o.history(len(arguments) == 0)
	})
	return command
}

// folderOfRuns is the folder that a command line names, or that in which runs are when nothing else is said.
func folderOfRuns(arguments []string) string {
	if len(arguments) == 0 {
		return runsFolder
	}
	return filepath.Clean(arguments[0])
}

// listRuns lists the runs in a folder. The usual one need not be there.
func listRuns(folder string, usual bool, last int) ([]reports.Listed, error) {
	list, err := reports.ListRuns(folder, last, nextOf)
	if usual && errors.Is(err, fs.ErrNotExist) {
		return []reports.Listed{}, nil
	}
	return list, err
}

func (o *historyOptions) history(usual bool) (int, error) {
	list, err := listRuns(o.folder, usual, int(o.last))
	if err != nil {
		return 0, err
	}
	if o.json {
		o.printJSON(struct {
			Folder string           `json:"folder"`
			Runs   []reports.Listed `json:"runs"`
		}{o.folder, list})
		return 0, nil
	}
	if len(list) == 0 {
		o.print("There are no runs in %s; for runs elsewhere, name their folder: cucbulk history DIR\n", o.folder)
		return 0, nil
	}
	o.print("%-16s  %4s  %-10s  %-6s  %s\n", "began", "exit", "state", "undone", "run")
	for i := range list {
		o.tell(&list[i])
	}
	return 0, nil
}

// tell prints one run: a line of the table, and under it what does not fit there.
func (o *historyOptions) tell(l *reports.Listed) {
	const margin = "    "
	began, exit := l.Written, "-"
	if l.Summary != nil {
		began = l.Started
		if l.State != reports.AtWork {
			exit = fmt.Sprint(l.ExitCode)
		}
	}
	o.print("%-16s  %4s  %-10s  %-6s  %s\n", minute(began), exit, strings.ReplaceAll(string(l.State), "-", " "), l.HowUndone(), l.Folder)
	if l.Summary == nil {
		o.print("%s", o.sentence(margin, l.Problem))
		return
	}
	about := whatItWas(l)
	if l.Account != "" {
		about += " by " + l.Account
	}
	if l.Server != nil {
		about += " on " + host(l.Server.URL)
	}
	o.print("%s", o.sentence(margin, about))
	counts := rowsText(l.Rows) + ": " + countsText(l.Statuses)
	if n := l.Interrupted; n > 0 {
		counts += fmt.Sprintf("; %s begun and cut off", reports.Count(n, "row was", "rows were"))
	}
	if text := leaversText(l.Input); text != "" {
		counts += "; " + text
	}
	if l.HowUndone() == "partly" {
		counts += fmt.Sprintf("; %d of %d changed rows were rolled back", l.Undone, l.Changed)
	}
	o.print("%s", o.sentence(margin, counts))
	if l.Code != codes.Interrupted && l.Reason != "" && l.State == reports.Unfinished {
		o.print("%s", o.sentence(margin, oneLine(l.Reason)))
	}
	if len(l.Sealed) > 0 {
		o.print("%ssealed: %s\n", margin, strings.Join(l.Sealed, ", "))
	}
	if next := nextListed(l); next != "" {
		o.print("%s%s\n", margin, next)
	}
}

// sentence breaks a text into lines with a margin; a command in it stays whole.
func (o *historyOptions) sentence(margin, text string) string {
	return hangingIn(min(columns, cmp.Or(o.outputColumns(), columns)), margin, margin, unbroken(text))
}

// whatItWas says what a run was to do. Its rows may each say an operation of their own.
func whatItWas(l *reports.Listed) string {
	if l.Kind == record.KindRollback {
		return "rollback of " + cmp.Or(l.Run, l.Of)
	}
	name, _ := typedOf(l.Header.Options)
	return name + " of " + l.Input.Name
}

// nextListed is the one thing that a list shows of what to do after a run: what is left of it, else what
// takes it back.
func nextListed(l *reports.Listed) string {
	if l.HowUndone() == "yes" && !l.Left() {
		return "" // what is not done need not be done any more
	}
	for _, one := range l.Next {
		switch {
		case strings.HasPrefix(one.Command, "cucbulk verify"):
		case !strings.HasPrefix(one.Command, "cucbulk") && !strings.Contains(one.Command, "|"):
			return "see " + one.Command // a file
		default:
			return one.Command
		}
	}
	return ""
}

// minute is a time as a list shows it, by this computer's clock.
func minute(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.Local().Format("2006-01-02 15:04")
}
