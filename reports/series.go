package reports

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"cucbulk/batch/record"
)

// Several files that are one run have, over the files of each, a summary, the results of all rows, and a page that
// leads to the page of each.

//go:embed page/series.html
var seriesText string

// SeriesSummary is summary.json of several files that are one run: the summary of a run, over all of them, and that of each.
type SeriesSummary struct {
	Folder string `json:"folder"`
	Summary
	Input  *record.Input `json:"input,omitempty"`  // those of the files stand with them
	Starts *int          `json:"starts,omitempty"` // so do how often each was gone on with
	Files  []FileSummary `json:"files"`            // in the order in which they go
}

// FileSummary is one of them, in its folder.
type FileSummary struct {
	Folder string `json:"folder"`
	Summary
}

// SummarizeSeries makes the summary of several files that are one run.
func SummarizeSeries(series *record.Series, histories []*record.History) SeriesSummary {
	s := SeriesSummary{Folder: series.Folder}
	s.Kind, s.Tool, s.Of, s.ExitCode = series.Kind, series.Tool, series.Of, record.ExitOfSeries(histories)
	s.Statuses, s.Requests, s.Ended = record.Counts{}, map[string]int{}, true
	begun := 0
	for _, history := range histories {
		one := Summarize(history)
		s.Files = append(s.Files, FileSummary{history.Folder, one})
		s.addRows(history, one)
		if len(history.Begins) == 0 && len(history.Footers) == 0 {
			continue // it waits for those before it
		}
		begun++
		s.addSending(one)
	}
	if s.Ended = s.Ended && begun > 0; !s.Ended {
		s.Finished = time.Time{}
	}
	left := 0
	for _, history := range histories {
		left += history.Left()
	}
	if s.Seconds > 0 && s.TotalRequests > 0 {
		s.RowsPerSecond = float64(s.Rows-left) / s.Seconds
	}
	return s
}

// addRows adds what is told of the rows of a file.
func (s *SeriesSummary) addRows(history *record.History, one Summary) {
	s.Records += one.Records
	s.Running = s.Running || one.Running
	s.Rows, s.Interrupted, s.AsLastRun = s.Rows+one.Rows, s.Interrupted+one.Interrupted, s.AsLastRun+one.AsLastRun
	s.AsTemplate, s.Unconfirmed = s.AsTemplate+one.AsTemplate, s.Unconfirmed+one.Unconfirmed
	for status, n := range one.Statuses {
		s.Statuses[status] += n
	}
	if one.ExitCode == s.ExitCode && s.Reason == "" && one.Reason != "" {
		s.Code, s.Reason = one.Code, history.FileName()+": "+one.Reason
	}
	if s.Started.IsZero() || one.Started.Before(s.Started) {
		s.Started = one.Started
	}
}

// addSending adds what a file's run sent, once it has begun.
func (s *SeriesSummary) addSending(one Summary) {
	s.Ended = s.Ended && one.Ended
	if one.Finished.After(s.Finished) {
		s.Finished = one.Finished
	}
	s.Seconds, s.TotalRequests = s.Seconds+one.Seconds, s.TotalRequests+one.TotalRequests
	for method, n := range one.Requests {
		s.Requests[method] += n
	}
	s.Retries, s.Busy, s.Throttled, s.SignIns = s.Retries+one.Retries, s.Busy+one.Busy, s.Throttled+one.Throttled, s.SignIns+one.SignIns
	for workers, seconds := range one.SecondsAt {
		if s.SecondsAt == nil {
			s.SecondsAt = map[int]float64{}
		}
		s.SecondsAt[workers] += seconds
	}
	s.Killed, s.Workers = s.Killed+one.Killed, max(s.Workers, one.Workers)
	if s.Server == nil {
		s.Server, s.Account = one.Server, one.Account
	}
}

// seriesPage is what the page of several files shows.
type seriesPage struct {
	page
	Runs   []runOfSeries
	How    string // what the table says of each
	Causes []causeOfSeries
}

// causeOfSeries is why some rows are not done, and of which files.
type causeOfSeries struct {
	cause
	Runs []runOfSeries
}

// runOfSeries is one file on it.
type runOfSeries struct {
	Name, What, Page string
	Rows             int
	Counts           []tile
	ExitCode         int
	Verdict, Mood    string
}

// WriteSeries writes the files over all of several files that are one run, as their journals tell it. The journals
// may have grown meanwhile; files that were made from more of them are not replaced.
func WriteSeries(series *record.Series, histories []*record.History, next []Suggestion) error {
	defer beginWriting(series.Folder)()
	files := &staged{folder: series.Folder}
	defer files.drop()
	summary := SummarizeSeries(series, histories)
	summary.Next = next
	err := files.write(SummaryFile, func(w io.Writer) error {
		text, err := json.MarshalIndent(summary, "", "  ")
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, inertJSON(string(text))+"\n")
		return err
	})
	if err != nil {
		return err
	}
	why := make([]causes, len(histories))
	if err := files.write(ResultsFile, func(w io.Writer) error { return writeAllResults(w, histories, why) }); err != nil {
		return err
	}
	if err := files.write(PageFile, func(w io.Writer) error { return writeSeriesPage(w, summary, histories, why) }); err != nil {
		return err
	}
	_, err = files.publish(summary.Records)
	return err
}

func writeSeriesPage(w io.Writer, summary SeriesSummary, histories []*record.History, why []causes) error {
	verdict := verdictOn(summary.Summary)
	shown := seriesPage{How: "How it ended", page: page{
		Title: titleOfSeries(summary, histories), Verdict: verdict.text, Mood: verdict.mood, Reason: summary.Reason,
		Summary: summary.Summary, Tiles: tiles(summary.Statuses), Facts: happenedFacts(summary.Summary), Next: onPage(summary.Next),
		Files: []File{{ResultsFile, "every row of all files and what became of it"}, {SummaryFile, "the numbers, for scripts"}},
		Style: template.CSS(pageStyle), Policy: policy(),
	}}
	for i, history := range histories {
		one := summary.Files[i]
		run := runOfSeries{Name: inert(history.FileName()), What: history.Header.Options.Table().Many, Rows: one.Rows,
			Counts: tiles(one.Statuses), ExitCode: one.ExitCode,
			Page: "./" + url.PathEscape(filepath.Base(history.Folder)) + "/" + PageFile}
		said := verdictOn(one.Summary)
		if run.Verdict, run.Mood = said.text, said.mood; len(history.Begins) == 0 && len(history.Footers) == 0 {
			run.Verdict, run.Mood = "Not begun: it waits for the files before it.", "warn"
		}
		shown.Runs = append(shown.Runs, run)
	}
	all := causes{}
	for _, one := range why {
		all.join(one)
	}
	for _, one := range all.sorted() {
		shown.Causes = append(shown.Causes, causeOfSeries{cause: one})
		last := &shown.Causes[len(shown.Causes)-1]
		for i, run := range shown.Runs {
			if why[i][one.Code] != nil {
				last.Runs = append(last.Runs, run)
			}
		}
	}
	parsed, err := pageTemplate(seriesText)
	if err != nil {
		return err
	}
	return parsed.ExecuteTemplate(w, "series", shown)
}

func titleOfSeries(summary SeriesSummary, histories []*record.History) string {
	if summary.Kind == record.KindRollback {
		return "Rollback of " + inert(summary.Of)
	}
	var names []string
	for _, history := range histories {
		names = append(names, inert(history.FileName()))
	}
	return "Run of " + strings.Join(names, ", ")
}
