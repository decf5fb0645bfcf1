package reports

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cucbulk/batch/record"
)

// reasonColumn is the heading that rejects.csv puts in front of the input's own,
// as BAT does.
const reasonColumn = "FailureReason"

// writeRejects writes rejects.csv from the input, sealed if the input has secrets
// and the run was told for whom. When the input is gone, an earlier rejects.csv is
// the only copy there is, and stays.
func (s *staged) writeRejects(history *record.History) (Notice, error) {
	name := RejectsName(history)
	in, err := history.SourceInput()
	if err != nil {
		if _, missing := os.Stat(filepath.Join(s.folder, name)); missing == nil {
			return "", nil
		}
		return Notice(fmt.Sprintf("%s was not written: %v", name, err)), nil
	}
	write := func(w io.Writer) error { return writeRejects(w, history, in) }
	if name == RejectsFile {
		return "", s.write(name, write)
	}
	return "", s.writeSealed(name, history.Header.Options.SealTo, write)
}

// RejectsName is what the file of rejected rows is called: it ends in .age when
// only the owner of a key can read it.
func RejectsName(history *record.History) string {
	if history.Header.Options.SealTo != "" && history.Header.Secrets {
		return RejectsFile + record.Sealed
	}
	return RejectsFile
}

// writeRejects writes the rows that are invalid, failed or partial, each with the
// reason and then its own text, byte for byte.
func writeRejects(w io.Writer, history *record.History, in record.Input) error {
	return writeWithReasons(w, in, nil, func(row int) (string, error) {
		if known := history.Rows[row]; known == nil || !known.Status.Rejected() || !history.Rows.HasResult(row) {
			return "", nil
		}
		result, _, err := history.Result(row)
		return reason(result), err
	})
}

// writeWithReasons writes rows of the input in its own encoding, each with its reason in front
// and then its own text, byte for byte. A row without a reason is left out, and so are the
// columns of these numbers.
func writeWithReasons(w io.Writer, in record.Input, leftOut []int, reasonOf func(row int) (string, error)) error {
	headings, raw, lineEnd, err := in.HeadingLine()
	if err != nil {
		return err
	}
	if lineEnd == "" {
		lineEnd = "\n"
	}
	delimiter := rune(in.Format.Delimiter)
	if old := reasonAt(headings); old >= 0 {
		leftOut = append(slices.Clone(leftOut), old)
	}
	slices.Sort(leftOut)
	write := func(first, rest string) error {
		for _, column := range slices.Backward(leftOut) {
			rest = without(rest, column, delimiter)
		}
		encoded, err := in.Format.EncodeRaw(quoted(first, delimiter) + string(delimiter) + rest + lineEnd)
		if err == nil {
			_, err = w.Write(encoded)
		}
		return err
	}
	if in.Format.BOM {
		mark, err := in.Format.EncodeRaw("\uFEFF")
		if err == nil {
			_, err = w.Write(mark)
		}
		if err != nil {
			return err
		}
	}
	if err := write(reasonColumn, raw); err != nil {
		return err
	}
	for row, err := range in.Rows() {
		if err != nil {
			return err
		}
		reason, err := reasonOf(row.Number)
		if err == nil && reason != "" {
			err = write(reason, row.Raw)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reason is what the first cell of a rejected row says, in one line. It is no cell
// of the input, and the server had its say in it, so it is made safe.
func reason(r record.Result) string {
	text := string(r.Code) + ": " + r.Message
	if len(r.StepsDone) > 0 {
		text += " (done: " + strings.Join(r.StepsDone, ", ") + "; not done: " + strings.Join(r.StepsFailed, ", ") + ")"
	}
	return inert(strings.Join(strings.Fields(text), " "))
}

// quoted writes a cell as CSV wants it.
func quoted(cell string, delimiter rune) string {
	if strings.ContainsRune(cell, delimiter) || strings.ContainsAny(cell, "\"\r\n") {
		return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
	}
	return cell
}

// reasonAt finds the column of an earlier FailureReason, -1 if there is none.
func reasonAt(headings []string) int {
	for i, heading := range headings {
		if strings.EqualFold(strings.TrimSpace(heading), reasonColumn) {
			return i
		}
	}
	return -1
}

// without cuts one cell out of the text of a row, and leaves the rest as it is.
func without(raw string, column int, delimiter rune) string {
	if column < 0 {
		return raw
	}
	start, end := 0, len(raw)
	inQuotes, at := false, 0
	for i, r := range raw {
		switch {
		case r == '"':
			inQuotes = !inQuotes
		case r == delimiter && !inQuotes:
			at++
			if at == column {
				start = i
			}
			if at == column+1 {
				end = i
			}
		}
	}
	switch {
	case at < column: // the row is shorter than that
		return raw
	case column == 0 && end < len(raw):
		end += len(string(delimiter))
	}
	return raw[:start] + raw[end:]
}
