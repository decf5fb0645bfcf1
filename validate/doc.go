// Package validate says what a row of a file may hold: which columns there are,
// and the rules that a row keeps or breaks. It never touches the network.
//
// The usual path: [ParseHeader] finds the columns of the heading line,
// [NewChecker] takes them, [Checker.Examine] looks at each row by itself and
// [Checker.CheckAcross] at what it has in common with the rows before it, and
// [Checker.Record] decodes a row that has no error.
//
// # Columns
//
// All columns of an object stand in one table, [Table]: name, other headings, type, limit,
// access, and the field and step to which the text goes. The limits are those of
// the vendor's page (CUPI User API, Explanation of Data Fields). A name column
// (CosDisplayName) takes a name where CUPI wants an id; the record lists such
// names as [NameReference], and whoever has a connection looks them up.
//
// # Values
//
// An empty cell sends nothing. %null% clears a field that may be empty. Booleans
// are true/false, 1/0, yes/no in any case. Everything else is sent as it is
// written: 0042 stays 0042. Only marks that make a cell text for a spreadsheet are taken
// off (="0042"), and digits of another alphabet in a code become plain ones, each with a
// warning. Blanks around a text are not sent; around an alias or an extension they are an
// error. Lengths count characters, not bytes.
//
// # Damage
//
// What a spreadsheet or a script did to a text is found by its shape, in a table, by what
// the texts of the column are: codes, names, addresses. Single letters that were lost or look
// alike are found apart from that, and so is what shows beside other rows only, see
// [Neighbours]. A text behind [Literal] is meant as it is.
//
// # Problems
//
// A [Problem] is a value, not a Go error, and has a code that stays the same from
// release to release. A warning leaves the row fit to be sent. Checking goes on
// after each problem, so that one pass shows them all. What would be wrong with
// every row is said once, of the heading line. Where Cisco's Bulk Administration
// Tool is stricter than CUPI, the code begins with "bat-" and is a warning.
package validate
