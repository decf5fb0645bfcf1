// Package reports writes what a run leaves behind for people and scripts, all of
// it from the journal: report.html, results.csv, rejects.csv, rollback.csv and
// summary.json.
//
// [Write] reads the journal of a run folder and writes every file anew. It may be
// called as often as one likes, also on a run that was killed half-way.
//
// # Whole or not at all
//
// A file is written under another name, synced, and renamed: a reader sees the
// old file or the new one, never half of one.
//
// # For people or for machines
//
// results.csv is read in spreadsheets, which run a cell that begins with = + - @
// as a formula: such text gets an apostrophe in front, and in report.html too,
// because people copy from it. rejects.csv and
// rollback.csv go back into this program, and their cells are never altered.
//
// # One page without a network
//
// report.html holds all that it shows. Its Content-Security-Policy allows its own
// style and script and nothing else; the pictures are drawn when it is written; the
// rows are JSON in the page, and its script makes only those that are seen.
package reports
