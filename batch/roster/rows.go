package roster

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"cucbulk/batch/input"
	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/validate"
)

// The rows of the run are written as CSV, each on the line on which it stands in the file, so that
// whatever is said of one names that line. Columns of the file stay where they are, with the cells
// as they are; those that are added stand behind them, and the rows of leavers below.

// layout is where the cells stand.
type layout struct {
	headings                              []string
	own                                   int   // headings of the file
	operation, alias, newAlias, extension int   // -1: there is none
	objectID                              int   // of leavers
	clears                                []int // cells that count only when a user is made
}

func (r *Roster) layout(resetCredentials bool) layout {
	header := r.file.Header
	l := layout{headings: slices.Clone(header.Headings), own: len(header.Headings), newAlias: -1, extension: -1}
	l.operation = l.add("Operation")
	var there bool
	if l.alias, there = header.Position("Alias"); !there {
		l.alias = l.add("Alias")
	}
	if len(r.Given) > 0 {
		if l.extension, there = header.Position("DtmfAccessId"); !there {
			l.extension = l.add("DtmfAccessId")
		}
	}
	if len(r.due) > 0 {
		if l.objectID, there = header.Position("ObjectId"); !there {
			l.objectID = l.add("ObjectId")
		}
	}
	if r.renames {
		l.newAlias = l.add("NewAlias")
	}
	for i, column := range header.Columns {
		if column != nil && (column.Access == validate.CreateOnly || column.Name == "TemplateAlias" || !resetCredentials &&
			ofCredentials(column)) {
			l.clears = append(l.clears, i)
		}
	}
	return l
}

// ofCredentials reports whether a column is about what an upsert sets for those only whom it makes.
func ofCredentials(column *validate.Column) bool {
	kind := model.KindOf(column.Step)
	return column.Secret || kind.WriteOnly != "" && kind.Shape == model.Single
}

func (l *layout) add(heading string) int {
	l.headings = append(l.headings, heading)
	return len(l.headings) - 1
}

// lined writes records, each on a line of its own choosing.
type lined struct {
	out       io.Writer
	delimiter rune
	sheet     bool // lines are rows of a sheet: a record is one, however many breaks its cells hold
	at        int  // the line that is written next, from 1
}

// write writes a record that shall begin on a line, or behind what was written if that is longer.
func (w *lined) write(line int, cells []string) error {
	var text bytes.Buffer
	out := csv.NewWriter(&text)
	out.Comma = w.delimiter
	_ = out.Write(cells)
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	return w.writeText(line, text.String())
}

func (w *lined) writeText(line int, text string) error {
	if gap := line - w.at; gap > 0 {
		if _, err := io.WriteString(w.out, strings.Repeat("\n", gap)); err != nil {
			return err
		}
		w.at = line
	}
	if breaks := strings.Count(text, "\n"); w.sheet {
		w.at++
	} else {
		w.at += breaks
	}
	_, err := io.WriteString(w.out, text)
	return err
}

// WriteRows writes the input of the run.
func (r *Roster) WriteRows(out io.Writer, options record.Options) error {
	in := r.file.Input
	l := r.layout(options.ResetCredentials)
	w := &lined{out: out, delimiter: rune(in.Format.Delimiter), sheet: in.Sheet != "", at: 1}
	if in.Format.BOM || in.Format.Encoding != input.UTF8 { // spreadsheets know by it what rejected rows are
		if _, err := io.WriteString(out, "\uFEFF"); err != nil {
			return err
		}
	}
	if err := w.write(in.Format.HeaderLine, l.headings); err != nil {
		return err
	}
	for row, err := range in.Rows() {
		if err != nil {
			return err
		}
		switch broken := row.Broken != nil; {
		case broken, r.file.unclear[row.Number] && r.file.invalid(row.Number) && len(row.Cells) <= l.own:
			err = w.writeText(row.Line, row.Raw+row.LineEnd) // what is wrong with it is found again
		default:
			err = w.write(row.Line, l.cells(row.Cells, r.rows[row.Number]))
		}
		if err != nil {
			return err
		}
	}
	for _, leaver := range r.due {
		cells := make([]string, len(l.headings))
		cells[l.operation] = string(validate.Delete)
		cells[l.alias] = cellOf("Alias", leaver.Alias)
		cells[l.objectID] = leaver.ObjectID
		cells[r.keyAt] = cellOf(r.Match, leaver.Key)
		if err := w.write(w.at, cells); err != nil {
			return err
		}
	}
	return nil
}

// cells are those of a row of the file, with what is added. Where a row has too many, they come after.
func (l *layout) cells(row []string, d decision) []string {
	cells := make([]string, len(l.headings), len(l.headings)+max(0, len(row)-l.own))
	copy(cells[:l.own], row)
	cells[l.operation] = string(d.operation)
	if d.alias != "" {
		cells[l.alias] = cellOf("Alias", d.alias)
	}
	if d.extension != "" {
		cells[l.extension] = d.extension
	}
	if l.newAlias >= 0 {
		cells[l.newAlias] = cellOf("Alias", d.newAlias)
	}
	if d.operation == validate.Update {
		for _, i := range l.clears {
			cells[i] = ""
		}
	}
	if len(row) > l.own {
		cells = append(cells, row[l.own:]...)
	}
	return cells
}

// cellOf writes a value so that it is read as that and nothing else.
func cellOf(column, value string) string {
	of, _ := validate.Users.Column(column)
	if cell, ok := of.Cell(value); ok {
		return cell
	}
	return value
}

// Told tells of the input what its rows do not, and which of them [Roster.WriteRows] adds to those of the file.
func (r *Roster) Told() *record.Leavers {
	added := &record.Leavers{States: r.In()}
	if len(r.due) > 0 {
		added.FirstRow = r.file.Rows + 1
	}
	for _, leaver := range r.due {
		added.Aliases = append(added.Aliases, leaver.Alias)
	}
	return added
}
