package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cucbulk/batch"
	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/reports"
)

// How much of a row is printed, unless all is asked for.
const (
	fieldsShown     = 5  // fields
	charactersShown = 40 // of a value
)

// printPreview prints what a run would do with one row.
func (o *dryRunOptions) printPreview(preview batch.Preview) {
	if o.json {
		o.printJSON(previewLine{"preview", preview})
		return
	}
	o.print("%s\n", previewText(preview, o.show == showAll))
	for _, line := range o.lossLines(preview) {
		o.print("%s", line)
	}
}

// previewText is one line: "LINE ALIAS: update Title "Old" -> "New"". Unless whole
// is asked for, long values and long lists of fields are shortened.
func previewText(preview batch.Preview, whole bool) string {
	who := strconv.Itoa(preview.Line)
	if preview.Alias != "" {
		who += " " + oneLine(preview.Alias)
	}
	switch preview.Status {
	case record.Created, record.Updated, record.Deleted:
	default:
		text := who + ": " + string(preview.Status)
		if preview.Message != "" {
			text += ": " + oneLine(preview.Message)
		}
		if preview.Code != "" {
			text += " (" + string(preview.Code) + ")"
		}
		return text
	}
	all := preview.Changes
	if preview.Operation.MakesUsers() { // the line begins with its alias
		all = slices.DeleteFunc(slices.Clone(all), func(change batch.FieldChange) bool { return change.Field == "Alias" })
	}
	changes := all
	if !whole && len(changes) > fieldsShown {
		changes = changes[:fieldsShown]
	}
	parts := make([]string, len(changes))
	for i, change := range changes {
		parts[i] = changeText(change, preview.Operation.MakesUsers(), whole)
	}
	if left := len(all) - len(changes); left > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", left))
	}
	parts = append(parts, removedTexts(preview)...)
	text := strings.TrimSpace(fmt.Sprintf("%s: %s %s", who, preview.Operation, strings.Join(parts, ", ")))
	if preview.Reversible != record.FullyReversible {
		text += fmt.Sprintf(" (reversible: %s)", preview.Reversible)
	}
	return text
}

// removedTexts say what a row takes away: of a user that it deletes, what goes besides.
func removedTexts(preview batch.Preview) []string {
	var texts []string
	for _, removal := range preview.Removed {
		if !model.IsMain(removal.Step) {
			texts = append(texts, "removes "+oneLine(removal.What))
		}
	}
	return texts
}

// lossLines tell who goes, and what no rollback brings back.
func (o *dryRunOptions) lossLines(preview batch.Preview) []string {
	var lines []string
	const margin = "    "
	for _, removal := range preview.Removed {
		if model.IsMain(removal.Step) {
			lines = append(lines, o.hanging(margin+"removes ", margin, oneLine(removal.What)))
		}
	}
	for _, lost := range preview.Lost {
		lines = append(lines, o.hanging(margin+"for good: ", margin, oneLine(lost)))
	}
	return lines
}

// changeText is one field; of a new user, only what it will be.
func changeText(change batch.FieldChange, isNew, whole bool) string {
	old, now := change.Shown()
	if isNew && old == "" { // else the run that this one continues made the user
		return change.Name() + " " + valueText(now, whole)
	}
	return change.Name() + " " + valueText(old, whole) + " -> " + valueText(now, whole)
}

// valueText is a value in quotes, on one line.
func valueText(value string, whole bool) string {
	if !whole && utf8.RuneCountInString(value) > charactersShown {
		value = string([]rune(value)[:charactersShown]) + "…"
	}
	return strconv.Quote(value)
}

// printReport prints the numbers at the end.
func (o *dryRunOptions) printReport(found dryRunReport) {
	rows := rowsText(found.Rows)
	if found.about != "" {
		rows += " about " + found.about
	}
	o.print("%s: %s, %d invalid, %s\n", found.File, rows, found.Invalid, reports.Count(found.Warnings, "warning", "warnings"))
	for _, line := range kindLines(found.problems, min(columns, cmp.Or(o.outputColumns(), columns))) {
		o.print("%s", line)
	}
	if found.Forecast == nil {
		return
	}
	if found.ExitCode != 0 && found.Invalid > 0 {
		o.print("\nAs the file is, a run sends nothing. Without the invalid rows it would do this\n")
	} else {
		o.print("\nA run would do this ")
	}
	o.print("on %s:\n", found.Server.URL)
	line := func(name, format string, values ...any) {
		o.print("%s", o.hanging(fmt.Sprintf("  %-12s ", name), strings.Repeat(" ", 15), fmt.Sprintf(format, values...)))
	}
	forecast := found.Forecast
	line("rows", "%s", countsText(forecast.Counts))
	if found.since != "" {
		line("since", "%s", found.since)
	}
	if requests := total(forecast.Requests); requests == 0 {
		line("requests", "none")
	} else {
		line("requests", "%s", requestsText(forecast.Requests))
		if lists := forecast.ListReads; lists > 0 {
			read := map[bool]string{true: "1 reads", false: fmt.Sprint(lists, " read")}[lists == 1]
			line("", "of which %s who is in distribution lists, once for all rows", read)
		}
		if forecast.Spared > 0 {
			line("", "of which the run leaves out up to %d, where the users that it makes have from their template what the "+
				"file gives them", forecast.Spared)
		}
		line("time", "%s", timeText(found))
	}
	if forecast.Recordings > 0 {
		line("recordings", "%s to send, %s", reports.Count(forecast.Recordings, "file", "files"), sizeText(forecast.RecordingBytes))
	}
	line("rollback", "%s", rollbackText(found))
	if forecast.Lost != "" {
		line("deleted", "%s", forecast.Lost)
	}
	if more := forecast.FullPreImage; more > 0 {
		below := map[bool]string{true: ", and one for each recorded greeting and two for each private list"}[forecast.FullBelow]
		line("", "with --pre-image full: %s more%s", reports.Count(more, "request", "requests"), below)
	}
	if found.deletes > found.maxDeletes {
		line("deletes", "a run asks first; off a terminal it needs --max-deletes %d", found.deletes)
	}
	if pins := forecast.PINs; pins != nil {
		line("PINs", "%s", oneLine(pins.String()))
	}
	if licences := forecast.Licences; licences != nil {
		line("licences", "%s; the file adds %s", oneLine(licences.String()), usersText(licences.Adds))
	}
	for i, text := range forecast.ListsRead() {
		line(map[bool]string{true: "lists"}[i == 0], "%s", text)
	}
	for _, warning := range forecast.Warnings {
		line("warning", "%s (%s)", warning.Message, warning.Code)
	}
	for i, what := range forecast.NotChecked {
		name := "not checked"
		if i > 0 {
			name = ""
		}
		line(name, "%s", what)
	}
	if found.PlanSHA != "" && found.about == "" { // of several files that of the whole counts
		line("plan", "SHA-256 %s", found.PlanSHA)
	}
	line("pre-flight", "%s, and nothing was changed; a run sends %d of them too", requestsText(found.Preflight), found.base)
}

// timeText is how long a run takes; "" when it sends nothing.
func timeText(found dryRunReport) string {
	forecast, requests := found.Forecast, total(found.Forecast.Requests)
	if requests == 0 {
		return ""
	}
	latency := forecast.Seconds * float64(found.Workers) / float64(requests)
	return fmt.Sprintf("%s, with %s at a time and %s each", aboutText(forecast.Seconds),
		reports.Count(found.Workers, "request", "requests"), latencyText(latency))
}

// rollbackText says what would come back.
func rollbackText(found dryRunReport) string {
	switch {
	case found.Forecast.Counts.Changed() == 0:
		return "nothing to take back"
	case found.inPart.Total() == 0:
		return "takes all of it back"
	}
	return "brings these back only in part: " + countsText(found.inPart)
}

// aboutText is a forecast of time, for people.
func aboutText(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d < time.Second:
		return "under 1 s"
	case d < 2*time.Minute:
		return fmt.Sprintf("about %.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("about %.0f min", d.Minutes())
	}
	return fmt.Sprintf("about %.0f h", d.Hours())
}

// latencyText is how long one request takes.
func latencyText(seconds float64) string {
	if seconds < 1 {
		return fmt.Sprintf("%.0f ms", seconds*1000)
	}
	return fmt.Sprintf("%.1f s", seconds)
}

// sizeText is a size as people say it: 21 kB, 592.1 MB.
func sizeText(bytes int64) string {
	if bytes < 1_000_000 {
		return fmt.Sprintf("%d kB", (bytes+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1_000_000)
}
