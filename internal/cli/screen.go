package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"cucbulk/batch"
	"cucbulk/reports"
	"cucbulk/validate"
)

// countsText lists the statuses that occur: "3 created, 1 failed".
func countsText(counts batch.Counts) string {
	var parts []string
	for _, status := range batch.Statuses() {
		if n := counts[status]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, status))
		}
	}
	if len(parts) == 0 {
		return "nothing yet"
	}
	return strings.Join(parts, ", ")
}

// suggestion is a next command, and when to type it.
type suggestion struct{ when, command string }

// lastScreen tells how a run or a rollback ended, where its files are, and what to
// type next. With asJSON it is the summary alone.
func (p *program) lastScreen(history *batch.History, asJSON bool, next []suggestion) error {
	summary := reports.Summarize(history)
	if summary.Reason != "" {
		fmt.Fprintln(p.Stderr, "cucbulk: "+oneLine(summary.Reason))
	}
	if asJSON {
		return json.NewEncoder(p.Stdout).Encode(summary)
	}
	p.print("\n%s: %s\n", rowsText(summary.Rows), countsText(history.Counts()))
	if summary.TotalRequests > 0 {
		p.print("%s in %.1f s, %d tried again, %d times the server was busy\n", count(summary.TotalRequests, "request", "requests"), summary.Seconds, summary.Retries, summary.Busy)
	}
	p.print("\nThe run folder is %s\n", history.Folder)
	for _, file := range reports.Files() {
		if strings.HasPrefix(file.Name, reports.RejectsFile) && rejected(history.Counts()) == 0 ||
			file.Name == reports.RollbackFile && history.Exit() == batch.ExitInvalid {
			continue // it is there, and holds its headings only
		}
		if _, err := os.Stat(filepath.Join(history.Folder, file.Name)); err == nil {
			p.print("  %-15s %s\n", file.Name, file.Purpose)
		}
	}
	p.suggest(next)
	return nil
}

// rejected is how many rows rejects.csv holds.
func rejected(counts batch.Counts) int {
	n := 0
	for status, rows := range counts {
		if status.Rejected() {
			n += rows
		}
	}
	return n
}

func (p *program) suggest(next []suggestion) {
	if len(next) == 0 {
		return
	}
	p.print("\nNext:\n")
	for _, s := range next {
		p.print("  %s\n    %s\n", s.when, s.command)
	}
}

// nextCommands are what can be done after a run or a rollback. again are the flags
// that a next command needs to reach the server, limits the guard rails.
func nextCommands(history *batch.History, again, limits string) []suggestion {
	var next []suggestion
	folder, counts := shellWord(history.Folder), history.Counts()
	if !history.Finished() {
		next = append(next, suggestion{"Go on where it stopped:", "cucbulk resume " + folder + inputOf(history) + again + limits})
	}
	open := counts[batch.Uncertain] + counts[batch.Kept]
	if history.Header.Kind == batch.KindRollback { // it has no rejects to mend
		open += counts[batch.Failed]
	}
	if open > 0 {
		next = append(next, suggestion{fmt.Sprintf("Look at %s that need a person; Message says why:", rowsText(open)), shellWord(filepath.Join(history.Folder, reports.ResultsFile))})
	}
	if history.Header.Kind == batch.KindRollback {
		return next
	}
	wrong := rejected(counts)
	switch {
	case history.Exit() == batch.ExitInvalid:
		file := "cucbulk run " + shellWord(history.Header.Input.Name) + sheetOf(history.Header.Input.Sheet) + flagsOf(history.Header.Options) + filtersOf(history.Header.Options) + again + limits
		next = append(next, suggestion{"Mend the file and run it again:", file})
		if wrong < history.Header.Rows && !history.Header.Options.SkipInvalid {
			next = append(next, suggestion{"Or do the other rows now:", file + " --skip-invalid"})
		}
		return next
	case wrong > 0 && history.Finished():
		command := "cucbulk run " + shellWord(filepath.Join(history.Folder, reports.RejectsFile))
		if name := reports.RejectsName(history); name != reports.RejectsFile {
			command = "age -d -i KEY " + shellWord(filepath.Join(history.Folder, name)) + " | cucbulk run -"
		}
		next = append(next, suggestion{fmt.Sprintf("Mend what is not done (%s), and run it:", rowsText(wrong)),
			command + " --continues " + folder + again + limits})
	}
	if counts[batch.Created]+counts[batch.Updated]+counts[batch.Deleted]+counts[batch.Partial] > 0 {
		next = append(next, suggestion{"See that the server kept what was written:", "cucbulk verify " + folder + again},
			suggestion{"Take it back:", "cucbulk rollback " + folder + again})
	}
	return next
}

// inputOf is the flag that a resume needs of a run that kept no copy of its input.
func inputOf(history *batch.History) string {
	if history.Header.Kind == batch.KindRollback || history.Spooled() {
		return ""
	}
	return " --input " + shellWord(history.Header.Input.Name)
}

// flagsOf writes the flags that say what the rows of a run mean.
func flagsOf(options batch.Options) string {
	var text strings.Builder
	flag := func(name, value string) {
		if value != "" {
			text.WriteString(" --" + name + " " + shellWord(value))
		}
	}
	flag("operation", string(options.Operation))
	flag("template", options.Template)
	if !strings.EqualFold(options.Match, validate.MatchColumns()[0]) {
		flag("match", options.Match)
	}
	for _, set := range options.Set {
		flag("set", set.Column+"="+set.Value)
	}
	if options.Strict {
		text.WriteString(" --strict")
	}
	if options.Deep {
		text.WriteString(" --deep")
	}
	if options.PINLength > 0 {
		flag("pin", pinRandom)
		flag("pin-length", strconv.Itoa(options.PINLength))
	}
	flag(flagSealTo, options.SealTo)
	if options.ResetCredentials {
		text.WriteString(" --reset-credentials")
	}
	if options.LdapOwned == batch.OwnedError {
		flag("ldap-owned", options.LdapOwned)
	}
	return text.String()
}

// filtersOf writes the flags that choose rows of a file.
func filtersOf(options batch.Options) string {
	var text strings.Builder
	for _, only := range options.Only {
		text.WriteString(" --only " + shellWord(only.Column+"="+only.Value))
	}
	if options.FirstRow > 0 || options.LastRow > 0 {
		number := func(n int) string {
			if n == 0 {
				return ""
			}
			return strconv.Itoa(n)
		}
		text.WriteString(" --rows " + number(options.FirstRow) + "-" + number(options.LastRow))
	}
	return text.String()
}

// given writes those of the flags that the command line gave, to be typed again.
func given(command *cobra.Command, names []string) string {
	var text strings.Builder
	for _, name := range names {
		flag := command.Flags().Lookup(name)
		if !typed(command, name) {
			continue
		}
		text.WriteString(" --" + name + " " + shellWord(flag.Value.String()))
	}
	return text.String()
}
