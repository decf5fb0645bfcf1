package reports

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
)

//go:embed page/preflight.html
var preflightText string

// preflightPage is what preflight.html shows. The rows are not held: they are read from the
// plan when the page is written.
type preflightPage struct {
	found         Findings
	counts        record.Counts
	lost, removed noted
	codes         map[string]bool // of rows
}

// preflightShown is what its template knows.
type preflightShown struct {
	Title, Verdict, Mood string
	Tool                 string
	ExitCode, Rows       int
	Online               bool
	Tiles                []tile
	Facts, Asked         []fact
	Problems             []problemShown
	Lost, Removed        []loss
	Warnings, NotChecked []string
	Next                 []Suggestion
	Files                []File

	Policy string
	Style  template.CSS
	Script template.JS
}

// problemShown is a kind of problem, and whether there are rows to show.
type problemShown struct {
	ProblemKind
	Found bool
}

func newPreflightPage() *preflightPage {
	return &preflightPage{counts: record.Counts{}, lost: noted{}, removed: noted{}, codes: map[string]bool{}}
}

func (g *preflightPage) add(preview batch.Preview) {
	g.counts[preview.Status]++
	g.codes[string(preview.Code)] = true
	for _, lost := range preview.Lost {
		g.lost[lost]++
	}
	for _, removal := range preview.Removed {
		g.removed[batch.KindsOf(removal.Step)]++
	}
}

// write writes the page. plan is where the rows stand, "" when there are none.
func (g *preflightPage) write(w io.Writer, checked *plan.Checked, plan, planSHA256 string, next []Suggestion,
	written map[string]bool) error {
	online := plan != ""
	shown := preflightShown{
		Title: "Pre-flight of " + inert(checked.Input.Name), Tool: g.found.Plan.Tool, ExitCode: g.found.ExitCode,
		Rows: checked.Rows, Online: online,
		Tiles: tiles(g.counts), Facts: g.facts(checked, planSHA256),
		Asked: askedFacts(record.Header{Kind: record.KindRun, Input: checked.Input, Options: checked.Options}),
		Lost:  g.lost.sorted(), Removed: g.removed.sorted(), Next: onPage(next),
		Style: template.CSS(pageStyle), Script: template.JS(pageScript), Policy: policy(),
	}
	shown.Verdict, shown.Mood = g.verdict(checked, online)
	if !online {
		shown.Tiles = tiles(record.Counts{record.Invalid: checked.Invalid})
		shown.Script = ""
	}
	for _, kind := range g.found.Problems {
		kind.Column, kind.Example = inert(kind.Column), inert(kind.Example)
		shown.Problems = append(shown.Problems, problemShown{kind, g.codes[string(kind.Code)]})
	}
	if forecast := g.found.Plan.Forecast; forecast != nil {
		for _, warning := range forecast.Warnings {
			shown.Warnings = append(shown.Warnings, inert(warning.Message))
		}
		for _, what := range forecast.NotChecked {
			shown.NotChecked = append(shown.NotChecked, inert(what))
		}
	}
	for _, file := range PreflightFiles() {
		if written[file.Name] && file.Name != PreflightFile {
			shown.Files = append(shown.Files, file)
		}
	}
	parsed, err := pageTemplate(preflightText)
	if err != nil {
		return err
	}
	if err := parsed.ExecuteTemplate(w, "preflight above the rows", shown); err != nil {
		return err
	}
	if online {
		io.WriteString(w, `<script type="application/json" id="data">`)
		var texts textTable
		if err := writeRows(w, planColumns(&texts), rowsOfPlan(plan), &texts); err != nil {
			return err
		}
		io.WriteString(w, "</script>\n")
	}
	return parsed.ExecuteTemplate(w, "below the rows", shown)
}

// verdict says in a sentence what the pre-flight found.
func (g *preflightPage) verdict(checked *plan.Checked, online bool) (text, mood string) {
	switch {
	case g.found.ExitCode == record.ExitInvalid && checked.Invalid == 0:
		return "As the file is, a run sends nothing: its heading line has errors.", "bad"
	case g.found.ExitCode == record.ExitInvalid:
		return "As the file is, a run sends nothing: " + Count(checked.Invalid, "row is invalid.", "rows are invalid."), "bad"
	case g.found.ExitCode != record.ExitDone:
		return "As it is, this should not run.", "bad"
	case checked.Invalid > 0:
		return "A run does the valid rows, and leaves out " + Count(checked.Invalid, "invalid one.", "invalid ones."), "warn"
	case online:
		return "Every row can be done.", "good"
	}
	return "No errors were found. The server was not asked.", "good"
}

func (g *preflightPage) facts(checked *plan.Checked, planSHA256 string) []fact {
	var told facts
	plan, forecast := g.found.Plan, g.found.Plan.Forecast
	if forecast != nil {
		told.tell("Server", plan.Server.URL)
		told.tell("Version", plan.Server.Version)
		told.tell("Location", plan.Server.Location)
		told.tell("Signed in as", plan.Account)
		told.tell("Looked at", instant(plan.Made))
		told.tell("Requests of a run", byMethod(forecast.Requests))
		if pins := forecast.PINs; pins != nil {
			told.tell("PINs", inert(pins.String()))
		}
		if licences := forecast.Licences; licences != nil {
			told.tell("Licences", fmt.Sprintf("%s; the file adds %s", inert(licences.String()), Count(licences.Adds, "user", "users")))
		}
		told.tell("Time of a run", g.found.Time)
		told.tell("Rows that come back only in part", Grouped(forecast.Irreversible))
		for _, text := range forecast.ListsRead() {
			told.tell("Read for all rows", text)
		}
		told.tell("Requests of this pre-flight", byMethod(g.found.Preflight))
	}
	told.tell("Warnings", Grouped(checked.Warnings))
	told.tell("SHA-256 of the plan", planSHA256)
	return told
}
