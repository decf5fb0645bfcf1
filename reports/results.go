package reports

import (
	"io"
	"strconv"
	"strings"

	"github.com/gocarina/gocsv"

	"cucbulk/batch/record"
)

// resultLine is a line of results.csv.
type resultLine struct {
	Row          int    `csv:"Row"`
	Line         int    `csv:"Line"`
	Operation    string `csv:"Operation"`
	Alias        string `csv:"Alias"`
	DtmfAccessID string `csv:"DtmfAccessId"`
	ObjectID     string `csv:"ObjectId"`
	Status       string `csv:"Status"`
	Code         string `csv:"Code"`
	Message      string `csv:"Message"`
	StepsDone    string `csv:"StepsDone"`
	StepsFailed  string `csv:"StepsFailed"`
	Requests     int    `csv:"Requests"`
	Attempts     int    `csv:"Attempts"`
	Seconds      string `csv:"Seconds"`
	Reversible   string `csv:"Reversible"`
}

func resultLineOf(r record.Result) resultLine {
	return resultLine{
		Row: r.Row, Line: r.Line, Operation: inert(string(r.Operation)), Alias: inert(r.Alias), DtmfAccessID: inert(r.DtmfAccessID),
		ObjectID: inert(r.ObjectID),
		Status:   string(r.Status), Code: inert(string(r.Code)), Message: inert(r.Message),
		StepsDone: strings.Join(r.StepsDone, ";"), StepsFailed: strings.Join(r.StepsFailed, ";"),
		Requests: r.Requests, Attempts: r.Attempts,
		Seconds: strconv.FormatFloat(r.Seconds, 'f', 3, 64), Reversible: string(r.Reversible),
	}
}

// writeResults writes one line a row, in the order of the input, and tells see of each.
func writeResults(w io.Writer, history *record.History, see func(record.Result)) error {
	file := newCSVFile(w)
	if err := gocsv.MarshalCSV([]resultLine{}, file); err != nil {
		return err
	}
	for r, err := range history.Results() {
		if err != nil {
			return err
		}
		see(r)
		if err := gocsv.MarshalCSVWithoutHeaders([]resultLine{resultLineOf(r)}, file); err != nil {
			return err
		}
	}
	return file.end()
}

// writeAllResults writes the results of all rows, with the file of each behind the columns that results.csv has of one. It
// notes why rows of each are not done.
func writeAllResults(w io.Writer, histories []*record.History, why []causes) error {
	file := newCSVFile(w)
	file.behind = []string{"File"}
	if err := gocsv.MarshalCSV([]resultLine{}, file); err != nil {
		return err
	}
	for i, history := range histories {
		why[i] = causes{}
		file.behind = []string{inert(history.FileName())}
		for r, err := range history.Results() {
			if err != nil {
				return err
			}
			why[i].add(r)
			if err := gocsv.MarshalCSVWithoutHeaders([]resultLine{resultLineOf(r)}, file); err != nil {
				return err
			}
		}
	}
	return file.end()
}

// inert keeps a spreadsheet from running a text as a formula, and a terminal or a
// page from obeying it.
func inert(text string) string { return record.Inert(text) }
