package reports

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"time"

	"cucbulk/batch/record"
)

// The parts of report.html.
var (
	//go:embed page/report.html
	pageText string
	//go:embed page/shared.html
	sharedText string
	//go:embed page/report.css
	pageStyle string
	//go:embed page/report.js
	pageScript string
)

// page is what report.html shows.
type page struct {
	Title, Verdict, Mood, Reason string
	Whole                        string // the page of all files that are one run with this one; "": it is a run by itself

	Summary  Summary
	Tiles    []tile
	Facts    []fact
	Asked    []fact
	Lost     []loss
	Causes   []cause
	Charts   []chart
	NoCharts string // why there are none
	Moments  []moment
	Next     []Suggestion
	Files    []File

	Policy string
	Style  template.CSS
	Script template.JS
}

// tile is a number at the top of the page.
type tile struct {
	Status record.Status
	Rows   int
	Mood   string
}

// moment is a slice of the timeline as numbers to read.
type moment struct {
	From                         string
	Rows, NotDone, Changes, Busy int
	Median, Percentile, InFlight string
}

// writeHTML writes a page that needs nothing but itself.
func writeHTML(w io.Writer, history *record.History, rows outcomes, next []Suggestion, written map[string]bool) error {
	line, err := newTimeline(history)
	if err != nil {
		return err
	}
	charts, err := line.charts()
	if err != nil {
		return err
	}
	lost, err := losses(history, rows.irreversible)
	if err != nil {
		return err
	}
	summary := Summarize(history)
	verdict := verdictOn(summary)
	shown := page{
		Title: titleOf(history), Verdict: verdict.text, Mood: verdict.mood, Reason: summary.Reason,
		Summary: summary, Tiles: tiles(history.Counts()), Facts: happenedFacts(summary), Asked: askedFacts(history.Header),
		Lost: lost, Causes: rows.why.sorted(), Charts: charts, NoCharts: noCharts(line), Moments: line.moments(),
		Next: onPage(next), Files: filesIn(history.Folder, written),
		Style: template.CSS(pageStyle), Script: template.JS(pageScript), Policy: policy(),
	}
	if record.SeriesOf(history.Folder) != "" {
		shown.Whole = "../" + PageFile
	}
	parsed, err := pageTemplate(pageText)
	if err != nil {
		return err
	}
	// The rows stand between two templates, and are written one by one: a page of a
	// hundred thousand of them is never in memory.
	if err := parsed.ExecuteTemplate(w, "above the rows", shown); err != nil {
		return err
	}
	io.WriteString(w, `<script type="application/json" id="data">`)
	if err := writeRows(w, resultColumns(), history.Results(), nil); err != nil {
		return err
	}
	io.WriteString(w, "</script>\n")
	return parsed.ExecuteTemplate(w, "below the rows", shown)
}

// pageTemplate is a page with what the pages share.
func pageTemplate(text string) (*template.Template, error) {
	return template.New("page").Funcs(template.FuncMap{"number": Grouped, "mood": mood}).Parse(text + sharedText)
}

// policy is the Content-Security-Policy of the page: its own style and script, and
// pictures that it holds; nothing is ever asked of a network.
func policy() string {
	digest := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; img-src data:; style-src " + digest(pageStyle) + "; script-src " + digest(pageScript) +
		"; base-uri 'none'; form-action 'none'"
}

func tiles(counts record.Counts) []tile {
	var list []tile
	for _, status := range record.Statuses() {
		if n := counts[status]; n > 0 {
			list = append(list, tile{status, n, mood(status)})
		}
	}
	return list
}

func titleOf(history *record.History) string {
	if history.Header.Kind == record.KindRollback {
		return "Rollback of " + inert(history.Header.Of)
	}
	return "Run of " + inert(history.Header.Input.Name)
}

// onPage is what can be typed next, from where the page's folder was made.
func onPage(next []Suggestion) []Suggestion {
	next = slices.Clone(next)
	for i := range next {
		next[i].Command = inert(next[i].Command)
	}
	return next
}

type verdict struct{ text, mood string }

// verdictOn says in a sentence how a run ended.
func verdictOn(summary Summary) verdict {
	if summary.Running {
		return verdict{"The run was still at work when this was written. What it had not reached is pending.", "warn"}
	}
	if !summary.Ended {
		return verdict{"The run did not end by itself. Resume goes on with it, as below.", "warn"}
	}
	switch summary.ExitCode {
	case record.ExitDone:
		return verdict{"Finished. Every row is done.", "good"}
	case record.ExitInvalid:
		return verdict{"Nothing was sent, because rows are invalid.", "warn"}
	case record.ExitIncomplete:
		return verdict{"Finished. Some rows are not done.", "warn"}
	case record.ExitRail:
		return verdict{"Stopped by a guard rail. Resume goes on, as below.", "warn"}
	case record.ExitInterrupted:
		return verdict{"Interrupted. Resume goes on, as below.", "warn"}
	case record.ExitUncertain:
		return verdict{"Finished. What became of some rows is not known.", "bad"}
	}
	return verdict{"The run could not go on.", "bad"}
}

func noCharts(line timeline) string {
	if len(line.Slices) == 0 {
		return "Nothing was sent, so there is no time line."
	}
	return "It was over too soon for a time line."
}

// moments are the timeline's slices as numbers.
func (l timeline) moments() []moment {
	var list []moment
	seconds := func(measured int, took time.Duration) string {
		if measured == 0 {
			return "–"
		}
		return figure(took.Seconds()) + " s"
	}
	for i, s := range l.Slices {
		list = append(list, moment{l.clock(i), s.Rows, s.NotDone, s.Changes, s.Busy, seconds(s.Changes, s.Median),
			seconds(s.Changes, s.Percentile), figure(s.InFlight)})
	}
	return list
}
