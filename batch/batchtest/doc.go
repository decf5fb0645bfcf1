// Package batchtest checks, for tests of the engine and of the commands, that the
// journal never knows less than the server.
//
// Give [IntentGuard.Synced] to the journal of a run and call [IntentGuard.Check]
// from the simulator whenever a change is about to happen: it fails unless the
// durable part of the journal holds an intent for that very change.
package batchtest
