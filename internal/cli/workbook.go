package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"cucbulk/batch/input"
)

// sheetOf is the flag for a sheet that was named, as it can be typed.
func sheetOf(sheet string) string {
	if sheet == "" {
		return ""
	}
	return " --sheet " + shellWord(sheet)
}

// unpack turns the copy of an input into CSV if it is a workbook, and says what of
// the workbook is not in it. name is what messages call the input.
func (p *program) unpack(path, name, sheet string) error {
	workbook, err := input.IsWorkbook(path)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if !workbook {
		if sheet != "" {
			return misused("--sheet names a sheet of a workbook, and %s is none", name)
		}
		return nil
	}
	unpacked := path + ".csv"
	file, err := os.OpenFile(unpacked, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("the workbook can't be unpacked: %w", err)
	}
	about, err := input.ReadWorkbook(file, path, sheet)
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", name, err), file.Close(), os.Remove(unpacked))
	}
	if err := errors.Join(file.Sync(), file.Close(), os.Rename(unpacked, path)); err != nil {
		return fmt.Errorf("the workbook can't be unpacked: %w", err)
	}
	if len(about.Others) > 0 && sheet == "" {
		p.warn("%s: only the sheet %q is read; --sheet takes another: %s", name, about.Sheet, strings.Join(about.Others, ", "))
	}
	if about.Hidden > 0 {
		p.warn("%s: %s of the sheet are hidden, and read all the same", name, rowsText(about.Hidden))
	}
	return nil
}
