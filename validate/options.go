package validate

import (
	"cmp"
	"fmt"
	"strconv"

	"cucbulk/cupi/audio"
)

// Setting is one --set: the value of a column for each row that leaves it empty.
type Setting struct{ Column, Value string }

// Options are what the command line says about the whole file.
type Options struct {
	Table     *Table    // what the file is about; nil: users
	File      string    // name that problems carry
	Operation Operation // of rows without their own; "" for none
	Template  string    // template alias of rows without their own; "" for none

	BATTransfers bool // the numbers of transfer types are as BAT counts them, and not as CUPI does

	KeepMailbox bool      // rows that would delete users keep their mailboxes, and hide them
	KeepNotes   []Setting // texts that such users get, by column

	ReassignTo string // alias of the successor of users whose rows delete them and name none; "" for none

	Audio       *audio.Store // what looks through recordings; nil: nobody does, and none is sent
	AudioFolder string       // from which their paths count

	Others []*Table // that know all headings too, where nobody said what the rows are about

	Map *Mapping // what cells mean on the server; nil: what they say

	Set       []Setting // values for empty cells
	Match     string    // column by which a row finds its user; "" is Alias
	Strict    bool      // columns that can't be sent are errors, not warnings
	Sheet     string    // of a workbook, so that places are told as Users!C5; "": lines are
	Delimiter rune      // that stands between the file's cells; 0: it is not known
}

// ColumnLetters is what a sheet calls a column, counted from 0: A, B, … AA.
func ColumnLetters(column int) string {
	letters := ""
	for column++; column > 0; column = (column - 1) / 26 {
		letters = string(rune('A'+(column-1)%26)) + letters
	}
	return letters
}

// CellName is where something is in the sheet of a workbook: Users!C5; without a cell, counted
// from 0, Users!5.
func (o Options) CellName(line, cell int) string {
	if cell < 0 {
		return fmt.Sprintf("%s!%d", o.Sheet, line)
	}
	return fmt.Sprintf("%s!%s%d", o.Sheet, ColumnLetters(cell), line)
}

// columnName is what people call a column of the file, counted from 0.
func (o Options) columnName(at int) string {
	if o.Sheet == "" {
		return strconv.Itoa(at + 1)
	}
	return ColumnLetters(at)
}

// where is another place, in the words of a message.
func (o Options) where(line, cell int) string {
	if o.Sheet == "" {
		return fmt.Sprintf("on line %d", line)
	}
	return "in " + o.CellName(line, cell)
}

// table is what the file is about.
func (o Options) table() *Table { return cmp.Or(o.Table, Users) }

// BAT's guide counts transfer types the other way round than CUPI's: 0 supervises a transfer, and
// 1 releases the call. Which of the two a file of BAT's means, nothing public proves.
//
// Administration guide, appendix on the Bulk Administration Tool.
var batTransferTypes = map[string]string{"0": "1", "1": "0"}

// isTransferType reports whether BAT has the column too, and counts otherwise.
func (c *Column) isTransferType() bool { return c.Field == "TransferType" && c.BATHeading() != "" }

// transferMeaning says how the numbers of transfer types are taken.
func transferMeaning(o Options) string {
	if o.BATTransfers {
		return "numbers here are taken as BAT counts them: 0 is supervised and 1 is release. As CUPI counts, and with " +
			"--bat-transfer-type cupi, 0 is release and 1 is supervised; the words mean the same with both"
	}
	return "numbers here are taken as CUPI counts them: 0 is release and 1 is supervised. As BAT counts, and with " +
		"--bat-transfer-type bat, 0 is supervised and 1 is release; the words mean the same with both"
}

// meantAs is a number as CUPI counts it.
func (c *Column) meantAs(number string, o Options) string {
	if meant, is := batTransferTypes[number]; is && o.BATTransfers && c.isTransferType() {
		return meant
	}
	return number
}
