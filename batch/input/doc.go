// Package input turns a file of users, as spreadsheets write them, into rows.
//
// The usual path: [Spool] copies the input to where it stays, [NewReader] finds
// its encoding and delimiter and reads the heading line, and [Reader.Next] returns
// one row after the other until io.EOF.
//
// # Encodings
//
// UTF-8 with or without a byte order mark, and UTF-16 in both byte orders, with a
// mark or where the first characters give it away. A file that is no UTF-8 is read as
// Windows-1252, unless [ForeignWord] finds that it can't be that. What is not valid text passes
// through, so that each cell can be reported by its own name. In a UTF-16 file that
// goes for half a surrogate pair and for U+FFFD, which can't be told apart.
//
// # Workbooks
//
// [ReadWorkbook] writes a sheet as CSV, and that is the input from then on: each cell is what
// a person sees in it, a number without the marks that a format shows, and what nobody can
// know is an error in its cell.
//
// # Rows
//
// Blank lines, and rows with nothing but delimiters, are no rows. A row knows its
// number, its line in the file, and its own text exactly as it stands there;
// [Format.EncodeRaw] turns that text back into the bytes of the file, so that
// rejected rows can be handed back unchanged.
//
// # Errors
//
// Broken quoting is a [*ParseError], which tells its line. When the damage ends
// with its line, reading goes on with the next row; when it may not, the error is
// final. A row of more than [MaxRow] bytes is such a final error, because a quote
// that nobody closed makes the rest of the file one row.
package input
