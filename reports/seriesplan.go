package reports

import (
	"html/template"
	"io"
	"net/url"
	"strings"

	"cucbulk/batch/record"
)

// PlannedSeries is what a pre-flight found of several files that are one run, as its page over all tells it.
type PlannedSeries struct {
	Tool     string
	Server   string // "": none was asked
	Account  string
	Files    []PlannedFile // in the order in which they go
	Counts   record.Counts
	Requests map[string]int
	Time     string // how long a run takes
	ExitCode int
	SHA256   string // of the plan; "": there is none that can be run
	Next     []Suggestion
}

// PlannedFile is what was found of one of them, which has its own page in its folder.
type PlannedFile struct {
	Name, What, Folder string
	Rows, Invalid      int
	Counts             record.Counts
	Looked             bool // the server was asked about it
	ExitCode           int
}

// plannedSeriesPage is what the page shows.
type plannedSeriesPage struct {
	Title, Verdict, Mood, How, Tool string
	ExitCode, Rows                  int
	Tiles                           []tile
	Facts                           []fact
	Runs                            []runOfSeries
	Next                            []Suggestion

	Policy string
	Style  template.CSS
}

// Write writes the page over all into the folder of the plan.
func (p PlannedSeries) Write(folder string) error {
	files := &staged{folder: folder}
	defer files.drop()
	if err := files.write(PreflightFile, p.write); err != nil {
		return err
	}
	return files.publishNew()
}

func (p PlannedSeries) write(w io.Writer) error {
	shown := plannedSeriesPage{Tool: p.Tool, How: "What was found", ExitCode: p.ExitCode, Tiles: tiles(p.Counts), Next: onPage(p.Next),
		Policy: policy(), Style: template.CSS(pageStyle)}
	var names []string
	looked := true
	for _, file := range p.Files {
		run := runOfSeries{Name: inert(file.Name), What: file.What, Page: "./" + url.PathEscape(file.Folder) + "/" + PreflightFile,
			Rows: file.Rows, Counts: tiles(file.Counts), ExitCode: file.ExitCode, Verdict: "Every row can be done.", Mood: "good"}
		switch {
		case file.ExitCode != record.ExitDone:
			run.Verdict, run.Mood = "It has errors.", "bad"
		case !file.Looked:
			run.Verdict, run.Mood = "No errors were found. The server was not asked.", "warn"
		case file.Invalid > 0:
			run.Verdict, run.Mood = "A run leaves out "+Count(file.Invalid, "invalid row.", "invalid rows."), "warn"
		}
		looked = looked && file.Looked
		names, shown.Runs, shown.Rows = append(names, inert(file.Name)), append(shown.Runs, run), shown.Rows+file.Rows
	}
	shown.Title = "Pre-flight of " + strings.Join(names, ", ")
	switch {
	case p.ExitCode != record.ExitDone:
		shown.Verdict, shown.Mood = "As the files are, a run sends nothing.", "bad"
	case !looked:
		shown.Verdict, shown.Mood = "No errors were found. The server was not asked about all files.", "warn"
	case p.Counts[record.Invalid] > 0:
		shown.Verdict, shown.Mood = "A run does the valid rows of all files, and leaves out "+Count(p.Counts[record.Invalid],
			"invalid one.", "invalid ones."), "warn"
	default:
		shown.Verdict, shown.Mood = "Every row of all files can be done.", "good"
	}
	var told facts
	told.tell("Server", p.Server)
	told.tell("Signed in as", p.Account)
	told.tell("Requests of a run", byMethod(p.Requests))
	told.tell("Time of a run", p.Time)
	told.tell("SHA-256 of the plan", p.SHA256)
	shown.Facts = told
	parsed, err := pageTemplate(seriesText)
	if err != nil {
		return err
	}
	return parsed.ExecuteTemplate(w, "planned series", shown)
}
