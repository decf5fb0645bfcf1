// Package verify reads back what the rows of a run wrote, and tells field by field what the
// server did not keep: real servers pass over some fields without a word.
package verify
