// Package windows proves that the program for Windows works on Windows. It holds tests
// only, which no other system builds:
//
//	go test ./windows
//
// on Windows builds the program and does what people do with it. make windows does it
// under Wine on a Linux computer, with the program that was built there; docs/windows.md
// has what it printed. TestScripts in the root runs the scripts of internal/cli there too.
//
// Each test has a simulator of its own in this process, and the program beside it. A change
// can be held in flight, so that a kill or a Ctrl-C comes at a known moment.
//
// Wine 8 refuses what Go's removal of folders asks first ("Invalid function"), so the
// tests leave their folders behind when they are told which folder to use, and whoever named
// that removes it.
package windows
