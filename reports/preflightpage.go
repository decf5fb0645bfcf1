package reports

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"unicode/utf8"

	"cucbulk/batch"
)

//go:embed page/preflight.html
var preflightText string

// shownOfValue is how many characters of a value the page shows; plan.csv has all.
const shownOfValue = 200

// preflightPage is what preflight.html shows. The rows are not held: they are read from the
// plan when the page is written.
type preflightPage struct {
	found         Findings
	counts        batch.Counts
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
	return &preflightPage{counts: batch.Counts{}, lost: noted{}, removed: noted{}, codes: map[string]bool{}}
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
func (g *preflightPage) write(w io.Writer, checked *batch.Checked, plan, planSHA256 string, next []Suggestion, written map[string]bool) error {
	online := plan != ""
	shown := preflightShown{
		Title: "Pre-flight of " + inert(checked.Input.Name), Tool: g.found.Plan.Tool, ExitCode: g.found.ExitCode, Rows: checked.Rows, Online: online,
		Tiles: tiles(g.counts), Facts: g.facts(checked, planSHA256), Asked: askedFacts(batch.Header{Kind: batch.KindRun, Input: checked.Input, Options: checked.Options}),
		Lost: g.lost.sorted(), Removed: g.removed.sorted(), Next: onPage(next),
		Style: template.CSS(pageStyle), Script: template.JS(pageScript), Policy: policy(),
	}
	shown.Verdict, shown.Mood = g.verdict(checked, online)
	if !online {
		shown.Tiles = tiles(batch.Counts{batch.Invalid: checked.Invalid})
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
		if err := writePlanned(w, plan); err != nil {
			return err
		}
		io.WriteString(w, "</script>\n")
	}
	return parsed.ExecuteTemplate(w, "below the rows", shown)
}

// verdict says in a sentence what the pre-flight found.
func (g *preflightPage) verdict(checked *batch.Checked, online bool) (text, mood string) {
	switch {
	case g.found.ExitCode == batch.ExitInvalid && checked.Invalid == 0:
		return "As the file is, a run sends nothing: its heading line has errors.", "bad"
	case g.found.ExitCode == batch.ExitInvalid:
		return "As the file is, a run sends nothing: " + Count(checked.Invalid, "row is invalid.", "rows are invalid."), "bad"
	case g.found.ExitCode != batch.ExitDone:
		return "As it is, this should not run.", "bad"
	case checked.Invalid > 0:
		return "A run does the valid rows, and leaves out " + Count(checked.Invalid, "invalid one.", "invalid ones."), "warn"
	case online:
		return "Every row can be done.", "good"
	}
	return "No errors were found. The server was not asked.", "good"
}

func (g *preflightPage) facts(checked *batch.Checked, planSHA256 string) []fact {
	var told facts
	plan, forecast := g.found.Plan, g.found.Plan.Forecast
	if forecast != nil {
		told.tell("Server", plan.Server.URL)
		told.tell("Version", plan.Server.Version)
		told.tell("Location", plan.Server.Location)
		told.tell("Signed in as", plan.Account)
		told.tell("Looked at", instant(plan.Made))
		told.tell("Requests of a run", byMethod(forecast.Requests))
		told.tell("Time of a run", g.found.Time)
		told.tell("Rows that come back only in part", Grouped(forecast.Irreversible))
		told.tell("Requests of this pre-flight", byMethod(g.found.Preflight))
	}
	told.tell("Warnings", Grouped(checked.Warnings))
	told.tell("SHA-256 of the plan", planSHA256)
	return told
}

// plannedColumns are the columns of the page's rows.
func plannedColumns() []rowColumn {
	return []rowColumn{
		{Name: "Row", Title: "Row", Shown: true, Class: "narrow", Figure: true},
		{Name: "Line", Title: "Line in the file", Figure: true},
		{Name: "Operation", Title: "Operation", Shown: true, Class: "middle wide-only"},
		{Name: "Alias", Title: "Alias", Shown: true, Class: "name"},
		{Name: "Status", Title: "Status", Shown: true, Class: "status"},
		{Name: "Code", Title: "Reason", Shown: true, Class: "reason-code wide-only"},
		{Name: "Changes", Title: "Changes", Shown: true, Class: "wide-only", Long: true, Kind: "changes"},
		{Name: "Removed", Title: "What goes", Shown: true, Class: "goes wide-only", Long: true, Kind: "list"},
		{Name: "Lost", Title: "What can’t come back", Long: true, Kind: "texts"},
		{Name: "Message", Title: "Message", Long: true},
		{Name: "Requests", Title: "Requests", Figure: true},
		{Name: "Reversible", Title: "Undo", Shown: true, Class: "narrow wide-only"},
	}
}

// textTable numbers texts that many rows have, so that the page has each once.
type textTable struct {
	texts  []string
	places map[string]int
}

func (t *textTable) place(text string) int {
	place, known := t.places[text]
	if !known {
		if t.places == nil {
			t.places = map[string]int{}
		}
		place = len(t.texts)
		t.places[text] = place
		t.texts = append(t.texts, text)
	}
	return place
}

// writePlanned writes the rows of a plan as the page's script reads them.
func writePlanned(w io.Writer, plan string) error {
	about, err := json.Marshal(struct {
		Columns []rowColumn             `json:"columns"`
		Moods   map[batch.Status]string `json:"moods"`
	}{plannedColumns(), moods()})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, `%s,"rows":[`, about[:len(about)-1])
	var texts textTable
	separator := "\n"
	var problem error
	err = readPlan(plan, io.Discard, &batch.SavedPlan{}, func(preview batch.Preview) bool {
		var row []byte
		if row, problem = json.Marshal(plannedRow(preview, &texts)); problem == nil {
			_, problem = fmt.Fprintf(w, "%s%s", separator, row)
			separator = ",\n"
		}
		return problem == nil
	})
	if problem != nil {
		return problem
	}
	if err != nil {
		return err
	}
	rest, err := json.Marshal(texts.texts)
	if err == nil {
		_, err = fmt.Fprintf(w, `],"texts":%s}`, rest)
	}
	return err
}

// plannedRow is one row, in the order of the columns. A change is the place of its field's
// name, the old value and the new one.
func plannedRow(p batch.Preview, texts *textTable) []any {
	changes := []any{}
	for _, change := range p.Changes {
		changes = append(changes, texts.place(inert(change.Name())), shortened(change.Old), shortened(change.New))
	}
	removed := []string{}
	for _, removal := range p.Removed {
		removed = append(removed, shortened(removal.What))
	}
	lost := []int{}
	for _, text := range p.Lost {
		lost = append(lost, texts.place(inert(text)))
	}
	return []any{p.Row, p.Line, inert(string(p.Operation)), inert(p.Alias), string(p.Status), inert(string(p.Code)), changes, removed, lost, inert(p.Message), requestsOf(p), string(p.Reversible)}
}

// shortened is a value as the page shows it.
func shortened(value string) string {
	if utf8.RuneCountInString(value) > shownOfValue {
		value = string([]rune(value)[:shownOfValue]) + "…"
	}
	return inertJSON(value)
}
