// Package rollback takes a run back. What would be undone is data, made from the run's journal
// alone (record.PlanUndo); [Run] carries it out, in the reverse order of what was done.
//
// Before it touches a user it looks at that user again, and takes back only what this run is
// proven to have done and nobody has changed since. A user that somebody has begun to use is
// kept, and told. A deleted user is made again with all that the server lets come back, and
// with a new ObjectId. The files say it from the top down: the run (rollback.go), a row (row.go), one
// change of it (undo.go and what stands beside it), a user who is made again (recreate.go) and
// given what was the user's (giveback.go). It keeps a journal of its own, so it can be interrupted and goes on.
package rollback
