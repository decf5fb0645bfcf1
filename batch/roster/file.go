package roster

import (
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// File is a file that was checked by itself.
type File struct {
	*plan.Checked
	unclear map[int]bool   // rows of which nobody knows whom they are about, or whether they are about others too
	open    []validate.Row // the last row, if no line end is behind it
}

// Check checks the file by itself. What it finds is found again in the rows that are made of it, and
// told then.
func Check(in record.Input, options record.Options) (*File, error) {
	file := &File{unclear: map[int]bool{}}
	match := validate.Users.MatchColumn(options.Match)
	var err error
	file.Checked, err = plan.Check(in, Options(options), func(p validate.Problem) {
		about := p.Column == match || p.Column == "" || p.Code == codes.CutOffFile
		if p.Row > 0 && !p.Warning && about && p.Code != codes.DuplicateAlias && p.Code != codes.DuplicateKey {
			file.unclear[p.Row] = true
		}
	})
	if err != nil {
		return nil, err
	}
	for _, heading := range []string{"Operation", "NewAlias"} {
		if _, there := file.Header.Position(heading); there {
			return nil, &record.Stop{Exit: record.ExitInvalid, Code: codes.SyncColumn,
				Reason: fmt.Sprintf("%s:%d: %s: the file says who there is, "+
					"and sync finds out what is to be done: take the column out, or call it Junk; nothing was sent", in.Name,
					in.Format.HeaderLine, file.Header.Heading(heading))}
		}
	}
	if file.Rows == 0 {
		return nil, &record.Stop{Exit: record.ExitRail, Code: codes.EmptyFile,
			Reason: in.Name + " has no rows, so everybody would have left; nothing was sent. Look where the file comes from"}
	}
	return file, file.findSwallowed()
}

// findSwallowed finds rows that may have others in them, or may not be whole, although each cell can be
// right: a quote that stands alone makes cells of rows, and a file that is cut off ends in any cell.
func (f *File) findSwallowed() error {
	if f.Input.Sheet != "" { // its cells are what they are
		return nil
	}
	for row, err := range f.Input.Rows() {
		if err != nil {
			return err
		}
		if slices.ContainsFunc(row.Cells, func(cell string) bool { return strings.ContainsAny(cell, "\r\n") }) {
			f.unclear[row.Number] = true
		}
		if row.LineEnd == "" {
			f.unclear[row.Number], f.open = true, append(f.open, row.Row.Row)
		}
	}
	return nil
}

// invalid reports whether a rule rejected a row.
func (f *File) invalid(row int) bool {
	_, _, rejected := f.Rejection(row)
	return rejected
}

// Options gives those with which the file is checked by itself, before the server is asked.
func Options(options record.Options) record.Options {
	options.Object, options.Operation = validate.Users.Object, validate.Upsert
	return options
}
