package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/gocarina/gocsv"

	"cucbulk/batch"
)

// planLine is a line of plan.csv.
type planLine struct {
	Row        int    `csv:"Row"`
	Line       int    `csv:"Line"`
	Operation  string `csv:"Operation"`
	Alias      string `csv:"Alias"`
	Status     string `csv:"Status"`
	Code       string `csv:"Code"`
	Message    string `csv:"Message"`
	Changes    string `csv:"Changes"`
	Removed    string `csv:"Removed"`
	Lost       string `csv:"Lost"`
	Requests   int    `csv:"Requests"`
	Reversible string `csv:"Reversible"`
}

func planLineOf(p batch.Preview) planLine {
	return planLine{
		Row: p.Row, Line: p.Line, Operation: inert(string(p.Operation)), Alias: inert(p.Alias), Status: string(p.Status),
		Code: inert(string(p.Code)), Message: inert(p.Message),
		Changes: inert(ChangesText(p)), Removed: inert(removedText(p)), Lost: inert(strings.Join(p.Lost,
			"; ")), Requests: requestsOf(p), Reversible: string(p.Reversible),
	}
}

// ChangesText tells the fields that a row changes: Title "Clerk" -> "Buyer"; City "" -> "Leeds".
func ChangesText(p batch.Preview) string {
	var texts []string
	for _, change := range p.Changes {
		old, now := change.Shown()
		texts = append(texts, fmt.Sprintf("%s %q -> %q", change.Name(), old, now))
	}
	return strings.Join(texts, "; ")
}

func removedText(p batch.Preview) string {
	var texts []string
	for _, removal := range p.Removed {
		texts = append(texts, removal.What)
	}
	return strings.Join(texts, "; ")
}

func requestsOf(p batch.Preview) int {
	n := 0
	for _, of := range p.Requests {
		n += of
	}
	return n
}

// planTable writes plan.csv.
type planTable struct{ file *csvFile }

func newPlanTable(w io.Writer) (*planTable, error) {
	t := &planTable{newCSVFile(w)}
	return t, gocsv.MarshalCSV([]planLine{}, t.file)
}

// row writes one line.
func (t *planTable) row(preview batch.Preview) error {
	return gocsv.MarshalCSVWithoutHeaders([]planLine{planLineOf(preview)}, t.file)
}
