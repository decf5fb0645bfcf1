package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cucbulk/batch/record"
	"cucbulk/reports"
)

// countsText lists the statuses that occur: "3 created, 1 failed".
func countsText(counts record.Counts) string {
	var parts []string
	for _, status := range record.Statuses() {
		if n := counts[status]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, status))
		}
	}
	if len(parts) == 0 {
		return "nothing yet"
	}
	return strings.Join(parts, ", ")
}

// lastScreen tells how a run or a rollback ended, where its files are, and what to
// type next. With asJSON it is the summary alone.
func (s *screen) lastScreen(history *record.History, asJSON bool, next []reports.Suggestion) error {
	s.recorded = true
	summary := reports.Summarize(history)
	if summary.Reason != "" {
		s.say("cucbulk: ", oneLine(summary.Reason))
	}
	if asJSON {
		summary.Next = next
		return json.NewEncoder(s.Stdout).Encode(summary)
	}
	if summary.Rows == 0 {
		s.print("\nThe input has headings and no rows: there was nothing to do\n")
	} else {
		s.print("\n%s: %s\n", rowsText(summary.Rows), countsText(history.Counts()))
	}
	s.tellMore(summary, history)
	if n := history.NothingToUndo(); n > 0 {
		s.print("%s had nothing to undo: the server was as before already\n", rowsText(n))
	}
	if summary.TotalRequests > 0 {
		s.print("%s in %.1f s, %d tried again, %d times the server was busy\n",
			reports.Count(summary.TotalRequests, "request", "requests"), summary.Seconds, summary.Retries, summary.Busy)
		if foreseen := reports.Foreseen(summary); foreseen != "" {
			s.print("%s were foreseen\n", foreseen)
		}
	}
	if summary.Killed > 0 {
		s.print("%s cut off, and what was sent then is not counted\n", reports.Count(summary.Killed, "start was", "starts were"))
	}
	s.print("\nThe run folder is %s\n", history.Folder)
	for _, file := range reports.Files() {
		if strings.HasPrefix(file.Name, reports.RejectsFile) && reports.Rejected(history) == 0 ||
			file.Name == reports.RollbackFile && history.Exit() == record.ExitInvalid {
			continue // it is there, and holds its headings only
		}
		if _, err := os.Stat(filepath.Join(history.Folder, file.Name)); err == nil {
			s.print("  %-15s %s\n", file.Name, file.Purpose)
		}
	}
	s.suggest(next)
	return nil
}

// tellMore tells what the counts do not: what was not looked at, what was left out, what the template is to have
// given, and which rows were begun and have not ended.
func (s *screen) tellMore(summary reports.Summary, history *record.History) {
	if text := leaversText(summary.Input); text != "" {
		s.print("%s\n", text)
	}
	if summary.AsLastRun > 0 {
		s.print("%s\n", reports.NotLookedAt(summary.AsLastRun, summary.Since))
	}
	if summary.WentWithout > 0 {
		s.print("%s", s.hanging("", "  ", "warning: "+reports.LeftOut(summary)+"; "+reports.ResultsFile+
			" says which row went without what, and with --strict such rows fail"))
	}
	if summary.AsTemplate > 0 {
		s.print("%s\n", reports.LeftToTemplate(summary))
	}
	if n := history.CutOff(); n > 0 {
		s.print("%s begun and cut off: %s says what is done of them, and resume does the rest\n",
			reports.Count(n, "row was", "rows were"), reports.ResultsFile)
	}
}

// tellLeft gives how many rows of a run are left, and tells people.
func (s *screen) tellLeft(history *record.History, server string) int {
	left := history.Left()
	fmt.Fprint(s.Stderr, s.hanging("", "  ", fmt.Sprintf("Going on with %s on %s: %d of %s are left.", history.Folder, server,
		left, rowsText(history.Header.Rows))))
	return left
}
