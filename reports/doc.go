// Package reports writes what a run leaves behind for people and scripts, all of
// it from the journal: report.html, results.csv, rejects.csv, rollback.csv and
// summary.json. Before a run it writes what the pre-flight found: preflight.html,
// problems.csv, plan.csv and plan.json.
//
// [Writer.Write] reads the journal of a run folder and writes every file anew. It may be
// called as often as one likes, also on a run that was killed half-way.
// [Preflight.Write] writes into a new folder, once, and [ReadPlan] reads the plan back.
//
// # Whole or not at all
//
// A file is written under another name, synced, and renamed: a reader sees the
// old file or the new one, never half of one.
//
// # For people or for machines
//
// results.csv and plan.csv are read in spreadsheets, which run a cell that begins with
// = + - @ as a formula: such text gets an apostrophe in front, and on the pages too,
// because people copy from them. rejects.csv, problems.csv and rollback.csv go back into
// this program, and their cells are never altered. plan.json is for scripts.
//
// # One page without a network
//
// report.html and preflight.html each hold all that they show, and share their style, their
// script and what both say. Their Content-Security-Policy allows that style and script and
// nothing else; the pictures are drawn when the page is written; the rows are JSON in the
// page, and its script makes only those that are seen.
package reports
