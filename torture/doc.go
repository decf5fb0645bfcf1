// Package torture proves what the engine promises when everything goes wrong at
// once. It holds tests only.
//
// The usual path: a test starts a simulator with users and faults, lets the program
// do a file against it, hurts it, lets resume and rollback finish, and then compares
// the results, the journal and the server row by row.
//
// # How much
//
// go test ./torture takes a few of everything, so that it always runs. The flags
// -kills, -seeds, -races, -nights and -letters say how many; make torture gives large numbers, and each
// test prints how many there were.
//
// # Two ways to die
//
// Where the process matters, the program itself runs beside the test, talks to the
// simulator over loopback and dies by SIGKILL. Where the many cases matter, the
// engine runs inside testing/synctest over connections in memory: waits then take no
// time, and dying means that the journal keeps what it held at that moment and the
// server hears nothing more from that start.
//
// # The tempest
//
// TestTempest has it all at once: random files of every operation, other administrators,
// a second computer, deaths, full disks and lost answers, in the run, in the rollback and
// in what resumes them. The simulator tells each request by who sent it, so that a ledger
// knows who made and changed what, and a judge compares with it what the program says.
// A night that fails tells its number: -nights 1 -first-night NUMBER has it alone.
package torture
