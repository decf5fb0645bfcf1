// Package plan decides what becomes of each row before anything is sent. [Check] reads the
// input once and finds every problem that needs no server. [Prepare] takes a [Snapshot] of
// what the rows need of the server, of parts that are filled each by itself, and
// [Prepared.Arrange] plans each row against the [State] that the rows before it leave: a [Plan]
// is what the row asks, the user that it is about, and its steps.
//
// Rows that get into each other's way are put in order, cycles are opened with temporary
// extensions, and whatever can't be right is a conflict, told with the file's own line and
// column. A run and a forecast start from the same prepared input, so they can't disagree.
// Nothing here changes anything on the server.
package plan
