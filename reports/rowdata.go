package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"

	"cucbulk/batch/record"
)

// rowColumn is a column of a page's rows, and what a row of type T has in it. What is not
// shown in the table is in the details of a row.
type rowColumn[T any] struct {
	Name   string `json:"name"` // as in the CSV that has the same rows
	Title  string `json:"title"`
	Shown  bool   `json:"shown"`
	Class  string `json:"class,omitempty"`  // its width, and whether a phone has room for it
	Figure bool   `json:"figure,omitempty"` // a number, sorted as one
	Places *int   `json:"places,omitempty"` // after the point
	Long   bool   `json:"long,omitempty"`   // takes a line of its own in the details
	Kind   string `json:"kind,omitempty"`   // "changes": fields with what they were and will be; "list", "texts": several texts

	value func(T) any
}

// resultColumns are those of report.html.
func resultColumns() []rowColumn[record.Result] {
	two := 2
	return []rowColumn[record.Result]{
		{Name: "Row", Title: "Row", Shown: true, Class: "narrow", Figure: true, value: func(r record.Result) any { return r.Row }},
		{Name: "Line", Title: "Line in the file", Figure: true, value: func(r record.Result) any { return r.Line }},
		{Name: "Operation", Title: "Operation", Shown: true, Class: "middle wide-only",
			value: func(r record.Result) any { return inert(string(r.Operation)) }},
		{Name: "Alias", Title: "Alias", Shown: true, Class: "name", value: func(r record.Result) any { return inert(r.Alias) }},
		{Name: "DtmfAccessId", Title: "Extension", Shown: true, Class: "middle wide-only",
			value: func(r record.Result) any { return inert(r.DtmfAccessID) }},
		{Name: "ObjectId", Title: "ObjectId", value: func(r record.Result) any { return inert(r.ObjectID) }},
		{Name: "Status", Title: "Status", Shown: true, Class: "status", value: func(r record.Result) any { return string(r.Status) }},
		{Name: "Code", Title: "Reason", Shown: true, Class: "reason-code wide-only",
			value: func(r record.Result) any { return inert(string(r.Code)) }},
		{Name: "Message", Title: "Message", Shown: true, Class: "wide-only", Long: true,
			value: func(r record.Result) any { return inert(r.Message) }},
		{Name: "StepsDone", Title: "Steps done", value: func(r record.Result) any { return strings.Join(r.StepsDone, ", ") }},
		{Name: "StepsFailed", Title: "Steps not done", value: func(r record.Result) any { return strings.Join(r.StepsFailed, ", ") }},
		{Name: "Requests", Title: "Requests", Figure: true, value: func(r record.Result) any { return r.Requests }},
		{Name: "Attempts", Title: "Attempts", Figure: true, value: func(r record.Result) any { return r.Attempts }},
		{Name: "Seconds", Title: "Seconds", Shown: true, Class: "status figure wide-only", Figure: true, Places: &two,
			value: func(r record.Result) any { return thousandths(r.Seconds) }},
		{Name: "Reversible", Title: "Undo", Shown: true, Class: "narrow wide-only",
			value: func(r record.Result) any { return string(r.Reversible) }},
		{Name: "AsTemplate", Title: "Left to the template", value: func(r record.Result) any { return r.LeftToTemplate() }},
	}
}

// thousandths rounds, so that the page does not carry digits that nobody reads.
func thousandths(seconds float64) float64 { return float64(int64(seconds*1000+0.5)) / 1000 }

// writeRows writes rows as the page's script reads them, and the texts of which cells hold the
// places; nil: none do. It is JSON without < > & and line separators, which html would misread.
func writeRows[T any](w io.Writer, columns []rowColumn[T], rows iter.Seq2[T, error], texts *textTable) error {
	about, err := json.Marshal(struct {
		Columns []rowColumn[T]           `json:"columns"`
		Moods   map[record.Status]string `json:"moods"`
	}{columns, moods()})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, `%s,"rows":[`, about[:len(about)-1])
	separator := "\n"
	cells := make([]any, len(columns))
	for row, err := range rows {
		if err != nil {
			return err
		}
		for i, column := range columns {
			cells[i] = column.value(row)
		}
		text, err := json.Marshal(cells)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%s", separator, text); err != nil {
			return err
		}
		separator = ",\n"
	}
	if texts == nil {
		_, err = io.WriteString(w, "]}")
		return err
	}
	list, err := json.Marshal(texts.texts)
	if err == nil {
		_, err = fmt.Fprintf(w, `],"texts":%s}`, list)
	}
	return err
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

// moods are those of all statuses.
func moods() map[record.Status]string {
	all := map[record.Status]string{}
	for _, status := range record.Statuses() {
		all[status] = mood(status)
	}
	return all
}

// mood is how a page colours a status.
func mood(status record.Status) string {
	switch status {
	case record.Created, record.Updated, record.Deleted, record.Restored, record.Recreated:
		return "good"
	case record.Failed, record.Partial, record.Uncertain:
		return "bad"
	case record.Invalid, record.Kept, record.Pending:
		return "warn"
	}
	return ""
}
