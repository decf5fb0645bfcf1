package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"cucbulk/batch/input"
)

// unpackedSuffix makes the name of what is unpacked, until it is whole.
const unpackedSuffix = ".csv"

// unpack turns the copy of a workbook into CSV, and tells which sheet of it, and what is
// not in it.
func (file sourceFile) unpack(path string) (read string, err error) {
	unpacked := path + unpackedSuffix
	rows, err := os.OpenFile(unpacked, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fmt.Errorf("the workbook can't be unpacked: %w", err)
	}
	about, err := input.ReadWorkbook(rows, path, file.Sheet)
	if err != nil {
		return "", errors.Join(fmt.Errorf("%s: %w", file.name(), err), rows.Close(), os.Remove(unpacked))
	}
	if err := errors.Join(rows.Sync(), rows.Close(), os.Rename(unpacked, path)); err != nil {
		return "", fmt.Errorf("the workbook can't be unpacked: %w", err)
	}
	tellOfWorkbook(file.screen, about, file.name(), file.Sheet)
	return about.Sheet, nil
}

// tellOfWorkbook warns of what is in a workbook and not where people look.
func tellOfWorkbook(s *screen, about input.Workbook, name, sheet string) {
	if len(about.Others) > 0 && sheet == "" {
		s.warn("%s: only the sheet %q is read; --sheet takes another: %s", name, about.Sheet, strings.Join(about.Others, ", "))
	}
	if about.Hidden > 0 {
		filter := map[bool]string{true: " by its filter"}[about.Filtered]
		s.warn("%s: %s of the sheet are hidden%s, and read all the same", name, rowsText(about.Hidden), filter)
	}
	if about.Apart > 0 {
		s.warn("%s: below an empty row there are more rows, from %s!%d on, and they are read all the same: if they are "+
			"another table, give it a sheet of its own", name, about.Sheet, about.Apart)
	}
	if len(about.Columns) > 0 {
		s.warn("%s: the sheet hides columns (%s), and they are read all the same", name, strings.Join(about.Columns, ", "))
	}
	if about.Formats > 0 {
		s.warn("%s: %s shown in another way than read, as the number that is in the cell: %s!%s", name,
			map[bool]string{true: "1 number is", false: fmt.Sprintf("%d numbers are", about.Formats)}[about.Formats == 1],
			about.Sheet, about.Format)
	}
}
