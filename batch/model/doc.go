// Package model tells what a row is about and what that is made of: an [Object] with its
// collection and its requests, and for each part of it a [StepKind], which says how the part
// is found, read, made, changed and removed. A [Step] is one part of one row: what it should
// be, as a value. It also knows how Unity Connection compares values, so that nothing is sent
// that changes nothing.
//
// It is a table. Nothing here sends a request, reads a file or keeps a state; package batch
// acts on it, and package record reads journals by it. A new part of a user is one entry more.
package model
