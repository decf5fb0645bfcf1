// Package journal keeps the durable record of a run: an append-only file that
// tells, after any crash, what was about to be sent and what was answered.
//
// A run calls [Create], then [Writer.Append] for whatever must be on the disk
// before the run may go on (an intent) and [Writer.Post] for what may share a
// later sync (an answer, a result). [Read] gives the records back;
// [Continue] mends a torn tail and goes on appending.
//
// # The file
//
// One record a line: the CRC-32C of the JSON as eight hexadecimal digits, a
// blank, the JSON, a line feed. The JSON holds a sequence number, the time, the
// record's type and its data. The checksum is compared as text, so that no two
// spellings of it pass.
//
// # Durability
//
// One goroutine writes. It takes every record that waits, writes them at once
// and syncs once (group commit). A failed write or sync is final: the kernel may have
// dropped the pages, so a second sync that succeeds would prove nothing. Every later call
// gets the same error.
//
// # One writer
//
// The file is locked while it is written. Two processes that resume one run would
// send its rows twice and weave two sequences into one file: the second gets
// [ErrInUse].
//
// # Damage
//
// An invalid last line with nothing valid behind it is a torn tail, which a
// crash explains: it is cut off and kept in a file beside the journal. An
// invalid line with a valid one behind it is corruption, which nothing explains:
// the journal is refused with the offset. So is one that another program saved in its
// own way, and one that ends before the last record that is known to have been on the
// disk: the lock file beside it tells.
package journal
