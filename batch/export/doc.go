// Package export writes users of a server as the CSV that a run reads: of every column that
// the server shows and a run can write, or in the layout of BAT. What is exported and run
// again changes nothing. The file is written aside and gets its name when it is whole.
package export
