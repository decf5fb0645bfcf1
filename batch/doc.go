// Package batch is the engine: it turns the rows of a file into plans of steps,
// carries them out on a server, and leaves a journal from which everything else
// can be told.
//
// The usual path: [plan.Check] reads the input once and finds every problem that needs
// no server; [Preflight] learns what the run must know of the server and plans each
// row; [Preparation.Run] carries the plans out. [Resume] goes on after an interruption,
// and package rollback takes a run back. [Preparation.Previews] tells what a run would
// change, and [Preparation.HoldTo] rejects the rows that would do otherwise than agreed.
//
// # A row is a plan of steps
//
// A row may need several requests: the user, then what hangs on the user. Each
// such part is a step of one kind, and each kind is one entry of a table that
// says how a step reads the present state and which changes reach the wanted one.
// A step's outcome is its own; the row's status is made from all of them. The changes are
// values: what computes them sends nothing, so a run and a preview of it share them.
//
// # What is written before what is sent
//
// Before a request that changes something leaves, its intent is durable in the
// journal, pre-image included. Nobody's request waits for that: more rows than the
// server may have at a time are made ready. The answer may follow later: an answer
// that is lost is found again by looking at the server. So the journal never knows
// less than the server, whenever the process dies.
//
// # Who does what
//
// One coordinator reads rows, hands them to workers and takes their outcomes; it
// alone counts, writes results and decides to stop. Workers return values. A
// row's failure is such a value; an error means that the run can't go on.
package batch
