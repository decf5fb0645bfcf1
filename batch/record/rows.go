package record

import (
	"cmp"
	"iter"
	"strings"

	"cucbulk/batch/input"
	"cucbulk/batch/model"
	"cucbulk/validate"
)

// InputRow is a data row of the input. A row that can't be told into cells has
// Broken, and no cells.
type InputRow = input.Decoded[struct{}]

// Rows gives the input's data rows in order. An error ends it, and so does a
// broken row behind which no rows can be told apart.
func (in Input) Rows() iter.Seq2[*InputRow, error] {
	return DecodeRows(in, func(validate.Row) struct{} { return struct{}{} })
}

// DecodeRows gives the input's data rows as Rows does, each with what decode makes
// of its cells. That happens on all cores, before the row's number is known.
func DecodeRows[T any](in Input, decode func(validate.Row) T) iter.Seq2[*input.Decoded[T], error] {
	return func(yield func(*input.Decoded[T], error) bool) {
		for rows, err := range DecodePieces(in, toKeep, decode) {
			if err != nil {
				yield(&input.Decoded[T]{}, err)
				return
			}
			for i := range rows {
				if !yield(&rows[i], nil) {
					return
				}
			}
		}
	}
}

// How much text is decoded at once, in bytes: of rows that are looked at and let go, and of
// those that may wait until they are sent, each with a record of what it wants.
const (
	ToLookAt = 64 << 10
	toKeep   = 16 << 10
)

// DecodePieces gives the same rows some at a time, those of about size bytes.
func DecodePieces[T any](in Input, size int, decode func(validate.Row) T) iter.Seq2[[]input.Decoded[T], error] {
	return func(yield func([]input.Decoded[T], error) bool) {
		for rows, err := range input.Decode(in.open, size, func(row input.Row) T { return decode(row.Row) }) {
			if err != nil {
				err = in.located(err)
			}
			if len(in.continued) > 0 {
				for i := range rows {
					rows[i].Line = in.sheetRow(rows[i].Line)
				}
			}
			if !yield(rows, err) {
				return
			}
		}
	}
}

// Selects reports whether it lets a row through.
func (s Selection) Selects(header *validate.Header, row validate.Row) bool {
	if row.Number < s.FirstRow || (s.LastRow > 0 && row.Number > s.LastRow) {
		return false
	}
	if len(s.Only) == 0 {
		return true
	}
	for _, only := range s.Only {
		for i, column := range header.Columns {
			if column == nil || i >= len(row.Cells) {
				continue
			}
			if strings.EqualFold(column.Name, only.Column) && model.Fold(column.CellText(row.Cells[i])) == model.Fold(only.Value) {
				return true
			}
		}
	}
	return false
}

// Rules gives the options in the words of package validate.
func (o Options) Rules(in Input) validate.Options {
	delimiter := rune(in.Format.Delimiter)
	if in.Sheet != "" {
		delimiter = 0
	}
	return validate.Options{Table: o.Table(), Audio: o.Audio, AudioFolder: cmp.Or(o.AudioFolder, in.Sounds), File: in.Name,
		Sheet: in.Sheet, Delimiter: delimiter, Operation: o.Operation, Template: o.Template, Map: o.mapping(), Set: o.Set,
		ReassignTo: o.ReassignTo, KeepMailbox: o.KeptPINLength > 0, KeepNotes: o.KeepNotes,
		BATTransfers: o.BATTransfer == TransfersOfBAT, Match: o.Match, Strict: o.Strict}
}
