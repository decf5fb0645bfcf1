package reports

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"unicode"

	"cucbulk/batch"
	"cucbulk/validate"
)

// Suggestion is a next command, and when to type it.
type Suggestion struct{ When, Command string }

// Next is what can be done after a run or a rollback. again are the flags
// that a next command needs to reach the server, limits the guard rails.
func Next(history *batch.History, again, limits string) []Suggestion {
	var next []Suggestion
	folder, counts := ShellWord(history.Folder), history.Counts()
	if history.Running {
		return []Suggestion{{"It is still at work. When it has ended, write its files again:", "cucbulk report " + folder}}
	}
	if !history.Finished() {
		next = append(next, Suggestion{"Go on where it stopped:", "cucbulk resume " + folder + inputOf(history) + again + limits})
	}
	ended := history.EndedRows() // resume sees to the others
	open := ended[batch.Uncertain] + ended[batch.Kept]
	if history.Header.Kind == batch.KindRollback { // it has no rejects to mend
		open += ended[batch.Failed]
	}
	if open > 0 {
		next = append(next, Suggestion{fmt.Sprintf("A person must look at %s; Message says why:", Count(open, "row", "rows")), ShellWord(filepath.Join(history.Folder, ResultsFile))})
	}
	if history.Header.Kind == batch.KindRollback {
		if history.Finished() {
			next = append(next, Suggestion{"See that the server kept what was written:", "cucbulk verify " + folder + again})
		}
		return next
	}
	wrong := Rejected(history)
	switch {
	case history.Exit() == batch.ExitInvalid:
		file := "cucbulk run " + ShellWord(history.Header.Input.Name) + SheetFlag(history.Header.Input.Sheet) + FlagsOf(history.Header.Options) + FiltersOf(history.Header.Options) + again + limits
		next = append(next, Suggestion{"Mend the file and run it again:", file})
		if wrong < history.Header.Rows && !history.Header.Options.SkipInvalid {
			next = append(next, Suggestion{"Or do the other rows now:", file + " --skip-invalid"})
		}
		return next
	case wrong > 0 && history.Finished():
		command := "cucbulk run " + ShellWord(filepath.Join(history.Folder, RejectsFile))
		if name := rejectsName(history); name != RejectsFile {
			command = "age -d -i KEY " + ShellWord(filepath.Join(history.Folder, name)) + " | cucbulk run -"
		}
		next = append(next, Suggestion{fmt.Sprintf("Mend what is not done (%s), and run it:", Count(wrong, "row", "rows")),
			command + " --continues " + folder + again + limits})
	}
	if counts.Changed() > 0 {
		next = append(next, Suggestion{"See that the server kept what was written:", "cucbulk verify " + folder + again},
			Suggestion{"Take it back:", "cucbulk rollback " + folder + again})
	}
	return next
}

// inputOf is the flag that a resume needs of a run that kept no copy of its input.
func inputOf(history *batch.History) string {
	if history.Header.Kind == batch.KindRollback || history.Spooled() {
		return ""
	}
	return " --input " + ShellWord(history.Header.Input.Name)
}

// FlagsOf writes the flags that say what the rows of a run mean.
func FlagsOf(options batch.Options) string {
	var text strings.Builder
	flag := func(name, value string) {
		if value != "" {
			text.WriteString(" --" + name + " " + ShellWord(value))
		}
	}
	flag("continues", options.Continues)
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
	if options.NoSpool {
		text.WriteString(" --no-spool")
	}
	if options.PINLength > 0 {
		flag("pin", "random")
		flag("pin-length", strconv.Itoa(options.PINLength))
	}
	flag("seal-to", options.SealTo)
	if options.ResetCredentials {
		text.WriteString(" --reset-credentials")
	}
	if options.LdapOwned == batch.OwnedError {
		flag("ldap-owned", options.LdapOwned)
	}
	return text.String()
}

// FiltersOf writes the flags that choose rows of a file.
func FiltersOf(options batch.Options) string {
	var text strings.Builder
	for _, only := range options.Only {
		text.WriteString(" --only " + ShellWord(only.Column+"="+only.Value))
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

// Rejected is how many rows rejects.csv holds. A row that was cut off is not among them,
// because resume goes on with it.
func Rejected(history *batch.History) int {
	n := 0
	for status, rows := range history.EndedRows() {
		if status.Rejected() {
			n += rows
		}
	}
	return n
}

// SheetFlag is the flag for a sheet that was named, as it can be typed.
func SheetFlag(sheet string) string {
	if sheet == "" {
		return ""
	}
	return " --sheet " + ShellWord(sheet)
}

// ShellWord writes an argument so that it can be typed: in quotes if it needs
// them.
func ShellWord(text string) string {
	safe := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_./:=,@%+", r) || (r == '\\' && runtime.GOOS == "windows")
	}
	switch {
	case text != "" && !strings.ContainsFunc(text, func(r rune) bool { return !safe(r) }):
		return text
	case runtime.GOOS == "windows":
		return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// Count writes a number with the noun that goes with it, as messages on the terminal do:
// without a comma at the thousands, which the page has.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
