// Package send is one request on its way: it waits at the gate, writes the intent, tries as
// often as the one table of retries says, and finds out what became of a request whose answer
// was lost. A [Session] is what all requests of a run share; a [Requester] is one row's way
// to the server, by which it reads, and counts what it costs; a [Changer] is one that also
// changes and records, and a [Look] finds out what became of a change.
//
// A [Change] is a request as a value, with what it is about and what was there before.
// [Changer.Change] writes its intent before it leaves. What can't be proven afterwards is told as uncertain.
// It knows parts of users only by their entries in package model, and no plan.
package send
