package validate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

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

// Operations returns all operations.
func Operations() []Operation { return slices.Clone(operations) }

var operations = []Operation{Create, Update, Delete, Upsert, ImportLDAP}

// ParseOperation reads an operation in any case, with blanks around it.
func ParseOperation(text string) (Operation, bool) {
	operation := Operation(strings.ToLower(strings.TrimSpace(text)))
	if strings.ContainsAny(text, " _") {
		operation = Operation(joinParts(string(operation)))
	}
	return operation, slices.Contains(operations, operation)
}

// MatchColumns returns the columns by which a row may find its user. The first is
// the one used when nothing else is said.
func MatchColumns() []string { return slices.Clone(matchColumns) }

// MatchColumn is the column of them that a match means, in our spelling: Alias for
// none, "" for one that rows can't be matched by.
func MatchColumn(match string) string { return matchColumn(Options{Match: match}) }

var matchColumns = []string{"Alias", "ObjectId", "EmployeeId", "EmailAddress", "DtmfAccessId"}

// required lists what a row of each operation needs besides its match column.
// import-ldap needs what the directory does not know; whom it imports, the row says
// by the Alias or by the pkid.
var required = map[Operation][]string{
	Create:     {"Alias", "DtmfAccessId", "TemplateAlias"},
	ImportLDAP: {"DtmfAccessId", "TemplateAlias"},
}

// wanted lists what an upsert needs if it turns out that the user must be created.
var wanted = map[Operation][]string{
	Upsert: {"Alias", "DtmfAccessId", "TemplateAlias"},
}

// MakesUsers says whether each row of this operation makes a user.
func (o Operation) MakesUsers() bool { return o == Create || o == ImportLDAP }

// OperationsText names all operations in a sentence.
func OperationsText() string {
	names := make([]string, len(operations))
	for i, operation := range operations {
		names[i] = string(operation)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// Setting is one --set: the value of a column for each row that leaves it empty.
type Setting struct{ Column, Value string }

// Options are what the command line says about the whole file.
type Options struct {
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
