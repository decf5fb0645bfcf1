package validate

import (
	"fmt"
	"strconv"

	"cucbulk/cupi/audio"
)

// Operation is what a row asks for.
type Operation string

// The operations, as --operation and the column Operation spell them.
const (
	Create     Operation = "create"
	Update     Operation = "update"
	Delete     Operation = "delete"
	Upsert     Operation = "upsert"
	ImportLDAP Operation = "import-ldap"
)

// MakesUsers says whether each row of this operation makes a user, or whatever else the rows
// are about.
func (o Operation) MakesUsers() bool { return o == Create || o == ImportLDAP }

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
