// Package cli is the commands of cucbulk: it turns flags into options, hands
// them to the engine, and tells people and scripts what came of it.
//
// [Main] is the whole program but for the process around it. Each command has a
// file of its own with two halves: one that declares the flags and fills a struct
// of options, and one that does the work with that struct. The struct also holds what
// the command works with: a screen, the access to a server, the folders of runs.
//
// # What goes where
//
// Stdout carries what was asked for: problems of a file, the last screen, JSON.
// Stderr carries what is only about the way there: progress, questions, warnings
// and the one sentence of an error, which begins with "cucbulk:". A question is
// asked only when standard input and stderr are terminals.
//
// Every text, from whomever it comes, goes through one writer that escapes control
// characters, so that neither a file nor a server can command the terminal. Only an
// export into a file or a pipe is left as it is: it must come back unchanged.
//
// # Exit codes
//
// 0 every row done, 1 could not run, 2 usage, 3 invalid input and nothing sent,
// 4 some rows not done, 5 stopped by a guard rail, 6 interrupted, 7 some rows
// uncertain. Package batch decides between them; this package adds 2.
//
// Words that were lost change a code of 0 only. Whoever closes a pipe (| head -1) has
// chosen to read no more, and the run folder has it all: the code stays the run's. A
// stdout that takes nothing (a full disk) loses what was asked for, and that is 1.
//
// # Interruption
//
// When the context of [Main] ends, the engine starts nothing more and finishes
// what is in flight, the reports are written, and the exit code is 6. The journal
// is durable at every moment, so a process that leaves at once loses nothing that
// resume could not find again.
package cli
