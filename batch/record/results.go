package record

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"cucbulk/validate"
)

// Results gives one result for each row, in the order of the input. A row that
// was not reached is pending, and one that was cut off is told as far as it came; what
// the input tells of them is filled in, as far as the input is still there.
func (h *History) Results() iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		records, err := h.Lookup()
		if err != nil {
			yield(Result{}, err)
			return
		}
		defer records.Close()
		for pending, err := range h.rows() {
			if err != nil {
				yield(Result{}, err)
				return
			}
			result, is, err := records.Result(pending.Row)
			if err == nil && !is {
				result, err = records.cutOff(pending)
			}
			if !yield(result, err) || err != nil {
				return
			}
		}
	}
}

// rows gives every row as it would be if it was not reached.
func (h *History) rows() iter.Seq2[Result, error] {
	if h.Header.Kind == KindRollback {
		return h.rowsUndone()
	}
	in, err := h.SourceInput()
	header, ok := headerOf(in, h.Header.Options)
	if err != nil || !ok {
		return rowsByNumber(h.Header.Rows)
	}
	return func(yield func(Result, error) bool) {
		decoder := validate.NewChecker(header, h.Header.Options.Rules(in))
		last := 0
		for row, err := range in.Rows() {
			if err != nil {
				yield(Result{}, err)
				return
			}
			last = row.Number
			record := decoder.Record(row.Row.Row)
			pending := Result{Row: row.Number, Line: row.Line, Operation: cmp.Or(record.Asks, record.Operation), Alias: record.Alias,
				DtmfAccessID: record.DtmfAccessId, ObjectID: record.ObjectId, Status: Pending, Reversible: FullyReversible}
			if !yield(pending, nil) {
				return
			}
		}
		if last < h.Header.Rows {
			yield(Result{}, fmt.Errorf("the input has %d rows, and the run had %d", last, h.Header.Rows))
		}
	}
}

// headerOf reads the headings of an input that may not be there.
func headerOf(in Input, options Options) (*validate.Header, bool) {
	headings, _, _, err := in.HeadingLine()
	if err != nil {
		return nil, false
	}
	header, _ := validate.ParseHeader(in.Name, in.Format.HeaderLine, headings, options.Rules(in))
	return header, true
}

func rowsByNumber(rows int) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		for number := 1; number <= rows; number++ {
			if !yield(Result{Row: number, Status: Pending, Reversible: FullyReversible}, nil) {
				return
			}
		}
	}
}

// rowsUndone gives the rows of a rollback: those that it was to undo, if the run's
// journal still tells, else those that it reached.
func (h *History) rowsUndone() iter.Seq2[Result, error] {
	pending := map[int]Result{}
	for number := range h.Rows {
		pending[number] = Result{Row: number, Status: Pending}
	}
	if of, err := ReadHistory(h.Header.Of); err == nil {
		tellUndone(of, h.Header.UndoOptions(), pending)
	}
	numbers := make([]int, 0, len(pending))
	for number := range pending {
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	return func(yield func(Result, error) bool) {
		for _, number := range numbers {
			if !yield(pending[number], nil) {
				return
			}
		}
	}
}

// tellUndone notes the rows of a run that a rollback was to undo. It is silent where
// the run's journal does not tell.
func tellUndone(of *History, options UndoOptions, pending map[int]Result) {
	undo, err := PlanUndo(of, options)
	if err != nil {
		return
	}
	records, err := of.Lookup()
	if err != nil {
		return
	}
	defer records.Close()
	for _, number := range undo.Rows {
		result, _ := records.Told(number)
		result.Row, result.Status, result.Code, result.Message, result.Reversible = number, Pending, "", "", NotReversible
		result.StepsDone, result.StepsFailed, result.Requests, result.Attempts, result.Seconds = nil, nil, 0, 0, 0
		pending[number] = result
	}
}
