package reports

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gocarina/gocsv"

	"cucbulk/batch/record"
	"cucbulk/internal/shell"
	"cucbulk/validate"
)

// rollbackLine is what every line of a rollback.csv begins with. The fields to restore
// come behind it: which there are depends on the run.
type rollbackLine struct {
	Operation  string `csv:"Operation"`
	ObjectID   string `csv:"ObjectId"`
	Alias      string `csv:"Alias"`
	Reversible string `csv:"Reversible"`
	Note       string `csv:"Note"`
}

// writeRollback writes what undoing the run does, newest change first.
func writeRollback(w io.Writer, history *record.History) error {
	undo, err := record.PlanUndo(history, record.UndoOptions{})
	if err != nil {
		return err
	}
	names, err := undo.Restores()
	if err != nil {
		return err
	}
	// The Alias to restore is the one that the line shows anyway.
	shown := headingsOf[rollbackLine]()
	fields := slices.DeleteFunc(names, func(name string) bool { return slices.Contains(shown, name) })
	file := newCSVFile(w)
	file.behind = fields
	if err := gocsv.MarshalCSV([]rollbackLine{}, file); err != nil {
		return err
	}
	for line, err := range undo.Lines() {
		if err != nil {
			return err
		}
		file.behind = restored(line, fields)
		begin := rollbackLine{string(line.Operation), line.ObjectID, line.Alias, string(line.Reversible), line.Note}
		if err := gocsv.MarshalCSVWithoutHeaders([]rollbackLine{begin}, file); err != nil {
			return err
		}
	}
	return file.end()
}

// restored gives the cells of the fields that a line restores.
func restored(line record.UndoLine, fields []string) []string {
	cells := make([]string, len(fields))
	for i, name := range fields {
		value, given := line.Fields[name]
		if given && value == "" {
			value = validate.Null
		}
		cells[i] = value
	}
	return cells
}

// IsRollback reports whether headings are those of a rollback.csv, which only
// rollback may read: it alone checks what changed since.
func IsRollback(headings []string) bool {
	columns := headingsOf[rollbackLine]()
	return len(headings) >= len(columns) && slices.Equal(headings[:len(columns)], columns)
}

// SelectRows reads a rollback.csv, which may have lost lines on purpose and been
// saved by a spreadsheet in its own way, and gives the rows of its run that it
// names. The journal must stand beside it: only the journal proves what the run
// did.
func SelectRows(path string) (folder string, rows map[int]bool, err error) {
	in, err := record.OpenInput(path, path)
	if err != nil {
		return "", nil, err
	}
	headings, _, _, err := in.HeadingLine()
	if err != nil {
		return "", nil, err
	}
	if !IsRollback(headings) {
		return "", nil, fmt.Errorf("%s is no rollback file: its headings must begin with %s; give the run's "+
			"folder, or its %s", path, strings.Join(headingsOf[rollbackLine](), ","), RollbackFile)
	}
	folder = filepath.Dir(path)
	byChange, err := undoneRows(folder)
	if err != nil {
		return "", nil, fmt.Errorf("%s must stand beside the journal of its run: %w", path, err)
	}
	rows = map[int]bool{}
	lines := map[[2]string]int{}
	for row, err := range in.Rows() {
		if err == nil && row.Broken != nil {
			err = fmt.Errorf("%s:%d: %s", path, row.Broken.Line, row.Broken.Message)
		}
		if err != nil {
			return "", nil, err
		}
		change := [2]string(append(slices.Clone(row.Cells), "", "")[:2])
		if len(byChange[change]) == 0 {
			return "", nil, fmt.Errorf("%s:%d: the run did nothing that this line undoes; take the line out, or write "+
				"the file again with: %s", path, row.Line, shell.New("report").File(folder))
		}
		lines[change]++
		for _, number := range byChange[change] {
			rows[number] = true
		}
	}
	for change, n := range lines {
		if n != len(byChange[change]) {
			return "", nil, fmt.Errorf("%s: %d lines %s %s, and the run has %d: lines of one object can't be "+
				"told apart, so leave them all in or take them all out", path, n, change[0], change[1], len(byChange[change]))
		}
	}
	return folder, rows, nil
}

// undoneRows gives the rows behind each line of a run's rollback.csv, which is known by
// its Operation and ObjectId.
func undoneRows(folder string) (map[[2]string][]int, error) {
	history, err := record.ReadHistory(folder)
	if err != nil {
		return nil, err
	}
	undo, err := record.PlanUndo(history, record.UndoOptions{})
	if err != nil {
		return nil, err
	}
	rows := map[[2]string][]int{}
	for line, err := range undo.Lines() {
		if err != nil {
			return nil, err
		}
		change := [2]string{string(line.Operation), line.ObjectID}
		rows[change] = append(rows[change], line.Row)
	}
	return rows, nil
}
