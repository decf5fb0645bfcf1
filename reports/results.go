package reports

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode"

	"cucbulk/batch"
)

// resultColumns are the headings of results.csv.
func resultColumns() []string {
	return []string{"Row", "Line", "Operation", "Alias", "DtmfAccessId", "ObjectId", "Status", "Code", "Message",
		"StepsDone", "StepsFailed", "Requests", "Attempts", "Seconds", "Reversible"}
}

// writeResults writes one line a row, in the order of the input, and tells see of each.
func writeResults(w io.Writer, history *batch.History, see func(batch.Result)) error {
	out := csv.NewWriter(w)
	if err := out.Write(resultColumns()); err != nil {
		return err
	}
	for r, err := range history.Results() {
		if err != nil {
			return err
		}
		see(r)
		cells := []string{
			strconv.Itoa(r.Row), strconv.Itoa(r.Line), inert(string(r.Operation)), inert(r.Alias), inert(r.DtmfAccessID), inert(r.ObjectID),
			string(r.Status), inert(string(r.Code)), inert(r.Message), strings.Join(r.StepsDone, ";"), strings.Join(r.StepsFailed, ";"),
			strconv.Itoa(r.Requests), strconv.Itoa(r.Attempts), strconv.FormatFloat(r.Seconds, 'f', 3, 64), string(r.Reversible),
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// inert keeps a spreadsheet from running a text as a formula, and a terminal or a
// page from obeying it.
func inert(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, text)
	if first := strings.TrimLeft(text, " "); first != "" && strings.ContainsRune("=+-@", rune(first[0])) {
		return "'" + text
	}
	return text
}
