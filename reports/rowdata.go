package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"cucbulk/batch"
)

// rowColumn is a column of the page's rows. What is not shown in the table is in
// the details of a row.
type rowColumn struct {
	Name   string `json:"name"` // as in results.csv
	Title  string `json:"title"`
	Shown  bool   `json:"shown"`
	Class  string `json:"class,omitempty"`  // its width, and whether a phone has room for it
	Figure bool   `json:"figure,omitempty"` // a number, sorted as one
	Places *int   `json:"places,omitempty"` // after the point
	Long   bool   `json:"long,omitempty"`   // takes a line of its own in the details
	Kind   string `json:"kind,omitempty"`   // "changes": fields with what they were and will be; "list", "texts": several texts

	value func(batch.Result) any
}

func rowColumns() []rowColumn {
	two := 2
	return []rowColumn{
		{Name: "Row", Title: "Row", Shown: true, Class: "narrow", Figure: true, value: func(r batch.Result) any { return r.Row }},
		{Name: "Line", Title: "Line in the file", Figure: true, value: func(r batch.Result) any { return r.Line }},
		{Name: "Operation", Title: "Operation", Shown: true, Class: "middle wide-only", value: func(r batch.Result) any { return inert(string(r.Operation)) }},
		{Name: "Alias", Title: "Alias", Shown: true, Class: "name", value: func(r batch.Result) any { return inert(r.Alias) }},
		{Name: "DtmfAccessId", Title: "Extension", Shown: true, Class: "middle wide-only", value: func(r batch.Result) any { return inert(r.DtmfAccessID) }},
		{Name: "ObjectId", Title: "ObjectId", value: func(r batch.Result) any { return inert(r.ObjectID) }},
		{Name: "Status", Title: "Status", Shown: true, Class: "status", value: func(r batch.Result) any { return string(r.Status) }},
		{Name: "Code", Title: "Reason", Shown: true, Class: "reason-code wide-only", value: func(r batch.Result) any { return inert(string(r.Code)) }},
		{Name: "Message", Title: "Message", Shown: true, Class: "wide-only", Long: true, value: func(r batch.Result) any { return inert(r.Message) }},
		{Name: "StepsDone", Title: "Steps done", value: func(r batch.Result) any { return strings.Join(r.StepsDone, ", ") }},
		{Name: "StepsFailed", Title: "Steps not done", value: func(r batch.Result) any { return strings.Join(r.StepsFailed, ", ") }},
		{Name: "Requests", Title: "Requests", Figure: true, value: func(r batch.Result) any { return r.Requests }},
		{Name: "Attempts", Title: "Attempts", Figure: true, value: func(r batch.Result) any { return r.Attempts }},
		{Name: "Seconds", Title: "Seconds", Shown: true, Class: "status figure wide-only", Figure: true, Places: &two, value: func(r batch.Result) any { return thousandths(r.Seconds) }},
		{Name: "Reversible", Title: "Undo", Shown: true, Class: "narrow wide-only", value: func(r batch.Result) any { return string(r.Reversible) }},
	}
}

// thousandths rounds, so that the page does not carry digits that nobody reads.
func thousandths(seconds float64) float64 { return float64(int64(seconds*1000+0.5)) / 1000 }

// writeRows writes the rows as the page's script reads them. It is JSON without < >
// & and line separators, which html would misread.
func writeRows(w io.Writer, history *batch.History) error {
	columns := rowColumns()
	about, err := json.Marshal(struct {
		Columns []rowColumn             `json:"columns"`
		Moods   map[batch.Status]string `json:"moods"`
	}{columns, moods()})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, `%s,"rows":[`, about[:len(about)-1])
	separator := "\n"
	cells := make([]any, len(columns))
	for result, err := range history.Results() {
		if err != nil {
			return err
		}
		for i, column := range columns {
			cells[i] = column.value(result)
		}
		row, err := json.Marshal(cells)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%s", separator, row); err != nil {
			return err
		}
		separator = ",\n"
	}
	_, err = io.WriteString(w, "]}")
	return err
}
