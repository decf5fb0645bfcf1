// Package samples holds input files that run as they are against a simulated
// server with 200 users (cucbulk simulate --users 200). README.md tells what each
// shows, the command that runs it, and the exit code.
//
// The files are built into the program, because its demo runs on them.
package samples

import "embed"

// Files holds the CSV files.
//
//go:embed *.csv
var Files embed.FS
