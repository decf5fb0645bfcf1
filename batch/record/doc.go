// Package record knows what a run leaves behind, and what can be told from that alone: the
// records of the journal, the input that the run read, and the [History] that joins them.
// From a history come each row's [Result], how far a row got, what a cut off row has
// done ([Lookup]), what a resume finds of it ([Past]), and what a rollback would take back
// ([Undo]).
//
// It asks no server and sends nothing, so a report can be made anywhere from a copy of the
// run folder, also while the run is at work. What the journal does not prove is not said:
// such a row is uncertain.
package record
